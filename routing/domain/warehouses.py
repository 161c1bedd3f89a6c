"""Warehouses (RDC) with their loading bays, and the cars that stand there unsold."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from geodata.places import Place
from routing.domain.readiness import Readiness
from routing.domain.vehicles import Vehicle
from routing.domain.windows import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse:
    """Where vehicles and trucks stand.

    `loading` are the opening intervals of the bays within the horizon: the planned day's, and
    with `evening_loading` the evening before. With evening loading trucks are loaded in the
    first interval and leave next morning without visiting a bay.
    """

    id: str
    name: str
    place: Place
    bays: int
    loading: tuple[Window, ...]
    evening_loading: bool = False

    def first_hours(self, shift_start: datetime) -> tuple[Window, ...]:
        """Intervals in which a truck of this shift may be loaded for its first trip.

        With evening loading: the first one that begins on the day before (the first of all where
        none does).
        """
        if not self.evening_loading:
            return self.loading
        midnight = shift_start.replace(hour=0, minute=0, second=0, microsecond=0)
        eve = midnight - timedelta(days=1)
        its = [window for window in self.loading if eve <= window.start < midnight]
        return tuple(its or self.loading)[:1]

    def __post_init__(self) -> None:
        if self.bays < 1:
            raise ValueError(f"warehouse {self.id}: needs at least one loading bay")
        if not self.loading:
            raise ValueError(f"warehouse {self.id}: has no loading hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCar:
    """A car at (or on its way to) a warehouse that is not yet any order's: the plan may give it
    to an order for its model, edition and colour. With a precondition open it is not given."""

    vehicle: Vehicle
    warehouse_id: str
    readiness: Readiness = field(default_factory=Readiness)

    def __post_init__(self) -> None:
        if not self.vehicle.vin:
            raise ValueError(f"a car in stock at {self.warehouse_id} has no VIN")
