"""Applying a fix changes what it says, and nothing else."""

from datetime import timedelta

import pytest

from geodata.units import Minor
from routing.domain.orders import Priority
from routing.errors import RoutingError
from routing.explain import apply_fix
from routing.explain.change import Change, apply_change
from routing.plan import Fix, FixKind
from tests.days import ban, km, order, request, specialist, truck, window


def test_one_of_several_windows_is_widened_up_to_its_neighbour() -> None:
    """Windows of one order never overlap."""
    day = request(order("O1", windows=[("09:00", "10:00"), ("11:00", "12:00")]), order("O2"))
    changed = apply_change(day, {"window": 1, "later_min": 90}, "O1")
    assert changed.orders[0].windows == (window("09:00", "11:00"), window("11:00", "12:00"))
    assert changed.orders[1] == day.orders[1]


def test_an_extra_truck_comes_with_its_crew_and_is_banned_where_its_twin_is() -> None:
    """Hiring does not lift a ban, and nobody drives two trucks."""
    day = request(
        order("O1"),
        trucks=[truck("T1", specialist_id="S1", skills=["ev"])],
        specialists=[specialist("S1", truck_id="T1", skills=["ev"])],
        bans=[ban(km(30), ("09:00", "10:00"))],
    )
    changed = apply_change(
        day, {"extra_truck_like": "T1", "extra_truck_id": "X1", "extra_truck_kind": "one_car"}, "O1"
    )
    twin = changed.trucks[-1]
    assert (twin.id, twin.skills, twin.deck) == ("X1", frozenset({"ev"}), day.trucks[0].deck)
    assert {twin.driver_id} == {each.id for each in changed.drivers} - {"D1"}
    assert changed.specialists[-1].truck_id == "X1"
    assert [each.truck_id for each in changed.bans] == ["T1", "X1"]


def test_a_day_later_is_the_next_day_with_this_order_alone() -> None:
    """Its windows, the shifts, the bays and the bans move along; the readiness does not."""
    day = request(order("O1", ready="12:00"), order("O2"), bans=[ban(km(30), ("09:00", "10:00"))])
    changed = apply_change(day, {"days_later": 1}, "O1")
    one = timedelta(days=1)
    assert changed.day == day.day + one
    assert [each.id for each in changed.orders] == ["O1"]
    assert changed.orders[0].windows[0].start == day.orders[0].windows[0].start + one
    assert changed.orders[0].readiness == day.orders[0].readiness
    assert changed.trucks[0].shift_end == day.trucks[0].shift_end + one
    assert changed.warehouses[0].loading[0].start == day.warehouses[0].loading[0].start + one
    assert changed.bans[0].hours[0].end == day.bans[0].hours[0].end + one


def test_an_order_first_in_line_is_urgent_and_dearer_to_leave_than_any_other() -> None:
    """So that what is conceded for it serves it and nobody else."""
    day = request(order("O1"))
    changed = apply_change(day, {"priority": "urgent", "priority_fen": 2_000_000}, "O1")
    assert changed.orders[0].priority is Priority.URGENT
    assert changed.policy.left_behind[Priority.URGENT] == 2_000_000
    assert changed.policy.left_behind[Priority.LOW] == day.policy.left_behind[Priority.LOW]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"colour": "red"}, "unknown here"),
        ({"overtime_truck": "T9", "overtime_after_min": 5}, "holds no truck T9"),
        ({"window": 3, "later_min": 5}, "has no window 3"),
    ],
)
def test_a_change_of_another_day_is_refused(change: Change, said: str) -> None:
    """Half-applied would be worse."""
    with pytest.raises(RoutingError, match=said):
        apply_change(request(order("O1")), change, "O1")


def test_a_fix_of_an_order_that_is_gone_is_refused() -> None:
    """The board may be older than the day."""
    fix = Fix(
        kind=FixKind.PAY_MORE, cost_minor=Minor(0), change={"priority": "urgent"}, text="-",
        text_en="-", proved=True, proof="-",
    )  # fmt: skip
    with pytest.raises(RoutingError, match="holds no order O9"):
        apply_fix(request(order("O1")), fix, "O9")
