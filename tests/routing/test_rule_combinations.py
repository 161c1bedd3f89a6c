"""Rules meet: each has its own stories, and here all of them are on or off at random together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, event, given, settings

from routing.audit import report_text
from routing.domain.request import PlanRequest
from routing.errors import BadRequest
from routing.plan import Plan
from routing.planner import plan_day
from routing.problem import build_problem
from routing.search.budget import Iterations
from routing.search.master import choose
from routing.search.ruin_recreate import search
from tests.rule_strategies import ruled_days
from tests.strategies import Day

pytestmark = pytest.mark.usefixtures("compiled_search")
ruled = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def rules_on(day: PlanRequest) -> list[str]:
    """Names of the rules that a day uses, for the statistics of a run."""
    held = day.locks.orders or day.locks.held
    uses = {
        "locks": bool(held),
        "stock": bool(day.stock),
        "trips": any(each.trips_max > 1 for each in day.trucks),
        "nights": any(each.nights_max for each in day.trucks),
        "carriers": bool(day.carriers),
        "baseline": bool(day.baseline),
        "max_changes": day.max_changes is not None,
        "co2": bool(day.policy.emissions.per_tonne),
    }
    return [name for name, on in uses.items() if on]


def answered(plan: Plan) -> list[str]:
    """Every order the plan says something of, as often as it does."""
    served = [stop.order_id for route in plan.routes for stop in route.stops]
    away = [each.order_id for each in plan.outsourced]
    return sorted(served + away + [entry.order_id for entry in plan.left_behind])


@settings(ruled, max_examples=100)
@given(ruled_days())
def test_a_day_of_any_rules_is_planned_clean_and_its_bound_is_no_lie(day: Day) -> None:
    """Audited twice over, every order answered for once, and no plan cheaper than proved."""
    try:
        planned = plan_day(day.request, day.travel, budget=Iterations(250), seed=1)
    except BadRequest as refused:
        event(f"refused: {refused.faults[0][:20]}")
        return
    event(f"rules: {len(rules_on(day.request))}")
    # A promise, or what must change anyhow, outweighs the budget of changes; the auditor says so.
    broken = {finding.check for finding in planned.report.findings}
    beyond = day.request.max_changes is not None and broken <= {"stability"}
    assert planned.report.clean or beyond, report_text(planned.report, "en")
    assert answered(planned.plan) == sorted(order.id for order in day.request.orders)
    for step in planned.plan.provenance.work:
        if step.bound is not None and step.cost_after is not None:
            assert step.bound <= step.cost_after


@settings(ruled, max_examples=100)
@given(ruled_days())
def test_the_master_gives_up_nothing_where_bays_cars_and_people_suffice(day: Day) -> None:
    """What the search serves needs nothing shared then: only a cheaper plan may leave it."""
    houses = tuple(replace(each, bays=9) for each in day.request.warehouses)
    plain = replace(day.request, warehouses=houses, stock=(), max_changes=None, carriers=())
    if any(order.from_stock for order in plain.orders):
        event("asks for stock")
        return
    try:
        problem = build_problem(plain, day.travel)
    except BadRequest:
        event("refused")
        return
    if problem.meets.any() or any(each.nights_max for each in plain.trucks):
        event("people in own cars, or trucks away on other days")
        return
    found = search(problem, Iterations(250), seed=1)
    chosen = choose(problem, found.pool, found.best, seed=1)
    event(f"served {min(3, len(found.best.served))}")
    assert chosen.bound <= chosen.cost <= found.cost
    assert not chosen.given_up or chosen.cost < found.cost
