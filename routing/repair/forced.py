"""Changes that nobody chose: what events ask for, and what then makes way for a promise.

They take nothing from the budget of changes. The auditor counts by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from routing.changes import COUNTED
from routing.plan import Plan, Route, Stop
from routing.plan_weights import ChangeKind, OrderChange
from routing.repair.events import BuyerAbsent, Event, RoadChanged, TruckLost, VinLate
from routing.repair.roads import drives_on

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest


def forced_by_events(request: PlanRequest, before: Plan, events: Iterable[Event]) -> frozenset[str]:
    """Orders that events may keep from truck and time: those of a lost truck, and of a truck whose
    car is late, whose buyer is absent or whose road has changed, from there on."""
    places = {order.id: order.place.id for order in request.orders}
    home = {house.id: house.place.id for house in request.warehouses}
    found: set[str] = set()
    for event in events:
        for route in before.routes:
            first = _first(route, event, places, home.get(route.warehouse_id, ""))
            found.update(stop.order_id for stop in route.stops[first:])
    return frozenset(found)


def forced_changes(
    request: PlanRequest, after: Plan, changes: Sequence[OrderChange]
) -> frozenset[str]:
    """Orders whose change takes nothing from the budget: forced ones, and those that make way.

    An order makes way when its old truck now brings a forced one or a promised new one, or loads
    where such a truck does and trucks are more than bays.
    """
    counted = [each for each in changes if each.kind in COUNTED]
    forced = {stop.order_id for stop in request.baseline if stop.forced}
    promised = {order.id for order in request.orders if order.promised}
    crowded = _crowded(request, after)
    found = {each.order_id for each in counted if each.order_id in forced}
    new = {
        each.truck_after
        for each in changes
        if each.kind is ChangeKind.ADDED and each.order_id in promised
    }
    while True:
        busy = new | {each.truck_after for each in counted if each.order_id in found} - {""}
        full = {crowded[truck] for truck in busy if truck in crowded}
        busy |= {truck for truck, house in crowded.items() if house in full}
        more = {each.order_id for each in counted if each.truck_before in busy}
        if more <= found:
            return frozenset(found)
        found |= more


def _first(route: Route, event: Event, places: dict[str, str], home: str) -> int:
    """Number of the first stop that an event concerns; as many as there are: none."""
    many = len(route.stops)
    match event:
        case TruckLost(truck_id=name, since=since) if name == route.truck_id:
            return next((n for n, stop in enumerate(route.stops) if stop.begins > since), many)
        case VinLate(order_id=name):
            # The whole trip waits for the car.
            starts = [0, *(reload.before for reload in route.reloads), many]
            for first, end in pairwise(starts):
                if name in {stop.order_id for stop in route.stops[first:end]}:
                    return first
            return many
        case BuyerAbsent(order_id=name):
            return next((n for n, stop in enumerate(route.stops) if stop.order_id == name), many)
        case RoadChanged():
            number = 0
            at = home
            for halt in route.halts:
                there = places.get(halt.order_id, "") if isinstance(halt, Stop) else home
                if drives_on(halt.leg, event, at, there):
                    return number
                number += isinstance(halt, Stop)
                at = there
            # A way home that takes longer asks for an earlier departure.
            return 0 if drives_on(route.home, event, at, home) else many
    return many


def _crowded(request: PlanRequest, plan: Plan) -> dict[str, str]:
    """Warehouses of the trucks that load where trucks are more than bays."""
    bays = {house.id: house.bays for house in request.warehouses}
    trucks = Counter(route.warehouse_id for route in plan.routes)
    return {
        route.truck_id: route.warehouse_id
        for route in plan.routes
        if trucks[route.warehouse_id] > bays.get(route.warehouse_id, 0)
    }
