"""A day stretched over several: each truck once a day, the bays open every day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from geodata.units import Minor
from routing.domain.carriers import Carrier
from routing.domain.crews import shift_of
from routing.domain.fleet import Specialist, SpecialistTravel, Truck
from routing.domain.policy import OutsourcingPolicy, PlanPolicy
from routing.domain.request import PlanRequest, TruckBan
from routing.domain.warehouses import Warehouse
from routing.domain.windows import Window

NOBODY: Mapping[str, frozenset[date]] = {}


def over_days(
    request: PlanRequest,
    days: int,
    *,
    fleets: Sequence[tuple[Truck, ...]] | None = None,
    closed: Mapping[str, frozenset[date]] = NOBODY,
) -> PlanRequest:
    """Let a request of one day reach over several: an order goes on any day it accepts.

    `fleets` are the trucks of each day as `on_day` gives them; without them all trucks work every
    day, each with the same driver, and stay at home on that driver's days off. A shift ends so
    early that the driver has the policy's night rest before the next one, and that a truck which
    is loaded the evening before is home when that begins. Warehouses load and bans hold at the
    same hours every day; on the days on which a warehouse is `closed` (by id) nothing is loaded
    and its trucks stay at home, and so do those that would have been loaded that evening. Who
    comes by own car is somebody of each day. A carrier collects every day, with as many places and
    at the same hours; what it holds for good it brings on the first. The budget for carriers is
    for all days together, so many times as much. Windows stay as they are: they may lie on any of
    the days. Locks are those of the first day.

    Raises:
        ValueError: `days` is below 1, the request reaches over several days already, or a
            warehouse is closed on all of them.
    """
    if days < 1 or request.days != 1:
        raise ValueError(f"cannot stretch a request of {request.days} days over {days}")
    houses = {
        house.id: _stretched(house, days, closed.get(house.id, frozenset()))
        for house in request.warehouses
    }
    its = fleets or [
        tuple(on_day(truck, number) for truck in request.trucks) for number in range(days)
    ]
    off = {driver.id: driver.days_off for driver in request.drivers}
    trucks = [
        _staying_home(truck, houses[truck.warehouse_id], off, closed.get(truck.warehouse_id))
        for fleet in its
        for truck in fleet
        if truck.warehouse_id in houses  # else its row has a fault, which is told
    ]
    trucks = [_home_in_time(truck, trucks, request, houses) for truck in trucks]
    return replace(
        request,
        days=days,
        trucks=tuple(trucks),
        specialists=tuple(
            each
            for person in request.specialists
            for each in _on_days(person, trucks, request, days)
        ),
        carriers=tuple(
            each
            for number in range(days)
            for carrier in request.carriers
            if (each := _collecting(carrier, number, closed)) is not None
        ),
        policy=_budgeted(request.policy, days),
        warehouses=tuple(houses.values()),
        bans=tuple(
            replace(ban, truck_id=name, hours=_repeated(ban.hours, days))
            for ban in request.bans
            for name in _names(ban, trucks)
        ),
    )


def on_day(truck: Truck, number: int) -> Truck:
    """Give the truck of a later day (number 0: the first one), at the same hours."""
    if number == 0:
        return truck
    later = timedelta(days=number)
    return replace(
        truck,
        id=_id_on_day(truck.id, truck.shift_start + later),
        vehicle_id=truck.vehicle,
        shift_start=truck.shift_start + later,
        shift_end=truck.shift_end + later,
    )


def _id_on_day(id: str, moment: datetime) -> str:
    return f"{id}@{moment:%m-%d}"


def _stretched(house: Warehouse, days: int, closed: frozenset[date]) -> Warehouse:
    hours = _repeated(house.loading, days)
    return replace(house, loading=tuple(each for each in hours if each.start.date() not in closed))


def _staying_home(
    truck: Truck,
    house: Warehouse,
    off: Mapping[str, frozenset[date]],
    closed: frozenset[date] | None,
) -> Truck:
    """Take the driver off a truck that cannot go out on its day."""
    today = truck.shift_start.date()
    shut = closed or frozenset()
    eve_shut = house.evening_loading and today - timedelta(days=1) in shut
    if today in shut or eve_shut or today in off.get(truck.driver_id, frozenset()):
        return replace(truck, driver_id="")
    return truck


def _home_in_time(
    truck: Truck, trucks: Sequence[Truck], request: PlanRequest, houses: Mapping[str, Warehouse]
) -> Truck:
    """End a shift early enough for the driver's night, and for loading the truck for tomorrow."""
    rest = timedelta(seconds=request.policy.driving.night_rest_s)
    later = [other for other in trucks if other.shift_start > truck.shift_start]
    nights = [
        other.shift_start - rest
        for other in later
        if truck.driver_id and other.driver_id == truck.driver_id
    ]
    house = houses[truck.warehouse_id]
    loads = [
        house.first_hours(other.shift_start)[0].start
        for other in later
        if house.evening_loading and other.driver_id and other.vehicle == truck.vehicle
    ]
    end = min([truck.shift_end, *nights, *loads])
    if end <= truck.shift_start:
        return replace(truck, driver_id="")
    return replace(truck, shift_end=end)


def _on_days(
    person: Specialist, trucks: Sequence[Truck], request: PlanRequest, days: int
) -> list[Specialist]:
    """Make somebody in an own car a person of each day, at home in between."""
    if days == 1 or person.travel is not SpecialistTravel.OWN_CAR:
        return [person]
    found = []
    for number in range(days):
        later = timedelta(days=number)
        today = request.day + later
        hours = shift_of(person, [each for each in trucks if each.shift_start.date() == today])
        if hours is None:
            continue
        if person.shift is not None:
            hours = Window(start=hours.start + later, end=hours.end + later)
        id = person.id if number == 0 else _id_on_day(person.id, hours.start)
        found.append(replace(person, id=id, shift=hours))
    return found


def _collecting(
    carrier: Carrier, number: int, closed: Mapping[str, frozenset[date]]
) -> Carrier | None:
    """Make a carrier the one of a later day; None where all its warehouses are closed then."""
    later = timedelta(days=number)
    collects = carrier.collects + later
    open_ = tuple(
        name for name in carrier.warehouse_ids if collects.date() not in closed.get(name, ())
    )
    if not open_:
        return None
    return replace(
        carrier,
        id=carrier.id if number == 0 else _id_on_day(carrier.id, collects),
        warehouse_ids=open_,
        collects=collects,
        windows=tuple(
            Window(start=each.start + later, end=each.end + later) for each in carrier.windows
        ),
        holds=carrier.holds if number == 0 else (),
    )


def _budgeted(policy: PlanPolicy, days: int) -> PlanPolicy:
    budget = policy.outsourcing.budget
    if budget is None:
        return policy
    return replace(policy, outsourcing=OutsourcingPolicy(budget=Minor(budget * days)))


def _repeated(hours: tuple[Window, ...], days: int) -> tuple[Window, ...]:
    shifts = [timedelta(days=number) for number in range(days)]
    return tuple(
        sorted(Window(start=each.start + by, end=each.end + by) for by in shifts for each in hours)
    )


def _names(ban: TruckBan, trucks: Sequence[Truck]) -> list[str]:
    return [truck.id for truck in trucks if truck.vehicle == ban.truck_id]
