"""What a plan says of changes against the one people knew, and of what weighs and nobody pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from geodata.units import Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftCost:
    """What the policy makes a route weigh beside its bill, in fen that nobody pays."""

    preferred: Minor = Minor(0)
    """Begun minutes outside preferred windows."""
    co2: Minor = Minor(0)
    balance: Minor = Minor(0)

    @property
    def total(self) -> Minor:
        """Sum of all kinds."""
        return Minor(self.preferred + self.co2 + self.balance)


class ChangeKind(StrEnum):
    """What became of an order since the plan that people know."""

    SAME = "same"
    TIME_MOVED = "time_moved"
    TRUCK_CHANGED = "truck_changed"
    DROPPED = "dropped"
    ADDED = "added"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChange:
    """An order before and after; an empty truck or no moment: it was, or is, on none.

    `moved_s` is by how much later its service begins (earlier: negative), 0 where one side has no
    moment; `new_slot` whether its window is another. `cost_minor` is the policy's price in fen.
    """

    order_id: str
    kind: ChangeKind
    truck_before: str
    truck_after: str
    begins_before: datetime | None
    begins_after: datetime | None
    moved_s: int
    new_slot: bool
    cost_minor: Minor
