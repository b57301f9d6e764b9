"""What an operator can turn at a ComfyUI engine, under `[engines.NAME]`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from muybridge.engines.options import EngineOptions


class ComfyUIOptions(EngineOptions):
    """Which server, which workflow, and how long to wait. Times are in seconds.

    `workflow` is a file in ComfyUI's API format. `token` goes as a Bearer token to a proxy in front.
    """

    url: str = "http://127.0.0.1:8188"
    workflow: Path | None = None
    token: SecretStr = SecretStr("")
    licence: str = "the terms of the workflow's models"
    patience_seconds: float = Field(default=1500.0, gt=0, le=86_400)
    lost_seconds: float = Field(default=60.0, gt=0, le=86_400)

    @field_validator("url")
    @classmethod
    def _whole_url(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")
