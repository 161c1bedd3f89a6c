"""What a request must be before anything is compiled: solvers crash on what Python can refuse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from routing.errors import BadRequest

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.fleet import Truck
    from routing.domain.request import PlanRequest


MOST_POSITIONS: Final = 31
"""The schedule notes chosen rests in a 64-bit word, two bits a stop."""


def check_request(request: PlanRequest, travel: TravelMatrix) -> None:
    """Check that a request is whole and the matrix covers it.

    Raises:
        BadRequest: lists every fault.
    """
    faults: list[str] = []
    if request.horizon_start.tzinfo is None:
        faults.append("horizon_start has no time zone")
    for kind, ids in (
        ("order", [order.id for order in request.orders]),
        ("VIN", _vins(request)),
        ("truck", [truck.id for truck in request.trucks]),
        ("driver", [driver.id for driver in request.drivers]),
        ("warehouse", [house.id for house in request.warehouses]),
        ("carrier", [carrier.id for carrier in request.carriers]),
    ):
        faults.extend(
            f"{kind} {name} appears {n} times" for name, n in Counter(ids).items() if n > 1
        )
    decks = Counter(deck.id for deck in dict.fromkeys(truck.deck for truck in request.trucks))
    faults.extend(f"deck {name} is described in {n} ways" for name, n in decks.items() if n > 1)
    faults.extend(_crew_faults(request))
    known_drivers = {driver.id for driver in request.drivers}
    faults.extend(
        f"truck {truck.id} names driver {truck.driver_id}, whom nobody knows"
        for truck in request.trucks
        if truck.driver_id and truck.driver_id not in known_drivers
    )
    houses = {house.id for house in request.warehouses}
    places = set(travel.place_ids)
    classes = set(travel.truck_classes)
    for order in request.orders:
        if order.warehouse_id not in houses and not (order.from_stock and not order.warehouse_id):
            faults.append(f"order {order.id} names warehouse {order.warehouse_id}, unknown here")
        if order.place.id not in places:
            faults.append(f"order {order.id}: place {order.place.id} is not in the travel matrix")
        if any(window.end <= request.horizon_start for window in order.windows):
            faults.append(f"order {order.id}: a window ends before the horizon starts")
    for car in request.stock:
        if car.warehouse_id not in houses:
            vin, where = car.vehicle.vin, car.warehouse_id
            faults.append(f"car {vin} in stock names warehouse {where}, unknown here")
    for carrier in request.carriers:
        faults.extend(
            f"carrier {carrier.id} names warehouse {name}, unknown here"
            for name in carrier.warehouse_ids
            if name not in houses
        )
    for house in request.warehouses:
        if house.place.id not in places:
            faults.append(f"warehouse {house.id}: its place is not in the travel matrix")
    for truck in request.trucks:
        if truck.warehouse_id not in houses:
            faults.append(f"truck {truck.id} names warehouse {truck.warehouse_id}, unknown here")
        if truck.road_class not in classes:
            faults.append(f"truck {truck.id}: road class {truck.road_class} is not in the matrix")
        if len(truck.deck.positions) > MOST_POSITIONS:
            faults.append(
                f"truck {truck.id}: its deck has {len(truck.deck.positions)} positions; the most "
                f"is {MOST_POSITIONS}"
            )
    manned = {truck.id for truck in request.trucks if truck.driver_id}
    faults.extend(
        request.locks.contradictions(orders={order.id for order in request.orders}, trucks=manned)
    )
    evening = {house.id for house in request.warehouses if house.evening_loading}
    home = {truck.id: truck.warehouse_id for truck in request.trucks}
    faults.extend(
        f"the lock of truck {lock.truck_id} fixes loading and departure: it leaves when it is"
        " loaded, fix one of the two"
        for lock in request.locks.sequences
        if lock.departs and lock.loads and home.get(lock.truck_id) not in evening
    )
    known = Counter(stop.order_id for stop in request.baseline)
    faults.extend(
        f"order {name} stands {n} times in the baseline" for name, n in known.items() if n > 1
    )
    if request.max_changes is not None and request.max_changes < 0:
        faults.append(f"max_changes is {request.max_changes}: it cannot be negative")
    if faults:
        raise BadRequest(tuple(faults))


def _vins(request: PlanRequest) -> list[str]:
    sold = [order.vehicle.vin for order in request.orders if not order.from_stock]
    return sold + [car.vehicle.vin for car in request.stock]


def _crew_faults(request: PlanRequest) -> Iterator[str]:
    """Find drivers on two trucks without a night between them, and vehicles in two places."""
    rest = timedelta(seconds=request.policy.driving.night_rest_s)
    shifts: dict[str, list[Truck]] = {}
    vehicles: dict[str, list[Truck]] = {}
    for truck in sorted(request.trucks, key=lambda truck: truck.shift_start):
        vehicles.setdefault(truck.vehicle, []).append(truck)
        if truck.driver_id:
            shifts.setdefault(truck.driver_id, []).append(truck)
    for name, its in shifts.items():
        at_once = sum(one.shift_end > other.shift_start for one, other in pairwise(its))
        if at_once:
            yield f"driver {name} drives {at_once + 1} trucks"
        elif any(one.shift_end + rest > other.shift_start for one, other in pairwise(its)):
            yield f"driver {name} rests less than {rest} between two shifts"
    for name, its in vehicles.items():
        if any(one.shift_end > other.shift_start for one, other in pairwise(its)):
            yield f"vehicle {name} works on two trucks' shifts at the same time"
