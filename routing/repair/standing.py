"""Where the trucks of a plan are at a moment: what has happened cannot be planned again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from routing.plan import Plan, Route, Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheRoad:
    """A truck that has begun to load, or has left: its cars stay on it.

    `done` are the stops that have begun, or that it is driving to, in sequence; `ahead` the others.
    """

    route: Route
    done: tuple[Stop, ...]
    ahead: tuple[Stop, ...]


def on_the_road(plan: Plan, now: datetime) -> dict[str, OnTheRoad]:
    """Find the trucks whose loading has begun by now, by id."""
    return {
        route.truck_id: OnTheRoad(
            route=route,
            done=tuple(stop for stop in route.stops if stop.leg.departs <= now),
            ahead=tuple(stop for stop in route.stops if stop.leg.departs > now),
        )
        for route in plan.routes
        if min(route.load.start, route.departs) <= now
    }


def stops_of(plan: Plan) -> dict[str, tuple[Route, Stop]]:
    """Find route and stop of every order that the plan brings."""
    return {stop.order_id: (route, stop) for route in plan.routes for stop in route.stops}
