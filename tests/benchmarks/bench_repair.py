"""Least change: one event of each kind on a planned day, against ten times the effort."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from time import perf_counter, process_time
from typing import Final

from routing.domain.request import PlanRequest
from routing.plan import Plan
from routing.planner import plan_day
from routing.repair.events import (
    BuyerAbsent,
    Event,
    OrderAdded,
    OrderCancelled,
    RoadChanged,
    TruckLost,
    VinLate,
)
from routing.repair.mending import repair
from routing.repair.record import Told
from routing.search.budget import Iterations, default_iterations
from routing.warm_up import warm_up
from tests.benchmarks.measurement import Measurement
from tests.generated_days import crowded_day

ORDERS: Final = 150
NOW_H: Final = 8
EFFORT: Final = 10


def measure() -> Iterator[Measurement]:
    """Seconds of a repair, changes, and what ten times the effort saves with no more changes."""
    warm_up()
    day = crowded_day(1, orders=ORDERS, warehouses=3, trucks=80)
    whole = day.request
    today = replace(whole, orders=whole.orders[:-1])
    made = plan_day(today, day.travel, budget=Iterations(default_iterations(ORDERS)), seed=1).plan
    now = whole.horizon_start + timedelta(days=1, hours=NOW_H)
    yield Measurement(
        what="the day", figure=len(made.routes), unit="trucks", how=f"{ORDERS} orders, 3 warehouses"
    )
    for name, request, event in _events(whole, today, made):
        events = (event,)
        walls, spent = perf_counter(), process_time()
        mended = repair(request, day.travel, made, told=Told(now=now, events=events), seed=1)
        walls, spent = perf_counter() - walls, process_time() - spent
        found = mended.diff
        best = repair(
            request,
            day.travel,
            made,
            told=Told(now=now, events=events, max_changes=found.changes),
            seed=2,
            effort=EFFORT,
        )
        left, best_left = len(mended.plan.left_behind), len(best.plan.left_behind)
        gap = 100 * (mended.plan.cost_minor / best.plan.cost_minor - 1)
        yield Measurement(
            what=f"repair after {name}",
            figure=spent,
            unit="s",
            how=f"CPU, {walls:.1f} s by the clock; {found.changes} changes, "
            f"{len(found.lines)} lines, {len(found.broken)} promises broken, "
            f"{left} left behind ({len(made.left_behind)} before), "
            f"audit {'clean' if mended.report.clean else 'NOT CLEAN'}; {EFFORT} x effort: "
            f"{best.diff.changes} changes, {len(best.diff.broken)} broken, {best_left} left, "
            f"we cost {gap:+.2f} %",
        )


def _events(
    whole: PlanRequest, today: PlanRequest, plan: Plan
) -> Iterator[tuple[str, PlanRequest, Event]]:
    """One event of each kind, about a truck that has not begun to load at `NOW_H`."""
    now = whole.horizon_start + timedelta(days=1, hours=NOW_H)
    waiting = [route for route in plan.routes if min(route.load.start, route.departs) > now]
    route = max(waiting, key=lambda each: len(each.stops))
    stop = route.stops[-1]
    yield "an order added", whole, OrderAdded(order_id=whole.orders[-1].id)
    yield "an order cancelled", today, OrderCancelled(order_id=stop.order_id)
    yield "a truck lost", today, TruckLost(truck_id=route.truck_id, since=now)
    yield "a place closed", today, RoadChanged(places=frozenset({stop.place_id}), since=now)
    slow = RoadChanged(places=frozenset({stop.place_id}), permille=1_500, since=now)
    yield "a slower road", today, slow
    late = VinLate(order_id=stop.order_id, ready=route.departs + timedelta(hours=1))
    yield "a late car", today, late
    yield "an absent buyer", today, BuyerAbsent(order_id=stop.order_id, since=stop.begins)
