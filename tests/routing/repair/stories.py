"""Days with a plan made by hand, and what a repair makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geodata.matrix import TravelMatrix
from routing.audit import report_text
from routing.domain.request import PlanRequest
from routing.plan import Plan
from routing.repair.diff import Diff
from routing.repair.events import Event
from routing.repair.mending import Repaired, repair
from routing.repair.record import Told
from routing.repair.verdicts import Verdict
from tests.days import at, matrix_of
from tests.hand_plans import hand_plan


def mended(
    day: PlanRequest,
    routes: Mapping[str, Sequence[str]],
    *events: Event,
    now: str,
    max_changes: int | None = None,
    travel: TravelMatrix | None = None,
    plan: Plan | None = None,
    verdicts: tuple[Verdict, ...] = (),
) -> tuple[Plan, Repaired]:
    """The plan with these routes and its repair, which the auditor must find clean."""
    roads = travel or matrix_of(day)
    before = plan or hand_plan(day, roads, routes)
    told = Told(now=at(now), events=events, max_changes=max_changes, verdicts=verdicts)
    after = repair(day, roads, before, told=told, seed=1)
    assert after.report.clean, report_text(after.report, "en")
    return before, after


def on_trucks(plan: Plan) -> dict[str, list[str]]:
    """Orders of every truck in sequence."""
    return {route.truck_id: [stop.order_id for stop in route.stops] for route in plan.routes}


def told(diff: Diff) -> dict[str, str]:
    """The kind of every line."""
    return {line.change.order_id: line.change.kind.value for line in diff.lines}


def begins(plan: Plan, truck_id: str) -> dict[str, object]:
    """When the handovers of a truck begin."""
    return {
        stop.order_id: stop.begins
        for route in plan.routes
        for stop in route.stops
        if route.truck_id == truck_id
    }
