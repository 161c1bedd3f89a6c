"""Search a day: the kernel ranks on the day's plain model, the exact evaluator decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from routing.clock import DEAD, MOST_ENTRIES, RELOAD, longest_sequence
from routing.plan import StopReason
from routing.problem import Problem, Tables
from routing.route_cost import deck_fits, route_cost
from routing.schedule import new_scratch
from routing.search.budget import Budget
from routing.search.changing import baseline_start
from routing.search.kernel.build import build_routes, build_world, put_at, waiting
from routing.search.kernel.exact import new_exact
from routing.search.kernel.parcel import Day
from routing.search.kernel.recipe import Recipe
from routing.search.kernel.run import Annealing, Standing
from routing.search.kernel.state import ROW, Routes, World
from routing.search.locked import with_locked
from routing.search.pool import Pool
from routing.search.relax import relax
from routing.search.solution import NOTHING, Solution
from routing.trips import orders_of

ROUND: Final = 250
"""Steps between two looks at the budget; a plan depends on it, so it is no setting."""
RECIPE: Final = Recipe(hot=0.3, cold=0.015)
"""For short routes on mixed fleets (planning.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a search stands: money in fen, left-behind orders priced in."""

    iterations: int
    share: float
    cost: int
    served: int
    orders: int
    trucks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search brings back."""

    best: Solution
    cost: int
    iterations: int
    stop_reason: StopReason
    pool: Pool


def search(
    problem: Problem,
    budget: Budget,
    *,
    seed: int,
    start: Solution = NOTHING,
    greedy: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Progress, Solution], None] = lambda progress, best: None,
) -> Found:
    """Search from a start: insert what is missing, then ruin and recreate until the budget is over.

    With `greedy` it only ever accepts improvements, which stays close to the start. A route of
    the start that is not lawful is taken apart. Bays are not looked at; the master sees to them.
    """
    p = problem.tables
    orders, trucks = len(p.place), len(p.home)
    start = with_locked(p, start if start.sequences else baseline_start(p))
    pool = Pool(groups=tuple(int(group) for group in p.group))
    pool.start_with(start)
    if not orders or not trucks:
        return Found(
            best=NOTHING,
            cost=int(p.penalty.sum()),
            iterations=0,
            stop_reason=budget.reason,
            pool=pool,
        )
    relaxed = relax(p)
    model = relaxed.model
    width = longest_sequence(p) + 3
    world = build_world(
        model, neighbours=RECIPE.neighbours, fixed=p.locks.fixed, stock=p.stock.kind
    )
    routes = build_routes(model, rows=relaxed.rows, stock=p.stock.left, width=width)
    day = Day(p, new_scratch(width))
    exact = new_exact(day, width=width)
    _set_out(day, routes, world, start)
    annealing = Annealing(model, world, routes, exact, RECIPE, seed=seed)
    unlawful = annealing.begin(waiting(routes, model))
    if unlawful >= 0:
        raise AssertionError(f"kernel row {unlawful} of the start has no schedule any more")
    pool.take(_priced(day, _solution(annealing, routes, model.depots)))

    def after_round(standing: Standing) -> None:
        pool.harvest(exact)
        best = _solution(annealing, routes, model.depots)
        on_progress(
            Progress(
                iterations=standing.steps,
                share=standing.share,
                cost=int(standing.cost),
                served=orders - annealing.left_out,
                orders=orders,
                trucks=len(best.sequences),
            ),
            best,
        )

    finished = annealing.run(
        budget.begun(), greedy=greedy, rounds=ROUND, cancelled=cancelled, after_round=after_round
    )
    best = _solution(annealing, routes, model.depots)
    priced = _priced(day, best)
    pool.take(priced)
    _check_sum(p, best, priced, int(annealing.cost))
    return Found(
        best=best,
        cost=int(annealing.cost),
        iterations=annealing.steps,
        stop_reason=budget.reason if finished else StopReason.CANCELLED,
        pool=pool,
    )


def _check_sum(
    p: Tables, best: Solution, priced: list[tuple[int, int, tuple[int, ...]]], cost: int
) -> None:
    """Price the best solution afresh: the kernel remembers costs by fingerprints, and counts on."""
    waiting = [order for order in range(len(p.place)) if order not in best.served]
    afresh = sum(fen for _, fen, _ in priced) + int(p.penalty[waiting].sum())
    if any(fen == DEAD for _, fen, _ in priced) or afresh != cost:
        raise AssertionError(f"the kernel's best costs {afresh} fen afresh, {cost} by its books")


def _set_out(day: Day, routes: Routes, world: World, start: Solution) -> None:
    """Set the lawful routes of a start."""
    at_row = {int(row): k for k, row in enumerate(routes.trucks[:, ROW])}
    free = [int(node) for node in world.reloads[:-1]]
    for truck, sequence in start.sequences.items():
        if _price(day, truck, sequence) != DEAD:
            house, reloads = int(day.tables.warehouse[truck]), sequence.count(RELOAD)
            nodes = range(free[house], free[house] + reloads)
            free[house] += reloads
            put_at(routes, world.depots, at_row[truck], sequence, nodes)


def _priced(day: Day, solution: Solution) -> list[tuple[int, int, tuple[int, ...]]]:
    """Truck row, fen and sequence of every route."""
    return [
        (truck, _price(day, truck, sequence), sequence)
        for truck, sequence in solution.sequences.items()
    ]


def _price(day: Day, truck: int, sequence: tuple[int, ...]) -> int:
    """Fen of a route; DEAD where a mask, the deck or the clock forbids it."""
    p, n = day.tables, len(sequence)
    row = np.array(sequence, dtype=np.int32)
    allowed = p.allowed[truck, list(orders_of(sequence))].all()
    if n > MOST_ENTRIES or not allowed or not deck_fits(p, truck, row, n):
        return DEAD
    return int(route_cost(p, truck, row, n, day.scratch))


def _solution(annealing: Annealing, routes: Routes, depots: int) -> Solution:
    best, first_reload = annealing.best, int(annealing.world.reloads[0])
    found = {
        int(routes.trucks[k, ROW]): tuple(
            int(node) - depots if node < first_reload else RELOAD
            for node in best.rows[k, : best.length[k]]
        )
        for k in np.flatnonzero(best.length)
    }
    return Solution(sequences=MappingProxyType(dict(sorted(found.items()))))
