"""A workflow in ComfyUI's API format, whose nodes say by their titles what is put into them.

    muybridge:picture    a LoadImage: the reference, uploaded
    muybridge:prompt     a text: the prompt; muybridge:negative likewise, left as it is where unmarked
    muybridge:seed       a sampler or a number; muybridge:size, :width, :height, :frames likewise
    muybridge:video      the node whose files are the result

A title may hold several. `muybridge:prompt=positive` names the input where it is none of the usual.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from muybridge.errors import EngineNotReady

Graph = dict[str, dict[str, Any]]

_MARK = re.compile(r"muybridge:(\w+)(?:=(\w+))?")
_INPUTS: Final = {
    "picture": ("image",),
    "prompt": ("text", "prompt", "positive", "positive_prompt", "string", "value"),
    "negative": ("text", "prompt", "negative", "negative_prompt", "string", "value"),
    "seed": ("seed", "noise_seed", "value"),
    "width": ("width", "value"),
    "height": ("height", "value"),
    "frames": ("length", "num_frames", "frames", "value"),
}
_RESULT: Final = "video"
_NEEDED: Final = ("picture", "prompt")
_LARGEST: Final = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Slot:
    """One place that something is put into: the node, its input, and what goes there."""

    node: str
    field: str
    what: str


@dataclass(frozen=True, slots=True)
class Workflow:
    """The graph, its slots, and the nodes whose files are the result (empty: any)."""

    graph: Graph
    slots: tuple[Slot, ...]
    results: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Workflow:
        """The workflow in a file; raises EngineNotReady saying what is wrong with it."""
        try:
            if path.stat().st_size > _LARGEST:
                raise ValueError("larger than 10 MiB")
            graph = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EngineNotReady(f"the workflow {path} cannot be read: {error}") from error
        return cls.of(graph, str(path))

    @classmethod
    def of(cls, graph: Any, name: str) -> Workflow:
        """The workflow of a graph; raises EngineNotReady as `read` does."""
        if not isinstance(graph, dict) or not graph or not all(_is_node(node) for node in graph.values()):
            raise EngineNotReady(
                f"the workflow {name} is not in ComfyUI's API format; save it by Export (API)"
            )
        slots: list[Slot] = []
        results: list[str] = []
        for node, parts in graph.items():
            for what, field in _MARK.findall(_title(parts)):
                if what == _RESULT:
                    results.append(node)
                else:
                    slots += _slots(name, node, parts, what, field)
        lacking = [what for what in _NEEDED if what not in {slot.what for slot in slots}]
        if lacking:
            marks = " and ".join(f"muybridge:{what}" for what in lacking)
            raise EngineNotReady(f"no node of the workflow {name} is titled {marks}")
        return cls(graph, tuple(slots), tuple(results))

    def filled(self, values: Mapping[str, object]) -> Graph:
        """A copy of the graph with these values in the slots that are marked for them."""
        graph = copy.deepcopy(self.graph)
        for slot in self.slots:
            if slot.what in values:
                graph[slot.node]["inputs"][slot.field] = values[slot.what]
        return graph


def _is_node(node: object) -> bool:
    return isinstance(node, dict) and "class_type" in node and isinstance(node.get("inputs"), dict)


def _title(parts: Mapping[str, Any]) -> str:
    meta = parts.get("_meta")
    return str(meta.get("title", "")) if isinstance(meta, dict) else ""


def _slots(name: str, node: str, parts: Mapping[str, Any], what: str, field: str) -> list[Slot]:
    if what == "size":
        return [*_slots(name, node, parts, "width", ""), *_slots(name, node, parts, "height", "")]
    if what not in _INPUTS:
        known = ", ".join((*_INPUTS, "size", _RESULT))
        raise EngineNotReady(f"node {node} of the workflow {name}: muybridge:{what} is none of {known}")
    inputs = parts["inputs"]
    usual = [each for each in ((field,) if field else _INPUTS[what]) if each in inputs]
    if not usual:
        raise EngineNotReady(
            f"node {node} of the workflow {name} has no input for muybridge:{what}; it has "
            f"{', '.join(inputs)}: name one as muybridge:{what}=INPUT"
        )
    return [Slot(node, usual[0], what)]
