"""Holds the house's sizes: files, functions, and names that say nothing.

Limits: Python files only. A file over 600 lines or a function over 60 fails; from 400 lines on a
file is named, so that somebody thinks again.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tree import ROOT, sources

FILE_LINES, THINK_AGAIN, FUNCTION_LINES = 600, 400, 60
BANNED = {"asset", "data", "manager", "processor", "generation", "utils", "util", "core", "common"}
BANNED |= {"helper", "helpers"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
OTHERS_NAMES = {"handle_request", "handle_async_request"}  # what httpx asks of a transport
# The wire calls its own things so, and wire words stay wire words.
WIRE_WORDS = {"generation"}
WIRE_ROOMS = ("src/muybridge/wire/", "src/muybridge/api/", "tests/")


def words(name: str) -> set[str]:
    """The lower-case words of a snake_case or CamelCase name, plurals as they stand."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    return {part.lower() for part in parts}


def own_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """A function's lines without those of the functions inside it, which are measured themselves."""
    inside = [node for node in ast.walk(function) if node is not function and isinstance(node, FUNCTIONS)]
    theirs = {line for node in inside for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    return (function.end_lineno or function.lineno) - function.lineno + 1 - len(theirs)


def faults_in(source: str, name: str) -> Iterator[str]:
    """What is wrong with one file's source, each as `name:line: what and the limit`."""
    lines = source.count("\n")
    if lines > FILE_LINES:
        yield f"{name}: {lines} lines; {FILE_LINES} at most"
    banned = BANNED - (WIRE_WORDS if name.startswith(WIRE_ROOMS) else set())
    for word in sorted(words(Path(name).stem) & banned):
        yield f"{name}: a file named {word!r} says nothing; name what it is about"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            for word in sorted(words(node.name) & banned):
                yield f"{name}:{node.lineno}: class {node.name}: {word!r} says nothing"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = own_lines(node)
            if length > FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} has {length} lines; {FUNCTION_LINES} at most"
            if node.name.startswith("handle_") and node.name not in OTHERS_NAMES:
                yield f"{name}:{node.lineno}: {node.name}: say what it does, not that it handles"


def main() -> int:
    """Check every Python file; 1 when anything is wrong."""
    faults: list[str] = []
    sizes: list[tuple[int, str]] = []
    for path in sources():
        name, source = path.relative_to(ROOT).as_posix(), path.read_text()
        faults += faults_in(source, name)
        sizes.append((source.count("\n"), name))
    for lines, name in sorted(sizes, reverse=True):
        if lines > THINK_AGAIN:
            print(f"{name}: {lines} lines; think again at {THINK_AGAIN}")
    longest = max(sizes, default=(0, "nothing"))
    print(
        f"sizes: {len(sizes)} files, the longest {longest[1]} with {longest[0]} lines, {len(faults)} faults"
    )
    print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
