"""The day that a repaired plan is for, made from what was told: for repair and audit alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from routing.domain.locks import SequenceLock
from routing.plan import Plan, Route
from routing.repair.events import Event, TruckLost
from routing.repair.forced import forced_by_events
from routing.repair.frozen import with_frozen
from routing.repair.verdicts import Verdict, not_wanted
from routing.repair.weights import with_changes_weighed
from routing.repair.world import repaired_day, still_held

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a repair is told: events that are known at `now`, those of `earlier` repairs that still
    hold, how many orders may change, and what people said of its lines."""

    now: datetime
    events: tuple[Event, ...]
    earlier: tuple[Event, ...] = ()
    max_changes: int | None = None
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a repair was told, and what it then left as it was: with the plan before, all that its
    day is made from.

    `free` are trucks that it could change; those of them in `held` were found unchanged and keep
    their very minutes.
    """

    told: Told
    free: tuple[str, ...]
    held: tuple[str, ...]


def day_after(
    request: PlanRequest, travel: TravelMatrix, before: Plan, told: Told
) -> tuple[PlanRequest, TravelMatrix]:
    """Word the day after the events, changes weighed, nothing locked."""
    request, travel = still_held(request, travel, before, told.earlier, told.events)
    return day_to_repair(request, travel, before, told)


def day_to_repair(
    request: PlanRequest, travel: TravelMatrix, before: Plan, told: Told
) -> tuple[PlanRequest, TravelMatrix]:
    """As `day_after`, from a day on which the earlier events hold already."""
    day, roads = repaired_day(request, travel, before, told.events, told.now)
    unwanted = not_wanted(told.verdicts)
    orders = tuple(order for order in day.orders if order.id not in unwanted)
    forced = forced_by_events(request, before, told.events)
    forced |= {verdict.order_id for verdict in told.verdicts}
    day = replace(
        day,
        orders=orders,
        baseline=tuple(
            replace(stop, forced=True) if stop.order_id in forced else stop for stop in day.baseline
        ),
        max_changes=told.max_changes,
    )
    return with_changes_weighed(day, roads), roads


def locked_day(day: PlanRequest, before: Plan, told: Told, *, free: frozenset[str]) -> PlanRequest:
    """Lock what has happened, what was said of lines, and every truck that is not free."""
    lost = tuple(event for event in told.earlier if isinstance(event, TruckLost))
    return with_frozen(
        day, before, (*told.events, *lost), told.now, free=free, verdicts=told.verdicts
    )


def repaired_request(
    request: PlanRequest, travel: TravelMatrix, before: Plan, record: Record
) -> tuple[PlanRequest, TravelMatrix]:
    """Make the day again that a repaired plan is for: its digest is the plan's."""
    day, roads = day_after(request, travel, before, record.told)
    locked = locked_day(day, before, record.told, free=frozenset(record.free))
    return with_held(locked, before, record.held), roads


def with_held(request: PlanRequest, before: Plan, trucks: tuple[str, ...]) -> PlanRequest:
    """Lock stops and departure of trucks that turned out unchanged."""
    evening = {house.id for house in request.warehouses if house.evening_loading}
    routes = {route.truck_id: route for route in before.routes}
    added = tuple(_held(routes[truck], evening) for truck in trucks)
    locks = replace(request.locks, sequences=(*request.locks.sequences, *added))
    return replace(request, locks=locks) if added else request


def _held(route: Route, evening: set[str]) -> SequenceLock:
    return SequenceLock(
        truck_id=route.truck_id,
        orders=tuple(stop.order_id for stop in route.stops),
        first=True,
        departs=route.departs,
        loads=route.load.start if route.warehouse_id in evening else None,
    )
