"""Third-party carriers (外协): another company brings the car, at a price, in its own hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geodata.units import Minor
from routing.domain.fleet import TruckKind
from routing.domain.windows import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """What a carrier takes on a day: `cars` of them, collected once at one of `warehouse_ids`.

    A car costs `base` and `per_km` fen for every road kilometre from the warehouse to the buyer,
    and at least `minimum`. A car must be ready, its papers done, when the carrier `collects`. It
    promises no more than to come within one of its `windows`. `kind` is the truck it comes with,
    `skills` what its people know at the handover, `trade_ins` whether it brings old cars back.
    """

    id: str
    name: str
    warehouse_ids: tuple[str, ...]
    base: Minor
    cars: int
    collects: datetime
    windows: tuple[Window, ...]
    per_km: Minor = Minor(0)
    minimum: Minor = Minor(0)
    kind: TruckKind = TruckKind.ONE_CAR
    skills: frozenset[str] = frozenset()
    trade_ins: bool = False
    holds: tuple[str, ...] = ()
    """Orders it has been given for good: it brings them, and nobody else. They take places."""

    def __post_init__(self) -> None:
        if not self.warehouse_ids:
            raise ValueError(f"carrier {self.id}: collects at no warehouse")
        if not self.windows:
            raise ValueError(f"carrier {self.id}: says no window in which it comes")
        if any(window.end <= self.collects for window in self.windows):
            raise ValueError(f"carrier {self.id}: a window ends before it has the car")
        if min(self.base, self.per_km, self.minimum, self.cars) < 0:
            raise ValueError(f"carrier {self.id}: prices and cars cannot be negative")

    def price(self, metres: int) -> Minor:
        """Fen for one car over so many metres of road, rounded half up once."""
        return Minor(max(self.minimum, self.base + (self.per_km * metres + 500) // 1000))

    def window_within(self, accepted: tuple[Window, ...]) -> Window | None:
        """Find the first of its windows that lies wholly within one the buyer accepts."""
        return next(
            (window for window in self.windows if any(each.holds(window) for each in accepted)),
            None,
        )
