"""Search a day on which other companies may bring an order, as far as their places last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from routing.plan import StopReason
from routing.problem import Problem
from routing.search.budget import Budget
from routing.search.outsourcing import (
    Offer,
    give_away,
    houses_of_short_carriers,
    offers_of,
    priced_in,
)
from routing.search.ruin_recreate import Found, Progress, search
from routing.search.solution import NOTHING, Solution


def search_beside_carriers(
    problem: Problem,
    budget: Budget,
    *,
    seed: int,
    start: Solution = NOTHING,
    cancelled: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Progress, Solution], None] = lambda progress, best: None,
) -> Found:
    """Search as `search` does, an order off our trucks costing what the cheapest carrier takes.

    A search does not count places. Where there may be too few, half of the budget is spent as if
    there were enough; then those that save most keep their carrier, all others cost what leaving
    them behind costs, and the other half goes on from there. Without carriers this is `search`.
    """
    if not offers_of(problem):
        return search(
            problem, budget, seed=seed, start=start, cancelled=cancelled, on_progress=on_progress
        )
    if not houses_of_short_carriers(problem):
        priced = priced_in(problem)
        found = search(
            priced, budget, seed=seed, start=start, cancelled=cancelled, on_progress=on_progress
        )
        return replace(found, cost=_cost(problem, priced, found))

    def told(offset: float) -> Callable[[Progress, Solution], None]:
        return lambda progress, best: on_progress(
            replace(progress, share=offset + progress.share / 2), best
        )

    optimistic = priced_in(problem)
    first = search(
        optimistic,
        budget.part(0.5),
        seed=seed,
        start=start,
        cancelled=cancelled,
        on_progress=told(0.0),
    )
    if first.stop_reason is StopReason.CANCELLED:
        return replace(first, cost=_cost(problem, optimistic, first))
    given = _given(problem, first)
    waiting = {offer.order for offer in offers_of(problem)} - first.best.served
    sober = optimistic if waiting <= given.keys() else priced_in(problem, given)
    second = search(
        sober,
        budget.part(0.5),
        seed=seed + 1,
        start=first.best,
        cancelled=cancelled,
        on_progress=told(0.5),
    )
    first.pool.absorb(second.pool)
    return replace(
        second,
        cost=_cost(problem, sober, second),
        iterations=first.iterations + second.iterations,
        pool=first.pool,
    )


def _given(problem: Problem, found: Found) -> dict[int, Offer]:
    """Who gets the places when trucks bring what a search has found."""
    off = set(range(len(problem.tables.place))) - found.best.served
    return give_away(problem, off, given={}, loaded={})


def _cost(problem: Problem, priced: Problem, found: Found) -> int:
    """Fen of what was found, at the prices there are: places are counted now."""
    given = _given(problem, found)
    paid = (
        given[row].price if row in given else int(problem.tables.penalty[row])
        for row in range(len(problem.tables.place))
        if row not in found.best.served
    )
    thought = (
        int(priced.tables.penalty[row])
        for row in range(len(problem.tables.place))
        if row not in found.best.served
    )
    return found.cost + sum(paid) - sum(thought)
