"""Locks: what a dispatcher has fixed stays as it is, whatever else would be cheaper."""

from dataclasses import replace

import pytest

from routing.domain.locks import Locks, OrderLock, SequenceLock, TruckLock
from routing.domain.request import PlanRequest
from routing.errors import BadRequest
from routing.plan import FixKind, Plan
from routing.reasons import Reason
from tests.days import at, km, order, request, truck
from tests.features.stories import left, planned, route_of


def sequences(plan: Plan) -> dict[str, list[str]]:
    """Orders of every truck in the sequence of the plan."""
    return {route.truck_id: [stop.order_id for stop in route.stops] for route in plan.routes}


def locked(day: PlanRequest, **locks: object) -> PlanRequest:
    """The same day with locks."""
    return replace(day, locks=Locks(**locks))  # type: ignore[arg-type]  # passed through


EAST_AND_WEST = request(
    order("O1", place=km(40)),
    order("O2", place=km(41)),
    order("O3", place=km(-40)),
    order("O4", place=km(-41)),
    trucks=[truck(f"T{n}", cars=2, driver_id=f"D{n}") for n in (1, 2)],
)


def test_a_locked_order_rides_on_its_truck_though_another_passes_by() -> None:
    """Free, one truck goes east and one west."""
    free = sequences(planned(EAST_AND_WEST))
    assert sorted(map(sorted, free.values())) == [["O1", "O2"], ["O3", "O4"]]
    day = locked(
        EAST_AND_WEST,
        orders=(
            OrderLock(order_id="O1", truck_id="T1"),
            OrderLock(order_id="O3", truck_id="T1"),
        ),
    )
    assert sorted(sequences(planned(day))["T1"]) == ["O1", "O3"]


def test_a_frozen_truck_brings_what_it_was_given_and_nothing_else() -> None:
    """East, west, and no third car, although the deck has room for it."""
    day = replace(
        EAST_AND_WEST, trucks=tuple(truck(f"T{n}", cars=3, driver_id=f"D{n}") for n in (1, 2))
    )
    plan = planned(locked(day, trucks=(TruckLock(truck_id="T1", orders=("O3", "O1")),)))
    assert sequences(plan)["T1"] == ["O3", "O1"]
    assert sorted(sequences(plan)["T2"]) == ["O2", "O4"]


def test_a_truck_locked_at_home_stays_there_and_the_fix_is_to_unlock_it() -> None:
    """Two cars, a truck for one, and another that must not go out."""
    day = request(
        order("O1"),
        order("O2"),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)],
    )
    plan = planned(locked(day, trucks=(TruckLock(truck_id="T2"),)))
    assert list(sequences(plan)) == ["T1"]
    (waiting,) = plan.left_behind
    assert {miss.truck_id: miss.reason for miss in waiting.misses}["T2"] is Reason.LOCKED
    assert waiting.fix is not None
    assert waiting.fix.kind is FixKind.UNLOCK
    assert waiting.fix.change["unlock_truck"] == "T2"
    assert waiting.fix.cost_minor == day.policy.concessions.unlock


def test_a_locked_sequence_holds_and_others_may_ride_between() -> None:
    """Far, then near: the middle one lies on the way back."""
    day = request(*(order(f"O{n}", place=km(20 * n)) for n in (1, 2, 3)), trucks=[truck(cars=3)])
    plan = planned(locked(day, sequences=(SequenceLock(truck_id="T1", orders=("O3", "O1")),)))
    found = sequences(plan)["T1"]
    assert sorted(found) == ["O1", "O2", "O3"]
    assert found.index("O3") < found.index("O1")


