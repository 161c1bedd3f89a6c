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

from geodata.units import MINUTE_S
from routing.audit import AuditReport
from routing.explain import Effort, check_locks
from routing.plan import Plan, Provenance
from routing.planner import Planned, plan_day
from routing.problem import Problem, build_problem
from routing.repair.check import check_events
from routing.repair.diff import Diff, diff_of
from routing.repair.events import Event, OrderAdded, TruckLost
from routing.repair.neighbourhood import near_trucks
from routing.repair.record import Record, Told, day_to_repair, locked_day, with_held
from routing.repair.standing import on_the_road
from routing.repair.starting import start_of
from routing.repair.ties import with_ties
from routing.repair.weights import as_searched
from routing.repair.world import lost_on_the_road, still_held
from routing.search.budget import Iterations
from routing.search.complete import complete_columns
from routing.search.master import choose
from routing.search.ruin_recreate import search
from routing.search.solution import Solution
from routing.trace import trace_route
from routing.trips import orders_of

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest

ENGINE: Final = "repair: frozen trucks + kernel (SISR, 2-opt*, confirmed exactly) + CP-SAT master"
NEAR_ITERATIONS: Final = 4_000
FAR_ITERATIONS: Final = 12_000
"""Per event, so that a repair is a matter of seconds; counted, so that it repeats."""
MASTER_EFFORT: Final = 1.0
"""Deterministic seconds per warehouse: most trucks are held, what is left to choose is little."""
EXPLAINED: Final = Effort(iterations=250, searches=1, searches_in_all=12, pairs=2, fixes=6)
"""Less than for a plan: orders that stay behind are told why within seconds, and the first in line
what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A repaired plan, what it changes, and what the independent auditor says of it.

    `request` and `travel` are the day that the plan is for: after the events, with its locks;
    `record` is what that day is made from.
    """

    plan: Plan
    diff: Diff
    report: AuditReport
    request: PlanRequest
    travel: TravelMatrix
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class _Budget:
    """What an attempt may take: iterations of the search, deterministic seconds of the master."""

    iterations: int
    master: float


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
    told: Told,
    seed: int,
    effort: int = 1,
    cancelled: Callable[[], bool] = lambda: False,
) -> Repaired:
    """Repair a plan after events that are known at `told.now`.

    In this order: promises kept (windows that buyers were told), few changes, money. What has
    happened stays as it was: a truck that has begun to load keeps departure, stops so far and
    cars. Trucks that change nothing keep their times to the minute. `max_changes` bounds how
    many orders change truck, time or are dropped that nothing forces to (`routing.repair.forced`).
    Earlier events were repaired before, and still hold: the plan is that repair's. What was said
    of lines is kept, and the rest repaired around it.
    `effort` multiplies what is searched, chosen and explained. Same arguments: same plan.

    Raises:
        BadRequest: events, plan and day do not belong together, or what was said of lines cannot
            be; lists every fault.
    """
    request, travel = still_held(request, travel, plan, told.earlier, told.events)
    check_events(request, travel, plan, told.events, told.now)
    day, roads = day_to_repair(request, travel, plan, told)
    everyone = frozenset(truck.id for truck in request.trucks)
    near = near_trucks(day, roads, plan, told.events, told.now)
    near |= {verdict.truck_id for verdict in told.verdicts} & everyone
    weight = len(told.events) * effort

    def tried(free: frozenset[str], iterations: int) -> _Attempt:
        locked = locked_day(day, plan, told, free=free)
        budget = _Budget(iterations=iterations, master=MASTER_EFFORT * effort)
        return _attempt(locked, roads, plan, budget=budget, seed=seed, stop=cancelled)

    best, free = tried(near, NEAR_ITERATIONS * weight), near
    if _falls_short(best, plan, told.events) and near != everyone and not cancelled():
        # Of two alike the far one: its explanations blame no lock of ours.
        far = tried(everyone, FAR_ITERATIONS * weight)
        if far.rank <= best.rank:
            best, free = far, everyone
    planned, held = _finished(
        best, roads, plan, told.now, effort=effort, seed=seed, cancelled=cancelled
    )
    made = _made(planned.plan.provenance, told.events, told.now)
    mended = replace(planned.plan, provenance=made)
    lost = _lost_on_the_road(plan, told)
    found = diff_of(plan, mended, now=told.now, request=day, lost=lost)
    return Repaired(
        plan=mended,
        diff=with_ties(found, plan, mended, best.problem),
        report=planned.report,
        request=with_held(best.request, plan, held),
        travel=roads,
        record=Record(told=told, free=tuple(sorted(free)), held=held),
    )


