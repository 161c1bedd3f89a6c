"""Prove a fix by solving again with it, from the plan as it stands.

A fix holds when, with the changed request, the order is served, every order that was served still
is (promised ones in their window: it is hard), all trucks can be loaded at the bays there are,
every stop gets its slot, and planning on with the other left-behind orders in play ends alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from routing.explain.effort import Effort
from routing.explain.one_warehouse import of_warehouse
from routing.inserting import cheapest_insertion, cost_of_all
from routing.named_routes import Standing, in_rows
from routing.narrowing import slot_route
from routing.problem import Problem, build_problem
from routing.rules.costs import all_routes_at_most
from routing.search.budget import Iterations
from routing.search.changing import changes_of
from routing.search.master import choose
from routing.search.pool import Pool
from routing.search.ruin_recreate import search
from routing.search.solution import Solution

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest

CONFIRMING: Final = 250
"""Iterations of the search that confirms a proof."""

PROOF_EFFORT: Final = 0.3
"""Deterministic time of the master in one proof: it need not be optimal, only serve everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What all proofs for one warehouse start from.

    `request` is the whole day's, `travel` the warehouse's own, `routes_fen` what its routes cost.
    """

    request: PlanRequest
    travel: TravelMatrix
    warehouse_id: str
    standing: Standing
    routes_fen: int
    seed: int
    effort: Effort


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A plan with which a fix holds: its rise in route costs (fen), and how it was found.

    `iterations` is 0 where inserting the order was enough.
    """

    solution: Solution
    extra: int
    iterations: int


def problem_of(desk: Desk, changed: PlanRequest) -> Problem:
    """Compile a changed request, as far as the desk's warehouse is concerned."""
    return build_problem(of_warehouse(changed, desk.warehouse_id), desk.travel)


def prove(
    desk: Desk, changed: PlanRequest, order_id: str, *, may_search: bool, worth: int | None = None
) -> Proof | None:
    """Solve again with a changed request; None when the change does not help.

    `worth` is the most the routes may rise (fen), None for any price.
    """
    problem = problem_of(desk, changed)
    start = in_rows(problem, desk.standing)
    order = _row_of(problem, order_id)
    found = _by_insertion(desk, problem, start, order)
    if found is None and may_search:
        found = _by_search(desk, problem, start, order)
    if found is None or (worth is not None and found.extra > worth):
        return None
    return found


def confirmed(desk: Desk, changed: PlanRequest, order_id: str, proof: Proof) -> bool:
    """Plan on from the standing plan as the planner would, its orders held: prices of the others
    as they are, bays and slots too. Tells whether the order and all others are on a truck then.
    """
    problem = problem_of(desk, changed)
    start = in_rows(problem, desk.standing)
    problem = hold_served(problem, start)
    wanted = start.served | {_row_of(problem, order_id)}
    budget = Iterations(max(CONFIRMING, proof.iterations))
    found = search(problem, budget, seed=desk.seed + 1, start=start, greedy=True)
    if not wanted <= found.best.served:
        return False
    timed = choose(problem, found.pool, found.best, seed=desk.seed, effort=PROOF_EFFORT).solution
    return wanted <= timed.served and _slotted(problem, timed)


def hold_served(problem: Problem, solution: Solution) -> Problem:
    """Make giving up any order of a plan dearer than all it could save.

    Plan on from a plan with this, and a better place for one order never costs another its truck;
    without it a search may swap orders that are worth the same.
    """
    p = problem.tables
    penalty = p.penalty.copy()
    served = np.zeros(len(penalty), dtype=np.bool_)
    served[list(solution.served)] = True
    # All that giving one up could win: every order that waits, promises too, and every road.
    penalty[served] += 1 + int(penalty[~served].sum()) + all_routes_at_most(problem.layout)
    return replace(problem, tables=p._replace(penalty=penalty))


def timed_with(
    problem: Problem, solution: Solution, truck: int, route: tuple[int, ...], *, seed: int
) -> Solution:
    """Time all routes at the bays there are, with this one in the place of the truck's.

    Serves fewer orders than it was given where bays or hours do not allow them all.
    """
    plan = Solution(sequences={**solution.sequences, truck: route})
    return _timed(_guarded(problem, plan.served), plan, seed=seed)


def _by_insertion(desk: Desk, problem: Problem, start: Solution, order: int) -> Proof | None:
    place = cheapest_insertion(problem.tables, start.sequences, order)
    if place is None:
        return None
    plan = Solution(sequences={**start.sequences, place.truck: place.route})
    guarded = _guarded(problem, plan.served)
    return _settled(desk, guarded, _timed(guarded, plan, seed=desk.seed), plan.served, 0)


def _by_search(desk: Desk, problem: Problem, start: Solution, order: int) -> Proof | None:
    wanted = start.served | {order}
    guarded = _guarded(problem, wanted)
    found = search(guarded, Iterations(desk.effort.iterations), seed=desk.seed, start=start)
    if not wanted <= found.best.served:
        return None
    timed = _timed(guarded, found.best, seed=desk.seed)
    if not wanted <= timed.served:
        timed = choose(
            guarded, found.pool, found.best, seed=desk.seed, effort=PROOF_EFFORT
        ).solution
    return _settled(desk, guarded, timed, wanted, found.iterations)


def _settled(
    desk: Desk, problem: Problem, timed: Solution, wanted: Iterable[int], iterations: int
) -> Proof | None:
    """Keep a timed plan if it serves all that is wanted and every stop has its slot."""
    if not frozenset(wanted) <= timed.served:
        return None
    if not _slotted(problem, timed) or changes_too_many(problem, timed) > 0:
        return None
    extra = cost_of_all(problem.tables, timed) - desk.routes_fen
    return Proof(solution=timed, extra=extra, iterations=iterations)


def changes_too_many(problem: Problem, timed: Solution) -> int:
    """Count the changes beyond the budget; 0 without one."""
    budget = problem.layout.request.max_changes
    return 0 if budget is None else max(0, changes_of(problem, timed) - budget)


def _slotted(problem: Problem, timed: Solution) -> bool:
    """Tell whether every stop can be promised a slot."""
    return all(
        slot_route(problem, truck, route, timed.departs[truck]) is not None
        for truck, route in timed.sequences.items()
    )


def _row_of(problem: Problem, order_id: str) -> int:
    return next(row for row, each in enumerate(problem.layout.orders) if each.id == order_id)


def _guarded(problem: Problem, wanted: Iterable[int]) -> Problem:
    """Make leaving a wanted order behind dearer than anything; any other may not go at all."""
    p = problem.tables
    rows = list(wanted)
    penalty, allowed = np.zeros_like(p.penalty), np.zeros_like(p.allowed)
    penalty[rows] = 1 + all_routes_at_most(problem.layout)
    allowed[:, rows] = p.allowed[:, rows]
    return replace(problem, tables=p._replace(penalty=penalty, allowed=allowed))


def _timed(problem: Problem, plan: Solution, *, seed: int) -> Solution:
    """Set departures and loading of just these routes."""
    pool = Pool(groups=tuple(int(group) for group in problem.tables.group))
    return choose(problem, pool, plan, seed=seed, effort=PROOF_EFFORT).solution
