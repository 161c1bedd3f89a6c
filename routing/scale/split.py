"""Cut a day into parts: warehouses that share nothing, and areas of a warehouse that is large."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import Final

from geodata.places import great_circle_m
from geodata.units import Minor
from routing.domain.fleet import SpecialistTravel
from routing.domain.orders import Order
from routing.domain.request import PlanRequest
from routing.domain.stock import kind_of
from routing.domain.warehouses import Warehouse
from routing.scale.areas import (
    petals,
    share_bays,
    share_changes,
    share_own_cars,
    share_stock,
    share_trucks,
    with_locks,
)
from routing.scale.carriers import share_carriers
from routing.scale.parts import Part, Share, cut

MOST_ORDERS: Final = 300
"""Orders of a part: what a search still does well in the time it gets for each."""


def split(request: PlanRequest, *, most_orders: int = MOST_ORDERS) -> tuple[Part, ...]:
    """Cut a day into parts of about so many orders; every order and every truck is in one.

    Warehouses from which one order could come, as its car may be in stock at several, stay together
    while that is no larger than a part; where it is, every such order is given to the nearest
    warehouse that still has a car of its kind. A larger warehouse is cut into areas, at most as
    many as it has bays: each has bays of its own.
    """
    if most_orders < 1:
        raise ValueError(f"parts of {most_orders} orders: at least 1")
    groups = _groups(request)
    if any(len(group) > 1 and _size(request, group) > most_orders for group in groups):
        request = _sourced(request)
        groups = _groups(request)
    shares = [share for group in groups for share in _shares(request, group, most_orders)]
    known = {stop.order_id for stop in request.baseline}
    changes = share_changes(
        request.max_changes, [len(known & set(share.orders)) for share in shares]
    )
    money = share_changes(
        request.policy.outsourcing.budget, [len(share.orders) for share in shares]
    )
    carriers = share_carriers(request.carriers, [(share.orders, share.bays) for share in shares])
    return tuple(
        cut(
            request,
            replace(
                share,
                max_changes=budget,
                carriers=its,
                carrier_budget=None if fen is None else Minor(fen),
            ),
        )
        for share, budget, its, fen in zip(shares, changes, carriers, money, strict=True)
    )


def _groups(request: PlanRequest) -> list[tuple[str, ...]]:
    """Warehouses that are to be planned together, in the order of the request."""
    head = {house.id: house.id for house in request.warehouses}

    def top(house: str) -> str:
        while head[house] != house:
            house = head[house]
        return house

    at_kind = defaultdict(list)
    for car in request.stock:
        at_kind[kind_of(car.vehicle)].append(car.warehouse_id)
    for kind in {kind_of(each.vehicle) for each in request.orders if not each.warehouse_id}:
        for house in at_kind[kind]:
            head[top(house)] = top(at_kind[kind][0])
    groups: dict[str, list[str]] = defaultdict(list)
    for house in head:
        groups[top(house)].append(house)
    return [tuple(group) for group in groups.values()]


def _home_of(request: PlanRequest) -> dict[str, str]:
    """A warehouse of every order: its own, or one that has a car for it, or the nearest."""
    at_kind = {kind_of(car.vehicle): car.warehouse_id for car in reversed(request.stock)}
    return {
        each.id: each.warehouse_id
        or at_kind.get(kind_of(each.vehicle))
        or _nearest(each, request.warehouses).id
        for each in request.orders
    }


def _size(request: PlanRequest, group: tuple[str, ...]) -> int:
    home = _home_of(request)
    return sum(house in group for house in home.values())


def _sourced(request: PlanRequest) -> PlanRequest:
    """Give every order that any warehouse could serve to the nearest that has a car left."""
    left = Counter((car.warehouse_id, kind_of(car.vehicle)) for car in request.stock)
    left.subtract(
        (each.warehouse_id, kind_of(each.vehicle))
        for each in request.orders
        if each.from_stock and each.warehouse_id
    )
    orders = []
    for each in request.orders:
        if not each.warehouse_id:
            kind = kind_of(each.vehicle)
            having = [house for house in request.warehouses if left[house.id, kind] > 0]
            home = _nearest(each, having or request.warehouses).id
            left[home, kind] -= 1
            each = replace(each, warehouse_id=home)
        orders.append(each)
    return replace(request, orders=tuple(orders))


def _nearest(order: Order, houses: tuple[Warehouse, ...] | list[Warehouse]) -> Warehouse:
    return min(
        houses, key=lambda house: (great_circle_m(house.place.point, order.place.point), house.id)
    )


def _shares(request: PlanRequest, group: tuple[str, ...], most_orders: int) -> list[Share]:
    home = _home_of(request)
    orders = [each for each in request.orders if home[each.id] in group]
    trucks = [each for each in request.trucks if each.warehouse_id in group]
    houses = [each for each in request.warehouses if each.id in group]
    stock = [car for car in request.stock if car.warehouse_id in group]
    people = [
        each
        for each in request.specialists
        if each.travel is SpecialistTravel.OWN_CAR and each.warehouse_id in group
    ]
    number = min(-(-len(orders) // most_orders), houses[0].bays) if len(houses) == 1 else 1
    if number <= 1:
        return [
            Share(
                name="+".join(group),
                orders=[each.id for each in orders],
                trucks=[each.id for each in trucks],
                own_cars=[each.id for each in people],
                stock=[car.vehicle.vin for car in stock],
                bays={house.id: tuple(range(1, house.bays + 1)) for house in houses},
            )
        ]
    (house,) = houses
    area, bound = with_locks(request, petals(orders, house.place.point, number))
    trucks_at = share_trucks(trucks, orders, area, bound, number)
    people_at = share_own_cars(people, orders, area, number)
    stock_at = share_stock(stock, orders, area, number)
    bays = share_bays(house.bays, [sum(at == n for at in area.values()) for n in range(number)])
    return [
        Share(
            name=f"{house.id}/{at + 1}",
            orders=[name for name, its in area.items() if its == at],
            trucks=[name for name, its in trucks_at.items() if its == at],
            own_cars=[name for name, its in people_at.items() if its == at],
            stock=[vin for vin, its in stock_at.items() if its == at],
            bays={house.id: bays[at]},
            spare_drivers=at == 0,
            area=at + 1,
        )
        for at in range(number)
    ]
