"""Balance: a long day for one crew and none for the other has a price, if the company says so."""

from dataclasses import replace

from geodata.units import HOUR_S, Minor
from routing.domain.policy import BalancePolicy
from tests.days import order, request, truck
from tests.features.stories import planned

DAY = request(
    *(order(f"O{n}") for n in (1, 2, 3, 4)),
    trucks=[truck(f"T{n}", cars=4, driver_id=f"D{n}") for n in (1, 2)],
)


def test_one_crew_does_it_all_where_balance_has_no_price() -> None:
    """Four cars for one town: the second truck would cost 60 km and its day."""
    assert len(planned(DAY).routes) == 1


def test_work_is_shared_where_hours_beyond_the_target_are_dear() -> None:
    """Seven hours against twice a little more than four."""
    balance = BalancePolicy(target_s=4 * HOUR_S, above_per_hour=Minor(20_000))
    plan = planned(replace(DAY, policy=replace(DAY.policy, balance=balance)))
    assert [len(route.stops) for route in plan.routes] == [2, 2]
    # 30 min of loading, 60 of driving and two handovers of 80: 4 h 10 min.
    assert {route.soft.balance for route in plan.routes} == {3_333}


def test_a_short_day_is_priced_too() -> None:
    """25 min of loading, 60 of driving, 80 of service: 5 h 15 min short of eight hours."""
    balance = BalancePolicy(below_per_hour=Minor(1_200))
    day = replace(request(order("O1")), policy=replace(DAY.policy, balance=balance))
    assert planned(day).routes[0].soft.balance == 1_200 * 315 // 60
