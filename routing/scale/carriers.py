"""Third-party carriers of a day in parts: their places shared out, and given again at the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geodata.units import UNREACHABLE_S
from routing.domain.carriers import Carrier
from routing.domain.stock import with_cars
from routing.giving_away import written_down
from routing.plan import Plan
from routing.rules.carriers import may_take
from routing.scale.areas import share_changes

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.orders import Order
    from routing.domain.request import PlanRequest


def share_carriers(
    carriers: Sequence[Carrier], parts: Sequence[tuple[Collection[str], Collection[str]]]
) -> list[tuple[Carrier, ...]]:
    """Share out the places of every carrier by the orders of the parts where it collects.

    A part is its orders and its warehouses. What a carrier holds goes with the order.
    """
    shared: list[list[Carrier]] = [[] for _ in parts]
    for carrier in carriers:
        homes = [
            tuple(name for name in carrier.warehouse_ids if name in houses) for _, houses in parts
        ]
        held = [tuple(name for name in carrier.holds if name in orders) for orders, _ in parts]
        counts = [len(orders) if its else 0 for (orders, _), its in zip(parts, homes, strict=True)]
        free = max(0, carrier.cars - sum(len(its) for its in held))
        places = share_changes(free, counts)
        for at, its in enumerate(homes):
            if its:
                cars = (places[at] or 0) + len(held[at])
                mine = replace(carrier, warehouse_ids=its, holds=held[at], cars=cars)
                shared[at].append(mine)
    return [tuple(its) for its in shared]


def put_together(carriers: Sequence[Carrier]) -> tuple[Carrier, ...]:
    """Add up the places that two parts have with the same carrier."""
    by_id: dict[str, list[Carrier]] = defaultdict(list)
    for carrier in carriers:
        by_id[carrier.id].append(carrier)
    return tuple(
        replace(
            its[0],
            cars=sum(each.cars for each in its),
            holds=tuple(name for each in its for name in each.holds),
            warehouse_ids=tuple(dict.fromkeys(name for each in its for name in each.warehouse_ids)),
        )
        for its in by_id.values()
    )


def with_last_places(request: PlanRequest, travel: TravelMatrix, plan: Plan) -> Plan:
    """Give what parts left behind to carriers whose places, shared out elsewhere, are still free.

    Those that save most first. `travel` is read entry by entry.
    """
    if not request.carriers or not plan.left_behind:
        return plan
    cars = {entry.order_id: entry.vin for entry in plan.left_behind}
    orders = {order.id: order for order in with_cars(request, cars).orders}
    taken = Counter(each.carrier_id for each in plan.outsourced)
    room = {carrier.id: carrier.cars - taken[carrier.id] for carrier in request.carriers}
    budget = request.policy.outsourcing.budget
    money = None if budget is None else budget - plan.outsourced_minor
    locked = {lock.order_id for lock in request.locks.orders}
    locked |= {name for lock in request.locks.held for name in lock.orders}
    offers = sorted(
        (carrier.price(metres) - _worth(request, order, carrier), order.id, at, metres)
        for order in (orders[entry.order_id] for entry in plan.left_behind)
        if not order.from_stock and order.id not in locked
        for at, carrier in enumerate(request.carriers)
        if order.warehouse_id in carrier.warehouse_ids and may_take(carrier, order)
        if (metres := _road(request, travel, order)) is not None
    )
    given = {}
    for saves, name, at, metres in offers:
        carrier, order = request.carriers[at], orders[name]
        price = carrier.price(metres)
        dear = saves >= 0 and not order.promised
        if name in given or dear or room[carrier.id] < 1 or (money is not None and price > money):
            continue
        room[carrier.id] -= 1
        money = None if money is None else money - price
        given[name] = written_down(order, carrier, metres)
    return replace(
        plan,
        left_behind=tuple(each for each in plan.left_behind if each.order_id not in given),
        outsourced=(*plan.outsourced, *given.values()),
    )


def _worth(request: PlanRequest, order: Order, carrier: Carrier) -> int:
    """What leaving an order behind costs, less what the change to a carrier does."""
    prices = request.policy.stability
    known = {stop.order_id: stop.truck_id for stop in request.baseline}
    worth = int(request.policy.left_behind[order.priority])
    if order.id in known:
        worth += int(prices.dropped + prices.per_change)
        if known[order.id] != carrier.id:
            worth -= int(prices.truck_changed + prices.per_change)
    return worth


def _road(request: PlanRequest, travel: TravelMatrix, order: Order) -> int | None:
    """Shortest road of any class at any hour, as the rule has it."""
    home = next(house for house in request.warehouses if house.id == order.warehouse_id)
    a, b = travel.index_of(home.place.id), travel.index_of(order.place.id)
    if a == b:
        return 0
    cells = [
        (layer, band)
        for layer in range(len(travel.truck_classes))
        for band in range(len(travel.band_starts_s))
    ]
    return min(
        (
            int(travel.metres[layer, band, a, b])
            for layer, band in cells
            if int(travel.seconds[layer, band, a, b]) < UNREACHABLE_S
        ),
        default=None,
    )
