"""Small days completely: every route there is, and a bound that is about the day."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, event, given, settings

from geodata.units import Minor
from routing.domain.orders import Priority
from routing.inserting import cost_of, fits_deck
from routing.problem import Problem, build_problem
from routing.search.budget import Iterations
from routing.search.complete import complete_columns
from routing.search.master import choose
from routing.search.pool import Pool
from routing.search.ruin_recreate import search
from routing.search.solution import NOTHING
from tests.days import (
    any_car,
    in_stock,
    km,
    matrix_of,
    order,
    request,
    specialist,
    truck,
    warehouse,
)
from tests.strategies import Day, days

pytestmark = pytest.mark.usefixtures("compiled_search")


def nothing(problem: Problem) -> Pool:
    """A pool without a single route."""
    return Pool(groups=tuple(int(group) for group in problem.tables.group))


def cheapest_by_hand(problem: Problem) -> int:
    """Fen of the best plan, by trying every sequence on every truck and every partition."""
    p = problem.tables
    orders = range(len(p.place))
    best: dict[tuple[int, frozenset[int]], int] = {}
    for row in range(len(p.home)):
        for size in range(1, len(orders) + 1):
            for cars in combinations(orders, size):
                if not all(p.allowed[row, each] for each in cars) or not fits_deck(p, row, cars):
                    continue
                costs = [cost_of(p, row, each) for each in permutations(cars)]
                found = [cost for cost in costs if cost is not None]
                if found:
                    best[row, frozenset(cars)] = min(found)
    plans: dict[frozenset[int], int] = {frozenset(): 0}
    for row in range(len(p.home)):
        more = dict(plans)
        for (mine, load), cost in best.items():
            if mine != row:
                continue
            for served, fen in plans.items():
                if not served & load:
                    both = served | load
                    more[both] = min(more.get(both, fen + cost), fen + cost)
        plans = more
    return min(
        fen + sum(int(p.penalty[each]) for each in orders if each not in served)
        for served, fen in plans.items()
    )


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(days(max_orders=4, max_trucks=3))
def test_the_complete_model_finds_what_trying_everything_finds(day: Day) -> None:
    """Bays aside, which nobody can try by hand: there are enough of them here."""
    houses = tuple(replace(each, bays=9) for each in day.request.warehouses)
    problem = build_problem(replace(day.request, warehouses=houses), day.travel)
    wholes = complete_columns(problem)
    chosen = choose(problem, nothing(problem), NOTHING, seed=1, wholes=wholes)
    if any(each.trips_max > 1 for each in day.request.trucks):
        event("several trips: not completed")
        return
    if problem.meets.any():
        event("somebody has to come by own car: not to be tried by hand")
        return
    event(f"served {len(chosen.solution.served)}")
    assert chosen.cost == cheapest_by_hand(problem)
    assert chosen.proved


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(days(max_orders=6, max_trucks=4))
def test_nothing_the_search_finds_is_below_the_bound_of_the_complete_model(day: Day) -> None:
    """With bays as scarce as they come."""
    problem = build_problem(day.request, day.travel)
    found = search(problem, Iterations(250), seed=1)
    pooled = choose(problem, found.pool, found.best, seed=1)
    whole = choose(problem, found.pool, found.best, seed=1, wholes=complete_columns(problem))
    if len(whole.whole) == len(day.request.warehouses):
        event("complete")
        assert whole.bound <= pooled.cost
        assert whole.cost <= pooled.cost


def test_a_day_with_several_trips_is_not_called_complete() -> None:
    """Its routes are not all listed: a bound would be a lie."""
    made = request(order("O1"), trucks=[replace(truck(), trips_max=2)])
    problem = build_problem(made, matrix_of(made))
    assert complete_columns(problem) == []


def test_so_many_routes_that_nobody_lists_them() -> None:
    """Effort is counted: past it the pool is what there is."""
    made = request(*(order(f"O{n}", place=km(5 * n)) for n in range(1, 7)), trucks=[truck(cars=6)])
    problem = build_problem(made, matrix_of(made))
    assert complete_columns(problem, most_nodes=20) == []
    assert len(complete_columns(problem)) == 1


def test_warehouses_that_share_stock_are_completed_together() -> None:
    """An order that either could serve stands in the routes of both."""
    made = request(
        any_car(order("O1", place=km(100))),
        order("O2", warehouse_id="WEST"),
        trucks=[
            truck("T1", warehouse_id="WEST", driver_id="D1"),
            truck("T2", warehouse_id="EAST", driver_id="D2"),
        ],
        warehouses=[warehouse("WEST"), warehouse("EAST", place=km(200))],
        stock=[in_stock(901, warehouse_id="WEST"), in_stock(902, warehouse_id="EAST")],
    )
    problem = build_problem(made, matrix_of(made))
    (whole,) = complete_columns(problem)
    assert whole.houses == {0, 1}
    # West: O1, O2 and both, in either sequence; East: O1.
    assert {(column.truck, frozenset(column.orders)) for column in whole.columns} == {
        (0, frozenset({0})), (0, frozenset({1})), (0, frozenset({0, 1})), (1, frozenset({0})),
    }  # fmt: skip


def test_the_bound_holds_for_specialists_too() -> None:
    """Two buyers at one time, one specialist: one of them is left, and that is proved best."""
    made = request(
        *(
            order(f"O{n}", place=km(far), windows=[("09:00", "10:00")], skills=["luxury"])
            for n, far in ((1, 60), (2, -60))
        ),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)],
        specialists=[specialist("S1", skills=["luxury"])],
    )
    problem = build_problem(made, matrix_of(made))
    chosen = choose(problem, nothing(problem), NOTHING, seed=1, wholes=complete_columns(problem))
    assert len(chosen.solution.served) == 1
    assert chosen.proved
    assert chosen.solution.sequences != MappingProxyType({})


def test_nothing_is_called_proved_where_nobody_listed_the_routes() -> None:
    """Every order costs more than leaving it: no columns, but no proof either."""
    day = request(*(order(f"O{n}", place=km(200)) for n in range(22)), trucks=[truck("T1", cars=2)])
    cheap = dict.fromkeys(Priority, Minor(100))
    day = replace(day, policy=replace(day.policy, left_behind=cheap))
    problem = build_problem(day, matrix_of(day))
    wholes = complete_columns(problem)
    assert wholes == []
    chosen = choose(problem, nothing(problem), NOTHING, seed=1, wholes=wholes)
    assert not chosen.solution.sequences
    assert not chosen.proved
