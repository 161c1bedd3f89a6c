"""What is asked of a plan by hand, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geodata.units import Minor
from routing.domain.windows import Window
from routing.reasons import Reason, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One order to another place: to a truck, at a position among its stops (from 0; None: where
    it costs least), or off all trucks (`truck_id` empty)."""

    order_id: str
    truck_id: str = ""
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteChange:
    """What a truck brings from now on: orders in sequence, "" where it reloads; none: it stays at
    home. Departure and start of loading are fixed to the second."""

    truck_id: str
    orders: tuple[str, ...] = ()
    departs: datetime | None = None
    loads: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of a plan with nothing left to choose: the same change on the same plan gives the
    same plan, and so does its inverse. `carriers` names who brings an order instead (empty:
    nobody any more)."""

    routes: tuple[RouteChange, ...]
    carriers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A limit that a move breaks, and by how much; `order_id` is the order that breaks it."""

    reason: Reason
    truck_id: str
    order_id: str
    short_by: int
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class KnockOn:
    """An order whose handover begins at another moment or on another truck; None: on none."""

    order_id: str
    truck_before: str
    truck_after: str
    begins_before: datetime | None
    begins_after: datetime | None
    slot_before: Window | None
    slot_after: Window | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a move would do. With `violations` it cannot be done, and has no change.

    Money in fen: what routes and carriers cost, orders left behind not priced in.
    """

    move: Move
    violations: tuple[Violation, ...]
    cost_before: Minor
    cost_after: Minor
    knock_on: tuple[KnockOn, ...] = ()
    change: Change | None = None
    inverse: Change | None = None

    @property
    def possible(self) -> bool:
        """Tell whether the move can be done."""
        return self.change is not None
