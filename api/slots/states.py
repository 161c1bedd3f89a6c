"""States of a promise, and the moves between them, as data.

At risk is not a state but a mark beside it (the id of the outside event): a frozen promise whose
truck was lost is frozen still, and is so again without a mark once another truck has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class PromiseState(StrEnum):
    """Where a promise stands. Published: the API shows these words."""

    HELD = "held"
    CONFIRMED = "confirmed"
    REFINED = "refined"
    FROZEN = "frozen"
    DISPATCHED = "dispatched"
    ARRIVED = "arrived"
    HANDED_OVER = "handed_over"
    FAILED_ATTEMPT = "failed_attempt"
    RELEASED = "released"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    RESCHEDULED = "rescheduled"


class Move(StrEnum):
    """What can happen to a promise; the type of the event that tells it."""

    HOLD = "held"
    CONFIRM = "confirmed"
    REVIVE = "revived"
    RELEASE = "released"
    EXPIRE = "expired"
    CANCEL = "cancelled"
    RESCHEDULE = "rescheduled"
    REFINE = "refined"
    FREEZE = "frozen"
    DISPATCH = "dispatched"
    ARRIVE = "arrived"
    HAND_OVER = "handed_over"
    FAIL = "failed_attempt"


_S = PromiseState

MOVES: Final[Mapping[Move, tuple[frozenset[PromiseState], PromiseState]]] = MappingProxyType(
    {
        Move.HOLD: (frozenset(), _S.HELD),
        Move.CONFIRM: (frozenset({_S.HELD}), _S.CONFIRMED),
        # An expired hold that is paid after all: placed again, and only if there is room.
        Move.REVIVE: (frozenset({_S.EXPIRED}), _S.CONFIRMED),
        Move.RELEASE: (frozenset({_S.HELD}), _S.RELEASED),
        Move.EXPIRE: (frozenset({_S.HELD}), _S.EXPIRED),
        # After a failed attempt the car is still the order's, until it is rebooked or given up.
        Move.CANCEL: (
            frozenset({_S.CONFIRMED, _S.REFINED, _S.FROZEN, _S.FAILED_ATTEMPT}),
            _S.CANCELLED,
        ),
        Move.RESCHEDULE: (
            frozenset({_S.CONFIRMED, _S.REFINED, _S.FAILED_ATTEMPT}),
            _S.RESCHEDULED,
        ),
        Move.REFINE: (frozenset({_S.CONFIRMED, _S.REFINED}), _S.REFINED),
        Move.FREEZE: (frozenset({_S.CONFIRMED, _S.REFINED}), _S.FROZEN),
        Move.DISPATCH: (frozenset({_S.FROZEN}), _S.DISPATCHED),
        Move.ARRIVE: (frozenset({_S.DISPATCHED}), _S.ARRIVED),
        Move.HAND_OVER: (frozenset({_S.ARRIVED}), _S.HANDED_OVER),
        Move.FAIL: (frozenset({_S.DISPATCHED, _S.ARRIVED}), _S.FAILED_ATTEMPT),
    }
)
"""From which states each move leads, and where to."""


def target(move: Move, state: PromiseState) -> PromiseState | None:
    """Say where a move leads from a state; None where it may not be made."""
    sources, goal = MOVES[move]
    return goal if state in sources else None


TAKEN_BACK: Final = frozenset({_S.RELEASED, _S.EXPIRED, _S.CANCELLED, _S.RESCHEDULED})
"""The promise is off the witness, and what it took of counted things is given back."""

UNDER_WAY: Final = frozenset({_S.FROZEN, _S.DISPATCHED, _S.ARRIVED})
"""The cut-off is over: papers are printed, or the truck has left."""

FROZEN_OUT: Final = frozenset({Move.CANCEL, Move.REFINE, Move.RESCHEDULE})
"""What a buyer may still do with a booking before that, and most of it not after."""

BOOKED: Final = frozenset({_S.CONFIRMED, _S.REFINED, _S.FROZEN, _S.DISPATCHED, _S.ARRIVED})
"""An order has at most one promise in these states, and one more that is held."""

LIVE: Final = BOOKED | {_S.HELD}
"""Something is promised: only such a one can be at risk."""
