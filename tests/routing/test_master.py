"""The master: it picks routes under what they share, and sets the time they leave."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, assume, event, given, settings

from routing.domain.baseline import BaselineStop
from routing.inserting import cost_of_all
from routing.problem import Problem, build_problem
from routing.search.budget import Iterations
from routing.search.master import Chosen, choose
from routing.search.pool import Pool
from routing.search.ruin_recreate import Found, search
from routing.search.solution import Solution
from tests.days import at, km, matrix_of, order, request, truck, warehouse
from tests.generated_days import generated_day
from tests.solving import solve
from tests.strategies import Day, days

pytestmark = pytest.mark.usefixtures("compiled_search")


def problem_of(day: Day) -> Problem:
    """Compile a day."""
    return build_problem(day.request, day.travel)


def searched(problem: Problem) -> Found:
    """Search for a moment; bays are not looked at."""
    return search(problem, Iterations(250), seed=1)


def load_s(problem: Problem, truck_row: int, cars: int) -> int:
    """Seconds at a bay."""
    bays = problem.tables.bays
    return int(bays.load_base[truck_row] + bays.load_per_car[truck_row] * cars)


def loads_at_once(problem: Problem, solution: Solution, house: int) -> int:
    """Most trucks that load at one time at a warehouse."""
    spans = [
        (start, start + load_s(problem, row, len(solution.sequences[row])))
        for row, start in solution.loads.items()
        if int(problem.tables.warehouse[row]) == house
    ]
    return max((sum(a <= start < b for a, b in spans) for start, _ in spans), default=0)


def priced(problem: Problem, solution: Solution) -> int:
    """Fen of a solution at its cheapest departures, with left-behind orders priced in."""
    left = set(range(len(problem.tables.place))) - solution.served
    return cost_of_all(problem.tables, solution) + sum(
        int(problem.tables.penalty[row]) for row in left
    )


def bays_suffice(problem: Problem) -> bool:
    """Tell whether every truck of every warehouse has a bay to itself."""
    p = problem.tables
    return all(
        int(bays) >= int((p.warehouse == house).sum()) for house, bays in enumerate(p.bays.bays)
    )


def chosen_of(problem: Problem, found: Found) -> Chosen:
    """Let the master choose."""
    return choose(problem, found.pool, found.best, seed=1)


def test_three_trucks_that_want_to_leave_at_once_are_timed_apart_at_one_bay() -> None:
    """Three buyers are free from nine; each truck loads 25 minutes and drives 30."""
    day = request(
        *(order(f"O{n}", windows=[("09:00", "12:00")]) for n in (1, 2, 3)),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2, 3)],
        warehouses=[warehouse(bays=1)],
    )
    plan = solve(day, matrix_of(day)).plan
    assert plan.left_behind == ()
    loads = sorted((route.load.start, route.load.end) for route in plan.routes)
    assert [end - start for start, end in loads] == 3 * [at("08:25") - at("08:00")]
    for (_, first_ends), (second_starts, _) in pairwise(loads):
        assert first_ends <= second_starts
    # Nobody waits at the door: the first truck loads as late as it would alone.
    assert loads[0][1] == at("08:30")


def test_with_a_bay_each_all_three_leave_at_the_same_minute() -> None:
    """What the scarce bay cost them: nothing is shared here."""
    day = request(
        *(order(f"O{n}", windows=[("09:00", "12:00")]) for n in (1, 2, 3)),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2, 3)],
        warehouses=[warehouse(bays=3)],
    )
    plan = solve(day, matrix_of(day)).plan
    assert {route.departs for route in plan.routes} == {at("08:30")}
    assert sorted(route.bay for route in plan.routes) == [1, 2, 3]


def test_of_routes_that_cannot_all_load_in_time_the_promised_ones_stay() -> None:
    """The search plans four trucks; the one bay loads two of them in an hour."""
    promised = {1, 4}
    day = request(
        *(
            order(f"O{n}", windows=[("08:00", "09:00")], promised=n in promised)
            for n in (1, 2, 3, 4)
        ),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2, 3, 4)],
        warehouses=[warehouse(bays=1, loading=[("07:00", "08:00")])],
    )
    problem = problem_of(Day(request=day, travel=matrix_of(day)))
    found = searched(problem)
    assert len(found.best.served) == 4
    chosen = chosen_of(problem, found)
    assert {row + 1 for row in chosen.solution.served} == promised
    assert chosen.given_up == found.best.served - chosen.solution.served
    assert loads_at_once(problem, chosen.solution, 0) == 1


def test_no_more_routes_than_trucks_of_a_kind() -> None:
    """The pool offers three routes for the two big trucks; the small one takes only its own."""
    day = request(
        *(order(f"O{n}", place=km(20 * n)) for n in (1, 2, 3)),
        trucks=[
            truck("T1", cars=2),
            truck("T2", cars=2, driver_id="D2"),
            truck("T3", cars=1, driver_id="D3"),
        ],
        warehouses=[warehouse(bays=3)],
    )
    problem = problem_of(Day(request=day, travel=matrix_of(day)))
    assert [int(group) for group in problem.tables.group] == [0, 0, 1]
    pool = Pool(groups=(0, 0, 1))
    for sequence in ((0,), (1,), (2,)):
        pool.start_with(Solution(sequences=MappingProxyType({0: sequence})))
    nobody = Solution(sequences=MappingProxyType({}))
    chosen = choose(problem, pool, nobody, seed=1)
    assert set(chosen.solution.sequences) == {0, 1}
    assert len(chosen.solution.served) == 2


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(days())
def test_the_choice_is_never_worse_than_the_incumbent_where_bays_suffice(day: Day) -> None:
    """The incumbent's routes are in the pool: it can always be chosen again."""
    problem = problem_of(day)
    found = searched(problem)
    chosen = chosen_of(problem, found)
    assert chosen.bound <= chosen.cost
    assume(bays_suffice(problem))
    event("bays suffice")
    assert chosen.cost == priced(problem, chosen.solution)
    assert chosen.cost <= found.cost
    assert chosen.given_up == frozenset()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(days())
def test_no_warehouse_loads_more_trucks_at_a_time_than_it_has_bays(day: Day) -> None:
    """And no order rides twice, and every truck that goes has its departure and its load."""
    problem = problem_of(day)
    solution = chosen_of(problem, searched(problem)).solution
    assert solution.departs.keys() == solution.loads.keys() == solution.sequences.keys()
    for one, other in combinations(solution.sequences.values(), 2):
        assert not set(one) & set(other)
    for house, bays in enumerate(problem.tables.bays.bays):
        assert loads_at_once(problem, solution, house) <= int(bays)


def test_the_same_pool_and_seed_give_the_same_choice() -> None:
    """Deterministic time, one worker: a plan can be made again."""
    problem = problem_of(generated_day(4))
    once, again = (chosen_of(problem, searched(problem)) for _ in range(2))
    assert once == again


def test_the_bound_is_in_the_money_of_the_cost() -> None:
    """A promise moves although nothing may change: what the budget outranks with is no money."""
    day = request(
        order("O1", place=km(40), windows=[("09:00", "10:00")], promised=True), trucks=[truck("T1")]
    )
    known = BaselineStop(order_id="O1", truck_id="T1", begins=at("08:00"))
    day = replace(day, baseline=(known,), max_changes=0)
    problem = build_problem(day, matrix_of(day))
    chosen = chosen_of(problem, searched(problem))
    assert chosen.solution.served == {0}
    assert chosen.bound <= chosen.cost
