"""Trade-ins: the buyer's old car rides back, and must find a free position at the handover."""

from dataclasses import replace

from routing.domain.fleet import DeckTemplate
from routing.domain.orders import TradeIn
from routing.reasons import Reason
from tests.days import SEDAN, flat_deck, km, order, request, truck, two_level_deck
from tests.features.stories import left, planned, route_of

OLD = TradeIn(model_name="旧轿车", model=SEDAN)


def test_the_old_car_takes_the_place_of_the_new_one() -> None:
    """One position: off goes the new car, on comes the old one, a quarter of an hour of work."""
    plan = planned(request(order("O1", trade_in=OLD), trucks=[truck(cars=1)]))
    (stop,) = route_of(plan, "O1").stops
    assert stop.trade_in is not None
    assert (stop.trade_in.position_id, stop.trade_in.model_name) == ("P1", "旧轿车")
    # 20 min to unload, 15 min to load the old car, 60 min of handover
    assert (stop.ends - stop.begins).total_seconds() == (20 + 15 + 60) * 60
    assert (stop.deck_s, stop.shunts) == (15 * 60, ())


def test_an_old_car_too_large_for_the_deck_keeps_the_order_at_home() -> None:
    """The new sedan would fit; the old van would not, and nobody sends a second truck unasked."""
    van = TradeIn(model_name="旧面包车", model=replace(SEDAN, id="van", height_mm=2_300))
    plan = planned(request(order("O1", trade_in=van), order("O2", place=km(40))))
    entry = left(plan, "O1")
    assert entry.reason is Reason.TRADE_IN_NO_ROOM
    assert "旧面包车" in entry.text
    assert route_of(plan, "O2").truck_id == "T1"


def test_the_old_car_counts_into_the_payload() -> None:
    """Two sedans are just what the truck carries: a heavier old car must wait for the second."""
    heavy = TradeIn(model_name="旧越野", model=replace(SEDAN, id="heavy", mass_kg=2_700))
    deck = flat_deck(2, payload_kg=SEDAN.mass_kg * 2)
    plan = planned(
        request(
            order("O1", place=km(20), trade_in=heavy),
            order("O2", place=km(40)),
            trucks=[truck(deck=deck)],
        )
    )
    # O1 first would leave a sedan and 2,700 kg on board; so its buyer comes last.
    assert [stop.order_id for stop in route_of(plan, "O1").stops] == ["O2", "O1"]


def test_the_old_car_stands_in_the_way_of_later_buyers() -> None:
    """Two positions, one behind the other: what comes on board first is in front of nobody."""
    plan = planned(
        request(
            order("O1", place=km(20), windows=[("08:00", "10:00")], trade_in=OLD),
            order("O2", place=km(40), windows=[("12:00", "14:00")]),
            trucks=[truck(deck=_in_a_row(2))],
        )
    )
    first, second = route_of(plan, "O1").stops
    assert first.trade_in is not None
    # Rear first: O1 leaves from the rear, the old car takes that place and blocks O2: one shunt;
    # with O2 at the rear it would be moved for O1 and again for the old car, at one stop: also one,
    # and that is earlier in the day.
    assert (len(first.shunts), len(second.shunts)) == (0, 1)
    (move,) = second.shunts
    assert (move.order_id, move.trade_in, move.vin) == ("O1", True, "")
    assert second.deck_s == 10 * 60
    assert route_of(plan, "O1").cost.shunts == 2_000


def _in_a_row(cars: int) -> DeckTemplate:
    """The lower level of a carrier alone: each car is behind the one before it."""
    deck = two_level_deck(2 * cars)
    lower = tuple(each for each in deck.positions if each.id.startswith("下"))
    return replace(deck, id="row", positions=lower)


def test_a_second_trip_finds_the_deck_empty() -> None:
    """The first trip's old car is left at the warehouse before the next car goes up."""
    day = request(
        order("O1", place=km(20), windows=[("08:00", "10:00")], trade_in=OLD),
        order("O2", place=km(20), windows=[("13:00", "16:00")], trade_in=OLD),
        trucks=[replace(truck(cars=1), trips_max=2)],
    )
    (route,) = planned(day).routes
    first, second = route.trips
    assert [stop.trade_in is not None for stop in route.stops] == [True, True]
    assert [len(trip.deck) for trip in (first, second)] == [1, 1]
