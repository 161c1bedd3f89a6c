"""A planned route as the numbers its driver follows, read from the plan and not from the search."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.plan import Reload, Stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.matrix import TravelMatrix
    from routing.domain.fleet import Truck
    from routing.domain.orders import Order
    from routing.domain.request import PlanRequest
    from routing.domain.warehouses import StockCar
    from routing.plan import Route

Ints = NDArray[np.int64]
NEVER_SHUT: Final = 10**12
Span = tuple[int, int, int]
"""Start and end of a ban, and the drive inside its zone."""


class Course(NamedTuple):
    """What the driver of a route knows, in seconds of the horizon. n halts (stops, and reloads
    between two trips), n + 1 legs.

    `legs` is (n + 1, bands), typical; `stays` marks legs between two halts at one place.
    `opens` and `shuts` are the slots; a reload opens when the plan has a bay for it, and is never
    too late. `rest_before` and `rest_after` are the halts at which the plan lets the driver stretch
    a pause; `met_from` (1 or days, n) when the specialist in an own car is there, 0 where there
    is none. `night_before` and `night_after` are, where a night is spent at a stop, the
    first second at which duty may begin again, else 0; it lasts `night_rest` at least. Bans of
    place i (0: the warehouse, i: halt i - 1) are rows `ban_ptr[i]` to `ban_ptr[i + 1]`.
    """

    departs: int
    legs: Ints
    stays: NDArray[np.bool_]
    band_start: Ints
    opens: Ints
    shuts: Ints
    rest_before: NDArray[np.bool_]
    rest_after: NDArray[np.bool_]
    handover_rests: bool
    met_from: Ints
    ban_ptr: Ints
    ban_start: Ints
    ban_end: Ints
    ban_inside: Ints
    drive_max: int
    rest: int
    duty_from: int
    night_before: Ints
    night_after: Ints
    night_rest: int


def course_of(request: PlanRequest, travel: TravelMatrix, route: Route) -> Course:
    """Read a route. Its truck, warehouse and places must be those of the request and matrix.

    Raises:
        KeyError: an unknown truck, warehouse or place.
    """
    truck = {each.id: each for each in request.trucks}[route.truck_id]
    house = {each.id: each for each in request.warehouses}[route.warehouse_id]
    home = house.place.id
    halts = route.halts
    path = [home, *(home if isinstance(each, Reload) else each.place_id for each in halts), home]
    rows = [travel.index_of(place) for place in path]
    layer = travel.class_of(truck.road_class)
    stays = [a == b for a, b in pairwise(rows)]
    bans = [_bans(request, truck, place) for place in path[:-1]]
    driving = request.policy.driving

    def seconds(moments: Sequence[datetime]) -> Ints:
        start = request.horizon_start
        return np.array([int((at - start).total_seconds()) for at in moments], dtype=np.int64)

    ends = seconds([each.load.end if isinstance(each, Reload) else each.ends for each in halts])
    leaves = seconds([each.leaves for each in halts])
    unforced = [
        int(end) if stays[i + 1] else _allowed_leaving(int(end), bans[i + 1])
        for i, end in enumerate(ends)
    ]
    before, after = np.zeros((2, len(halts)), dtype=np.int64)
    for number, night in enumerate(route.nights, start=1):
        mornings = before if night.before_service else after
        mornings[night.stop] = seconds([truck.shift_start + timedelta(days=number)])[0]
    return Course(
        departs=int(seconds([route.departs])[0]),
        legs=np.array([travel.seconds[layer, :, a, b] for a, b in pairwise(rows)], dtype=np.int64),
        stays=np.array(stays, dtype=np.bool_),
        band_start=np.array(travel.band_starts_s, dtype=np.int64),
        opens=seconds(
            [
                each.load.start if isinstance(each, Reload) else each.slot.window.start
                for each in halts
            ]
        ),
        shuts=np.array(
            [
                NEVER_SHUT if isinstance(each, Reload) else seconds([each.slot.window.end])[0]
                for each in halts
            ],
            dtype=np.int64,
        ),
        rest_before=np.array([_stretched(request, route, each) for each in halts], dtype=np.bool_)
        & (before == 0),
        rest_after=np.array(leaves > np.array(unforced), dtype=np.bool_) & (after == 0),
        handover_rests=bool(route.specialist_id) and driving.handover_rests,
        met_from=_met_from(request, route),
        ban_ptr=np.cumsum([0, *(len(each) for each in bans)], dtype=np.int64),
        ban_start=np.array([ban[0] for each in bans for ban in each], dtype=np.int64),
        ban_end=np.array([ban[1] for each in bans for ban in each], dtype=np.int64),
        ban_inside=np.array([ban[2] for each in bans for ban in each], dtype=np.int64),
        drive_max=driving.drive_max_s,
        rest=driving.rest_s,
        duty_from=int(seconds([route.departs if house.evening_loading else route.load.start])[0]),
        night_before=before,
        night_after=after,
        night_rest=driving.night_rest_s,
    )


def _stretched(request: PlanRequest, route: Route, halt: Stop | Reload) -> bool:
    """Tell whether the plan begins later than arrival and slot demand: to make a pause a rest."""
    if isinstance(halt, Reload):
        return halt.load.start > max(halt.leg.arrives, _may_load(request, route, halt))
    return halt.begins > max(halt.leg.arrives, halt.slot.window.start)


def _may_load(request: PlanRequest, route: Route, reload: Reload) -> datetime:
    """From when on a trip may be loaded: the hours of the warehouse, and its cars."""
    house = {each.id: each for each in request.warehouses}[route.warehouse_id]
    aboard = {car.vin for car in reload.deck}
    named: list[Order | StockCar] = [*request.orders, *request.stock]
    steps = [each.readiness.binding_step for each in named if each.vehicle.vin in aboard]
    opens = [hours.start for hours in house.loading if hours.start <= reload.load.start]
    return max([*opens, *(step.done_p90 for step in steps if step is not None)])


def _met_from(request: PlanRequest, route: Route) -> Ints:
    """Second at which the handover is planned to begin, where a specialist comes in an own car."""
    start = request.horizon_start
    return np.array(
        [
            [
                int((halt.begins - start).total_seconds()) + halt.unload_s + halt.deck_s
                if isinstance(halt, Stop) and halt.specialist_id
                else 0
                for halt in route.halts
            ]
        ],
        dtype=np.int64,
    )


def _bans(request: PlanRequest, truck: Truck, place_id: str) -> list[Span]:
    start = request.horizon_start
    return [
        (
            int((hours.start - start).total_seconds()),
            int((hours.end - start).total_seconds()),
            ban.inside_s,
        )
        for ban in request.bans
        if ban.truck_id == truck.id and ban.place_id == place_id
        for hours in ban.hours
    ]


def _allowed_leaving(at: int, bans: list[Span]) -> int:
    while later := [end for start, end, inside in bans if start - inside < at < end]:
        at = max(later)
    return at
