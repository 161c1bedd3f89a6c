"""Slots: from the windows a buyer accepts to the one the plan can promise.

Chosen stop by stop along the route, each confirmed by the exact schedule, typical and buffered,
with all slots before it hard.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geodata.units import DAY_S
from routing.clock import RELOAD
from routing.problem import Problem, Tables
from routing.rules.windows import WindowTable
from routing.trace import Trace, places_of_nights, trace_route
from routing.trips import load_seconds, trips_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SlottedRoute:
    """A route with a slot `[start, end)` per entry of its sequence, a reload's being empty, and the
    two schedules that keep them all."""

    slots: tuple[tuple[int, int], ...]
    typical: Trace
    buffered: Trace

    @property
    def sequence(self) -> tuple[int, ...]:
        """Order rows, with RELOAD between two trips."""
        return tuple(stop.order for stop in self.typical.stops)


def slot_route(
    problem: Problem, truck: int, orders: tuple[int, ...], departs: int
) -> SlottedRoute | None:
    """Choose a slot for every stop of a route that leaves at this second; None when not all can
    have one."""
    tables = problem.tables
    nights = places_of_nights(tables, truck, orders)
    slots: list[tuple[int, int]] = []
    for i, order in enumerate(orders):
        if order == RELOAD:
            slots.append((0, 0))
            continue
        typical = trace_route(tables, truck, orders, departs, buffered=False, nights=nights)
        buffered = trace_route(tables, truck, orders, departs, buffered=True, nights=nights)
        if typical is None or buffered is None:
            return None
        slot = _slot_for(problem, order, typical.stops[i].begins, buffered.stops[i].begins)
        slots.append(slot)
        tables = _with_window(tables, order, slot)
    typical = trace_route(tables, truck, orders, departs, buffered=False, nights=nights)
    buffered = trace_route(tables, truck, orders, departs, buffered=True, nights=nights)
    if typical is None or buffered is None:
        return None
    if not all(_in_time(tables, truck, departs, each) for each in (typical, buffered)):
        return None
    return SlottedRoute(slots=tuple(slots), typical=typical, buffered=buffered)


def slot_width_s(problem: Problem, order: int) -> int:
    """Width of a fresh slot: wider where the place is known only roughly."""
    policy = problem.layout.request.policy.slots
    coarse = problem.layout.orders[order].place.radius_m > policy.coarse_radius_m
    return policy.coarse_width_s if coarse else policy.width_s


def _slot_for(problem: Problem, order: int, typical: int, buffered: int) -> tuple[int, int]:
    """Pick the slot: it holds the buffered moment, and the typical one if it can.

    The latest start at or before the typical moment leaves the most of the slot in hand; where
    the two moments are too far apart the truck waits for the slot to open.
    """
    start, end = _window_of(problem.tables.windows, order, buffered)
    width = slot_width_s(problem, order)
    if problem.layout.orders[order].promised or end - start <= width:
        return start, end
    grid = problem.layout.request.policy.slots.grid_s
    first = start + (-(start % DAY_S)) % grid
    starts = sorted({start, end - width, *range(first, end - width + 1, grid)})
    holding = [s for s in starts if s <= buffered < s + width]
    early = [s for s in holding if s <= typical]
    best = max(early) if early else min(holding)
    return best, best + width


def _window_of(windows: WindowTable, order: int, moment: int) -> tuple[int, int]:
    for w in range(int(windows.ptr[order]), int(windows.ptr[order + 1])):
        if windows.start[w] <= moment < windows.end[w]:
            return int(windows.start[w]), int(windows.end[w])
    raise AssertionError(f"order row {order} is served outside its windows")


def _with_window(tables: Tables, order: int, slot: tuple[int, int]) -> Tables:
    """Leave an order this one window."""
    start, end = np.array(tables.windows.start), np.array(tables.windows.end)
    first, last = int(tables.windows.ptr[order]), int(tables.windows.ptr[order + 1])
    start[first:last] = end[first:last] = 0
    start[first], end[first] = slot
    return tables._replace(windows=tables.windows._replace(start=start, end=end))


def _in_time(tables: Tables, truck: int, departs: int, trace: Trace) -> bool:
    """Tell whether waiting for slots has not cost the shift or a duty."""
    (first, *_) = trips_of([stop.order for stop in trace.stops])
    house = int(tables.warehouse[truck])
    loads = load_seconds(tables, truck, len(first))
    duties = trace.duties(departs - (0 if tables.bays.evening[house] else loads))
    last = int(tables.shifts.end[truck]) + len(trace.nights) * DAY_S
    return trace.returns <= last and max(duties) <= int(tables.shifts.duty_max[truck])
