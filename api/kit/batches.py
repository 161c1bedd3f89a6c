"""Batches: those who wait for the same lock go through it together.

Nobody waits for company. Who comes first goes alone; those that come meanwhile form the next batch,
carried through by whichever of them gets the turn.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


@dataclass(slots=True, eq=False)
class _Ticket(Generic[Item, Outcome]):
    item: Item
    outcome: list[Outcome] = field(default_factory=list)
    error: BaseException | None = None

    @property
    def settled(self) -> bool:
        return bool(self.outcome) or self.error is not None


@dataclass(slots=True)
class _Lane(Generic[Item, Outcome]):
    turn: threading.Lock = field(default_factory=threading.Lock)
    guard: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[_Ticket[Item, Outcome]] = field(default_factory=list)


class Batches(Generic[Item, Outcome]):
    """Carries items of one lane through `work` together, `most` at a time."""

    def __init__(
        self, work: Callable[[str, Sequence[Item]], Sequence[Outcome]], *, most: int
    ) -> None:
        """`work` takes a lane's name and items, and gives one outcome an item, in their order."""
        self._work = work
        self._most = most
        self._lanes: dict[str, _Lane[Item, Outcome]] = {}
        self._guard = threading.Lock()

    def carry(self, lane_name: str, item: Item) -> Outcome:
        """Carry one item through, in whoever's batch; raise what its batch raised."""
        with self._guard:
            lane = self._lanes.setdefault(lane_name, _Lane())
        ticket: _Ticket[Item, Outcome] = _Ticket(item)
        with lane.guard:
            lane.waiting.append(ticket)
        with lane.turn:
            while not ticket.settled:
                self._lead(lane_name, lane)
        if ticket.error is not None:
            raise ticket.error
        return ticket.outcome[0]

    def _lead(self, lane_name: str, lane: _Lane[Item, Outcome]) -> None:
        with lane.guard:
            batch, lane.waiting = lane.waiting[: self._most], lane.waiting[self._most :]
        try:
            outcomes = self._work(lane_name, [each.item for each in batch])
            for ticket, outcome in zip(batch, outcomes, strict=True):
                ticket.outcome.append(outcome)
        # Each waiter raises it in its own thread; none may be left waiting for ever.
        except BaseException as error:
            for ticket in batch:
                ticket.error = error
            if not isinstance(error, Exception):
                raise
