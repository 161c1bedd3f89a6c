"""Who is on the road in a plan: trucks, and specialists in own cars; what chance is drawn for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from routing.domain.crews import own_car_class

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest
    from routing.plan import Leg, Route
    from routing.plan_specialists import SpecialistDay

_TRUCK_STREAM = 1
_OWN_CAR_STREAM = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """What chance needs to know of one truck's or person's day.

    `bands` are the bands (the second of the day at which they begin) in which the plan starts each
    leg, `modes` how each buyer gets the car, in the order of the stops; `stream` names its own
    random numbers, so that they are the same whatever else is planned.
    """

    road_class: str
    bands: tuple[int, ...]
    modes: tuple[str, ...]
    stream: tuple[int, ...]


def journey_of(request: PlanRequest, travel: TravelMatrix, route: Route) -> Journey:
    """Read the journey of a truck."""
    road_class = {each.id: each for each in request.trucks}[route.truck_id].road_class
    return Journey(
        road_class=road_class,
        bands=_bands(request, travel, (_sets_out(leg) for leg in route.legs)),
        modes=tuple(stop.mode for stop in route.stops),
        stream=(_TRUCK_STREAM, crc32(route.truck_id.encode())),
    )


def own_car_journey(request: PlanRequest, travel: TravelMatrix, person: SpecialistDay) -> Journey:
    """Read the journey of a specialist, from the warehouse to each buyer; not the way home.

    Each leg begins when the visit before it ends at the latest.
    """
    starts = [person.leaves, *(visit.ends_latest for visit in person.visits[:-1])]
    return Journey(
        road_class=own_car_class(travel.truck_classes),
        bands=_bands(request, travel, starts),
        modes=(),
        stream=(_OWN_CAR_STREAM, crc32(person.specialist_id.encode()), person.leaves.toordinal()),
    )


def _bands(
    request: PlanRequest, travel: TravelMatrix, moments: Iterable[datetime]
) -> tuple[int, ...]:
    starts = np.array(travel.band_starts_s)
    local = [at.astimezone(request.horizon_start.tzinfo) for at in moments]
    clocks = [at.hour * 3600 + at.minute * 60 + at.second for at in local]
    return tuple(int(starts[np.searchsorted(starts, clock, side="right") - 1]) for clock in clocks)


def _sets_out(leg: Leg) -> datetime:
    """A leg starts where its driving does: after a hold at the warehouse."""
    at = leg.departs
    for rest in leg.road_rests:
        if rest.start == at:
            at = rest.end
    return at
