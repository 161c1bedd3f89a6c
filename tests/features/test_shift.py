"""Duty and shift: a truck is home before its shift ends and its crew's duty is over."""

from routing.plan import FixKind
from routing.reasons import Reason, Unit
from tests.days import at, km, order, request, truck
from tests.features.stories import left, planned, route_of


def test_a_truck_is_home_before_its_shift_ends() -> None:
    """300 km out, a handover, 300 km back: long, but within fourteen hours."""
    route = route_of(planned(request(order("O1", place=km(300)))), "O1")
    assert at("06:00") <= route.load.start
    assert route.returns_latest <= at("20:00")
    assert route.duty_s <= 14 * 3600


def test_an_order_beyond_the_duty_says_by_how_much_and_what_overtime_would_do() -> None:
    """400 km: 25 min loading, 800 driving, 60 resting, 80 of service are 965 min, not 840."""
    day = request(
        order("O1"),
        order("O2", place=km(400)),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)],
    )
    far = left(planned(day), "O2")
    assert far.reason is Reason.DUTY_EXCEEDED
    assert (far.short_by, far.unit) == (125 * 60, Unit.SECONDS)
    assert far.fix is not None
    assert far.fix.kind is FixKind.OVERTIME
    assert far.fix.change["overtime_after_min"] == 125
    assert far.fix.cost_minor == 125 * day.policy.concessions.overtime_minute


def test_a_truck_whose_loading_takes_its_whole_duty_stays_at_home() -> None:
    """65 minutes at the bay, an hour of duty: nothing is wrong with the sheet, nobody can go."""
    day = request(order(), trucks=[truck(duty_max_h=1, overtime_after_h=1, load_base_min=60)])
    assert left(planned(day), "O1").reason is Reason.DUTY_EXCEEDED


def test_loading_may_take_longer_than_the_hours_before_overtime() -> None:
    """Then all of the drive is overtime."""
    plan = planned(request(order(), trucks=[truck(overtime_after_h=1, load_base_min=60)]))
    (route,) = plan.routes
    assert route.overtime_s == route.duty_s - 3600
