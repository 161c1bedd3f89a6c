"""The solving of a prepared day, the same for files and for the API: in one piece, in parts, or
several times for a reliability."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from api.days.matrix import PreparedDay
from api.days.spread import Spread, is_large, kept_parts, plan_spread
from routing.domain.uncertainty import Judge
from routing.isolate import Job, Sandbox
from routing.robustness.reliability import plan_reliably, steps_of, with_quantile

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest
    from routing.planner import News, Planned
    from routing.scale.keeping import Keeping
    from routing.scale.planner import Done
    from routing.search.budget import Budget
    from routing.search.solution import Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Solving:
    """How hard and where a day is solved. `start` and `searched`: as `routing.isolate.Job`."""

    budget: Callable[[int], Budget]
    seed: int
    cache_dir: Path
    reliability: float | None = None
    spread: Spread | None = None
    start: Solution | None = None
    searched: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """Who wants to know, and who may stop it."""

    cancelled: Callable[[], bool]
    on_news: Callable[[News], None]
    on_done: Callable[[Done], None]


def solve_day(
    prepared: PreparedDay, how: Solving, watching: Watching, *, sandbox: Sandbox | None
) -> tuple[Planned, Callable[[], None]]:
    """Plan a prepared day; gives the plan, and what is to be done once it is kept safely.

    A `sandbox` that was started before is used for a day in one piece. Without one a child is
    started.

    Raises:
        BadRequest: the request contradicts itself.
        SolverCrashed: the search died before it had found anything.
    """
    kept: Keeping | None = None
    request = prepared.request
    chance = request.policy.uncertainty
    reliability = how.reliability
    if reliability is None and chance.judge is Judge.QUANTILE:
        reliability = chance.quantile
    with ExitStack() as stack:
        if how.spread is not None and is_large(request):
            workers = stack.enter_context(how.spread.executor(how.cache_dir))
            kept = kept_parts(workers, how.cache_dir)
            plan_once: Callable[[PlanRequest], Planned] = partial(
                plan_spread,
                travel_for=prepared.travel_for,
                travel=prepared.whole,
                executor=kept,
                budget=how.budget(len(request.orders)),
                seed=how.seed,
                cancelled=watching.cancelled,
                on_done=watching.on_done,
            )
        else:
            child = sandbox or stack.enter_context(Sandbox(cache_dir=how.cache_dir))
            job = Job(
                request=request,
                travel=prepared.travel,
                budget=how.budget(len(request.orders)),
                seed=how.seed,
                start=how.start,
                searched=how.searched,
            )
            one = partial(child.plan, cancelled=watching.cancelled, on_news=watching.on_news)

            def plan_once(asked: PlanRequest) -> Planned:
                return one(replace(job, request=asked))

        if reliability is None:
            planned = plan_once(request)
        else:
            planned = _plan_reliably(request, plan_once, reliability, watching.cancelled)

    def safe() -> None:
        if kept is not None and not watching.cancelled():
            kept.forget()

    return planned, safe


def _plan_reliably(
    request: PlanRequest,
    plan_once: Callable[[PlanRequest], Planned],
    reliability: float,
    cancelled: Callable[[], bool],
) -> Planned:
    """Plan with the slack that keeps every slot with this chance, and tell what was tried."""
    planned, asked, trials = plan_reliably(
        with_quantile(request, reliability),
        plan_once,
        plan_of=lambda planned: planned.plan,
        stop=cancelled,
    )
    made = planned.plan.provenance
    told = steps_of(trials, asked.policy.buffers, reliability)
    provenance = replace(made, steps=(*made.steps, *told))
    return replace(planned, plan=replace(planned.plan, provenance=provenance))
