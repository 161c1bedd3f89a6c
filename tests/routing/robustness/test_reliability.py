"""Slack bought by the quantile: enough of it, no more than needed, and its price told."""

from dataclasses import replace
from math import exp

import pytest

from routing.audit import audit_plan
from routing.domain.orders import DeliveryMode
from routing.domain.policy import BufferPolicy
from routing.domain.request import PlanRequest
from routing.domain.uncertainty import Judge, TravelSpread
from routing.planner import Planned, plan_day
from routing.robustness.reliability import (
    as_judged,
    plan_reliably,
    quantile_buffers,
    steps_of,
    with_quantile,
)
from routing.search.budget import Iterations
from tests.days import km, matrix_of, order, request
from tests.generated_days import generated_day
from tests.strategies import Day


def fickle(day: Day, cv: float = 0.3) -> Day:
    """The same day on roads that vary more than assumed."""
    policy = day.request.policy
    uncertainty = replace(policy.uncertainty, travel=TravelSpread(cv=cv))
    return replace(
        day, request=replace(day.request, policy=replace(policy, uncertainty=uncertainty))
    )


def judged(day: Day, quantile: float) -> tuple[Planned, PlanRequest, tuple[object, ...]]:
    """Plan the day at a quantile; every trial is audited."""

    def once(asked: PlanRequest) -> Planned:
        planned = plan_day(asked, day.travel, budget=Iterations(250), seed=1)
        assert planned.report.clean
        return planned

    return plan_reliably(
        with_quantile(day.request, quantile), once, plan_of=lambda planned: planned.plan
    )


def test_every_slot_holds_with_the_chance_that_was_asked() -> None:
    """Fixed buffers leave slots at risk on fickle roads; the quantile does not."""
    day = fickle(generated_day(2))
    fixed = plan_day(day.request, day.travel, budget=Iterations(250), seed=1).plan
    assert fixed.outlook is not None and fixed.outlook.at_risk
    planned, changed, trials = judged(day, 0.95)
    assert planned.plan.outlook is not None
    assert planned.plan.outlook.judge == "quantile"
    assert planned.plan.outlook.at_risk == ()
    assert all((stop.p_late or 0) <= 0.05 for r in planned.plan.routes for stop in r.stops)
    assert changed.policy.uncertainty.judge is Judge.QUANTILE
    told = steps_of(trials, changed.policy.buffers, 0.95)  # type: ignore[arg-type]  # trials
    assert len(told) == len(trials)
    assert sum(line.endswith(", taken") for line in told) == 1


def test_a_plan_judged_so_is_audited_from_the_day_alone() -> None:
    """The day's sheets say nothing of the buffers that were found: the plan does."""
    day = fickle(generated_day(2))
    planned, changed, _ = judged(day, 0.9)
    assert not audit_plan(day.request, day.travel, planned.plan).clean
    read = as_judged(day.request, planned.plan)
    assert read == changed
    assert audit_plan(read, day.travel, planned.plan).clean


def test_a_plan_with_fixed_buffers_leaves_the_day_as_it_is() -> None:
    """Nor does a plan whose policy is nonsense change what the auditor holds it against."""
    day = generated_day(2)
    plan = plan_day(day.request, day.travel, budget=Iterations(0), seed=1).plan
    assert as_judged(day.request, plan) is day.request
    mad = {"uncertainty": {"judge": "quantile", "quantile": 7.0}, "buffers": {}}
    assert as_judged(day.request, replace(plan, policy=mad)) is day.request


def test_buffers_of_one_leg_are_its_quantile() -> None:
    """z of 0.95 is 1.6449; sigma of a cv of 0.2 is 0.19804, of the door's 0.3 it is 0.29356."""
    bare = request(order("O1", place=km(60)))
    policy = bare.policy
    uncertainty = replace(policy.uncertainty, travel=TravelSpread(cv=0.2), quantile=0.95)
    day = replace(bare, policy=replace(policy, uncertainty=uncertainty))
    assert quantile_buffers(day) == BufferPolicy(
        drive_permille=round(1000 * (exp(1.6449 * 0.19804) - 1)),  # 385
        service_s=round(80 * 60 * (exp(1.64485 * 0.293560) - 1)),
    )
    assert quantile_buffers(day, scale=0) == BufferPolicy(drive_permille=0, service_s=0)


def test_a_promise_that_no_slack_can_save_is_kept_and_named() -> None:
    """Five minutes of window after an hour's drive: no plan holds it 19 times of 20."""
    bare = request(order("O1", place=km(60), windows=[("08:35", "08:40")], promised=True))
    still = dict.fromkeys(DeliveryMode, 0.0)
    uncertainty = replace(bare.policy.uncertainty, travel=TravelSpread(cv=0.3), handover_cv=still)
    asked = replace(bare, policy=replace(bare.policy, uncertainty=uncertainty))
    planned, _, trials = judged(Day(request=asked, travel=matrix_of(asked)), 0.99)
    assert planned.plan.outlook is not None and trials
    assert [stop.order_id for route in planned.plan.routes for stop in route.stops] == ["O1"]
    # leaving earlier buys safety: the slack at the quantile arrives by 08:40 on 99 of 100 days
    assert (planned.plan.routes[0].stops[0].p_late or 0) <= 0.01


def test_a_cancel_ends_the_trials_with_what_there_is() -> None:
    """One plan is always made."""
    day = fickle(generated_day(2))
    asked: list[PlanRequest] = []

    def once(wanted: PlanRequest) -> Planned:
        asked.append(wanted)
        return plan_day(wanted, day.travel, budget=Iterations(0), seed=1)

    plan_reliably(day.request, once, plan_of=lambda planned: planned.plan, stop=lambda: True)
    assert len(asked) == 1


def test_a_quantile_without_sense_is_refused() -> None:
    """Certainty is not for sale."""
    with pytest.raises(ValueError, match="quantile must lie in"):
        with_quantile(request(order()), 1.0)
