"""Specialists in own cars: who knows what the crew does not must be there when the truck is."""

from __future__ import annotations

from routing.domain.fleet import Specialist
from routing.domain.orders import TradeIn
from routing.domain.request import PlanRequest
from routing.plan_specialists import SpecialistVisit
from routing.problem import build_problem
from routing.reasons import Reason, Unit
from routing.search.budget import Iterations
from routing.search.master import choose
from routing.search.ruin_recreate import search
from tests.days import SEDAN, at, km, matrix_of, order, request, specialist, truck, warehouse
from tests.features.stories import left, planned, route_of, stop_of


def luxury_at(*wishes: tuple[float, str, str], people: list[Specialist]) -> PlanRequest:
    """Cars for luxury handovers, each at its distance and window, and a one-car truck for each."""
    return request(
        *(
            order(f"O{n}", place=km(far), windows=[(start, end)], skills=["luxury"])
            for n, (far, start, end) in enumerate(wishes, start=1)
        ),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in range(1, len(wishes) + 1)],
        specialists=people,
        warehouses=[warehouse(bays=4)],
    )


ONE = [specialist("S1", skills=["luxury"])]


def test_the_specialist_is_there_when_the_handover_begins() -> None:
    """After 20 minutes of unloading, the driver's work, the specialist takes over."""
    plan = planned(luxury_at((30, "10:00", "12:00"), people=ONE))
    stop = stop_of(plan, "O1")
    assert (stop.specialist_id, stop.specialist_name) == ("S1", "S1 专员")
    (page,) = plan.specialists
    # 30 km are 30 minutes: out at 09:50, with the buyer from 10:20 to 11:20, home by 11:50.
    assert page.visits == (
        SpecialistVisit(
            order_id="O1",
            truck_id=route_of(plan, "O1").truck_id,
            place_id="km30",
            address=stop.address,
            begins=at("10:20"),
            ends_latest=at("11:20"),
        ),
    )
    assert (page.leaves, page.returns) == (at("09:50"), at("11:50"))


def test_the_handover_begins_when_the_work_at_the_deck_is_done() -> None:
    """15 minutes for the buyer's old car come after 20 of unloading, before the handover."""
    old = TradeIn(model_name="旧轿车", model=SEDAN)
    day = request(
        order("O1", windows=[("10:00", "12:00")], skills=["luxury"], trade_in=old),
        trucks=[truck(cars=1)],
        specialists=ONE,
    )
    (page,) = planned(day).specialists
    (visit,) = page.visits
    assert (visit.begins, visit.ends_latest) == (at("10:35"), at("11:35"))
    assert (page.leaves, page.returns) == (at("10:05"), at("12:05"))


def test_who_comes_in_time_for_the_handover_only_is_in_time() -> None:
    """From nine to half past nine on the road: the truck must begin by then, but 35 minutes of
    unloading and loading the old car come before the handover."""
    old = TradeIn(model_name="旧轿车", model=SEDAN)
    late = [specialist("S1", skills=["luxury"], shift=("09:00", "15:00"))]
    day = request(
        order("O1", windows=[("08:00", "09:00")], skills=["luxury"], trade_in=old),
        trucks=[truck(cars=1)],
        specialists=late,
    )
    (page,) = planned(day).specialists
    assert page.visits[0].begins >= at("09:30")


def test_a_crew_that_knows_how_needs_nobody() -> None:
    """The specialist stays at the desk."""
    day = request(
        order("O1", skills=["luxury"]), trucks=[truck(skills=["luxury"])], specialists=ONE
    )
    plan = planned(day)
    assert stop_of(plan, "O1").specialist_id == ""
    assert plan.specialists == ()


def test_one_person_is_not_in_two_places() -> None:
    """Two buyers 120 km apart, both at home from nine to ten: one of them waits for another day."""
    day = luxury_at((60, "09:00", "10:00"), (-60, "09:00", "10:00"), people=ONE)
    plan = planned(day)
    (behind,) = plan.left_behind
    assert behind.reason is Reason.SPECIALIST_BUSY
    assert (behind.short_by, behind.unit) == (60 * 60, Unit.SECONDS)


def test_two_people_meet_two_trucks() -> None:
    """The same day with another specialist."""
    two = [*ONE, specialist("S2", skills=["luxury"])]
    plan = planned(luxury_at((60, "09:00", "10:00"), (-60, "09:00", "10:00"), people=two))
    assert plan.left_behind == ()
    assert {page.specialist_id for page in plan.specialists} == {"S1", "S2"}


def test_departures_move_so_that_one_person_can_meet_both_trucks() -> None:
    """Each truck alone would be at its buyer's at eight; the master lets one of them go later.

    80 minutes of service and 20 km between the two: the second handover begins when the
    specialist can be there.
    """
    day = luxury_at((30, "08:00", "12:00"), (50, "08:00", "12:00"), people=ONE)
    plan = planned(day)
    assert plan.left_behind == ()
    first, second = plan.specialists[0].visits
    assert (second.begins - first.ends_latest).total_seconds() >= 20 * 60


def test_without_the_master_both_trucks_would_ask_for_the_same_person() -> None:
    """The search looks at one route at a time: it serves both, and nobody could keep that plan.

    The master serves the promised one, which a greedy choice in the order of the sheet would not.
    """
    day = request(
        order("O1", place=km(60), windows=[("09:00", "10:00")], skills=["luxury"]),
        order("O2", place=km(-60), windows=[("09:00", "10:00")], skills=["luxury"], promised=True),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)],
        specialists=ONE,
    )
    problem = build_problem(day, matrix_of(day))
    found = search(problem, Iterations(250), seed=1)
    assert len(found.best.served) == 2
    chosen = choose(problem, found.pool, found.best, seed=1)
    assert chosen.solution.served == {1}
    assert dict(chosen.meets) == {1: 0}


def test_nobody_comes_before_or_after_the_shift() -> None:
    """The buyer is at home from eight; the specialist starts at ten, half an hour away."""
    late = [specialist("S1", skills=["luxury"], shift=("10:00", "15:00"))]
    plan = planned(luxury_at((30, "08:00", "12:00"), people=late))
    (page,) = plan.specialists
    assert page.leaves >= at("10:00")
    assert page.visits[0].begins >= at("10:30")


def test_a_specialist_of_another_warehouse_does_not_count() -> None:
    """People belong to their warehouse, as trucks do."""
    day = request(
        order("O1", skills=["luxury"]),
        warehouses=[warehouse(), warehouse("EAST", place=km(40))],
        specialists=[specialist("S1", skills=["luxury"], warehouse_id="EAST")],
    )
    assert left(planned(day), "O1").reason is Reason.SKILL_MISSING
