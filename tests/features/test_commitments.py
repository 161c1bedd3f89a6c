"""Commitments: a promised window never moves, whatever else the day brings."""

from routing.plan import FixKind
from routing.reasons import Reason
from tests.days import km, order, request, window
from tests.features.stories import left, planned, stop_of


def test_the_promise_is_kept_and_the_other_order_waits() -> None:
    """East and west at nine: one truck cannot do both, and east was promised."""
    day = request(
        order("O1", place=km(60), windows=[("09:00", "10:00")], promised=True),
        order("O2", place=km(-60), windows=[("09:00", "11:00")]),
    )
    plan = planned(day)
    kept = stop_of(plan, "O1")
    assert kept.slot.promised
    assert kept.slot.window == window("09:00", "10:00")
    assert kept.slot.window.contains(kept.begins)
    west = left(plan, "O2")
    assert west.reason is Reason.PROMISE_BROKEN
    # East would have to begin at 07:39:59 for west (80 min of service and 120 km on) before 11:00.
    assert west.short_by == 80 * 60 + 1
    assert west.fix is not None
    assert west.fix.kind is FixKind.WIDEN_WINDOW
    # East ends at 10:20, west begins at 12:20: 80 minutes late, and 12:20 itself is too late.
    assert west.fix.change["later_min"] == 85


def test_a_promise_that_cannot_be_kept_heads_the_list_with_its_window_unmoved() -> None:
    """It never stops the plan; it is the first thing the dispatcher reads."""
    day = request(
        order("O1", place=km(700), windows=[("08:00", "09:00")]),
        order("O2", place=km(500), windows=[("08:00", "09:00")], promised=True),
        order("O3"),
    )
    plan = planned(day)
    assert [each.order_id for each in plan.left_behind] == ["O2", "O1"]
    broken = plan.left_behind[0]
    assert broken.promised
    assert broken.accepted == (window("08:00", "09:00"),)
    assert "承诺有风险" in broken.text
    assert stop_of(plan, "O3").order_id == "O3"
