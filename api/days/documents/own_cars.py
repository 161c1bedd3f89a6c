"""Specialists in own cars: their visits, each with the stop and the truck it is about."""

from __future__ import annotations

from dataclasses import dataclass

from routing.plan import Plan, Route, Stop
from routing.plan_specialists import SpecialistDay, SpecialistVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A visit of a specialist, the truck it is made to, and its stop there."""

    visit: SpecialistVisit
    route: Route
    stop: Stop


def meetings_of(plan: Plan, person: SpecialistDay) -> tuple[Meeting, ...]:
    """List whom somebody meets, in the order of the day.

    Raises:
        KeyError: a visit to an order that is on no truck.
    """
    found = {stop.order_id: (route, stop) for route in plan.routes for stop in route.stops}
    return tuple(
        Meeting(visit=visit, route=found[visit.order_id][0], stop=found[visit.order_id][1])
        for visit in person.visits
    )
