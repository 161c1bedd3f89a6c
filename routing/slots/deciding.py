"""From rows and seconds to a decision: whole routes as plan.json tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from routing.bay_numbers import Span, number_bays
from routing.decode import decode
from routing.plan import Route
from routing.plan_json import tell
from routing.search.solution import Solution
from routing.slots.following import FollowedDay, bays_told, kept_bays
from routing.trips import orders_of
from routing.witness import RouteRecord

Meets = Mapping[int, int]
"""Specialist rows by order rows."""
NOBODY: Meets = MappingProxyType({})


def decided_routes(
    followed: FollowedDay,
    truck: int,
    sequence: Sequence[int],
    *,
    departs: int,
    load: int,
    meets: Meets = NOBODY,
) -> dict[str, RouteRecord]:
    """Write the new route of a truck, and other trucks' again where their bays change number.

    Raises:
        AssertionError: the route loses a stop while it is written, so it was never confirmed.
    """
    day = followed.day
    route = _written(followed, truck, sequence, departs=departs, load=load, meets=meets)
    record = _record(route)
    loads = kept_bays(record)
    others = _neighbours(followed, truck)
    free = _free_bays(followed, loads, others, int(day.tables.bays.bays[day.house_of(truck)]))
    if free is not None:
        return {record.truck_id: _with_bays(record, free)}
    return _numbered_anew(followed, truck, record, others)


def _written(
    followed: FollowedDay,
    truck: int,
    sequence: Sequence[int],
    *,
    departs: int,
    load: int,
    meets: Meets,
) -> Route:
    solution = Solution(
        sequences={truck: tuple(sequence)}, departs={truck: departs}, loads={truck: load}
    )
    decoded = decode(followed.day.problem, solution, meets)
    if decoded.unslotted or len(decoded.routes) != 1:
        lost = [followed.day.orders[row].id for row in decoded.unslotted or orders_of(sequence)]
        raise AssertionError(f"a confirmed route lost {', '.join(lost)} when it was written")
    return decoded.routes[0]


def _record(route: Route) -> RouteRecord:
    return RouteRecord(
        truck_id=route.truck_id,
        serves=tuple(stop.order_id for stop in route.stops),
        told=tell(route),
    )


def _neighbours(followed: FollowedDay, truck: int) -> list[RouteRecord]:
    """Routes of other trucks that load at the same warehouse."""
    day = followed.day
    home = day.house_of(truck)
    return [
        record
        for name, record in sorted(followed.routes.items())
        if (row := day.truck_row.get(name)) is not None
        and row != truck
        and day.house_of(row) == home
    ]


def _free_bays(
    followed: FollowedDay, loads: Sequence[Any], others: Sequence[RouteRecord], bays: int
) -> list[int] | None:
    """A bay for each load that nobody else has meanwhile; None when some load finds none."""
    taken = [
        (each, bay)
        for record in others
        for each, bay in zip(kept_bays(record), bays_told(record), strict=True)
    ]
    chosen = []
    for load in loads:
        busy = {bay for each, bay in taken if each.start < load.end and load.start < each.end}
        free = next((bay for bay in range(1, bays + 1) if bay not in busy), None)
        if free is None:
            return None
        chosen.append(free)
    return chosen


def _numbered_anew(
    followed: FollowedDay, truck: int, record: RouteRecord, others: Sequence[RouteRecord]
) -> dict[str, RouteRecord]:
    """Give all loads of a warehouse their bays again: enough are free, but not one throughout."""
    day = followed.day
    rows = {truck: record, **{day.truck_row[each.truck_id]: each for each in others}}
    spans: dict[int, list[Span]] = {
        row: [day.second(each) for each in kept_bays(its)] for row, its in rows.items()
    }
    numbers = number_bays(day.tables, spans)
    return {
        its.truck_id: _with_bays(its, numbers[row])
        for row, its in rows.items()
        if row == truck or bays_told(its) != list(numbers[row])
    }


def _with_bays(record: RouteRecord, bays: Sequence[int]) -> RouteRecord:
    told: dict[str, Any] = dict(record.told)
    told["bay"] = bays[0]
    told["reloads"] = [
        {**each, "bay": bay} for each, bay in zip(told["reloads"], bays[1:], strict=True)
    ]
    return RouteRecord(truck_id=record.truck_id, serves=record.serves, told=told)
