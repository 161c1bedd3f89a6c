"""All that a plan of one day is made from, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum

from routing.domain.baseline import BaselineStop
from routing.domain.carriers import Carrier
from routing.domain.fleet import Driver, Specialist, Truck
from routing.domain.locks import Locks
from routing.domain.orders import Contact, Order
from routing.domain.policy import PlanPolicy
from routing.domain.warehouses import StockCar, Warehouse
from routing.domain.windows import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckBan:
    """Hours in which this truck must not drive at this place.

    Whoever arrives at the place drives `inside_s` within the zone before, whoever leaves as long
    after: arriving in `[start, end + inside_s)` and leaving in `(start - inside_s, end)` break it.
    """

    truck_id: str
    place_id: str
    hours: tuple[Window, ...]
    inside_s: int
    name: str

    def __post_init__(self) -> None:
        if not self.hours:
            raise ValueError(f"ban {self.name} of {self.truck_id} at {self.place_id} has no hours")
        if self.inside_s < 0:
            raise ValueError(f"ban {self.name}: inside_s is negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """One day of one fleet pool, or several: `day` and those after it, each truck once a day.

    `horizon_start` is midnight of the day *before* `day` (local, aware): evening loading lies
    inside the horizon, and every moment of the plan is a positive number of seconds from it.
    """

    day: date
    horizon_start: datetime
    orders: tuple[Order, ...]
    trucks: tuple[Truck, ...]
    drivers: tuple[Driver, ...]
    specialists: tuple[Specialist, ...]
    warehouses: tuple[Warehouse, ...]
    bans: tuple[TruckBan, ...] = ()
    stock: tuple[StockCar, ...] = ()
    policy: PlanPolicy = field(default_factory=PlanPolicy)
    assumptions: tuple[str, ...] = ()
    locks: Locks = field(default_factory=Locks)
    """What is fixed beforehand."""
    baseline: tuple[BaselineStop, ...] = ()
    """The plan that people know; empty: there is none, and nothing counts as a change."""
    max_changes: int | None = None
    """How many orders of the baseline may change (`routing.changes` says what counts)."""
    days: int = 1
    carriers: tuple[Carrier, ...] = ()
    """Other companies that may bring an order, at a price."""

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(f"a request of {self.days} days has no day to plan")

    @property
    def digest(self) -> str:
        """Hash of everything a plan depends on; personal data is left out."""
        text = json.dumps(_canonical(self), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, Contact):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: _canonical(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (frozenset, set)):
        return sorted(str(_canonical(item)) for item in value)
    if isinstance(value, Mapping):
        return {str(_canonical(key)): _canonical(item) for key, item in sorted(value.items())}
    if isinstance(value, (tuple, list)):
        return [_canonical(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"cannot fingerprint {type(value).__name__}")
