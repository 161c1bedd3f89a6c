"""The days of specialists in own cars, once slots are given: whom each meets, where and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from routing.clock import RELOAD
from routing.moments import Moments
from routing.narrowing import SlottedRoute
from routing.plan import Route
from routing.plan_specialists import SpecialistDay, SpecialistVisit
from routing.problem import Problem
from routing.search.meetings import Visit, Visitors


def missed_meeting(
    problem: Problem, slotted: Mapping[int, SlottedRoute], meets: Mapping[int, int]
) -> tuple[int, int] | None:
    """Find a handover (truck, order) to which nobody comes in time; None when all are met.

    Slots may hold a truck longer than the master thought.
    """
    visitors = Visitors.of(problem)
    diaries: dict[int, list[Visit]] = defaultdict(list)
    for truck, visit in sorted(_visits(problem, slotted), key=lambda each: each[1].begin):
        person = meets.get(visit.order)
        if person is None or not visitors.hold(person, [*diaries[person], visit]):
            return truck, visit.order
        diaries[person].append(visit)
    return None


def with_specialists(
    problem: Problem, routes: Iterable[Route], meets: Mapping[int, int]
) -> tuple[Route, ...]:
    """Name at every stop who comes to it by own car."""
    day = problem.layout
    people = {day.orders[row].id: day.request.specialists[who] for row, who in meets.items()}
    return tuple(
        replace(
            route,
            stops=tuple(
                replace(stop, specialist_id=person.id, specialist_name=person.name)
                if (person := people.get(stop.order_id)) is not None
                else stop
                for stop in route.stops
            ),
        )
        for route in routes
    )


def specialist_days(
    problem: Problem, slotted: Mapping[int, SlottedRoute], meets: Mapping[int, int]
) -> tuple[SpecialistDay, ...]:
    """Write down the day of everybody who meets a truck, in the order of the request."""
    day, visitors = problem.layout, Visitors.of(problem)
    moment = Moments(day.request.horizon_start)
    diaries: dict[int, list[tuple[int, Visit]]] = defaultdict(list)
    for truck, visit in _visits(problem, slotted):
        diaries[meets[visit.order]].append((truck, visit))
    days = []
    for person, diary in sorted(diaries.items()):
        diary.sort(key=lambda each: each[1].begin)
        first, last = diary[0][1], diary[-1][1]
        home, starts = visitors.home[person], visitors.shift[person][0]
        named = day.request.specialists[person]
        days.append(
            SpecialistDay(
                specialist_id=named.id,
                name=named.name,
                warehouse_id=named.warehouse_id,
                leaves=moment.at(visitors.leaves(home, first.place, first.begin, starts)),
                visits=tuple(
                    SpecialistVisit(
                        order_id=day.orders[visit.order].id,
                        truck_id=day.trucks[truck].id,
                        place_id=day.orders[visit.order].place.id,
                        address=day.orders[visit.order].address,
                        begins=moment.at(visit.begin),
                        ends_latest=moment.at(visit.end),
                    )
                    for truck, visit in diary
                ),
                returns=moment.at(visitors.arrives(last.place, home, last.end)),
            )
        )
    return tuple(days)


def _visits(problem: Problem, slotted: Mapping[int, SlottedRoute]) -> list[tuple[int, Visit]]:
    p = problem.tables
    return [
        (
            truck,
            Visit(
                order=early.order,
                place=int(p.place[early.order]),
                begin=early.ends - int(p.handover[early.order]),
                end=late.ends,
                people=(),
            ),
        )
        for truck, found in sorted(slotted.items())
        for early, late in zip(found.typical.stops, found.buffered.stops, strict=True)
        if early.order != RELOAD and problem.meets[truck, early.order]
    ]
