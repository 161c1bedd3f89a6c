"""Who stands where: placing cars on a deck, against every way of doing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from routing.deck import place_cars
from routing.domain.fleet import DeckPosition, DeckTemplate
from routing.domain.vehicles import Model
from routing.problem import build_problem
from routing.route_cost import deck_fits
from tests.days import SEDAN, SUV, matrix_of, order, request, truck, wheel_lift_deck


@st.composite
def decks(draw: st.DrawFn) -> DeckTemplate:
    """One to five positions of different sizes; any may stand in the way of any other."""
    names = [f"P{n}" for n in range(1, 1 + draw(st.integers(1, 5)))]
    positions = tuple(
        DeckPosition(
            id=name,
            length_mm=draw(st.sampled_from((4_600, 5_000, 5_300))),
            height_mm=draw(st.sampled_from((1_600, 2_000))),
            mass_kg=draw(st.sampled_from((1_900, 2_800))),
            wheel_lift=draw(st.sampled_from((False, False, True))),
            blocked_by=tuple(
                draw(st.lists(st.sampled_from(names), unique=True, max_size=2).map(_others(name)))
            ),
        )
        for name in names
    )
    return DeckTemplate(
        id="drawn", positions=positions, payload_kg=draw(st.sampled_from((4_500, 7_000, 14_000)))
    )


def _others(name: str) -> Callable[[list[str]], list[str]]:
    return lambda drawn: [each for each in drawn if each != name]


def models() -> st.SearchStrategy[Model]:
    """Small and large, low and high, liftable or not."""
    return st.builds(
        Model,
        id=st.just("drawn"),
        name=st.just("drawn"),
        length_mm=st.sampled_from((4_300, 4_800, 5_200)),
        width_mm=st.just(1_900),
        height_mm=st.sampled_from((1_500, 1_800)),
        mass_kg=st.sampled_from((1_600, 2_300)),
        wheel_lift_ok=st.booleans(),
    )


def best_by_trying(deck: DeckTemplate, cars: Sequence[Model]) -> tuple[str, ...] | None:
    """Try every way; the fewest cars in the way, then the last delivered first in the list."""
    if sum(car.mass_kg for car in cars) > deck.payload_kg:
        return None
    ways = [
        way
        for way in permutations(range(len(deck.positions)), len(cars))
        if all(_takes(deck.positions[at], car) for at, car in zip(way, cars, strict=True))
    ]
    if not ways:
        return None
    best = min(ways, key=lambda way: (_in_the_way(deck, way), way[::-1]))
    return tuple(deck.positions[at].id for at in best)


def _takes(position: DeckPosition, car: Model) -> bool:
    if position.wheel_lift and not car.wheel_lift_ok:
        return False
    sizes = (car.length_mm, car.height_mm, car.mass_kg)
    room = (position.length_mm, position.height_mm, position.mass_kg)
    return all(size <= most for size, most in zip(sizes, room, strict=True))


def _in_the_way(deck: DeckTemplate, way: Sequence[int]) -> int:
    """Count pairs: a car delivered later stands where one delivered earlier must pass."""
    return sum(
        deck.positions[later].id in deck.positions[earlier].blocked_by
        for number, earlier in enumerate(way)
        for later in way[number + 1 :]
    )


@settings(max_examples=300, deadline=None)
@given(decks(), st.lists(models(), min_size=1, max_size=6))
def test_cars_are_placed_as_well_as_trying_everything_would(
    deck: DeckTemplate, cars: list[Model]
) -> None:
    """The fewest cars to drive off and on again; and none where there is no way at all."""
    placed = place_cars(deck, cars)
    event("fit" if placed else "do not fit")
    assert placed == best_by_trying(deck, cars)


@pytest.mark.usefixtures("compiled_search")
@settings(max_examples=150, deadline=None)
@given(decks(), st.lists(models(), min_size=1, max_size=6))
def test_the_search_and_the_load_plan_agree_on_what_fits(
    deck: DeckTemplate, cars: list[Model]
) -> None:
    """One is compiled matching, the other a dynamic program: a route the search plans can load."""
    day = request(
        *(order(f"O{n}", model=car) for n, car in enumerate(cars)), trucks=[truck(deck=deck)]
    )
    tables = build_problem(day, matrix_of(day)).tables
    row = np.arange(len(cars), dtype=np.int32)
    assert bool(deck_fits(tables, 0, row, len(cars))) == (place_cars(deck, cars) is not None)


def test_the_first_delivery_hangs_on_the_wheel_lift() -> None:
    """The bed cannot unload while the lift is full, so the lift empties first."""
    assert place_cars(wheel_lift_deck(), [SEDAN, SEDAN]) == ("LIFT", "BED")


def test_a_car_that_must_not_be_lifted_takes_the_bed_though_it_leaves_first() -> None:
    """The sedan on the lift stands in its way: worse than the other order, and lawful."""
    assert place_cars(wheel_lift_deck(), [SUV, SEDAN]) == ("BED", "LIFT")
    assert place_cars(wheel_lift_deck(), [SUV, SUV]) is None


def test_two_cars_may_be_too_heavy_where_each_alone_is_not() -> None:
    """2,300 and 2,700 kg are just what 5,000 kg of payload carry."""
    heavy = Model(
        id="heavy", name="重型", length_mm=4_900, width_mm=1_900, height_mm=1_700, mass_kg=2_700
    )
    lifted = Model(
        id="lifted", name="可吊", length_mm=4_700, width_mm=1_850, height_mm=1_480, mass_kg=2_300,
        wheel_lift_ok=True,
    )  # fmt: skip
    assert place_cars(wheel_lift_deck(), [lifted, heavy]) == ("LIFT", "BED")
    tight = DeckTemplate(id="tight", positions=wheel_lift_deck().positions, payload_kg=4_999)
    assert place_cars(tight, [lifted, heavy]) is None
