"""Stability: what people already know changes only where that pays, and never beyond the budget."""

from collections.abc import Sequence
from dataclasses import replace

from geodata.units import Minor
from routing.changes import baseline_of, changes_between, count_changes
from routing.domain.baseline import BaselineStop
from routing.domain.policy import StabilityPolicy
from routing.domain.request import PlanRequest
from routing.plan import Plan
from routing.plan_weights import ChangeKind
from routing.reasons import Reason, Unit
from tests.days import at, km, order, request, truck
from tests.features.stories import planned, route_of, stop_of


def knowing(
    day: PlanRequest, baseline: Sequence[BaselineStop], budget: int | None = None, **prices: int
) -> PlanRequest:
    """The same day, when people know a plan of it; prices in fen."""
    named = {key: Minor(fen) for key, fen in prices.items()}
    policy = replace(day.policy, stability=StabilityPolicy(**named))
    return replace(day, baseline=tuple(baseline), policy=policy, max_changes=budget)


def kinds(plan: Plan) -> dict[str, ChangeKind]:
    """What became of every order that changed."""
    return {change.order_id: change.kind for change in plan.changes}


def known(order_id: str, truck_id: str, begins: str) -> BaselineStop:
    """What people know of one order."""
    return BaselineStop(order_id=order_id, truck_id=truck_id, begins=at(begins))


CROSSED = request(
    order("O1", place=km(40)),
    order("O2", place=km(-40)),
    order("O3", place=km(41)),
    order("O4", place=km(-41)),
    trucks=[truck(f"T{n}", cars=2, driver_id=f"D{n}") for n in (1, 2)],
)
KNOWN = (
    known("O1", "T1", "08:00"),
    known("O2", "T1", "10:42"),
    known("O3", "T2", "08:00"),
    known("O4", "T2", "10:44"),
)
"""People know a plan in which both trucks drive east and west."""


def test_free_changes_are_made_and_told() -> None:
    """East and west apart save 160 km; two orders change trucks."""
    plan = planned(knowing(CROSSED, KNOWN))
    assert route_of(plan, "O1").truck_id == route_of(plan, "O3").truck_id
    moved = [name for name, kind in kinds(plan).items() if kind is ChangeKind.TRUCK_CHANGED]
    assert len(moved) == 2
    assert all(change.cost_minor == 0 for change in plan.changes)


def test_dear_changes_are_not_made() -> None:
    """500 yuan for another truck are more than 160 km at 2 yuan and the hours saved."""
    plan = planned(knowing(CROSSED, KNOWN, truck_changed=50_000))
    assert {route_of(plan, name).truck_id for name in ("O1", "O2")} == {"T1"}
    assert ChangeKind.TRUCK_CHANGED not in kinds(plan).values()


def test_a_begin_that_moves_costs_by_the_minute_beyond_the_tolerance() -> None:
    """Known for 10:30; ready at eleven, there at 11:55: 85 minutes, 75 beyond the tolerance."""
    day = knowing(request(order("O1", ready="11:00")), [known("O1", "T1", "10:30")], per_minute=100)
    (change,) = planned(day).changes
    assert change.kind is ChangeKind.TIME_MOVED
    assert change.moved_s == 85 * 60
    assert change.cost_minor == 75 * 100


def test_a_truck_leaves_as_known_rather_than_as_late_as_it_can() -> None:
    """It could bring the car at any time of the day: the minute that people know is free."""
    free = stop_of(planned(request(order("O1"))), "O1")
    wanted = "13:00"
    assert free.begins != at(wanted)
    day = knowing(request(order("O1")), [known("O1", "T1", wanted)], per_minute=1_000)
    assert stop_of(planned(day), "O1").begins == at(wanted)


def test_a_dropped_order_costs_what_the_policy_says() -> None:
    """Seven hundred kilometres are too far today."""
    day = knowing(request(order("O1", place=km(700))), [known("O1", "T1", "12:00")], dropped=9_900)
    (change,) = planned(day).changes
    assert change.kind is ChangeKind.DROPPED
    assert change.cost_minor == 9_900


def test_the_budget_of_changes_is_kept_though_more_would_pay() -> None:
    """Changes cost nothing here, and yet none is allowed."""
    plan = planned(knowing(CROSSED, KNOWN, budget=0))
    assert count_changes(plan.changes) == 0
    assert {route_of(plan, name).truck_id for name in ("O3", "O4")} == {"T2"}


def test_an_order_for_which_too_much_would_change_is_left_behind_and_says_so() -> None:
    """The new car lies before the known one, which would begin an hour and more later."""
    day = request(
        order("O1", place=km(60), windows=[("08:00", "16:00")]),
        order("O2", place=km(30), windows=[("08:00", "08:40")]),
    )
    day = knowing(day, [known("O1", "T1", "08:00")], budget=0)
    plan = planned(day)
    (waiting,) = plan.left_behind
    assert waiting.order_id == "O2"
    assert waiting.reason is Reason.CHANGE_BUDGET
    assert (waiting.short_by, waiting.unit) == (1, Unit.CHANGES)


def test_a_plan_compared_with_itself_has_no_changes() -> None:
    """What `repair` shows line by line is empty then."""
    plan = planned(CROSSED)
    changes = changes_between(baseline_of(plan), plan, StabilityPolicy())
    assert {change.kind for change in changes} == {ChangeKind.SAME}
    assert count_changes(changes) == 0


def test_added_and_cancelled_orders_are_told_and_not_counted() -> None:
    """They were asked for."""
    plan = planned(knowing(request(order("O1"), order("O5")), KNOWN[:2], budget=1))
    assert kinds(plan)["O5"] is ChangeKind.ADDED
    assert kinds(plan)["O2"] is ChangeKind.CANCELLED
    assert count_changes(plan.changes) <= 1
