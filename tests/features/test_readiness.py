"""Readiness: no car is loaded before it is ready, none leaves without its papers."""

from routing.domain.readiness import Precondition
from routing.plan import FixKind
from routing.reasons import Reason, Unit
from tests.days import at, order, request, truck
from tests.features.stories import left, planned, route_of


def test_loading_waits_for_the_last_car_of_the_route() -> None:
    """The second car is ready at ten; the buyers are at home all day."""
    day = request(order("O1"), order("O2", ready="10:00"))
    plan = planned(day)
    assert route_of(plan, "O2").load.start >= at("10:00")


def test_a_car_ready_too_late_for_its_window_says_how_much_too_late() -> None:
    """Ready at 15:00, wanted before 11:00: five hours earlier it would go."""
    day = request(
        order("O1"),
        order("O2", windows=[("09:00", "11:00")], ready="15:00"),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)],
    )
    late = left(planned(day), "O2")
    assert late.reason is Reason.NOT_READY
    # 25 min of loading and 30 of driving before 11:00, at which the window is shut: 10:04:59.
    assert (late.short_by, late.unit) == (4 * 3600 + 55 * 60 + 1, Unit.SECONDS)
    assert late.fix is not None
    assert late.fix.kind is FixKind.READY_EARLIER
    assert late.fix.change["ready_earlier_min"] == 300


def test_a_car_without_insurance_stays_until_it_has_one() -> None:
    """However ready the car is; the fix is the paper, not the truck."""
    day = request(order("O1", missing=[Precondition.INSURANCE]))
    stuck = left(planned(day), "O1")
    assert stuck.reason is Reason.NOT_READY
    assert "保险" in stuck.text
    assert stuck.fix is not None
    assert stuck.fix.kind is FixKind.PRECONDITION
    assert stuck.fix.change["papers_done"] == "insurance"
