"""Is a small concurrent history linearizable? (Wing and Gong 1993, memoised as Lowe 2017 does.)

Each operation took effect at one moment between its call and its answer, or no order explains all
answers. An operation without an answer may have taken effect or not.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeVar

State = TypeVar("State", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One request: when it was called and answered (seconds, any origin), and what it said."""

    called: float
    answered: float = inf
    kind: str
    order: str
    status: int | None = None


def linearizable(
    history: Sequence[Operation],
    step: Callable[[State, Operation], Sequence[State]],
    start: State,
) -> bool:
    """Look for an order of the operations that explains every answer.

    `step` gives the states an operation may lead to with the answer it got; none: it cannot be.
    """
    sorted_history = sorted(history, key=lambda each: each.called)
    must = sum(1 << i for i, each in enumerate(sorted_history) if each.answered < inf)
    seen: set[tuple[int, State]] = set()
    open_ends: list[tuple[int, State]] = [(0, start)]
    while open_ends:
        done, state = open_ends.pop()
        if done & must == must:
            return True
        if (done, state) in seen:
            continue
        seen.add((done, state))
        limit = min(each.answered for i, each in enumerate(sorted_history) if not done >> i & 1)
        for i, each in enumerate(sorted_history):
            if each.called > limit:
                break
            if not done >> i & 1:
                open_ends += [(done | 1 << i, after) for after in step(state, each)]
    return False


Places = tuple[frozenset[str], frozenset[str]]
"""Orders that hold, and orders that have booked, on a day of counted places."""

NO_ONE: Places = (frozenset(), frozenset())


def places_step(places: int) -> Callable[[Places, Operation], Sequence[Places]]:
    """The rules of a day with so many places, for holds, confirms and cancels of orders."""

    def step(state: Places, operation: Operation) -> Sequence[Places]:
        held, booked = state
        order, full = operation.order, len(held) + len(booked) >= places
        effects: dict[str, tuple[bool, Places]] = {
            "hold": (not full and order not in held, (held | {order}, booked)),
            "confirm": (order in held, (held - {order}, booked | {order})),
            "release": (order in held, (held - {order}, booked)),
            "cancel": (order in booked, (held, booked - {order})),
        }
        possible, after = effects[operation.kind]
        if operation.status is None:
            return [state, after] if possible else [state]
        if operation.status < 400:
            return [after] if possible else []
        return [] if possible else [state]

    return step