def test_the_first_stops_of_a_truck_that_has_left_are_as_they_were() -> None:
    """It left at seven with two cars for the east; two more are locked to it."""
    day = request(
        *(order(f"O{n}", place=km(20 * n)) for n in (1, 2, 3)),
        order("O4", place=km(50)),
        trucks=[truck("T1", cars=4), truck("T2", cars=4, driver_id="D2")],
    )
    held = SequenceLock(
        truck_id="T1", orders=("O3", "O1"), first=True, closed=True, departs=at("07:00")
    )
    plan = planned(
        locked(day, sequences=(held,), orders=(OrderLock(order_id="O2", truck_id="T1"),))
    )
    route = route_of(plan, "O3")
    assert route.truck_id == "T1"
    assert route.departs == at("07:00")
    assert sequences(plan)["T1"] == ["O3", "O1", "O2"]
    assert sequences(plan)["T2"] == ["O4"]


def test_loading_that_has_begun_is_not_moved() -> None:
    """Twenty minutes and five for the car: the truck leaves at half past eight."""
    held = SequenceLock(truck_id="T1", loads=at("08:05"))
    plan = planned(locked(request(order("O1")), sequences=(held,)))
    assert plan.routes[0].load.start == at("08:05")
    assert plan.routes[0].departs == at("08:30")


def test_an_order_locked_to_a_full_truck_is_left_behind_and_says_why() -> None:
    """Both cars are locked to a truck for one; the other truck stands idle."""
    day = request(
        order("O1"),
        order("O2", place=km(40)),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)],
    )
    both = tuple(OrderLock(order_id=f"O{n}", truck_id="T1") for n in (1, 2))
    plan = planned(locked(day, orders=both))
    (waiting,) = plan.left_behind
    assert "锁定在 豫A·T1" in waiting.text
    assert waiting.fix is not None
    assert waiting.fix.kind is FixKind.UNLOCK
    assert waiting.fix.change["unlock_order"] == waiting.order_id


def test_a_locked_order_weighs_more_than_all_others() -> None:
    """One place on the deck: the cheap order is locked to it, the urgent one is not."""
    day = request(order("O1", place=km(60)), order("O2"), trucks=[truck(cars=1)])
    plan = planned(locked(day, orders=(OrderLock(order_id="O1", truck_id="T1"),)))
    assert sequences(plan) == {"T1": ["O1"]}
    assert left(plan, "O2").order_id == "O2"


IMPOSSIBLE = {
    "deck": (
        request(order("O1"), order("O2"), trucks=[truck(cars=1)]),
        Locks(trucks=(TruckLock(truck_id="T1", orders=("O1", "O2")),)),
        "do not fit its deck",
    ),
    "window": (
        request(
            order("O1", place=km(60), windows=[("09:00", "10:00")]),
            order("O2", place=km(-60), windows=[("08:00", "09:00")]),
        ),
        Locks(sequences=(SequenceLock(truck_id="T1", orders=("O1", "O2")),)),
        "window",
    ),
    "departure": (
        request(order("O1", windows=[("08:00", "09:00")])),
        Locks(sequences=(SequenceLock(truck_id="T1", orders=("O1",), departs=at("12:00")),)),
        "the locked departure",
    ),
    "skill": (
        request(order("O1", skills=["ev"])),
        Locks(trucks=(TruckLock(truck_id="T1", orders=("O1",)),)),
        "lacks a skill",
    ),
    "unknown": (
        request(order("O1")),
        Locks(orders=(OrderLock(order_id="O9", truck_id="T9"),)),
        "does not hold.*nobody drives",
    ),
    "two trucks": (
        request(order("O1"), trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)]),
        Locks(orders=tuple(OrderLock(order_id="O1", truck_id=f"T{n}") for n in (1, 2))),
        "locked to T1 and T2",
    ),
    "frozen without it": (
        request(order("O1")),
        Locks(
            orders=(OrderLock(order_id="O1", truck_id="T1"),), trucks=(TruckLock(truck_id="T1"),)
        ),
        "whose own lock is without it",
    ),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_locks_that_cannot_be_kept_are_refused_and_say_why(case: str) -> None:
    """Never a plan in which a lock was quietly dropped."""
    day, locks, why = IMPOSSIBLE[case]
    with pytest.raises(BadRequest, match=why):
        planned(replace(day, locks=locks))
