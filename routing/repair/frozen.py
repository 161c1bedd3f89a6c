"""What a repair must not touch, as locks: trucks on the road, and trucks it has no need to ask."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from routing.domain.fleet import Truck
from routing.domain.locks import Locks, OrderLock, SequenceLock, TruckLock
from routing.plan import Plan, Route
from routing.repair.events import Event, RoadChanged, TruckLost
from routing.repair.standing import OnTheRoad, on_the_road, stops_of
from routing.repair.verdicts import Verdict, kept_stops
from routing.repair.world import lost_on_the_road, stuck_orders

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest


def with_frozen(
    request: PlanRequest,
    plan: Plan,
    events: tuple[Event, ...],
    now: datetime,
    *,
    free: Collection[str],
    verdicts: Sequence[Verdict] = (),
) -> PlanRequest:
    """Lock what has happened, and every truck that is not `free`; from now on all others load.

    A truck on the road keeps its stops so far, its departure and its cars; when it is not free,
    all of its stops in their sequence. Another truck that is not free keeps stops and departure,
    or stays at home. What was said of lines holds the first stops of their trucks.

    Raises:
        BadRequest: what was said contradicts itself.
    """
    gone = on_the_road(plan, now)
    lost = {event.truck_id: event for event in events if isinstance(event, TruckLost)}
    routes = {route.truck_id: route for route in plan.routes}
    today = {order.id for order in request.orders}
    evening = {house.id for house in request.warehouses if house.evening_loading}
    kept = kept_stops(verdicts, today)
    sequences: list[SequenceLock] = []
    whole: list[TruckLock] = []
    orders: list[OrderLock] = []
    for truck in request.trucks:
        if not truck.driver_id:
            continue
        if truck.id in lost:
            done = _done_when_lost(lost[truck.id], plan, now, today)
            if not done:
                whole.append(TruckLock(truck_id=truck.id))
            else:
                sequences.append(_held(routes[truck.id], done, evening))
        elif truck.id in gone:
            road = gone[truck.id]
            mine = [stop.order_id for stop in road.route.stops if stop.order_id in today]
            fixed = mine
            if truck.id in free:
                fixed = [stop.order_id for stop in road.done if stop.order_id in today]
                fixed = _reached(fixed, road, plan, events, now)
                if truck.id in kept:
                    fixed = max(fixed, list(kept[truck.id].stops), key=len)
                orders += [
                    OrderLock(order_id=name, truck_id=truck.id)
                    for name in mine
                    if name not in fixed
                ]
            if mine:
                sequences.append(_held(road.route, fixed, evening))
            else:
                whole.append(TruckLock(truck_id=truck.id))
        elif truck.id in kept:
            sequences.append(
                SequenceLock(
                    truck_id=truck.id,
                    orders=kept[truck.id].stops,
                    first=True,
                    departs=kept[truck.id].departs,
                )
            )
        elif truck.id not in free and truck.id in routes:
            route = routes[truck.id]
            mine = [stop.order_id for stop in route.stops if stop.order_id in today]
            sequences.append(_held(route, mine, evening))
        elif truck.id not in free or _too_late(truck, request, now):
            whole.append(TruckLock(truck_id=truck.id))
    held = {lock.truck_id for lock in sequences} | {lock.truck_id for lock in whole}
    mine_too = _of_the_day(request, lost, held, today)
    return replace(
        request,
        locks=Locks(
            orders=(*orders, *mine_too.orders),
            trucks=(*whole, *mine_too.trucks),
            sequences=(*sequences, *mine_too.sequences),
        ),
        trucks=tuple(
            truck if truck.id in gone or truck.id not in free else _from_now(truck, now)
            for truck in request.trucks
        ),
    )


def _done_when_lost(event: TruckLost, plan: Plan, now: datetime, today: set[str]) -> list[str]:
    road = lost_on_the_road(plan, event, now)
    if road is None:
        return []
    stuck = stuck_orders(plan, event, now)
    return [
        stop.order_id
        for stop in road.route.stops
        if stop.order_id not in stuck and stop.order_id in today
    ]


def _reached(
    done: list[str], road: OnTheRoad, plan: Plan, events: tuple[Event, ...], now: datetime
) -> list[str]:
    """Leave out the stop a truck is driving to when an event may keep it from getting there."""
    stops = stops_of(plan)
    roads = any(isinstance(event, RoadChanged) for event in events)
    asked = {getattr(event, "order_id", "") for event in events}
    while done and stops[done[-1]][1].begins > now and (roads or done[-1] in asked):
        done = done[:-1]
    return done


def _held(route: Route, orders: list[str], evening: set[str]) -> SequenceLock:
    return SequenceLock(
        truck_id=route.truck_id,
        orders=tuple(orders),
        first=True,
        closed=True,
        departs=route.departs,
        loads=route.load.start if route.warehouse_id in evening else None,
    )


def _too_late(truck: Truck, request: PlanRequest, now: datetime) -> bool:
    """Tell whether a truck cannot be loaded any more: its shift, or its evening, is over."""
    house = next(each for each in request.warehouses if each.id == truck.warehouse_id)
    evening_over = house.evening_loading and house.loading[0].end <= now
    return evening_over or truck.shift_end <= now


def _from_now(truck: Truck, now: datetime) -> Truck:
    if truck.shift_start >= now or truck.shift_end <= now:
        return truck
    return replace(truck, shift_start=now)


def _of_the_day(
    request: PlanRequest, lost: Collection[str], held: Collection[str], today: set[str]
) -> Locks:
    """Keep the day's own locks where nothing has happened to their trucks."""
    kept = request.locks.part(
        orders=today, trucks={truck.id for truck in request.trucks if truck.id not in lost}
    )
    return Locks(
        orders=tuple(lock for lock in kept.orders if lock.truck_id not in held),
        trucks=tuple(lock for lock in kept.trucks if lock.truck_id not in held),
        sequences=tuple(lock for lock in kept.sequences if lock.truck_id not in held),
    )
