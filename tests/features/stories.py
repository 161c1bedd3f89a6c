"""Plan a tiny named day for a story: audited, repeatable, in a moment."""

from __future__ import annotations

from routing.domain.request import PlanRequest
from routing.plan import LeftBehind, Plan, Route, Stop
from tests.days import matrix_of
from tests.solving import solve


def planned(request: PlanRequest) -> Plan:
    """Plan a day along the line; the auditor must find nothing."""
    return solve(request, matrix_of(request)).plan


def left(plan: Plan, order_id: str) -> LeftBehind:
    """What the plan says of an order it leaves behind."""
    return next(each for each in plan.left_behind if each.order_id == order_id)


def route_of(plan: Plan, order_id: str) -> Route:
    """The route an order is on."""
    return next(route for route in plan.routes for stop in route.stops if stop.order_id == order_id)


def stop_of(plan: Plan, order_id: str) -> Stop:
    """The stop of an order."""
    return next(stop for stop in route_of(plan, order_id).stops if stop.order_id == order_id)
