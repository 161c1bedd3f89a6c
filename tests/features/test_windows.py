"""Windows: service begins inside one of the windows the buyer accepts."""

from routing.plan import FixKind
from routing.reasons import Reason, Unit
from tests.days import at, km, order, request, truck
from tests.features.stories import left, planned, stop_of


def test_a_truck_is_there_when_the_window_opens() -> None:
    """Thirty minutes of driving: it leaves late rather than wait at the door."""
    stop = stop_of(planned(request(order("O1", windows=[("09:00", "11:00")]))), "O1")
    assert stop.begins == at("09:00")
    assert stop.slot.window.contains(stop.begins)


def test_a_window_out_of_reach_says_by_how_much_and_how_far_to_widen_it() -> None:
    """The bays open at five: loaded by 05:25, 160 km on it is 08:05, shut since eight."""
    day = request(
        order("O1"),
        order("O2", place=km(160), windows=[("07:00", "08:00")]),
        trucks=[
            truck(f"T{n}", cars=1, driver_id=f"D{n}", shift=("05:00", "19:00")) for n in (1, 2)
        ],
    )
    missed = left(planned(day), "O2")
    assert missed.reason is Reason.WINDOW_MISSED
    # Half-open: a window that ends at 08:05 is missed at 08:05.
    assert (missed.short_by, missed.unit) == (5 * 60 + 1, Unit.SECONDS)
    assert missed.fix is not None
    assert missed.fix.kind is FixKind.WIDEN_WINDOW
    assert missed.fix.change["later_min"] == 10
    assert missed.fix.cost_minor == 10 * day.policy.concessions.window_minute
