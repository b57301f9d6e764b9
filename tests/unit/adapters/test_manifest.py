"""The manifest names what can be pulled; NOTICE says the same to lawyers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from muybridge.adapters.manifest import groups, manifest, of_groups
from muybridge.errors import InvalidInput

ROOT = Path(__file__).parents[3]
LICENCES = {"Apache-2.0", "MIT", "CC0-1.0", "Public domain", "OFL-1.1"}


def test_every_file_is_pinned_by_version_and_hash_and_has_a_free_licence() -> None:
    for weight in manifest():
        assert re.fullmatch(r"[0-9a-f]{64}", weight.sha256), weight.name
        assert re.fullmatch(r"[0-9a-f]{64}", weight.wheel.sha256), weight.name
        assert weight.licence in LICENCES, weight.name
        assert weight.member.endswith("/" + weight.name)
        assert weight.bytes > 0 and weight.wheel.bytes > 0 and weight.wheel.version and weight.source


def test_no_two_files_share_a_name_in_the_flat_folder() -> None:
    names = [weight.name for weight in manifest()]
    assert len(set(names)) == len(names)


def test_the_notice_and_the_manifest_agree() -> None:
    lines = {line.split()[0]: line for line in (ROOT / "NOTICE").read_text().splitlines() if line.strip()}
    for weight in manifest():
        line = lines[weight.name]
        assert re.search(rf"\s{re.escape(weight.licence)}\s", line)
        assert f" {weight.wheel.package} {weight.wheel.version} " in line
    named = {name for name in lines if re.search(r"\.(task|onnx|tflite|png|jpg|otf)$", name)}
    assert named == {weight.name for weight in manifest()}


def test_the_reference_page_and_the_manifest_agree() -> None:
    page = (ROOT / "docs" / "reference" / "weights.md").read_text()
    for weight in manifest():
        start = f"| `{weight.name}` | {weight.group} | {weight.bytes / 1e6:.1f} | "
        assert f"{start}{weight.wheel.package} {weight.wheel.version} | {weight.licence} | " in page
    assert {f"`{group}`" for group in groups()} <= set(page.split())


def test_groups_are_picked_by_name() -> None:
    assert groups()[0] == "core"
    assert {weight.name for weight in of_groups(["judge"])} == {"face_recognition_sface_2021dec.onnx"}
    with pytest.raises(InvalidInput, match=r"group: got 'cores'; allowed: core, "):
        of_groups(["core", "cores"])
