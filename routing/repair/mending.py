"""Repair a plan: the day after the events, from the old routes, changing as little as can be.

First only the trucks that the events touch and the nearest ones may change. When that leaves a
promise or an order behind that the old plan kept, or that was added, all trucks may that are not
on the road.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.units import MINUTE_S
from routing.audit import AuditReport
from routing.clock import DEAD, RELOAD
from routing.domain.locks import SequenceLock
from routing.explain import Effort
from routing.explain.standing import in_rows
from routing.plan import Plan, Provenance
from routing.planner import Planned, plan_day
from routing.problem import Problem, build_problem
from routing.repair.check import check_events
from routing.repair.diff import Diff, diff_of
from routing.repair.events import Event, OrderAdded, TruckLost
from routing.repair.frozen import with_frozen
from routing.repair.neighbourhood import near_trucks
from routing.repair.standing import on_the_road
from routing.repair.world import repaired_day, still_held
from routing.route_cost import deck_fits, route_cost
from routing.schedule import new_scratch
from routing.search.budget import Iterations
from routing.search.complete import complete_columns
from routing.search.master import choose
from routing.search.ruin_recreate import search
from routing.search.solution import Solution
from routing.trace import trace_route
from routing.trips import orders_of, tidied

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest

ENGINE: Final = "repair: frozen trucks + ruin-and-recreate + CP-SAT master"
NEAR_ITERATIONS: Final = 4_000
FAR_ITERATIONS: Final = 12_000
"""Per event, so that a repair is a matter of seconds; counted, so that it repeats."""
EXPLAINED: Final = Effort(iterations=250, searches=1, searches_in_all=12, pairs=2)
"""Less than for a plan: orders that stay behind are told why within seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A repaired plan, what it changes, and what the independent auditor says of it.

    `request` and `travel` are the day that the plan is for: after the events, with its locks.
    """

    plan: Plan
    diff: Diff
    report: AuditReport
    request: PlanRequest
    travel: TravelMatrix


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """A repair with some trucks free: what it leaves behind and changes, then money."""

    request: PlanRequest
    problem: Problem
    solution: Solution
    iterations: int
    lost: tuple[int, int]
    cost: int

    @property
    def rank(self) -> tuple[int, int, int]:
        """The price holds changes, too: they weigh more than roads."""
        return (*self.lost, self.cost)


def repair(
    request: PlanRequest,
    travel: TravelMatrix,
    plan: Plan,
    *,
    events: tuple[Event, ...],
    now: datetime,
    seed: int,
    max_changes: int | None = None,
    effort: int = 1,
    earlier: tuple[Event, ...] = (),
    cancelled: Callable[[], bool] = lambda: False,
) -> Repaired:
    """Repair a plan after events that are known at `now`.

    In this order: promises kept (windows that buyers were told), few changes, money. What has
    happened stays as it was: a truck that has begun to load keeps departure, stops so far and
    cars. Trucks that change nothing keep their times to the minute. `max_changes` bounds how
    many orders change truck, time or are dropped; a promise may break it, nothing else.
    `earlier` events were repaired before, and still hold: the plan is that repair's.
    `effort` multiplies the iterations. Same arguments: same plan.

    Raises:
        BadRequest: events, plan and day do not belong together; lists every fault.
    """
    request, travel = still_held(request, travel, plan, earlier)
    check_events(request, travel, plan, events, now)
    day, roads = repaired_day(request, travel, plan, events, now)
    day = replace(day, max_changes=max_changes)
    near = near_trucks(day, roads, plan, events, now)
    everyone = frozenset(truck.id for truck in request.trucks)
    weight = len(events) * effort
    lost = tuple(event for event in earlier if isinstance(event, TruckLost))

    def tried(free: frozenset[str], iterations: int) -> _Attempt:
        locked = with_frozen(day, plan, (*events, *lost), now, free=free)
        return _attempt(locked, roads, plan, iterations=iterations, seed=seed, stop=cancelled)

    best = tried(near, NEAR_ITERATIONS * weight)
    if _falls_short(best, plan, events) and near != everyone and not cancelled():
        # Of two alike the far one: its explanations blame no lock of ours.
        far = tried(everyone, FAR_ITERATIONS * weight)
        best = min(far, best, key=lambda each: each.rank)
    planned, final = _finished(best, roads, plan, now, seed=seed, cancelled=cancelled)
    mended = replace(planned.plan, provenance=_made(planned.plan.provenance, events, now))
    diff = diff_of(plan, mended, day.policy.stability, now=now, max_changes=max_changes)
    return Repaired(plan=mended, diff=diff, report=planned.report, request=final, travel=roads)


def _attempt(
    request: PlanRequest,
    travel: TravelMatrix,
    plan: Plan,
    *,
    iterations: int,
    seed: int,
    stop: Callable[[], bool],
) -> _Attempt:
    problem = build_problem(request, travel)
    start = _start(problem, plan)
    found = search(problem, Iterations(iterations), seed=seed, start=start, cancelled=stop)
    wholes = complete_columns(problem)
    chosen = choose(problem, found.pool, found.best, seed=seed, wholes=wholes)
    left = [order for row, order in enumerate(request.orders) if row not in chosen.solution.served]
    return _Attempt(
        request=request,
        problem=problem,
        solution=chosen.solution,
        iterations=found.iterations,
        lost=(sum(order.promised for order in left), len(left)),
        cost=chosen.cost,
    )


def _falls_short(attempt: _Attempt, plan: Plan, events: tuple[Event, ...]) -> bool:
    """Tell whether more trucks might help: something is left that was brought, or was added."""
    wanted = {stop.order_id for route in plan.routes for stop in route.stops}
    wanted |= {event.order_id for event in events if isinstance(event, OrderAdded)}
    return any(
        order.id in wanted and row not in attempt.solution.served
        for row, order in enumerate(attempt.request.orders)
    )


def _start(problem: Problem, plan: Plan) -> Solution:
    """Set out from the routes of the plan, without the stops that cannot be kept any more."""
    p = problem.tables
    named = {
        route.truck_id: tuple(
            name
            for number, trip in enumerate(route.trips)
            for name in (*([""] if number else []), *(stop.order_id for stop in trip.stops))
        )
        for route in plan.routes
    }
    kept = {
        truck: sequence
        for truck, orders in in_rows(problem, named).sequences.items()
        if (sequence := _lawful(problem, truck, orders))
    }
    placed = {order for sequence in kept.values() for order in orders_of(sequence)}
    for truck in np.flatnonzero(p.locks.ranked):
        fixed = np.flatnonzero((p.locks.truck == truck) & p.locks.fixed)
        if not set(fixed.tolist()) <= placed:
            kept.pop(int(truck), None)
    return Solution(sequences=MappingProxyType(kept))


def _lawful(problem: Problem, truck: int, orders: tuple[int, ...]) -> tuple[int, ...]:
    """Take out as few stops as make a route lawful: one that helps, else the last of all."""
    p = problem.tables
    orders = tidied([o for o in orders if o == RELOAD or p.allowed[truck, o]])
    while orders and not _drives(problem, truck, orders):
        open_ = [order for order in orders_of(orders) if not p.locks.fixed[order]]
        if not open_:
            return ()
        without = [tidied([each for each in orders if each != order]) for order in open_]
        orders = next((each for each in without if _drives(problem, truck, each)), without[-1])
    return orders


def _drives(problem: Problem, truck: int, orders: tuple[int, ...]) -> bool:
    p, n = problem.tables, len(orders)
    if not n:
        return True
    row = np.array(orders, dtype=np.int32)
    if not deck_fits(p, truck, row, n):
        return False
    return bool(route_cost(p, truck, row, n, new_scratch(n)) != DEAD)


def _finished(
    attempt: _Attempt,
    travel: TravelMatrix,
    plan: Plan,
    now: datetime,
    *,
    seed: int,
    cancelled: Callable[[], bool],
) -> tuple[Planned, PlanRequest]:
    """Plan for good with every truck that changes nothing locked to its very minutes.

    Should that cost an order (a bay that is taken then), they stay as free as they were.
    """
    held = _holding_unchanged(attempt, plan, now)
    start = replace(attempt.solution, departs=MappingProxyType({}), loads=MappingProxyType({}))

    def planned(request: PlanRequest) -> Planned:
        return plan_day(
            request,
            travel,
            budget=Iterations(0),
            seed=seed,
            start=start,
            searched=attempt.iterations,
            effort=EXPLAINED,
            cancelled=cancelled,
        )

    strict = planned(held)
    left = strict.plan.left_behind
    if held is not attempt.request and (sum(e.promised for e in left), len(left)) > attempt.lost:
        return planned(attempt.request), attempt.request
    return strict, held


def _holding_unchanged(attempt: _Attempt, plan: Plan, now: datetime) -> PlanRequest:
    """Lock departure and stops of every free truck whose route is the old one and still can be."""
    request, problem = attempt.request, attempt.problem
    locked = {lock.truck_id for lock in request.locks.held} | set(on_the_road(plan, now))
    asked = {lock.truck_id for lock in request.locks.orders}
    evening = {house.id for house in request.warehouses if house.evening_loading}
    day = problem.layout
    row_of = {truck.id: row for row, truck in enumerate(day.trucks)}
    added = []
    for route in plan.routes:
        if route.truck_id in locked | asked or route.truck_id not in row_of:
            continue
        truck = row_of[route.truck_id]
        sequence = attempt.solution.sequences.get(truck, ())
        names = [day.orders[order].id for order in orders_of(sequence)]
        if names != [stop.order_id for stop in route.stops] or route.reloads:
            continue
        departs = day.second(route.departs)
        typical = trace_route(problem.tables, truck, sequence, departs, buffered=False)
        buffered = trace_route(problem.tables, truck, sequence, departs, buffered=True)
        if typical is None or buffered is None:
            continue
        before = [day.second(stop.begins) for stop in route.stops]
        moved = zip((stop.begins for stop in typical.stops), before, strict=True)
        if any(abs(now_ - then) >= MINUTE_S for now_, then in moved):
            continue
        added.append(
            SequenceLock(
                truck_id=route.truck_id,
                orders=tuple(names),
                first=True,
                departs=route.departs,
                loads=route.load.start if route.warehouse_id in evening else None,
            )
        )
    if not added:
        return request
    locks = replace(request.locks, sequences=(*request.locks.sequences, *added))
    return replace(request, locks=locks)


def _made(made: Provenance, events: tuple[Event, ...], now: datetime) -> Provenance:
    told = f"修补：{now:%H:%M} 已知 {len(events)} 件事 / repair: {len(events)} events known at"
    return replace(made, engine=ENGINE, steps=(f"{told} {now:%H:%M}", *made.steps))
