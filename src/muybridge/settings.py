"""One frozen Settings: what an operator can turn, with its default and its reason.

Read, the strongest first: arguments, `MUYBRIDGE_*` variables, the TOML file. A group's field is
spelled `MUYBRIDGE_GROUP_FIELD` (`MUYBRIDGE_TEMPORAL_ADDRESS`), in TOML `[group] field`. The file
is `MUYBRIDGE_CONFIG`, or `muybridge.toml` in the user's configuration folder.
"""

from __future__ import annotations

import os
import tomllib
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from platformdirs import user_cache_path, user_config_path, user_data_path
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from muybridge.domain.chain import Chain
from muybridge.errors import InvalidInput
from muybridge.wire.models import I2V, S2V

Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode]


def _split(value: object) -> object:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ApiSettings(_Group):
    """The HTTP face."""

    strict: bool = Field(default=False, description="refuse fields that the contract does not name")
    max_body_mib: int = Field(default=32, ge=1, le=1024, description="a larger body is answered 413")
    trusted_proxies: Networks = Field(
        default=(), description="CIDRs whose X-Forwarded-Proto and -Host are believed, comma separated"
    )
    link_hours: float = Field(default=1.0, gt=0, le=168, description="how long a download URL works")

    _split = field_validator("trusted_proxies", mode="before")(_split)


class FetchSettings(_Group):
    """Going to addresses that strangers gave."""

    allow: Networks = Field(default=(), description="CIDRs that may be reached although they are not public")
    picture_mib: float = Field(default=20.0, gt=0, le=200, description="the largest picture that is fetched")
    picture_seconds: float = Field(default=20.0, gt=0, le=300, description="the longest a fetch may take")

    _split = field_validator("allow", mode="before")(_split)


class CallbackSettings(_Group):
    """Telling callback addresses."""

    challenge_seconds: float = Field(default=3.0, gt=0, le=30)
    attempt_seconds: float = Field(default=10.0, gt=0, le=120)
    first_wait_seconds: float = Field(default=2.0, gt=0, le=3600)
    longest_wait_seconds: float = Field(default=3600.0, gt=0, le=86400)
    give_up_hours: float = Field(default=24.0, gt=0, le=720)


