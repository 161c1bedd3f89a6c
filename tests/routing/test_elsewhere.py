"""An order that finds no slot on its route is tried on other trucks before it stays behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.audit import audit_plan, report_text
from routing.clock import RELOAD
from routing.decode import Decoded, decode
from routing.domain.request import PlanRequest
from routing.elsewhere import tried_elsewhere
from routing.plan_off_routes import IdleTruck
from routing.problem import Problem, build_problem
from routing.search.solution import Solution
from tests.days import carrier, km, matrix_of, order, request, second, specialist, truck, warehouse
from tests.solving import solve

pytestmark = pytest.mark.usefixtures("compiled_search")


def two_decoded(
    day: PlanRequest,
    routes: dict[int, tuple[int, ...]],
    departs: dict[int, str],
    meets: dict[int, int] | None = None,
) -> tuple[Problem, Decoded, Decoded]:
    """Write down these routes, then try elsewhere what they lost: both."""
    problem = build_problem(day, matrix_of(day))
    leaves = {row: second(text) for row, text in departs.items()}
    lost = decode(problem, Solution(sequences=routes, departs=leaves), meets or {})
    return problem, lost, tried_elsewhere(problem, lost, meets or {})


def brought(found: Decoded) -> dict[str, list[str]]:
    """Orders of every truck."""
    return {route.truck_id: [stop.order_id for stop in route.stops] for route in found.routes}


def audited(day: PlanRequest, found: Decoded) -> None:
    """The auditor reads these routes in the place of those the planner would have made."""
    made = solve(day, matrix_of(day)).plan
    on_the_road = {route.truck_id for route in found.routes}
    idle = tuple(
        IdleTruck(
            truck_id=each.id, plate=each.plate, warehouse_id=each.warehouse_id, why="not_needed"
        )
        for each in day.trucks
        if each.id not in on_the_road
    )
    plan = replace(
        made, routes=found.routes, idle=idle, specialists=found.specialists, outlook=None
    )
    report = audit_plan(day, matrix_of(day), plan)
    assert report.clean, report_text(report, "en")


def too_late_for_the_last(*, bays: int = 2) -> PlanRequest:
    """Three buyers on one way, 80 minutes each: one truck serves two of them in time, not three."""
    return request(
        order("O1", place=km(30), windows=[("08:00", "08:20")]),
        order("O2", place=km(40), windows=[("08:00", "10:00")]),
        order("O3", place=km(50), windows=[("08:00", "10:10")]),
        trucks=[
            truck("T1", cars=3, driver_id="D1"),
            truck("T2", cars=3, driver_id="D2"),
        ],
        warehouses=[warehouse(bays=bays)],
    )


def test_another_truck_brings_what_the_first_could_not_promise() -> None:
    """The second truck stands idle: it goes out for the one order, and every stop has a slot."""
    day = too_late_for_the_last()
    _, lost, found = two_decoded(day, {0: (0, 1, 2)}, {0: "07:30"})
    assert len(lost.unslotted) == 1
    assert found.unslotted == ()
    assert found.elsewhere == lost.unslotted
    assert sorted(name for names in brought(found).values() for name in names) == ["O1", "O2", "O3"]
    assert brought(lost)["T1"] == brought(found)["T1"]
    audited(day, found)


def test_it_is_loaded_while_a_bay_is_free() -> None:
    """One bay, taken from 06:55 to 07:30: the second truck loads before or after."""
    day = too_late_for_the_last(bays=1)
    _, _, found = two_decoded(day, {0: (0, 1, 2)}, {0: "07:30"})
    first, second_ = sorted((route.load for route in found.routes), key=lambda each: each.start)
    assert first.end <= second_.start
    audited(day, found)


def test_trips_that_found_no_bay_are_made_at_another_hour() -> None:
    """One bay, taken from 12:15 to 12:40 by a truck that sets out; the other was to reload then."""
    day = request(
        *(order(f"O{n}") for n in (1, 2, 3)),
        trucks=[
            truck("T1", cars=1, driver_id="D1"),
            replace(truck("T2", cars=1, driver_id="D2"), trips_max=3),
        ],
        warehouses=[warehouse(bays=1)],
    )
    _, lost, found = two_decoded(day, {0: (0,), 1: (1, RELOAD, 2)}, {0: "12:40", 1: "10:00"})
    assert lost.unslotted == (2,)
    assert found.unslotted == ()
    audited(day, found)


def test_an_order_stays_behind_when_a_truck_costs_more_than_it_is_worth() -> None:
    """A truck is not sent for a hundred thousand yuan."""
    day = too_late_for_the_last()
    dear = tuple(
        replace(each, costs=replace(each.costs, fixed=10_000_000)) if each.id == "T2" else each
        for each in day.trucks
    )
    _, lost, found = two_decoded(replace(day, trucks=dear), {0: (0, 1, 2)}, {0: "07:30"})
    assert found.unslotted == lost.unslotted
    assert brought(found) == brought(lost)


def test_a_carrier_that_is_cheaper_keeps_it() -> None:
    """For ten yuan no truck of ours sets out; the planner gives it away afterwards."""
    day = replace(
        too_late_for_the_last(),
        carriers=(carrier(base=1_000, cars=3, windows=[("08:00", "10:00")], collects="06:00"),),
    )
    _, lost, found = two_decoded(day, {0: (0, 1, 2)}, {0: "07:30"})
    assert found.unslotted == lost.unslotted


def test_somebody_in_an_own_car_meets_the_other_truck() -> None:
    """Nobody comes to the first truck's hour (the person begins at noon); to the second's."""
    day = request(
        order("O1"),
        order("O2", place=km(40), skills=["luxury"]),
        trucks=[truck("T1", driver_id="D1"), truck("T2", driver_id="D2")],
        specialists=[specialist("S1", skills=["luxury"], shift=("12:00", "20:00"))],
    )
    _, lost, found = two_decoded(day, {0: (0, 1)}, {0: "07:30"}, {1: 0})
    assert lost.unslotted == (1,)
    assert found.unslotted == ()
    assert found.specialists[0].visits[0].order_id == "O2"
    audited(day, found)


def test_what_fits_nowhere_stays_behind() -> None:
    """Nobody is there before its window is over."""
    day = request(
        order("O1"),
        order("O2", place=km(50), windows=[("05:00", "05:30")]),
        trucks=[truck("T1", driver_id="D1"), truck("T2", driver_id="D2")],
    )
    _, lost, found = two_decoded(day, {0: (0, 1)}, {0: "07:30"})
    assert lost.unslotted == (1,)
    assert found == lost
