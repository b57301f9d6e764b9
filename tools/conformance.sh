#!/bin/sh
# Puts the clients that other people wrote into out/conformance, for tests/conformance to drive.
# Needs node, npm and Python, and their package indexes; keeps what is there in these versions.
set -eu
cd "$(dirname "$0")/.."
at=out/conformance mmx=1.0.27 mcp=0.0.19
python=${PYTHON:-.venv/bin/python}

stamp="$at/mmx-cli-$mmx.minimax-mcp-$mcp"
if [ -e "$stamp" ]; then exit 0; fi
for needed in node npm; do
    command -v "$needed" >/dev/null 2>&1 || { echo "there is no $needed on this machine" >&2; exit 1; }
done
rm -rf "$at"
mkdir -p "$at/node"
npm install --prefix "$at/node" --no-audit --no-fund --no-package-lock --loglevel=error "mmx-cli@$mmx"
"$python" -m venv "$at/python"
# trustme makes the certificates of a test
"$at/python/bin/python" -m pip install -q --disable-pip-version-check "minimax-mcp==$mcp" "trustme>=1.2"
touch "$stamp"
