"""What a plan says of all that is on no route: orders given away, trucks at home, skipped rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from geodata.units import Minor
from routing.domain.request import PlanRequest
from routing.domain.windows import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsourced:
    """An order that a carrier brings: it collects the car at the warehouse at `collects`, comes
    within `window`, and is paid `price_minor` fen for `metres` of road. `promised`: the window was
    confirmed before, and `window` lies within it. `lat` and `lon` are WGS-84 degrees."""

    order_id: str
    vin: str
    model_name: str
    carrier_id: str
    carrier_name: str
    warehouse_id: str
    address: str
    county_code: str
    lat: float
    lon: float
    collects: datetime
    window: Window
    promised: bool
    accepted: tuple[Window, ...]
    metres: int
    price_minor: Minor
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedRow:
    """A row of the input that the dispatcher told us to leave out, with its faults."""

    sheet: str
    row: int
    order_id: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleTruck:
    """A truck that stays at home, and why (`not_needed`, `no_driver`).

    `day` is None where that is so on the only day of the plan.
    """

    truck_id: str
    plate: str
    warehouse_id: str
    why: str
    day: date | None = None


def idle_trucks(request: PlanRequest, out: Collection[str]) -> tuple[IdleTruck, ...]:
    """List the trucks of a request that are not `out` (their ids), and why they stay at home."""
    return tuple(
        IdleTruck(
            truck_id=truck.id,
            plate=truck.plate,
            warehouse_id=truck.warehouse_id,
            why="not_needed" if truck.driver_id else "no_driver",
            day=truck.shift_start.date() if request.days > 1 else None,
        )
        for truck in request.trucks
        if truck.id not in out
    )
