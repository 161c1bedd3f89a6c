"""Try a fix as a dispatcher would: apply it, plan again, look for anybody who lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from routing.decode import decode
from routing.domain.request import PlanRequest
from routing.explain import Effort, apply_fix, explain_left_behind, hold_served
from routing.named_routes import in_rows
from routing.plan import FixKind, LeftBehind
from routing.problem import Problem, build_problem
from routing.search.budget import Iterations, default_iterations
from routing.search.master import choose
from routing.search.ruin_recreate import search
from routing.search.solution import NOTHING, Solution
from tests.generated_days import generated_day
from tests.strategies import Day

ANOTHER_SEED = 4711
"""Of the trial: not the one the proof was made with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One left-behind order of a generated day, and what planning again with its fix did.

    `kept_on` started from the plan the fix belongs to, `afresh` from nothing; each says what went
    wrong, nothing when the fix holds. Afresh the search may also swap orders that are worth the
    same: an order lost there is made good when as many are served in all (`afresh_as_many`).
    """

    day_seed: int
    entry: LeftBehind
    kept_on: tuple[str, ...]
    afresh: tuple[str, ...]
    afresh_as_many: bool


def trials(first_seed: int, most: int, *, afresh: bool) -> Iterator[Trial]:
    """Try the fixes of generated days, seed after seed, until so many orders were left behind."""
    done, seed = 0, first_seed
    while done < most:
        day = generated_day(seed)
        problem = build_problem(day.request, day.travel)
        before = planned(
            problem, NOTHING, Iterations(default_iterations(len(day.request.orders))), seed=1
        )
        entries = explain_left_behind(problem, before, seed=1, effort=Effort())
        for entry in entries[: most - done]:
            done += 1
            wrong = faults(day, problem, before, entry, keep=False) if afresh else ()
            yield Trial(
                day_seed=seed,
                entry=entry,
                kept_on=faults(day, problem, before, entry, keep=True),
                afresh=wrong,
                afresh_as_many=evened_out(wrong),
            )
        seed += 1


def planned(
    problem: Problem, start: Solution, budget: Iterations, *, seed: int, greedy: bool = False
) -> Solution:
    """Plan as the planner does: search, choose, give slots."""
    found = search(problem, budget, seed=seed, start=start, greedy=greedy)
    chosen = choose(problem, found.pool, found.best, seed=seed)
    return decode(problem, chosen.solution).solution


def faults(
    day: Day, problem: Problem, before: Solution, entry: LeftBehind, *, keep: bool
) -> tuple[str, ...]:
    """Apply the fix, plan again, and name what is wrong: not served, others lost.

    With `keep` from the plan, its orders held and this one first in line; otherwise from nothing,
    with nothing held.
    """
    if entry.fix is None:
        return ("has no fix",)
    changed = apply_fix(day.request, entry.fix, entry.order_id)
    again = build_problem(changed, day.travel)
    later = "days_later" in entry.fix.change
    start = in_rows(again, by_name(problem, before)) if keep and not later else NOTHING
    again = hold_served(again, start)
    if keep:
        again = put_first(again, entry.order_id)
    budget = Iterations(500 if keep else default_iterations(len(changed.orders)))
    after = names(again, planned(again, start, budget, seed=ANOTHER_SEED, greedy=keep))
    wrong = []
    if entry.order_id not in after:
        wrong.append(f"{entry.order_id} is still left behind")
    was = frozenset[str]() if later else names(problem, before)
    wrong += [f"{name} is lost" for name in sorted(was - after)]
    wrong += [f"{name} is won" for name in sorted(after - was - {entry.order_id})] if wrong else []
    wrong += moved_promises(day.request, changed, entry.order_id)
    return tuple(wrong)


def put_first(problem: Problem, order_id: str) -> Problem:
    """Put an order first in line, as its fix says it is proved: as dear to leave as any other.

    Else what a fix makes room for (a truck more) may go to another order that waits.
    """
    row = [order.id for order in problem.layout.orders].index(order_id)
    penalty = problem.tables.penalty.copy()
    penalty[row] = penalty.max()
    return replace(problem, tables=problem.tables._replace(penalty=penalty))


def evened_out(wrong: tuple[str, ...]) -> bool:
    """Tell whether all that went wrong is orders lost, with as many others won."""
    lost = sum(each.endswith("is lost") for each in wrong)
    won = sum(each.endswith("is won") for each in wrong)
    return lost + won == len(wrong) and won >= lost


def moved_promises(before: PlanRequest, after: PlanRequest, order_id: str) -> list[str]:
    """Promises of other orders that a fix changed; the search keeps all windows it is given."""
    was = {order.id: order for order in before.orders}
    return [
        f"the promise of {order.id} moved"
        for order in after.orders
        if order.id != order_id
        and was[order.id].promised
        and (order.windows != was[order.id].windows or not order.promised)
    ]


def names(problem: Problem, solution: Solution) -> frozenset[str]:
    """Ids of the orders on a truck."""
    return frozenset(problem.layout.orders[row].id for row in solution.served)


def by_name(problem: Problem, solution: Solution) -> dict[str, tuple[str, ...]]:
    """A solution by truck and order ids."""
    day = problem.layout
    return {
        day.trucks[truck].id: tuple(day.orders[row].id for row in rows)
        for truck, rows in solution.sequences.items()
    }


def kind_of(entry: LeftBehind) -> FixKind | None:
    """What would have to be conceded."""
    return entry.fix.kind if entry.fix else None
