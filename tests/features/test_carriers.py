"""Third-party carriers: another company brings the car, where that costs less than to do it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.changes import baseline_of
from routing.domain.orders import Priority, TradeIn
from routing.domain.policy import PlanPolicy, StabilityPolicy
from routing.plan import Plan
from routing.plan_off_routes import Outsourced
from routing.plan_weights import ChangeKind
from routing.problem import build_problem
from routing.reasons import Reason, Unit
from routing.search.beside_carriers import search_beside_carriers
from routing.search.budget import Iterations
from routing.search.master import choose
from routing.search.outsourcing import give_away, priced_in
from routing.search.ruin_recreate import search
from tests.days import (
    any_car,
    carrier,
    in_stock,
    km,
    matrix_of,
    order,
    request,
    truck,
    vin_of,
    warehouse,
    window,
)
from tests.features.stories import left, planned, stop_of


def given(plan: Plan) -> dict[str, Outsourced]:
    """What carriers bring, by order."""
    return {each.order_id: each for each in plan.outsourced}


def test_a_far_order_goes_to_a_carrier_that_is_cheaper_than_the_way() -> None:
    """300 km out: a truck of our own costs some 1,900 yuan, the carrier 500 and 1 a kilometre."""
    day = request(
        order("O1"), order("O2", place=km(300)), carriers=[carrier(base=50_000, per_km=100)]
    )
    plan = planned(day)
    entry = given(plan)["O2"]
    assert (entry.carrier_id, entry.metres, entry.price_minor) == ("C1", 300_000, 80_000)
    assert entry.window == window("09:00", "18:00")
    assert plan.left_behind == ()
    assert stop_of(plan, "O1")
    assert plan.cost_minor == plan.routes[0].cost.total + 80_000


def test_a_near_order_stays_on_a_truck_that_is_cheaper() -> None:
    """30 km out and back is less than what the carrier asks at least."""
    day = request(order("O1"), carriers=[carrier(base=0, per_km=100, minimum=80_000)])
    assert planned(day).outsourced == ()


def test_where_no_truck_is_left_a_carrier_brings_what_would_stay_behind() -> None:
    """One position, two buyers at the same hour: the second is no problem, only dearer."""
    day = request(
        order("O1", windows=[("09:00", "11:00")]),
        order("O2", windows=[("09:00", "11:00")]),
        trucks=[truck(cars=1)],
        carriers=[carrier(windows=[("09:00", "11:00")])],
    )
    plan = planned(day)
    assert plan.left_behind == ()
    assert len(plan.outsourced) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"skills": ["ev"]},
        {"trade_in": TradeIn(model_name="老轿车")},
        {"windows": [("10:00", "12:00")]},
        {"windows": [("10:00", "12:00")], "promised": True},
        {"ready": "08:00"},
    ],
    ids=["handover", "trade-in", "windows", "promise", "not ready when collected"],
)
def test_a_carrier_is_not_given_what_it_cannot_do(changed: dict[str, object]) -> None:
    """It comes some time between nine and six, has collected at seven, hands over keys, no more."""
    far = order("O1", place=km(300), **changed)  # type: ignore[arg-type]  # what the case is about
    day = request(far, carriers=[carrier(base=10_000)])
    assert planned(day).outsourced == ()
    able = carrier(
        base=10_000,
        windows=[("10:00", "12:00")],
        collects="09:30",
        skills=["ev"],
        trade_ins=True,
    )
    assert given(planned(replace(day, carriers=(able,)))).keys() == {"O1"}


def test_a_promise_may_go_to_a_carrier_that_keeps_its_window() -> None:
    """No truck gets there by ten; the carrier says it comes between nine and ten."""
    day = request(
        order("O1", place=km(300), windows=[("09:00", "10:30")], promised=True),
        carriers=[carrier(base=250_000, windows=[("14:00", "18:00"), ("09:00", "10:00")])],
    )
    entry = given(planned(day))["O1"]
    assert entry.promised
    assert entry.window == window("09:00", "10:00")


def test_the_last_place_goes_to_the_order_that_saves_most_and_the_other_says_so() -> None:
    """No truck at all gets to these two in time; the carrier has one place."""
    day = request(
        order("O1", place=km(300), windows=[("08:00", "10:00")]),
        order("O2", place=km(300), windows=[("08:00", "10:00")], priority=Priority.URGENT),
        carriers=[carrier(windows=[("08:00", "10:00")])],
    )
    plan = planned(day)
    assert given(plan).keys() == {"O2"}
    entry = left(plan, "O1")
    assert entry.reason is Reason.CARRIER_FULL
    assert (entry.short_by, entry.unit) == (1, Unit.CARS)
    assert "C1 零担运输" in entry.text
    assert entry.nearest is not None
    assert entry.nearest.reason is Reason.WINDOW_MISSED


def test_the_budget_of_the_day_ends_before_the_places() -> None:
    """Two of three at 500 yuan are paid for; the third lacks 300 yuan."""
    day = request(
        *(order(f"O{n}", place=km(300), windows=[("08:00", "10:00")]) for n in (1, 2, 3)),
        carriers=[carrier(cars=5, windows=[("08:00", "10:00")])],
        carrier_budget=120_000,
    )
    plan = planned(day)
    assert len(plan.outsourced) == 2
    assert plan.outsourced_minor == 100_000
    (entry,) = plan.left_behind
    assert entry.reason is Reason.CARRIER_FULL
    assert (entry.short_by, entry.unit) == (30_000, Unit.MINOR)


def test_an_order_from_stock_takes_its_car_to_the_carrier() -> None:
    """Two buyers, one car ready when the carrier collects and one ready at noon."""
    day = request(
        any_car(order("O1", place=km(300))),
        any_car(order("O2", windows=[("14:00", "16:00")])),
        trucks=[truck(cars=1)],
        stock=[in_stock(901, ready="12:00"), in_stock(902)],
        carriers=[carrier()],
    )
    plan = planned(day)
    assert given(plan)["O1"].vin == vin_of(902)
    assert stop_of(plan, "O2").vin == vin_of(901)


def test_warehouses_are_decided_together_where_they_share_the_last_place() -> None:
    """Both would use the one place: it goes where it saves more, though east comes second."""
    day = request(
        order("O1", place=km(250), warehouse_id="WEST"),
        order("O2", place=km(600), warehouse_id="EAST"),
        trucks=[
            truck("T1", warehouse_id="WEST", driver_id="D1"),
            truck("T2", warehouse_id="EAST", driver_id="D2"),
        ],
        warehouses=[warehouse("WEST", place=km(0)), warehouse("EAST", place=km(300))],
        carriers=[carrier(warehouse_ids=["WEST", "EAST"])],
    )
    plan = planned(day)
    assert given(plan).keys() == {"O2"}
    assert stop_of(plan, "O1")


def test_places_handed_out_by_what_the_search_left_are_dearer_than_the_masters_choice() -> None:
    """One truck position for six buyers an hour apart, one carrier with two places.

    As if there were places for all, the search leaves to the carrier what costs the truck more;
    the two places then go to who saves most, and the others stay behind. The master takes up
    routes again that bring them.
    """
    day = request(
        *(order(f"O{n}", place=km(40 * n), windows=[("08:00", "19:00")]) for n in (1, 2, 3, 4)),
        trucks=[truck(f"T{n}", cars=2, driver_id=f"D{n}") for n in (1, 2)],
        carriers=[carrier(base=15_000, cars=1, windows=[("09:00", "18:00")])],
    )
    problem = build_problem(day, matrix_of(day))
    naive = search(priced_in(problem), Iterations(250), seed=1)
    off = set(range(4)) - naive.best.served
    handed = give_away(problem, off, given={}, loaded={})
    assert off - handed.keys()
    found = search_beside_carriers(problem, Iterations(500), seed=1)
    chosen = choose(problem, found.pool, found.best, seed=1)
    assert chosen.solution.served | chosen.solution.outsourced.keys() == {0, 1, 2, 3}
    assert len(chosen.solution.outsourced) == 1


def test_a_search_alone_cannot_share_a_budget_and_the_master_does() -> None:
    """Serving all by truck, the search never asks the carrier; the master gives away what saves."""
    day = request(
        order("O1", place=km(60)),
        order("O2", place=km(-200)),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)],
        carriers=[carrier(base=40_000, cars=5)],
        carrier_budget=40_000,
    )
    problem = build_problem(day, matrix_of(day))
    found = search(problem, Iterations(250), seed=1)
    assert found.best.served == {0, 1}
    chosen = choose(problem, found.pool, found.best, seed=1)
    assert dict(chosen.solution.outsourced) == {1: 0}
    assert chosen.given_up == frozenset()
    assert chosen.cost < found.cost


def test_giving_an_order_away_is_a_change_of_truck() -> None:
    """People know the order on T1; the carrier has its price, and the change has one, too."""
    day = request(order("O1", place=km(100)))
    known = baseline_of(planned(day))
    policy = PlanPolicy(
        buffers=day.policy.buffers, stability=StabilityPolicy(truck_changed=10_000_000)
    )
    offered = replace(day, carriers=(carrier(base=10_000),), baseline=known)
    (change,) = planned(offered).changes
    assert change.kind is ChangeKind.TRUCK_CHANGED
    assert (change.truck_before, change.truck_after) == ("T1", "C1")
    assert planned(replace(offered, policy=policy)).outsourced == ()
    assert planned(replace(offered, max_changes=0)).outsourced == ()


def test_a_day_that_nobody_offers_for_is_planned_as_it_was() -> None:
    """A carrier that is too dear for all changes neither routes nor what is left behind; only where
    nothing else helps is it named, with its price."""
    day = request(order("O1"), order("O2", place=km(90)), order("O3", place=km(700)))
    plain = planned(day)
    beside = planned(replace(day, carriers=(carrier(base=10**9),)))
    assert beside.routes == plain.routes
    (behind,), (without,) = beside.left_behind, plain.left_behind
    assert behind.fix is not None and behind.fix.cost_minor > 10**8
    assert behind == replace(without, fix=behind.fix, fix_tried=behind.fix_tried)
