"""Deck capacity by position: every car stands on a position that takes it."""

from dataclasses import replace

from routing.plan import FixKind
from routing.reasons import Reason, Unit
from tests.days import SEDAN, SUV, flat_deck, km, order, request, truck, wheel_lift_deck
from tests.features.stories import left, planned, route_of


def test_the_third_car_does_not_fit_on_two_positions() -> None:
    """Three buyers at home all day in one street; the truck has two positions."""
    day = request(*(order(f"O{n}", place=km(30 + n)) for n in (1, 2, 3)))
    plan = planned(day)
    (route,) = plan.routes
    assert {car.position_id for car in route.deck} == {"P1", "P2"}
    (third,) = plan.left_behind
    assert third.reason is Reason.DECK_NO_FIT
    assert (third.short_by, third.unit) == (1, Unit.CARS)
    assert third.fix is not None
    assert third.fix.kind is FixKind.EXTRA_TRUCK
    assert third.fix.cost_minor == day.policy.concessions.truck_day["one_car"]


def test_a_car_longer_than_every_position_says_by_how_much() -> None:
    """5,600 mm on a position of 5,300 mm."""
    long = replace(SEDAN, id="long", length_mm=5_600)
    plan = planned(request(order("O1"), order("O2", model=long)))
    assert route_of(plan, "O1").truck_id == "T1"
    too_long = left(plan, "O2")
    assert too_long.reason is Reason.DECK_NO_FIT
    assert (too_long.short_by, too_long.unit) == (300, Unit.MILLIMETRES)


def test_a_payload_too_small_says_by_how_much() -> None:
    """Two positions for 2,450 kg each, a payload of 4,000 kg."""
    day = request(
        order("O1", model=SUV),
        order("O2", model=SUV),
        trucks=[truck(deck=flat_deck(2, payload_kg=4_000))],
    )
    (heavy,) = planned(day).left_behind
    assert (heavy.short_by, heavy.unit) == (900, Unit.KILOGRAMS)


def test_no_car_that_must_not_be_lifted_stands_on_the_wheel_lift() -> None:
    """The sedan may be lifted, the SUV may not: it stands on the bed."""
    day = request(
        order("O1", model=SUV), order("O2", model=SEDAN), trucks=[truck(deck=wheel_lift_deck())]
    )
    plan = planned(day)
    positions = {car.order_id: car.position_id for car in plan.routes[0].deck}
    assert positions == {"O1": "BED", "O2": "LIFT"}


def test_a_car_in_the_way_is_driven_off_and_put_back() -> None:
    """The SUV may not be lifted, so the sedan hangs on the lift; the SUV's buyer is at home in the
    morning only. The driver's ten minutes and 20 yuan are in the plan."""
    day = request(
        order("O1", model=SUV, place=km(30), windows=[("08:00", "10:00")]),
        order("O2", model=SEDAN, place=km(30), windows=[("12:00", "14:00")]),
        trucks=[truck(deck=wheel_lift_deck())],
    )
    (route,) = planned(day).routes
    first, second = route.stops
    assert [(move.position_id, move.order_id) for move in first.shunts] == [("LIFT", "O2")]
    # 20 min to unload, 10 min for the sedan, 60 min of handover
    assert (first.ends - first.begins).total_seconds() == (20 + 10 + 60) * 60
    assert (second.shunts, second.deck_s) == ((), 0)
    assert route.cost.shunts == day.policy.deck.shunt_fen == 2_000


def test_the_order_of_stops_saves_shunts() -> None:
    """Both buyers in one street, at home all day: whoever hangs on the lift is served first."""
    day = request(
        order("O1", model=SUV), order("O2", model=SEDAN), trucks=[truck(deck=wheel_lift_deck())]
    )
    (route,) = planned(day).routes
    assert [stop.order_id for stop in route.stops] == ["O2", "O1"]
    assert route.cost.shunts == 0
