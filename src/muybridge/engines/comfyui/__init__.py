"""A ComfyUI server of one's own, with a workflow whose nodes are marked."""

from __future__ import annotations

from muybridge.engines.comfyui.engine import ComfyUIEngine

__all__ = ["ComfyUIEngine"]
