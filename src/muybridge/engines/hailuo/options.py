"""What an operator can turn at a pass-through, under `[engines.NAME]`."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator

from muybridge.engines.options import EngineOptions


class HailuoOptions(EngineOptions):
    """Whom to ask, with which key, and how long to wait. Times are in seconds.

    `key`, or `key_file`, a file that holds it alone. `per_day` bounds how many videos are ordered
    upstream in a UTC day; 0 sets no bound. With `callback_url` the upstream tells us when it is done,
    at `listen` (host:port), and polling is only the safety net.
    """

    base_url: str = "https://api.minimax.io"
    key: SecretStr = SecretStr("")
    key_file: Path | None = None
    model: str = Field(default="S2V-01", min_length=1, max_length=64)
    per_day: int = Field(default=0, ge=0)
    poll_seconds: float = Field(default=5.0, ge=0.05, le=600)
    patience_seconds: float = Field(default=1500.0, gt=0, le=86_400)
    lost_seconds: float = Field(default=300.0, gt=0, le=86_400)
    answer_seconds: float = Field(default=30.0, gt=0, le=600)
    callback_url: str = ""
    listen: str = "127.0.0.1:8787"

    @field_validator("base_url", "callback_url")
    @classmethod
    def _whole_url(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65_535:
            raise ValueError("must be host:port")
        return value

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if self.key.get_secret_value() and self.key_file:
            raise ValueError("key or key_file, not both")
        return self

    def secret(self) -> str:
        """The key in clear, or empty where none is set or its file cannot be read."""
        if self.key_file is None:
            return self.key.get_secret_value()
        try:
            return self.key_file.expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""
