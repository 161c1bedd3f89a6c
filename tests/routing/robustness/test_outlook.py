"""What a plan tells of chance: intervals, chances, sums; deterministic and audited."""

from dataclasses import replace

import pytest

from routing.domain.orders import DeliveryMode
from routing.domain.policy import PlanPolicy
from routing.domain.request import PlanRequest
from routing.domain.uncertainty import TravelSpread, UncertaintyPolicy
from routing.robustness.outlook import with_outlook
from tests.days import km, matrix_of, order, request, truck
from tests.generated_days import generated_day
from tests.hand_plans import hand_plan
from tests.solving import solve

STILL = dict.fromkeys(DeliveryMode, 0.0)


def uncertain(day: PlanRequest, **changes: object) -> PlanRequest:
    """The same day with other assumptions of chance."""
    policy = replace(day.policy.uncertainty, **changes)  # type: ignore[arg-type]  # passed through
    return replace(day, policy=replace(day.policy, uncertainty=policy))


def test_a_plan_tells_of_every_stop_and_route() -> None:
    """Nothing is left out, and the auditor finds that it fits together."""
    day = generated_day(5)
    planned = solve(day.request, day.travel)
    stops = [stop for route in planned.plan.routes for stop in route.stops]
    assert stops and planned.plan.outlook is not None
    for stop in stops:
        assert stop.eta_from is not None and stop.eta_to is not None and stop.p_late is not None
        assert stop.slot.window.start <= stop.eta_from <= stop.eta_to
    assert all(route.p_overrun is not None for route in planned.plan.routes)
    assert planned.plan.outlook.expected_late == pytest.approx(
        sum(stop.p_late or 0 for stop in stops), abs=1e-4
    )


def test_the_same_seed_tells_the_same() -> None:
    """Another seed tells almost the same: the figures are of the plan and not of the dice."""
    day = generated_day(6)
    plan = solve(day.request, day.travel).plan
    assert with_outlook(day.request, day.travel, plan, seed=1) == plan
    other = with_outlook(day.request, day.travel, plan, seed=2)
    assert other != plan
    for mine, its in zip(plan.routes, other.routes, strict=True):
        for stop, same in zip(mine.stops, its.stops, strict=True):
            # five standard errors of the difference of two shares of 10,000 days
            assert stop.p_late == pytest.approx(same.p_late, abs=0.036)


def test_without_spread_nothing_is_late_that_the_plan_keeps() -> None:
    """Intervals shrink to the planned moment, chances to nothing."""
    bare = request(order("O1", place=km(30)), order("O2", place=km(60)))
    day = uncertain(bare, travel=TravelSpread(cv=0.0), handover_cv=STILL)
    travel = matrix_of(day)
    plan = with_outlook(day, travel, hand_plan(day, travel, {"T1": ["O1", "O2"]}), seed=1)
    for stop in plan.routes[0].stops:
        assert stop.eta_from == stop.eta_to == stop.begins
        assert stop.p_late == 0.0
    assert plan.routes[0].p_overrun == 0.0
    assert plan.outlook is not None and plan.outlook.at_risk == ()


def test_a_chance_can_be_reckoned_by_hand() -> None:
    """One leg of an hour, 25 minutes to spare: late with P(factor >= 85/60)."""
    bare = request(order("O1", place=km(60), windows=[("08:35", "10:00")]))
    day = uncertain(bare, travel=TravelSpread(cv=0.3), handover_cv=STILL, days=100_000)
    travel = matrix_of(day)
    plan = hand_plan(day, travel, {"T1": ["O1"]})
    # planned to arrive at 08:35 sharp, so 85 minutes are left until ten
    leg = plan.routes[0].stops[0].leg
    assert leg.drive_s == 3600
    told = with_outlook(day, travel, plan, seed=9).routes[0].stops[0]
    # sigma = sqrt(ln 1.09) = 0.29356; ln((60 + 85) / 60) / sigma = 3.006: one day in 756
    assert told.p_late == pytest.approx(0.00132, abs=0.0006)


def test_an_order_beyond_the_quantile_is_at_risk() -> None:
    """Half the days are later than typical: a slot that shuts soon after is lost often."""
    bare = request(order("O1", place=km(60), windows=[("08:35", "08:40")], promised=True))
    day = uncertain(bare, travel=TravelSpread(cv=0.3), handover_cv=STILL)
    travel = matrix_of(day)
    plan = with_outlook(day, travel, hand_plan(day, travel, {"T1": ["O1"]}), seed=1)
    assert plan.outlook is not None
    assert plan.outlook.at_risk == ("O1",)
    assert (plan.routes[0].stops[0].p_late or 0) > 0.3


def test_a_long_day_may_overrun_its_duty() -> None:
    """The plan nearly fills the duty, so a slow day overruns it."""
    bare = request(order("O1", place=km(180)), trucks=[truck(duty_max_h=8.25)])
    # load 25 min, 2 x 180 min of driving, a rest of 20, service 80 min: 485 minutes of 495
    day = uncertain(bare, handover_cv=STILL)
    travel = matrix_of(day)
    plan = with_outlook(day, travel, hand_plan(day, travel, {"T1": ["O1"]}), seed=1)
    assert 0.2 < (plan.routes[0].p_overrun or 0) < 0.5


def test_faults_of_the_policy_are_named() -> None:
    """A spread without sense is refused where it is set."""
    with pytest.raises(ValueError, match="quantile must lie in"):
        UncertaintyPolicy(quantile=1.0)
    with pytest.raises(ValueError, match="route_correlation"):
        TravelSpread(route_correlation=1.2)
    with pytest.raises(ValueError, match="cv of travel"):
        TravelSpread(cv=-0.1)
    with pytest.raises(ValueError, match="no handover_cv for hub"):
        UncertaintyPolicy(handover_cv={DeliveryMode.DOOR: 0.1, DeliveryMode.MEET_POINT: 0.1})
    assert PlanPolicy().uncertainty.assumed


def test_classes_and_bands_have_their_own_spread() -> None:
    """A class names its cv, a band multiplies it."""
    spread = TravelSpread(cv=0.1, by_class={"large": 0.2}, by_band={25_200: 2.0})
    assert spread.sigma("small", 0) == pytest.approx(0.09975, abs=1e-5)
    assert spread.sigma("large", 25_200) == pytest.approx(0.38525, abs=1e-5)
