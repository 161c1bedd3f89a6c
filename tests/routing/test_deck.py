"""Who stands where and what must be moved: three programs of ours against every way of doing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from routing.audit.twin.deck import blocked_by, in_the_way, least_moves
from routing.clock import DEAD
from routing.deck import DeckPlan, plan_deck
from routing.domain.fleet import MAX_POSITIONS, DeckPosition, DeckTemplate
from routing.domain.vehicles import Model
from routing.problem import build_problem
from routing.route_cost import deck_fits
from routing.shunts import fewest_shunts, new_deck_memory
from tests.days import SEDAN, SUV, matrix_of, wheel_lift_deck
from tests.deck_strategies import Load, blocked_decks, car_models, loads

Way = tuple[tuple[int, int | None], ...]
"""Row of the position of the car and of the trade-in, stop by stop."""


def every_way(load: Load) -> Iterator[Way]:
    """Place cars and trade-ins in every way there is, trying them on one by one."""
    deck, n = load.deck, len(load.cars)
    for way in permutations(range(len(deck.positions)), n):
        if not all(_takes(deck.positions[at], car) for at, car in zip(way, load.cars, strict=True)):
            continue
        rows = range(len(deck.positions))
        for old in product(*(rows if car else (None,) for car in load.trade_ins)):
            if _goes(load, way, old):
                yield tuple(zip(way, old, strict=True))


def _goes(load: Load, way: Sequence[int], old: Sequence[int | None]) -> bool:
    """Drive the trip: every trade-in finds its position free, strong enough and in the payload."""
    aboard: dict[int, Model] = dict(zip(way, load.cars, strict=True))
    if sum(car.mass_kg for car in aboard.values()) > load.deck.payload_kg:
        return False
    for at, place, car in zip(way, old, load.trade_ins, strict=True):
        del aboard[at]
        if place is not None and car is not None:
            if place in aboard or not _takes(load.deck.positions[place], car):
                return False
            aboard[place] = car
        if sum(car.mass_kg for car in aboard.values()) > load.deck.payload_kg:
            return False
    return True


def _takes(position: DeckPosition, car: Model) -> bool:
    if position.wheel_lift and not car.wheel_lift_ok:
        return False
    sizes = (car.length_mm, car.height_mm, car.mass_kg)
    room = (position.length_mm, position.height_mm, position.mass_kg)
    return all(size <= most for size, most in zip(sizes, room, strict=True))


def moves_of(deck: DeckTemplate, way: Way) -> list[set[str]]:
    """Play a way through: at each stop what a driver cannot drive past."""
    names = [position.id for position in deck.positions]
    blocked = {position.id: set(position.blocked_by) for position in deck.positions}
    aboard = {names[at] for at, _ in way}
    moved = []
    for at, old in way:
        aboard.discard(names[at])
        wanted = {names[at]} | ({names[old]} if old is not None else set())
        off: set[str] = set()
        while grown := {b for name in wanted | off for b in blocked[name] & aboard} - off:
            off |= grown
        moved.append(off)
        if old is not None:
            aboard.add(names[old])
    return moved


def best_by_trying(load: Load) -> tuple[DeckPlan, list[set[str]]] | None:
    """Of every way the one docs/schedule.md names."""

    def rank(way: Way) -> tuple[object, ...]:
        counts = [len(moved) for moved in moves_of(load.deck, way)]
        backwards = [(-1 if old is None else old, at) for at, old in reversed(way)]
        return sum(counts), counts, backwards

    best = min(every_way(load), key=rank, default=None)
    if best is None:
        return None
    names = [position.id for position in load.deck.positions]
    moved = moves_of(load.deck, best)
    plan = DeckPlan(
        cars=tuple(names[at] for at, _ in best),
        trade_ins=tuple("" if old is None else names[old] for _, old in best),
        moved=tuple(tuple(sorted(off)) for off in moved),
    )
    return plan, moved


def compiled(load: Load) -> list[int] | None:
    """Ask the search: moves stop by stop, None where the trip does not fit."""
    day = load.as_request()
    tables = build_problem(day, matrix_of(day)).tables
    row = np.arange(len(load.cars), dtype=np.int32)
    if not deck_fits(tables, 0, row, len(row)):
        return None
    memory = new_deck_memory()
    answer = fewest_shunts(tables, 0, row, 0, len(row), memory)
    assert fewest_shunts(tables, 0, row, 0, len(row), memory) == answer  # remembered
    if answer == DEAD:
        return None
    counts = [_shunts_at(answer, stop) for stop in range(len(row))]
    assert sum(counts) == answer >> 48
    return counts


def _shunts_at(answer: int, stop: int) -> int:
    return answer >> 4 * (MAX_POSITIONS - 1 - stop) & 15


@settings(max_examples=400, deadline=None)
@given(loads(max_cars=5))
def test_the_load_plan_is_as_good_as_trying_everything(load: Load) -> None:
    """Positions of cars and trade-ins and every move, to the tie; none where there is no way."""
    placed = plan_deck(load.deck, load.cars, load.trade_ins)
    tried = best_by_trying(load)
    event("no way" if tried is None else f"{sum(map(len, tried[1]))} shunts")
    if tried is None or placed is None:
        assert placed is None and tried is None
        return
    assert (placed.cars, placed.trade_ins) == (tried[0].cars, tried[0].trade_ins)
    assert tuple(tuple(sorted(names)) for names in placed.moved) == tried[0].moved


@settings(max_examples=400, deadline=None)
@given(loads(max_cars=5))
def test_every_move_has_its_turn(load: Load) -> None:
    """The first named is free to go, then the next: nobody drives through a car."""
    placed = plan_deck(load.deck, load.cars, load.trade_ins)
    blocked = blocked_by(load.deck)
    for names in placed.moved if placed else ():
        for turn, name in enumerate(names):
            ahead = set(names[turn + 1 :])
            if name not in in_the_way(blocked[name] & ahead, {*ahead, name}, blocked):
                assert not blocked[name] & ahead


@pytest.mark.usefixtures("compiled_search")
@settings(max_examples=400, deadline=None)
@given(loads(max_cars=5))
def test_the_search_counts_the_fewest_moves_at_every_stop(load: Load) -> None:
    """Compiled, remembered and packed, and still what trying every way finds."""
    tried = best_by_trying(load)
    assert compiled(load) == (None if tried is None else [len(moved) for moved in tried[1]])


@pytest.mark.usefixtures("compiled_search")
@settings(max_examples=150, deadline=None)
@given(loads(max_cars=8))
def test_search_load_plan_and_auditor_agree_on_wide_decks(load: Load) -> None:
    """Three programs: over tables, over bits and over names; forwards and backwards."""
    placed = plan_deck(load.deck, load.cars, load.trade_ins)
    counts = compiled(load)
    least = least_moves(load.deck, tuple(load.cars), tuple(load.trade_ins))
    assert counts == (None if placed is None else [len(names) for names in placed.moved])
    assert counts == (None if least is None else list(least.moved))


@pytest.mark.usefixtures("compiled_search")
@settings(max_examples=60, deadline=None)
@given(blocked_decks(min_positions=6, max_positions=8), st.data())
def test_a_constraint_model_finds_no_fewer_moves(deck: DeckTemplate, data: st.DataObject) -> None:
    """CP-SAT proves the least on up to eight positions; here `blocked_by` is transitive."""
    cars = data.draw(st.lists(car_models(), min_size=4, max_size=len(deck.positions)))
    load = Load(deck=deck, cars=tuple(cars), trade_ins=(None,) * len(cars))
    counts = compiled(load)
    assert (None if counts is None else sum(counts)) == _least_by_cp_sat(deck, cars)


def _least_by_cp_sat(deck: DeckTemplate, cars: Sequence[Model]) -> int | None:
    if sum(car.mass_kg for car in cars) > deck.payload_kg:
        return None
    model, places = cp_model.CpModel(), range(len(deck.positions))
    on = [[model.new_bool_var(f"{car} {place}") for place in places] for car in range(len(cars))]
    for car, row in zip(cars, on, strict=True):
        model.add_exactly_one(row)
        for place in places:
            if not _takes(deck.positions[place], car):
                model.add(row[place] == 0)
    for place in places:
        model.add_at_most_one(row[place] for row in on)
    blocked, names = blocked_by(deck), [position.id for position in deck.positions]
    pairs = []
    for first in range(len(cars)):
        for later in range(first + 1, len(cars)):
            pair = model.new_bool_var(f"{later} in the way of {first}")
            pairs.append(pair)
            for a in places:
                for b in places:
                    if names[b] in blocked[names[a]]:
                        model.add_bool_or(on[first][a].negated(), on[later][b].negated(), pair)
    model.minimize(sum(pairs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    return int(solver.objective_value) if status == cp_model.OPTIMAL else None


def test_the_first_delivery_hangs_on_the_wheel_lift() -> None:
    """The bed cannot unload while the lift is full, so the lift empties first."""
    placed = plan_deck(wheel_lift_deck(), [SEDAN, SEDAN])
    assert placed is not None
    assert (placed.cars, placed.shunts) == (("LIFT", "BED"), 0)


def test_a_car_that_must_not_be_lifted_takes_the_bed_though_it_leaves_first() -> None:
    """The sedan on the lift stands in its way: worse than the other order, and lawful."""
    placed = plan_deck(wheel_lift_deck(), [SUV, SEDAN])
    assert placed is not None
    assert (placed.cars, placed.moved) == (("BED", "LIFT"), (("LIFT",), ()))
    assert plan_deck(wheel_lift_deck(), [SUV, SUV]) is None


def test_two_cars_may_be_too_heavy_where_each_alone_is_not() -> None:
    """2,300 and 2,700 kg are just what 5,000 kg of payload carry."""
    heavy = Model(
        id="heavy", name="重型", length_mm=4_900, width_mm=1_900, height_mm=1_700, mass_kg=2_700
    )
    lifted = Model(
        id="lifted", name="可吊", length_mm=4_700, width_mm=1_850, height_mm=1_480, mass_kg=2_300,
        wheel_lift_ok=True,
    )  # fmt: skip
    placed = plan_deck(wheel_lift_deck(), [lifted, heavy])
    assert placed is not None and placed.cars == ("LIFT", "BED")
    tight = DeckTemplate(id="tight", positions=wheel_lift_deck().positions, payload_kg=4_999)
    assert plan_deck(tight, [lifted, heavy]) is None


def test_a_deck_has_at_most_as_many_positions_as_the_search_can_weigh() -> None:
    """Thirteen would be 8,192 sets; no carrier on the road has that many."""
    positions = tuple(
        DeckPosition(id=f"P{n}", length_mm=5_000, height_mm=2_000, mass_kg=2_000)
        for n in range(MAX_POSITIONS + 1)
    )
    with pytest.raises(ValueError, match="more than 12"):
        DeckTemplate(id="long", positions=positions, payload_kg=20_000)