def _lost_on_the_road(plan: Plan, told: Told) -> frozenset[str]:
    return frozenset(
        event.truck_id
        for event in told.events
        if isinstance(event, TruckLost) and lost_on_the_road(plan, event, told.now) is not None
    )


def _attempt(
    request: PlanRequest,
    travel: TravelMatrix,
    plan: Plan,
    *,
    budget: _Budget,
    seed: int,
    stop: Callable[[], bool],
) -> _Attempt:
    problem = build_problem(request, travel)
    check_locks(problem)
    eased = as_searched(problem)
    start = start_of(eased, plan)
    found = search(eased, Iterations(budget.iterations), seed=seed, start=start, cancelled=stop)
    wholes = complete_columns(problem)
    chosen = choose(problem, found.pool, found.best, seed=seed, effort=budget.master, wholes=wholes)
    brought = chosen.solution.served | chosen.solution.outsourced.keys()
    left = [order for row, order in enumerate(request.orders) if row not in brought]
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
    wanted |= {each.order_id for each in plan.outsourced}
    brought = attempt.solution.served | attempt.solution.outsourced.keys()
    return any(
        order.id in wanted and row not in brought
        for row, order in enumerate(attempt.request.orders)
    )


def _finished(
    attempt: _Attempt,
    travel: TravelMatrix,
    plan: Plan,
    now: datetime,
    *,
    effort: int,
    seed: int,
    cancelled: Callable[[], bool],
) -> tuple[Planned, tuple[str, ...]]:
    """Plan for good with every truck that changes nothing locked to its very minutes; names them.

    Should that cost an order (a bay that is taken then), they stay as free as they were.
    """
    held = _unchanged(attempt, plan, now)
    start = replace(attempt.solution, departs=MappingProxyType({}), loads=MappingProxyType({}))

    def planned(request: PlanRequest) -> Planned:
        return plan_day(
            request,
            travel,
            budget=Iterations(0),
            seed=seed,
            start=start,
            searched=attempt.iterations,
            effort=replace(EXPLAINED, fixes=(EXPLAINED.fixes or 0) * effort),
            master_effort=MASTER_EFFORT * effort,
            cancelled=cancelled,
        )

    strict = planned(with_held(attempt.request, plan, held))
    left = strict.plan.left_behind
    if held and (sum(e.promised for e in left), len(left)) > attempt.lost:
        return planned(attempt.request), ()
    return strict, held


def _unchanged(attempt: _Attempt, plan: Plan, now: datetime) -> tuple[str, ...]:
    """Name every free truck whose route is the old one and can still be driven to its minutes."""
    request, problem = attempt.request, attempt.problem
    locked = {lock.truck_id for lock in request.locks.held} | set(on_the_road(plan, now))
    asked = {lock.truck_id for lock in request.locks.orders}
    day = problem.layout
    row_of = {truck.id: row for row, truck in enumerate(day.trucks)}
    found = []
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
        if all(abs(now_ - then) < MINUTE_S for now_, then in moved):
            found.append(route.truck_id)
    return tuple(found)


def _made(made: Provenance, events: tuple[Event, ...], now: datetime) -> Provenance:
    told = f"修补：{now:%H:%M} 已知 {len(events)} 件事 / repair: {len(events)} events known at"
    return replace(made, engine=ENGINE, steps=(f"{told} {now:%H:%M}", *made.steps))
