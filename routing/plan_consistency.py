"""What a plan document must not contradict in itself, before anything is made of it.

This is no audit: the auditor holds a plan against its day, with roads and rules. Here it is only
asked whether the document is whole: each order once, moments in order, names that exist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from routing.plan import Leg, Plan, Reload, Rest, Route, Stop, Trip
from routing.reasons import Reason


def contradictions(plan: Plan) -> list[str]:
    """List everything the document says that cannot be true together, with its place."""
    faults = [*_zone_faults(plan), *_repeated(plan)]
    if plan.days < 1:
        faults.append(f"days: a plan is for one day or more, found {plan.days}")
    for index, route in enumerate(plan.routes):
        faults.extend(_route_faults(plan, route, f"routes[{index}]"))
    for index, left in enumerate(plan.left_behind):
        anywhere = left.reason is Reason.NO_STOCK and not left.warehouse_id
        if left.warehouse_id not in plan.warehouses and not anywhere:
            faults.append(f"left_behind[{index}]: unknown warehouse {left.warehouse_id}")
        if (left.lat is None) != (left.lon is None):
            faults.append(f"left_behind[{index}]: lat and lon stand together or not at all")
        elif left.lat is not None and left.lon is not None:
            faults.extend(_position_faults(left.lat, left.lon, f"left_behind[{index}]"))
    for index, given in enumerate(plan.outsourced):
        place = f"outsourced[{index}]"
        if given.warehouse_id not in plan.warehouses:
            faults.append(f"{place}: unknown warehouse {given.warehouse_id}")
        if min(given.price_minor, given.metres) < 0:
            faults.append(f"{place}: price_minor or metres is negative")
        if given.window.end <= given.collects:
            faults.append(f"{place}.window: ends before the carrier collects the car")
        faults.extend(_position_faults(given.lat, given.lon, place))
    for index, truck in enumerate(plan.idle):
        if truck.warehouse_id not in plan.warehouses:
            faults.append(f"idle[{index}]: unknown warehouse {truck.warehouse_id}")
    faults.extend(
        f"sites.{name}: unknown warehouse" for name in plan.sites if name not in plan.warehouses
    )
    for name, site in plan.sites.items():
        faults.extend(_position_faults(site.lat, site.lon, f"sites.{name}"))
    return faults


def _zone_faults(plan: Plan) -> Iterator[str]:
    try:
        ZoneInfo(plan.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a name that is a folder
        yield f"time_zone: {plan.time_zone!r} is no IANA zone such as Asia/Shanghai"


def _repeated(plan: Plan) -> Iterator[str]:
    served = [stop.order_id for route in plan.routes for stop in route.stops]
    orders = Counter(
        [
            *served,
            *(left.order_id for left in plan.left_behind),
            *(given.order_id for given in plan.outsourced),
        ]
    )
    trucks = Counter(
        [*(route.truck_id for route in plan.routes), *(truck.truck_id for truck in plan.idle)]
    )
    yield from (f"order {name} stands {count} times" for name, count in orders.items() if count > 1)
    yield from (f"truck {name} stands {count} times" for name, count in trucks.items() if count > 1)


def _route_faults(plan: Plan, route: Route, place: str) -> Iterator[str]:
    if route.warehouse_id not in plan.warehouses:
        yield f"{place}: unknown warehouse {route.warehouse_id}"
    if not 0 <= (route.day - plan.day).days < plan.days:
        yield f"{place}.day: {route.day} is no day of the plan"
    if not route.stops:
        yield f"{place}: truck {route.truck_id} has no stop; idle trucks belong in idle"
    if route.bay < 1:
        yield f"{place}.bay: bays count from 1, found {route.bay}"
    if min(route.duty_s, route.overtime_s) < 0:
        yield f"{place}: duty or overtime is negative"
    if route.p_overrun is not None and not 0 <= route.p_overrun <= 1:
        yield f"{place}.p_overrun: {route.p_overrun:g} is no share"
    firsts = [0, *(reload.before for reload in route.reloads), len(route.stops)]
    if route.reloads and any(late <= early for early, late in pairwise(firsts)):
        yield f"{place}.reloads: before must ascend within the stops, from 1"
        return
    for number, trip in enumerate(route.trips):
        yield from _deck_faults(trip, f"{place}.reloads[{number - 1}]" if number else place)
    clock = route.departs
    if route.load.end > route.departs:
        yield f"{place}.departs: before loading ends"
    stops, reloads = 0, 0
    for halt in route.halts:
        if isinstance(halt, Stop):
            here = f"{place}.stops[{stops}]"
            stops += 1
            yield from _stop_faults(halt, here)
        else:
            here = f"{place}.reloads[{reloads}]"
            reloads += 1
            yield from _reload_faults(halt, here)
        if halt.leg.departs < clock:
            yield f"{here}.leg.departs: before {clock.isoformat()}, when the truck is free"
        clock = halt.leaves
    if route.home.departs < clock:
        yield f"{place}.home.departs: before {clock.isoformat()}, when the truck is free"
    yield from _leg_faults(route.home, f"{place}.home")
    if route.returns < route.home.arrives:
        yield f"{place}.returns: before home.arrives"


def _deck_faults(trip: Trip, place: str) -> Iterator[str]:
    served = sorted((stop.order_id, stop.vin) for stop in trip.stops)
    if sorted((car.order_id, car.vin) for car in trip.deck) != served:
        yield f"{place}.deck: other cars than those of the stops"
    for name, count in Counter(car.position_id for car in trip.deck).items():
        if count > 1:
            yield f"{place}.deck: {count} cars stand on position {name}"


def _reload_faults(reload: Reload, place: str) -> Iterator[str]:
    yield from _leg_faults(reload.leg, f"{place}.leg")
    if reload.bay < 1:
        yield f"{place}.bay: bays count from 1, found {reload.bay}"
    if not reload.leg.arrives <= reload.load.start <= reload.load.end <= reload.leaves:
        yield f"{place}: arrival, loading and leaving are not in order"
    yield from _rest_faults(reload.rests, f"{place}.rests")


def _stop_faults(stop: Stop, place: str) -> Iterator[str]:
    yield from _leg_faults(stop.leg, f"{place}.leg")
    if not stop.leg.arrives <= stop.begins <= stop.ends <= stop.leaves:
        yield f"{place}: arrival, begins, ends and leaves are not in order"
    if min(stop.unload_s, stop.deck_s, stop.handover_s, stop.radius_m) < 0:
        yield f"{place}: unload_s, deck_s, handover_s or radius_m is negative"
    if stop.eta_from is not None and stop.eta_to is not None and stop.eta_to < stop.eta_from:
        yield f"{place}.eta_to: before eta_from"
    if stop.p_late is not None and not 0 <= stop.p_late <= 1:
        yield f"{place}.p_late: {stop.p_late:g} is no share"
    yield from _position_faults(stop.lat, stop.lon, place)
    yield from _rest_faults(stop.rests, f"{place}.rests")


def _leg_faults(leg: Leg, place: str) -> Iterator[str]:
    if leg.arrives < leg.departs:
        yield f"{place}.arrives: before departs"
    if min(leg.drive_s, leg.metres, leg.toll_minor) < 0:
        yield f"{place}: drive_s, metres or toll_minor is negative"
    yield from _rest_faults(leg.road_rests, f"{place}.road_rests")


def _rest_faults(rests: tuple[Rest, ...], place: str) -> Iterator[str]:
    for index, rest in enumerate(rests):
        if rest.end < rest.start:
            yield f"{place}[{index}]: ends before it starts"


def _position_faults(lat: float, lon: float, place: str) -> Iterator[str]:
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        yield f"{place}: position ({lat}, {lon}) is outside the globe"
