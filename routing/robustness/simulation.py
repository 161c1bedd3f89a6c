"""Days of a whole plan lived through: its trucks, and the people who come to them by own car."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geodata.units import DAY_S, UNREACHABLE_S
from routing.domain.crews import own_car_class
from routing.errors import RoutingError
from routing.plan import Stop
from routing.robustness.chance import World, draws_of, millionths, modelled
from routing.robustness.course import Course, course_of
from routing.robustness.execution import MILLION, NEVER, Draws, Lived, live
from routing.robustness.journey import journey_of, own_car_journey

if TYPE_CHECKING:
    from datetime import datetime

    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest
    from routing.plan import Route
    from routing.plan_specialists import SpecialistDay

Ints = NDArray[np.int64]
Meeting = tuple[str, int]
"""A truck and the number of one of its halts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDays:
    """A route on all simulated days: `lived` has one begin a stop, reloads left out; `late` (days,
    stops), `overrun` (days,) of shift or duty."""

    lived: Lived
    late: NDArray[np.bool_]
    overrun: NDArray[np.bool_]


def simulate(
    request: PlanRequest,
    travel: TravelMatrix,
    routes: Sequence[Route],
    specialists: Sequence[SpecialistDay] = (),
    *,
    days: int,
    seed: int,
    world: World = modelled,
) -> tuple[RouteDays, ...]:
    """Live through days of these routes as drivers and specialists who follow the plan would.

    Who comes by own car drives on when a handover is done, and may be late at the next: the truck
    there waits.

    Raises:
        KeyError: a route names a truck, warehouse or place that the request does not have.
        RoutingError: a leg has no road at any hour.
    """
    courses = {route.truck_id: course_of(request, travel, route) for route in routes}
    draws = {
        route.truck_id: draws_of(
            route, world(request, journey_of(request, travel, route), days=days, seed=seed)
        )
        for route in routes
    }
    lived = {truck: live(course, draws[truck]) for truck, course in courses.items()}
    people = [
        _person(request, travel, routes, each, days=days, seed=seed, world=world)
        for each in specialists
    ]
    # Who waits for whom follows the order of the plan, so there is no circle: each round is right
    # for one more meeting of every chain, and the last one changes nothing.
    while late := _later_meetings(people, courses, draws, lived):
        for truck, met_from in late.items():
            courses[truck] = courses[truck]._replace(met_from=met_from)
            lived[truck] = live(courses[truck], draws[truck])
    return tuple(
        _judged(request, route, courses[route.truck_id], lived[route.truck_id]) for route in routes
    )


def _judged(request: PlanRequest, route: Route, course: Course, lived: Lived) -> RouteDays:
    if (lived.returns == NEVER).any():
        raise RoutingError(f"{route.truck_id} is planned on a leg that has no road at any hour")
    truck = {each.id: each for each in request.trucks}[route.truck_id]
    shift_end = int((truck.shift_end - request.horizon_start).total_seconds())
    shift_end += len(route.nights) * DAY_S
    stops = [at for at, halt in enumerate(route.halts) if isinstance(halt, Stop)]
    return RouteDays(
        lived=lived._replace(begins=lived.begins[:, stops]),
        late=(lived.begins >= course.shuts)[:, stops],
        overrun=(lived.returns > shift_end) | (lived.longest > truck.duty_max_s),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """Whom somebody meets, one after another: `legs` (visits, bands) in typical seconds to each,
    `pace` (days, visits) in millionths, `begins` when each handover is planned to begin."""

    name: str
    leaves: int
    meetings: tuple[Meeting, ...]
    begins: tuple[int, ...]
    legs: Ints
    pace: Ints
    band_start: Ints


def _person(
    request: PlanRequest,
    travel: TravelMatrix,
    routes: Sequence[Route],
    person: SpecialistDay,
    *,
    days: int,
    seed: int,
    world: World,
) -> _Person:
    house = {each.id: each for each in request.warehouses}[person.warehouse_id]
    path = [travel.index_of(house.place.id)]
    path += [travel.index_of(visit.place_id) for visit in person.visits]
    layer = travel.class_of(own_car_class(travel.truck_classes))
    halts = {
        halt.order_id: (route.truck_id, at)
        for route in routes
        for at, halt in enumerate(route.halts)
        if isinstance(halt, Stop)
    }
    journey = own_car_journey(request, travel, person)

    def second(moment: datetime) -> int:
        return int((moment - request.horizon_start).total_seconds())

    return _Person(
        name=person.name,
        leaves=second(person.leaves),
        meetings=tuple(halts[visit.order_id] for visit in person.visits),
        begins=tuple(second(visit.begins) for visit in person.visits),
        legs=np.array(
            [
                travel.seconds[layer, :, a, b] if a != b else np.zeros_like(travel.band_starts_s)
                for a, b in pairwise(path)
            ],
            dtype=np.int64,
        ),
        pace=millionths(world(request, journey, days=days, seed=seed).travel),
        band_start=np.array(travel.band_starts_s, dtype=np.int64),
    )


def _later_meetings(
    people: Sequence[_Person],
    courses: Mapping[str, Course],
    draws: Mapping[str, Draws],
    lived: Mapping[str, Lived],
) -> dict[str, Ints]:
    """Follow everybody through their days; `met_from` (days, halts) of the trucks for which it is
    not what they were lived through with."""
    met: dict[str, Ints] = {}
    for person in people:
        at = np.full(len(person.pace), person.leaves, dtype=np.int64)
        for number, (truck, halt) in enumerate(person.meetings):
            at = _arrivals(person, number, at)
            there = np.maximum(at, person.begins[number])
            known = np.broadcast_to(courses[truck].met_from, lived[truck].begins.shape)
            met.setdefault(truck, known.copy())[:, halt] = there
            unloaded = lived[truck].begins[:, halt] + draws[truck].unload[:, halt]
            at = np.maximum(unloaded, there) + draws[truck].handover[:, halt]
    return {truck: its for truck, its in met.items() if (its != courses[truck].met_from).any()}


def _arrivals(person: _Person, leg: int, leaves: Ints) -> Ints:
    """Seconds of arrival, day by day; what is left is converted where a band ends, and where a
    band has no road one waits, as on any leg."""
    t, left = leaves.copy(), np.full(len(leaves), -1, dtype=np.int64)
    base = np.ones_like(left)
    ends = np.append(person.band_start[1:], DAY_S)
    if (person.legs[leg] >= UNREACHABLE_S).all():
        raise RoutingError(f"{person.name} is planned on a leg that has no road at any hour")
    while (going := left != 0).any():
        band = np.searchsorted(person.band_start, t % DAY_S, side="right") - 1
        until = t - t % DAY_S + ends[band]
        typical = person.legs[leg, band]
        shut = typical >= UNREACHABLE_S
        whole = -(-typical * person.pace[:, leg] // MILLION)
        begun = np.where(left < 0, whole, -(-left * whole // base))
        step = np.minimum(begun, until - t)
        drives = going & ~shut
        left = np.where(drives, begun - step, left)
        base = np.where(drives, np.maximum(whole, 1), base)
        t = np.where(drives, t + step, np.where(going, until, t))
    return t
