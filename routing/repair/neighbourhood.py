"""Which trucks a repair asks first: those that the events touch, and the nearest free ones."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from routing.plan import Plan
from routing.repair.events import Event, RoadChanged, TruckLost, order_of
from routing.repair.roads import drives_there
from routing.repair.standing import on_the_road, stops_of
from routing.repair.world import stuck_orders

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest

NEAREST: Final = 6
"""Trucks of the plan, not on the road yet, that are asked beside those an event touches."""


def touched_trucks(
    request: PlanRequest, plan: Plan, events: tuple[Event, ...], now: datetime
) -> frozenset[str]:
    """Find the trucks with an order or a leg that an event is about; not those lost."""
    stops = stops_of(plan)
    home = {house.id: house.place.id for house in request.warehouses}
    places = {order.id: order.place.id for order in request.orders}
    found = set()
    for event in events:
        if isinstance(event, RoadChanged):
            found |= {
                route.truck_id
                for route in plan.routes
                if route.returns > now
                and drives_there(route, event, places=places, home=home[route.warehouse_id])
            }
        elif order_of(event) in stops:
            found.add(stops[order_of(event)][0].truck_id)
    return frozenset(found)


def wanting_orders(plan: Plan, events: tuple[Event, ...], now: datetime) -> frozenset[str]:
    """List the orders that need another truck, or any."""
    stops = stops_of(plan)
    found = set()
    for event in events:
        if isinstance(event, TruckLost):
            stuck = stuck_orders(plan, event, now)
            found |= {
                name
                for name, (route, stop) in stops.items()
                if route.truck_id == event.truck_id
                and name not in stuck
                and stop.begins > event.since
            }
        elif order_of(event):
            found.add(order_of(event))
    return frozenset(found)


def near_trucks(
    request: PlanRequest,
    travel: TravelMatrix,
    plan: Plan,
    events: tuple[Event, ...],
    now: datetime,
    *,
    most: int = NEAREST,
) -> frozenset[str]:
    """Find the trucks that a first try may change: touched, nearest, and idle ones at hand."""
    touched = touched_trucks(request, plan, events, now)
    wanting = wanting_orders(plan, events, now)
    gone = on_the_road(plan, now)
    orders = {order.id: order for order in request.orders}
    stops = stops_of(plan)
    asked = [orders[name] for name in wanting if name in orders]
    asked += [orders[n] for n, (r, _) in stops.items() if r.truck_id in touched and n in orders]
    row = {place: at for at, place in enumerate(travel.place_ids)}
    wanted = [row[order.place.id] for order in asked]
    houses = {order.warehouse_id for order in asked} | {
        route.warehouse_id for route in plan.routes if route.truck_id in touched
    }
    reach = []
    for route in plan.routes:
        if route.truck_id in gone or route.truck_id in touched or route.warehouse_id not in houses:
            continue
        there = [row[orders[s.order_id].place.id] for s in route.stops if s.order_id in orders]
        away = min((int(travel.seconds[0, 0, a, b]) for a in wanted for b in there), default=0)
        reach.append((away, route.truck_id))
    busy = {route.truck_id for route in plan.routes}
    idle = {
        truck.id
        for truck in request.trucks
        if truck.driver_id and truck.id not in busy and truck.warehouse_id in houses | {""}
    }
    if any(order.warehouse_id == "" for order in asked):
        idle = {truck.id for truck in request.trucks if truck.driver_id and truck.id not in busy}
    return touched | {truck for _, truck in sorted(reach)[:most]} | idle
