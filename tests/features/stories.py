"""Plan a tiny named day for a story: audited, repeatable, in a moment."""

from __future__ import annotations

from routing.domain.orders import Priority
from routing.domain.request import PlanRequest
from routing.plan import LeftBehind, Plan, Route, Stop
from tests.days import km, matrix_of, order, request, truck
from tests.solving import solve


def planned(request: PlanRequest) -> Plan:
    """Plan a day along the line; the auditor must find nothing."""
    return solve(request, matrix_of(request)).plan


def one_promise_or_ten_urgent() -> PlanRequest:
    """One ten-car truck: a promise 300 km west at noon, or ten urgent cars in the east."""
    return request(
        order("O1", place=km(-300), windows=[("11:30", "12:30")], promised=True),
        *(
            order(
                f"O{number}",
                place=km(60),
                windows=[("08:00", "12:00")],
                priority=Priority.URGENT,
                unload_min=5,
                handover_min=10,
            )
            for number in range(2, 12)
        ),
        trucks=[truck(cars=10)],
    )


def left(plan: Plan, order_id: str) -> LeftBehind:
    """What the plan says of an order it leaves behind."""
    return next(each for each in plan.left_behind if each.order_id == order_id)


def route_of(plan: Plan, order_id: str) -> Route:
    """The route an order is on."""
    return next(route for route in plan.routes for stop in route.stops if stop.order_id == order_id)


def stop_of(plan: Plan, order_id: str) -> Stop:
    """The stop of an order."""
    return next(stop for stop in route_of(plan, order_id).stops if stop.order_id == order_id)
