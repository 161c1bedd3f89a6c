"""Whole random days, planned as simply as can be: one car a truck, the rest left behind."""

from dataclasses import replace

from hypothesis import HealthCheck, event, given, settings

from routing.audit import audit_plan
from routing.audit.twin.departure import schedule_route
from routing.audit.twin.reading import read_route
from routing.audit.twin.values import TwinSchedule
from routing.domain.request import PlanRequest
from routing.reasons import Reason
from tests.days import flat_deck
from tests.hand_plans import hand_plan, left_behind
from tests.strategies import Day, days

SOUND = {"timeline", "travel", "driving", "bans", "bays", "duty", "costs", "crew", "specialists"}


def _one_car_each(day: Day) -> dict[str, list[str]]:
    """Give every manned truck the first order of its warehouse that it can serve alone."""
    routes: dict[str, list[str]] = {}
    taken: set[str] = set()
    for truck in day.request.trucks:
        for order in day.request.orders:
            if not truck.driver_id or truck.warehouse_id != order.warehouse_id:
                continue
            route = read_route(day.request, day.travel, truck_id=truck.id, order_ids=[order.id])
            served = isinstance(schedule_route(route), TwinSchedule)
            if order.id not in taken and served and truck.id not in routes:
                routes[truck.id] = [order.id]
                taken.add(order.id)
    return routes


def _roomy(request: PlanRequest) -> PlanRequest:
    """Decks and bays that never bind: this test is about time, road and money."""
    return replace(
        request,
        trucks=tuple(replace(each, deck=flat_deck(1)) for each in request.trucks),
        warehouses=tuple(replace(each, bays=9) for each in request.warehouses),
    )


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(days())
def test_a_simple_plan_of_any_day_keeps_the_laws(day: Day) -> None:
    """Several trucks, warehouses and bays at once; whatever stays is explained, not dropped."""
    roomy = Day(request=_roomy(day.request), travel=day.travel)
    routes = _one_car_each(roomy)
    event(f"{len(routes)} trucks go out")
    served = {order_id for order_ids in routes.values() for order_id in order_ids}
    behind = [
        left_behind(order, Reason.COSTS_TOO_MUCH)
        for order in sorted(roomy.request.orders, key=lambda order: not order.promised)
        if order.id not in served
    ]
    plan = hand_plan(roomy.request, roomy.travel, routes, left=behind)
    found = audit_plan(roomy.request, roomy.travel, plan).findings
    assert [
        each.text_en
        for each in found
        if each.check in SOUND | {"bookkeeping", "commitments", "left_behind"}
    ] == []
