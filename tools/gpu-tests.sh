#!/bin/sh
# Runs the tests that need torch, in an environment of their own: on a CPU, with models of half a megabyte.
# Arguments go to pytest instead of the folder with these tests.
# Limits: torch's CPU build must be in the package index in force; where it is not, it says so and skips.
set -u
cd "$(dirname "$0")/.." || exit 1
venv=.venv-gpu
wanted=tests/gpu/requirements.txt
python=${PYTHON:-python3}

skip() {
    printf 'skipped: %s\n' "$1" >&2
    exit 0
}

stamp="$venv/.installed"
if ! [ "$stamp" -nt "$wanted" ] || ! [ "$stamp" -nt requirements.lock ] || ! [ "$stamp" -nt pyproject.toml ]; then
    echo "installing torch for the CPU, and what stands on it, into $venv ..."
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv" || exit 1
    pip="$venv/bin/python -m pip --disable-pip-version-check install -q"
    torch=$(sed -n 's/^# torch: //p' "$wanted")
    [ "$(uname -s)" = Darwin ] || torch="$torch+cpu"
    $pip --no-deps "$torch" || skip "the package index in force has no $torch (torch's build for the CPU)"
    $pip --require-hashes -r requirements.lock || exit 1
    $pip -r "$wanted" || exit 1
    $pip --no-build-isolation --no-deps -e . || exit 1
    touch "$stamp"
fi
[ $# -gt 0 ] || set -- tests/gpu
exec "$venv/bin/python" -m pytest "$@"
