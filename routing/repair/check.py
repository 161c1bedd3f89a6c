"""Refuse events that cannot be: all of them at once, each with what to do."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from routing.errors import BadRequest
from routing.plan import Plan
from routing.repair.events import (
    BuyerAbsent,
    Event,
    OrderAdded,
    OrderCancelled,
    RoadChanged,
    TruckLost,
    VinLate,
    order_of,
)
from routing.repair.standing import on_the_road, stops_of

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest


def check_events(
    request: PlanRequest,
    travel: TravelMatrix,
    plan: Plan,
    events: tuple[Event, ...],
    now: datetime,
) -> None:
    """Check that events, plan and day belong together.

    Raises:
        BadRequest: lists everything that cannot be.
    """
    faults = [fault for event in events for fault in _faults(request, travel, plan, event, now)]
    faults += [
        f"{count} events are about order {name}: tell what holds in the end, once"
        for name, count in Counter(order_of(event) for event in events).items()
        if name and count > 1
    ]
    if not events:
        faults.append("nothing has happened: name at least one event")
    faults += _apart(request, plan, events)
    if faults:
        raise BadRequest(tuple(faults))


def _apart(request: PlanRequest, plan: Plan, events: tuple[Event, ...]) -> list[str]:
    """Tell where the day and its plan do not speak of the same orders and trucks."""
    if request.day != plan.day:
        return [f"the plan is for {plan.day}, the day is {request.day}: take the day's own plan"]
    told = {order_of(event) for event in events}
    planned = {*stops_of(plan), *(each.order_id for each in plan.left_behind)}
    planned |= {each.order_id for each in plan.outsourced}
    today = {order.id for order in request.orders}
    manned = {truck.id for truck in request.trucks if truck.driver_id}
    return [
        *(
            f"order {name} is in the day and not in its plan: tell it as added, or take it out"
            for name in sorted(today - planned - told)
        ),
        *(
            f"order {name} of the plan is not in the day any more: tell it as cancelled, or put"
            " it back"
            for name in sorted(planned - today - told)
        ),
        *(
            f"truck {route.truck_id} of the plan has nobody to drive it in the day any more: put"
            " it back, and tell it as lost"
            for route in plan.routes
            if route.truck_id not in manned
        ),
    ]


def _faults(
    request: PlanRequest, travel: TravelMatrix, plan: Plan, event: Event, now: datetime
) -> list[str]:
    match event:
        case TruckLost(truck_id=name):
            if name not in {truck.id for truck in request.trucks if truck.driver_id}:
                return [f"truck {name} was lost, but nobody drives one of that id today"]
            return []
        case RoadChanged(places=places, towards=towards):
            known = set(travel.place_ids)
            return [
                f"a road event names place {name}, which is not in the day: name an order, a"
                " warehouse or a county of it"
                for name in sorted((places | towards) - known)
            ]
        case OrderAdded(order_id=name):
            if name in {*stops_of(plan), *(each.order_id for each in plan.outsourced)}:
                return [f"order {name} was added, but the plan brings it already"]
            if name not in {order.id for order in request.orders}:
                return [f"order {name} was added, but is not in the day: put its row into it"]
            return []
        case OrderCancelled() | VinLate() | BuyerAbsent():
            return _order_faults(request, plan, event, now)


def _order_faults(
    request: PlanRequest, plan: Plan, event: OrderCancelled | VinLate | BuyerAbsent, now: datetime
) -> list[str]:
    name = event.order_id
    given = {each.order_id: each for each in plan.outsourced}
    planned = {*stops_of(plan), *given, *(each.order_id for each in plan.left_behind)}
    if name not in planned:
        return [f"order {name} is not in the plan: check its id, or tell it as added"]
    if not isinstance(event, OrderCancelled) and name not in {each.id for each in request.orders}:
        return [f"order {name} is not in the day any more: put its row back"]
    if name in given and given[name].collects <= now:
        return [
            f"carrier {given[name].carrier_name} has the car of order {name} since"
            f" {given[name].collects:%H:%M}: settle it with the carrier"
        ]
    if name not in stops_of(plan):
        return []
    route, stop = stops_of(plan)[name]
    if stop.begins <= now:
        return [
            f"order {name} was being handed over at {stop.begins:%H:%M}: it cannot be changed at"
            f" {now:%H:%M}"
        ]
    if isinstance(event, VinLate) and route.truck_id in on_the_road(plan, now):
        return [
            f"the car of order {name} is on truck {route.truck_id} since {route.load.start:%H:%M}:"
            " it cannot be late any more"
        ]
    return []
