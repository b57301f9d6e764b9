#!/bin/sh
# Makes .venv from requirements.lock with nothing but a Python, and says what is missing otherwise.
# Limits: POSIX sh; Linux (glibc) on x86-64 and arm64, macOS 14 and later on Apple silicon.
set -u
cd "$(dirname "$0")/.." || exit 1
venv=.venv

stop() {
    printf '\nset-up stopped: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
        if command -v "$candidate" >/dev/null 2>&1 && new_enough "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
}

case "$(uname -s)-$(uname -m)" in
    Darwin-x86_64) stop "Intel Macs are not served: the face model's runtime has no build for them." \
        "Run it in a Linux container or on an Apple silicon Mac." ;;
    Linux-x86_64 | Linux-aarch64 | Darwin-arm64) ;;
    *) printf 'note: %s is not a machine Muybridge is tested on\n' "$(uname -sm)" >&2 ;;
esac

python=$(find_python)
if [ -z "$python" ]; then
    command -v "${PYTHON:-python3}" >/dev/null 2>&1 || stop "there is no ${PYTHON:-python3} on this machine." \
        "Debian, Ubuntu: apt install python3 python3-venv" "macOS: brew install python@3.13"
    stop "${PYTHON:-python3} is $("${PYTHON:-python3}" -V 2>&1), and Muybridge needs Python 3.11 or newer." \
        "Install a newer one (Debian 12, Ubuntu 24.04 and brew have it), or name yours: make setup PYTHON=/path/to/python3.11"
fi
for module in venv ensurepip; do
    "$python" -c "import $module" 2>/dev/null || stop "$python has no $module module, which makes virtual environments." \
        "Debian, Ubuntu: apt install python3-venv" "elsewhere: install a complete Python, and run make setup again"
done

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$venv"
    "$python" -m venv "$venv" || stop "$python -m venv $venv failed; what it said stands above."
fi
pip="$venv/bin/python -m pip --disable-pip-version-check"

# One small package first: no index is the usual trouble, and pip's own retries hide it for minutes.
probe=$(mktemp -d) || stop "no temporary folder could be made; is the disk full?"
trap 'rm -rf "$probe"' EXIT
small=$(sed -n 's/^\(annotated-types==[^ ]*\).*/\1/p' requirements.lock)
if ! $pip --retries 1 --timeout 20 download -q --no-deps -d "$probe" "$small" 2>"$probe/said"; then
    tail -n 3 "$probe/said" >&2
    stop "the package index cannot be reached, or lacks $small." \
        "Behind a proxy: set HTTPS_PROXY. With an index of your own: set PIP_INDEX_URL." \
        "Without a network: fill a folder elsewhere with 'pip download -r requirements.lock' and set PIP_FIND_LINKS to it" \
        "and PIP_NO_INDEX=1."
fi

echo "installing what requirements.lock names into $venv ..."
quiet=-q
[ -t 1 ] && quiet= # a person at a terminal sees pip's progress bars
# shellcheck disable=SC2086  # nothing there is no argument
$pip install $quiet --require-hashes -r requirements.lock ||
    stop "pip could not install requirements.lock; what it said stands above." \
        "A wheel that does not exist for this machine is the usual cause: see README, Machines." \
        "Cut off by the network or a full disk: run make setup again, it goes on where it stopped."
$pip install -q --no-build-isolation --no-deps -e . || stop "the project itself could not be installed into $venv."
