"""Looks for what no file may hold: a registry's address, a path of one machine, a secret, weights.

Limits: it reads text; of other files only the name and size count.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from tree import ROOT, files

# Written with a class of one letter each, so that this file does not hold what it forbids.
FORBIDDEN = {
    "names a package registry's host or a download address": re.compile(
        r"p[y]pi\.org|python[h]osted|n[p]mjs\.|registry\.n[p]m|deb\.d[e]bian|crates\.i[o]|hugging[f]ace\.co/.*/resolve"
    ),
    "bears a path of one machine": re.compile(
        r"(?<![\w.~$}/-])/(?:ro[o]t|wo[r]k|t[m]p|opt/wh[e]els|home/[a-z]+|Us[e]rs/\w+)/"
    ),
    "holds a secret": re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KE[Y]-----|\bAKI[A][0-9A-Z]{16}|\bs[k]-[A-Za-z0-9]{24,}"
    ),
}
UNFINISHED = re.compile(r"NotImplementedErro[r]|\bTOD[O]\b|\bFIXM[E]\b|\bXX[X]\b")
NOT_IN_GIT = {".jpg", ".jpeg", ".webp", ".heic", ".onnx", ".tflite", ".task", ".pt", ".pth", ".safetensors"}
NOT_IN_GIT |= {".whl", ".mp4", ".db"}
LARGEST = 1_000_000


def faults_in(text: str, name: str) -> Iterator[str]:
    """What one file's text must not hold, each as `name:line: what`."""
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in FORBIDDEN.items():
            if pattern.search(line):
                yield f"{name}:{number}: {what}"
        if name.endswith(".py") and not name.startswith("tests/") and UNFINISHED.search(line):
            yield f"{name}:{number}: is not finished"


def main() -> int:
    """Check every file of the project; 1 when anything is wrong."""
    faults: list[str] = []
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix.lower() in NOT_IN_GIT or path.stat().st_size > LARGEST:
            faults.append(f"{name}: photos, weights, videos and files over {LARGEST:,} bytes stay out of git")
            continue
        try:
            faults += faults_in(path.read_text(encoding="utf-8"), name)
        except UnicodeDecodeError:
            continue
    print(f"texts: {len(faults)} faults")
    print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
