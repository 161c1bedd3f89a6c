"""A day stretched over several: each truck once a day, the bays open every day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from routing.domain.fleet import Truck
from routing.domain.request import PlanRequest, TruckBan
from routing.domain.windows import Window


def over_days(
    request: PlanRequest,
    days: int,
    *,
    days_off: Mapping[str, frozenset[date]] | None = None,
) -> PlanRequest:
    """Let a request of one day reach over several: an order goes on any day it accepts.

    The trucks work every day as on the first, each day with the same driver (`days_off` by driver:
    then the truck stays at home), warehouses load and bans hold at the same hours. A shift ends so
    early that the driver has the policy's night rest before the next one. Windows stay as they
    are: they may lie on any of the days. Locks are those of the first day.

    Raises:
        ValueError: `days` is below 1, or the request reaches over several days already.
    """
    if days < 1 or request.days != 1:
        raise ValueError(f"cannot stretch a request of {request.days} days over {days}")
    off = days_off or {}
    trucks = [
        _on_day(truck, number, off.get(truck.driver_id, frozenset()), request)
        for number in range(days)
        for truck in request.trucks
    ]
    return replace(
        request,
        days=days,
        trucks=tuple(_rested(truck, trucks, request) for truck in trucks),
        warehouses=tuple(
            replace(house, loading=_repeated(house.loading, days)) for house in request.warehouses
        ),
        bans=tuple(
            replace(ban, truck_id=name, hours=_repeated(ban.hours, days))
            for ban in request.bans
            for name in _names(ban, trucks)
        ),
    )


def _on_day(truck: Truck, number: int, off: frozenset[date], request: PlanRequest) -> Truck:
    day = request.day + timedelta(days=number)
    later = timedelta(days=number)
    return replace(
        truck,
        id=truck.id if number == 0 else f"{truck.id}@{day:%m-%d}",
        vehicle_id=truck.vehicle,
        shift_start=truck.shift_start + later,
        shift_end=truck.shift_end + later,
        driver_id="" if day in off else truck.driver_id,
    )


def _rested(truck: Truck, trucks: list[Truck], request: PlanRequest) -> Truck:
    """End a shift early enough for the night before the driver's next one."""
    rest = timedelta(seconds=request.policy.driving.night_rest_s)
    starts = [
        other.shift_start
        for other in trucks
        if truck.driver_id and other.driver_id == truck.driver_id
        if other.shift_start > truck.shift_start
    ]
    latest = min((start - rest for start in starts), default=truck.shift_end)
    return replace(truck, shift_end=min(truck.shift_end, latest))


def _repeated(hours: tuple[Window, ...], days: int) -> tuple[Window, ...]:
    shifts = [timedelta(days=number) for number in range(days)]
    return tuple(
        sorted(Window(start=each.start + by, end=each.end + by) for by in shifts for each in hours)
    )


def _names(ban: TruckBan, trucks: list[Truck]) -> list[str]:
    return [truck.id for truck in trucks if truck.vehicle == ban.truck_id]
