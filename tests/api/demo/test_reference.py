"""A day with a known answer: its own tours make a plan that leaves only the impossible behind."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import pytest

from routing.decode import Decoded, decode
from routing.explain import Effort
from routing.explain.reasons import judge
from routing.planner import plan_day
from routing.problem import Problem, build_problem
from routing.reasons import Reason
from routing.search.budget import Iterations
from routing.search.master import choose
from routing.search.pool import Pool
from routing.search.solution import Solution
from tests.api.demo.conftest import SEED, DayRead

SEEDS = (SEED, 1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The plan that the tours make, and the day it is for."""

    read: DayRead
    problem: Problem
    decoded: Decoded


@pytest.fixture(scope="module")
def reference_of(read_demo: Callable[[int], DayRead]) -> Callable[[int], Reference]:
    """Load and time a day's tours together under its bays; each seed once."""
    known: dict[int, Reference] = {}

    def plan(seed: int) -> Reference:
        if seed not in known:
            read = read_demo(seed)
            prepared = read.prepared()
            problem = build_problem(prepared.request, prepared.travel)
            truck_row = {truck.id: row for row, truck in enumerate(problem.layout.trucks)}
            order_row = {order.id: row for row, order in enumerate(problem.layout.orders)}
            tours = {
                truck_row[truck_id]: tuple(order_row[order_id] for order_id in order_ids)
                for truck_id, order_ids in read.demo.tours.items()
                if order_ids
            }
            pool = Pool([int(group) for group in problem.tables.group])
            solution = Solution(sequences=MappingProxyType(tours))
            chosen = choose(problem, pool, solution, seed=1)
            known[seed] = Reference(
                read=read, problem=problem, decoded=decode(problem, chosen.solution)
            )
        return known[seed]

    return plan


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tours_share_bays_and_keep_slots(
    reference_of: Callable[[int], Reference], seed: int
) -> None:
    """139 of 150 can be served together; else nobody could tell a poor plan from a poor day."""
    reference = reference_of(seed)
    assert reference.decoded.unslotted == ()
    assert len(reference.decoded.solution.served) == 139


@pytest.mark.parametrize("seed", SEEDS)
def test_each_impossible_order_stays_behind_for_its_reason(
    reference_of: Callable[[int], Reference], seed: int
) -> None:
    """One order, one cause: the reason of the nearest miss is the one the day was made with."""
    reference = reference_of(seed)
    rows = {order.id: row for row, order in enumerate(reference.problem.layout.orders)}
    found: dict[str, Reason | None] = {}
    for order_id in reference.read.demo.expectations:
        verdict = judge(reference.problem, reference.decoded.solution, rows[order_id], seed=1)
        found[order_id] = verdict.nearest.shortfall.reason if verdict.nearest else None
    assert found == reference.read.demo.expectations


def test_the_planner_leaves_only_them_and_the_auditor_agrees(
    reference_of: Callable[[int], Reference],
) -> None:
    """Through the whole planner, started from the known plan: no search is needed to hold it."""
    reference = reference_of(SEED)
    layout = reference.problem.layout
    planned = plan_day(
        layout.request,
        layout.travel,
        budget=Iterations(0),
        seed=1,
        start=reference.decoded.solution,
        effort=Effort(iterations=0, searches=0, pairs=0),
    )
    reasons = {entry.order_id: entry.reason for entry in planned.plan.left_behind}
    assert reasons == reference.read.demo.expectations
    assert planned.plan.left_behind[0].promised, "the broken promise heads the list"
    assert planned.report.clean
