"""Drive the compiled kernel: rounds of iterations, cooling, progress, the pool of routes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.clock import longest_sequence
from routing.plan import StopReason
from routing.problem import Problem
from routing.schedule import new_scratch
from routing.search.budget import Budget
from routing.search.changing import baseline_start
from routing.search.kernel import anneal, begin
from routing.search.locked import with_locked
from routing.search.pool import Pool
from routing.search.solution import NOTHING, Solution
from routing.search.state import ABSENT, Routes, new_log, new_memory
from routing.trips import orders_of

ROUND: Final = 250
"""Iterations between two looks at the budget; a plan depends on it, so it is no setting."""
HOT: Final = 0.3
COLD: Final = 0.015
"""Annealing temperatures, in average cost of a served order (planning.md, short routes)."""


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

    With `greedy` it only ever accepts improvements, which stays close to the start. Shared
    resources are not looked at; the master sees to them.
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
    width = longest_sequence(p) + 2
    now, best, spare = (_empty(trucks, orders, width) for _ in range(3))
    wide = np.zeros(width, dtype=np.int32)
    scratch = new_scratch(width)
    memory, log = new_memory(), new_log(width)
    pending = _set_out(problem, now, start)
    lowest = int(begin(p, now, best, memory, pending, wide, scratch))
    pool.take(best)
    near = _neighbours(problem)
    unit = _unit(problem, best)
    hot, cold = (1.0, 1.0) if greedy else (HOT * unit, COLD * unit)
    done = 0
    stop = budget.reason
    budget = budget.begun()
    while (share := budget.share(done)) < 1.0:
        if cancelled():
            stop = StopReason.CANCELLED
            break
        goes = budget.allowance(done, ROUND)
        share_after = min(1.0, share * (done + goes) / done if done else share + 0.01)
        warm, cool = (hot * (cold / hot) ** min(1.0, part) for part in (share, share_after))
        lowest = int(
            anneal(
                p, now, best, spare, memory, log, near,
                seed * 1_000_003 % 2**31 + done, goes, warm, cool, wide, scratch,
            )
        )  # fmt: skip
        done += goes
        pool.harvest(log)
        on_progress(
            Progress(
                iterations=done,
                share=min(1.0, budget.share(done)),
                cost=lowest,
                served=int((best.truck_of != ABSENT).sum()),
                orders=orders,
                trucks=int((best.length > 0).sum()),
            ),
            _solution(best),
        )
    pool.take(best)
    return Found(best=_solution(best), cost=lowest, iterations=done, stop_reason=stop, pool=pool)


def _empty(trucks: int, orders: int, width: int) -> Routes:
    return Routes(
        rows=np.zeros((trucks, width), dtype=np.int32),
        length=np.zeros(trucks, dtype=np.int64),
        cost=np.zeros(trucks, dtype=np.int64),
        mark=np.zeros(trucks, dtype=np.uint64),
        truck_of=np.full(orders, ABSENT, dtype=np.int64),
    )


def _set_out(problem: Problem, routes: Routes, start: Solution) -> NDArray[np.int64]:
    """Set the start's sequences; returns the orders still to insert, hardest first."""
    p = problem.tables
    for truck, sequence in start.sequences.items():
        routes.rows[truck, : len(sequence)] = sequence
        routes.length[truck] = len(sequence)
        routes.truck_of[list(orders_of(sequence))] = truck
    missing = np.flatnonzero(routes.truck_of == ABSENT)
    choices = p.allowed.sum(axis=0)[missing]
    return missing[np.lexsort((missing, choices, -p.penalty[missing]))].astype(np.int64)


def _neighbours(problem: Problem) -> np.ndarray:
    """Orders by closeness to each order (orders, orders), nearest first, itself included."""
    p = problem.tables
    legs = p.travel.typical[0, 0].astype(np.int64)
    both = legs[np.ix_(p.place, p.place)]
    return np.argsort(both + both.T, axis=1, kind="stable").astype(np.int64)


def _unit(problem: Problem, routes: Routes) -> float:
    served = int((routes.truck_of != ABSENT).sum())
    return float(max(1.0, routes.cost.sum() / max(1, served)))


def _solution(routes: Routes) -> Solution:
    return Solution(
        sequences=MappingProxyType(
            {
                int(truck): tuple(
                    int(order) for order in routes.rows[truck, : routes.length[truck]]
                )
                for truck in np.flatnonzero(routes.length)
            }
        )
    )
