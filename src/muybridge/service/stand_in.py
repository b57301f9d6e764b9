"""Stand-ins: which engine of a chain is asked next, when one could not make the take.

Pure and deterministic: it runs inside workflows, which are replayed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from muybridge.domain.take import TakeOrder
from muybridge.errors import InputRefused, InvalidInput, MuybridgeError, OutputRefused

_LONGEST_REASON = 160


@dataclass(frozen=True, slots=True)
class StandIn:
    """The take's order for the next engine, and one sentence for the task: who stood in, for whom, why."""

    order: TakeOrder
    note: str


def stand_in(order: TakeOrder, error: MuybridgeError) -> StandIn | None:
    """Who stands in after this error; None where nobody is left, or another engine would say the same.

    What moderation refused is not tried on another engine, and a picture that is none is none there too.
    """
    if not order.stand_ins or _senders_own(error):
        return None
    following = replace(order, engine=order.stand_ins[0], stand_ins=order.stand_ins[1:])
    reason = " ".join(error.message.split())[:_LONGEST_REASON]
    note = f"{order.engine} did not make this video ({reason}); {following.engine} stood in."
    return StandIn(following, note)


def first_staffed(order: TakeOrder, staffed: Collection[str]) -> tuple[TakeOrder, tuple[str, ...]]:
    """The order for the first engine of its chain that somebody works with, and who so was passed over.

    Where nobody works with any of them the order stays as it is: it waits for the first.
    """
    chain = (order.engine, *order.stand_ins)
    number = next((at for at, engine in enumerate(chain) if engine in staffed), 0)
    if not number:
        return order, ()
    passed = " and ".join(chain[:number])
    note = f"{passed} did not make this video (no worker has it); {chain[number]} stood in."
    return replace(order, engine=chain[number], stand_ins=chain[number + 1 :]), (note,)


def _senders_own(error: MuybridgeError) -> bool:
    if isinstance(error, InvalidInput):
        return not error.field.startswith("engine")  # an engine's own option is the operator's
    return isinstance(error, InputRefused | OutputRefused)
