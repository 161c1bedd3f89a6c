"""A planned route as the numbers its driver follows, read from the plan and not from the search."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.matrix import TravelMatrix
    from routing.domain.fleet import Truck
    from routing.domain.request import PlanRequest
    from routing.plan import Leg, Route

Ints = NDArray[np.int64]
Span = tuple[int, int, int]
"""Start and end of a ban, and the drive inside its zone."""


class Course(NamedTuple):
    """What the driver of a route knows, in seconds of the horizon. n stops, n + 1 legs.

    `legs` is (n + 1, bands), typical; `stays` marks legs between two stops at one place.
    `opens` and `shuts` are the slots; `rest_before` and `rest_after` the stops at which the plan
    lets the driver stretch a pause; `met_from` when the specialist in an own car is there, 0 where
    there is none. `night_before` and `night_after` are, where a night is spent at a stop, the
    first second at which duty may begin again, else 0; it lasts `night_rest` at least. Bans of
    place i (0: the warehouse, i: stop i - 1) are rows `ban_ptr[i]` to `ban_ptr[i + 1]`.
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
    path = [home, *(stop.place_id for stop in route.stops), home]
    rows = [travel.index_of(place) for place in path]
    layer = travel.class_of(truck.road_class)
    stays = [a == b for a, b in pairwise(rows)]
    bans = [_bans(request, truck, place) for place in path[:-1]]
    driving = request.policy.driving

    def seconds(moments: Sequence[datetime]) -> Ints:
        start = request.horizon_start
        return np.array([int((at - start).total_seconds()) for at in moments], dtype=np.int64)

    ends = seconds([stop.ends for stop in route.stops])
    leaves = seconds([stop.leaves for stop in route.stops])
    unforced = [
        int(end) if stays[i + 1] else _allowed_leaving(int(end), bans[i + 1])
        for i, end in enumerate(ends)
    ]
    before, after = np.zeros((2, len(route.stops)), dtype=np.int64)
    for number, night in enumerate(route.nights, start=1):
        mornings = before if night.before_service else after
        mornings[night.stop] = seconds([truck.shift_start + timedelta(days=number)])[0]
    return Course(
        departs=int(seconds([route.departs])[0]),
        legs=np.array([travel.seconds[layer, :, a, b] for a, b in pairwise(rows)], dtype=np.int64),
        stays=np.array(stays, dtype=np.bool_),
        band_start=np.array(travel.band_starts_s, dtype=np.int64),
        opens=seconds([stop.slot.window.start for stop in route.stops]),
        shuts=seconds([stop.slot.window.end for stop in route.stops]),
        rest_before=np.array(
            [stop.begins > max(stop.leg.arrives, stop.slot.window.start) for stop in route.stops],
            dtype=np.bool_,
        )
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


def _met_from(request: PlanRequest, route: Route) -> Ints:
    """Second at which the handover is planned to begin, where a specialist comes in an own car."""
    start = request.horizon_start
    return np.array(
        [
            int((stop.begins - start).total_seconds()) + stop.unload_s + stop.deck_s
            if stop.specialist_id
            else 0
            for stop in route.stops
        ],
        dtype=np.int64,
    )


def departure_bands(request: PlanRequest, travel: TravelMatrix, route: Route) -> list[int]:
    """Tell, for each leg, the second of the day at which the band begins it is planned to start in.

    A leg starts where its driving does: after a hold at the warehouse.
    """
    starts = np.array(travel.band_starts_s)
    legs = [*(stop.leg for stop in route.stops), route.home]
    moments = [_sets_out(leg).astimezone(request.horizon_start.tzinfo) for leg in legs]
    clocks = [at.hour * 3600 + at.minute * 60 + at.second for at in moments]
    return [int(starts[np.searchsorted(starts, clock, side="right") - 1]) for clock in clocks]


def _sets_out(leg: Leg) -> datetime:
    at = leg.departs
    for rest in leg.road_rests:
        if rest.start == at:
            at = rest.end
    return at


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
