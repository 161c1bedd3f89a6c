"""Driving time: twenty minutes of rest after at most four hours at the wheel."""

from routing.plan import FixKind, RestPlace
from routing.reasons import Reason
from tests.days import at, km, order, request, truck
from tests.features.stories import left, planned, stop_of


def test_a_driver_rests_after_four_hours_and_arrives_later_for_it() -> None:
    """250 km are 250 minutes: ten too many without a rest."""
    stop = stop_of(planned(request(order("O1", place=km(250)))), "O1")
    (rest,) = stop.leg.road_rests
    assert rest.place is RestPlace.ROAD
    assert rest.end - rest.start == at("06:20") - at("06:00")
    assert stop.leg.drive_s == 250 * 60


def test_an_order_that_only_a_driver_without_rest_could_reach_stays_behind() -> None:
    """Loaded at 06:25, there at 10:35 without the rest, at 10:55 with it; shut at 10:40."""
    day = request(
        order("O1", place=km(250)),
        order("O2", place=km(250), windows=[("09:00", "10:40")]),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)],
    )
    plan = planned(day)
    assert stop_of(plan, "O1").begins > at("10:40")
    late = left(plan, "O2")
    assert late.reason is Reason.DRIVING_LIMIT
    # Ten minutes more at the wheel would do.
    assert late.short_by == 10 * 60
    assert late.fix is not None
    assert late.fix.kind is FixKind.OVERTIME
    # Starting at 05:40: loaded by 06:05, there at 10:35.
    assert late.fix.change["overtime_before_min"] == 20
