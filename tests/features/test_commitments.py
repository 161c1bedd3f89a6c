"""Commitments: a promised window never moves, whatever else the day brings."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from geodata.units import Minor
from routing.domain.orders import Priority
from routing.domain.request import PlanRequest
from routing.errors import BadRequest
from routing.plan import FixKind
from routing.problem import build_problem
from routing.reasons import Reason
from tests.days import km, matrix_of, order, request, window
from tests.features.stories import left, one_promise_or_ten_urgent, planned, stop_of


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


def test_no_number_of_other_orders_outweighs_one_promise() -> None:
    """Nine urgent orders cost more to leave than the policy's price of a broken promise."""
    plan = planned(one_promise_or_ten_urgent())
    assert stop_of(plan, "O1").slot.promised
    assert len(plan.left_behind) == 10


def with_urgent_at(fen: int) -> PlanRequest:
    """The same day, with another price for leaving an urgent order behind."""
    day = one_promise_or_ten_urgent()
    prices = MappingProxyType({**day.policy.left_behind, Priority.URGENT: Minor(fen)})
    return replace(day, policy=replace(day.policy, left_behind=prices))


@pytest.mark.parametrize("fen", [0, 1_200_000, 10**12])
def test_a_promise_weighs_more_than_all_others_at_any_price(fen: int) -> None:
    """Whatever the company sets: the search compares sums, and this is the sum of the rest."""
    day = with_urgent_at(fen)
    penalty = build_problem(day, matrix_of(day)).tables.penalty
    assert penalty[0] > penalty[1:].sum()


def test_prices_that_cannot_be_added_up_are_a_fault_of_the_request() -> None:
    """Better than a plan by sums that overflowed."""
    day = with_urgent_at(10**15)
    with pytest.raises(BadRequest, match="too many to count with"):
        build_problem(day, matrix_of(day))