class StoryboardSettings(_Group):
    """An OpenAI-compatible endpoint that writes storyboards; without an address the grammar does."""

    url: str = Field(default="", description="base URL, such as http://127.0.0.1:11434/v1; empty: none")
    model: str = Field(default="", description="the model's name there")
    key: str = Field(default="", repr=False)
    seconds: float = Field(default=20.0, gt=0, le=300, description="the longest wait; then the grammar plans")

    @field_validator("url")
    @classmethod
    def _whole_url(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")


class TemporalSettings(_Group):
    """The durable engine: empty address starts one of our own beside the server."""

    address: str = ""
    namespace: str = "default"
    api_key: str = Field(default="", repr=False)
    tls: bool = False
    heartbeat_seconds: float = Field(default=30.0, ge=1, le=600)


class LimitSettings(_Group):
    """How much work is taken on."""

    generate_seconds: float = Field(default=1800.0, gt=0, description="the longest one take may run")
    tries: int = Field(default=3, ge=1, le=20, description="how often a take is tried")
    queue_hours: float = Field(default=24.0, gt=0, description="the longest wait for a free engine")
    stand_in_seconds: float = Field(
        default=600.0, gt=0, description="the longest wait for an engine where another can stand in"
    )
    engine_mib: int = Field(default=0, ge=0, description="an engine's most resident memory; 0: no bound")
    stop_seconds: float = Field(
        default=30.0, ge=0, le=3600, description="what running takes get to finish when the server stops"
    )
    reconcile_seconds: float = Field(default=30.0, ge=0.2, description="how often lost tasks are looked for")
    retention_days: float = Field(default=30.0, gt=0, description="how long files are kept")
    upload_mib: int = Field(default=20, ge=1, le=1024)


class Settings(BaseSettings):
    """Everything an operator can set, frozen once read."""

    model_config = SettingsConfigDict(
        env_prefix="MUYBRIDGE_",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
    )

    data: Path = Field(default_factory=lambda: user_data_path("muybridge"))
    weights: Path = Field(default_factory=lambda: user_cache_path("muybridge") / "weights")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = Field(
        default="", description="what download URLs start with, where a proxy is in front"
    )
    tls_cert: Path | None = None
    tls_key: Path | None = None
    database_url: str = Field(default="", description="empty: SQLite in the data folder")
    files_url: str = Field(default="", description="empty: the data folder; or s3://..., gs://..., az://...")
    engine: str = Field(
        default="puppet",
        description='what serves S2V-01: an engine, or a chain "vace-14b -> hailuo -> puppet"',
    )
    models: dict[str, str] = Field(default={}, description="more wire names, each with its engine or chain")
    engines: dict[str, dict[str, Any]] = Field(
        default={},
        repr=False,  # a key may be among them
        description="engines under names of your own: `engine` says which, the rest are its options",
    )
    rehearsal: bool = Field(default=False, description="obey [[rehearse ...]] in prompts; refused while off")
    mark_language: Literal["en", "zh"] = "en"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    api: ApiSettings = ApiSettings()
    fetch: FetchSettings = FetchSettings()
    callback: CallbackSettings = CallbackSettings()
    storyboard: StoryboardSettings = StoryboardSettings()
    temporal: TemporalSettings = TemporalSettings()
    limit: LimitSettings = LimitSettings()

    @field_validator("public_url")
    @classmethod
    def _whole_url(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("engine")
    @classmethod
    def _a_chain(cls, value: str) -> str:
        return str(Chain.read(value, "MUYBRIDGE_ENGINE"))

    @field_validator("models")
    @classmethod
    def _chains(cls, value: dict[str, str]) -> dict[str, str]:
        return {name: str(Chain.read(chain, f"models.{name}")) for name, chain in value.items()}

    @field_validator("data", "weights")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @property
    def chains(self) -> dict[str, Chain]:
        """Every wire name that may be served, with the engines that make its takes."""
        named = {S2V: self.engine} | dict.fromkeys(I2V, self.engine) | self.models
        return {name: Chain.read(text) for name, text in named.items()}

    @property
    def wanted(self) -> tuple[str, ...]:
        """Every engine of every chain, once, in order of mention."""
        return tuple(dict.fromkeys(name for chain in self.chains.values() for name in chain.engines))

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the tables."""
        return self.database_url or f"sqlite:///{self.data / 'muybridge.db'}"

    @property
    def temporal_file(self) -> Path:
        """Where our own Temporal keeps its state."""
        return self.data / "temporal.db"

    @property
    def files(self) -> str:
        """The object store's URL, or the folder of the files."""
        return self.files_url or str(self.data / "files")

    @property
    def cache(self) -> Path:
        """What may be deleted at any time and is made again."""
        return self.data / "cache"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then variables, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=_config_file())

    @classmethod
    def load(cls, **given: Any) -> Self:
        """The settings in force; raises InvalidInput naming the first that is wrong."""
        try:
            return cls(**{name: value for name, value in given.items() if value is not None})
        except tomllib.TOMLDecodeError as wrong:
            raise InvalidInput(str(_config_file()), f"a file that is not TOML ({wrong})", "TOML") from wrong
        except ValidationError as wrong:
            first = wrong.errors(include_url=False)[0]
            parts = [str(part).upper() for part in first["loc"] if str(part).isidentifier()]
            name = "_".join(["MUYBRIDGE", *parts])
            raise InvalidInput(name, repr(first["input"])[:80], first["msg"]) from wrong


def _config_file() -> Path:
    named = os.environ.get("MUYBRIDGE_CONFIG")
    if not named:
        return user_config_path("muybridge") / "muybridge.toml"
    path = Path(named).expanduser()
    if not path.is_file():
        raise InvalidInput("MUYBRIDGE_CONFIG", repr(named), "the path of a TOML file that exists")
    return path
