"""Which engines serve which wire name, by setting; and an engine under a name of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from muybridge import bootstrap
from muybridge.cli.offer import _offered
from muybridge.domain.model_card import Health, ModelCard
from muybridge.engines.hailuo import HailuoEngine
from muybridge.engines.slate import SlateEngine
from muybridge.errors import EngineNotReady, InvalidInput
from muybridge.settings import Settings
from muybridge.wire.models import I2V

TOML = """
engine = "vace-14b -> hailuo -> puppet"

[models]
"S2V-01-live" = "slate"

[engines.vace-14b]
engine = "diffusers"
model = "models/wan"

[engines.hailuo]
key = "mby_secret"
"""


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    file = tmp_path / "muybridge.toml"
    file.write_text(TOML)
    monkeypatch.setenv("MUYBRIDGE_CONFIG", str(file))
    monkeypatch.delenv("MUYBRIDGE_ENGINE", raising=False)
    return Settings.load(data=tmp_path)


def beside(engine: str) -> dict[str, str]:
    """The image-to-video names that come along with S2V-01."""
    return dict.fromkeys(I2V, engine)


def opened(settings: Settings, name: str) -> object:
    return bootstrap.engine(name, weights=settings.weights, cache=settings.cache, engines=settings.engines)


def test_by_default_the_puppet_serves_s2v(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MUYBRIDGE_ENGINE", raising=False)
    assert bootstrap.casting(Settings.load()) == {"S2V-01": "puppet", **beside("puppet")}


def test_a_file_routes_wire_names_to_chains(configured: Settings) -> None:
    assert bootstrap.casting(configured) == {
        "S2V-01": "vace-14b -> hailuo -> puppet",
        "S2V-01-live": "slate",
        **beside("vace-14b -> hailuo -> puppet"),
    }
    assert configured.wanted == ("vace-14b", "hailuo", "puppet", "slate")


def test_variables_route_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUYBRIDGE_ENGINE", "slate->puppet")
    monkeypatch.setenv("MUYBRIDGE_MODELS", '{"S2V-02": "slate"}')
    monkeypatch.setenv("MUYBRIDGE_ENGINES", '{"hailuo": {"key": "mby_secret"}}')
    settings = Settings.load()
    assert bootstrap.casting(settings) == {
        "S2V-01": "slate -> puppet",
        "S2V-02": "slate",
        **beside("slate -> puppet"),
    }
    assert opened(settings, "hailuo").health().ready  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MUYBRIDGE_ENGINE", "a -> a", "MUYBRIDGE_ENGINE: got 'a -> a', where a name comes twice"),
        ("MUYBRIDGE_MODELS", '{"x": "a b"}', r"models\.x: got 'a b'"),
    ],
)
def test_a_chain_that_is_none_is_refused_at_once(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidInput, match=said):
        Settings.load()


def test_an_engine_is_opened_under_the_operators_name_with_its_options(configured: Settings) -> None:
    vace = opened(configured, "vace-14b")
    assert any("models/wan" in line or "not installed" in line for line in vace.health().missing)  # type: ignore[attr-defined]
    assert isinstance(opened(configured, "hailuo"), HailuoEngine)
    assert isinstance(opened(configured, "slate"), SlateEngine)


def test_an_engine_without_options_refuses_any(configured: Settings) -> None:
    with pytest.raises(InvalidInput, match=r"engines\.mine: got model; allowed: no options"):
        bootstrap.engine(
            "mine", weights=Path(), cache=Path(), engines={"mine": {"engine": "slate", "model": "x"}}
        )


def test_a_class_by_its_module_may_have_options_too(tmp_path: Path) -> None:
    engines = {"far": {"engine": "muybridge.engines.hailuo:HailuoEngine", "key": "mby_x"}}
    far = bootstrap.engine("far", weights=tmp_path, cache=tmp_path, engines=engines)
    assert far.health().ready
    with pytest.raises(EngineNotReady, match="is not an engine that can be loaded"):
        bootstrap.engine("far", weights=tmp_path, cache=tmp_path, engines={"far": {"engine": "no.where:X"}})


def test_a_key_among_the_options_is_in_no_picture_of_the_settings(configured: Settings) -> None:
    assert "mby_secret" not in repr(configured)


SUBJECTS, BOTH = ("subject_reference",), ("subject_reference", "first_frame_image")


def offered(settings: Settings, **takes: tuple[str, ...]) -> dict[str, ModelCard]:
    return _offered(
        settings, {name: (ModelCard(name, "", forms), Health(True)) for name, forms in takes.items()}
    )


def test_image_to_video_names_are_offered_by_an_engine_that_keeps_a_first_frame() -> None:
    assert set(offered(Settings(engine="both"), both=BOTH)) == {"S2V-01", *I2V}
    assert set(offered(Settings(engine="s2v"), s2v=SUBJECTS)) == {"S2V-01"}


def test_no_stand_in_that_drops_the_first_frame_serves_an_image_to_video_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = Settings(engine="both -> s2v", models={"I2V-01": "both", "I2V-01-live": "s2v"})
    assert set(offered(settings, both=BOTH, s2v=SUBJECTS)) == {"S2V-01", "I2V-01"}
    assert "I2V-01-live is not offered: s2v takes no first_frame_image" in capsys.readouterr().out
