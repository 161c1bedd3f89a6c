"""Plan a day: search, choose, promise slots, explain what stays behind, audit."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from routing.audit import AuditReport, audit_plan
from routing.changes import changes_between
from routing.decode import decode
from routing.elsewhere import tried_elsewhere
from routing.explain import Effort, check_locks, explain_left_behind
from routing.giving_away import outsourced_orders, topped_up
from routing.plan import Plan, Provenance, Site
from routing.plan_json import tell
from routing.plan_off_routes import idle_trucks
from routing.plan_weights import ChangeKind, OrderChange
from routing.problem import build_problem
from routing.robustness.outlook import assumptions_of, with_outlook
from routing.search.beside_carriers import search_beside_carriers
from routing.search.budget import Budget
from routing.search.complete import complete_columns
from routing.search.master import EFFORT, choose
from routing.search.ruin_recreate import Progress
from routing.search.settling import settled
from routing.search.solution import NOTHING, Solution
from routing.steps import work_of

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest

ENGINE: Final = "kernel (SISR, 2-opt*, confirmed exactly) + CP-SAT master"


class Phase(StrEnum):
    """What a planner is doing, for whoever waits."""

    COMPILE = "compile"
    SEARCH = "search"
    CHOOSE = "choose"
    EXPLAIN = "explain"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One line of progress. `incumbent` is the best solution so far, when there is a new one."""

    phase: Phase
    share: float
    search: Progress | None = None
    incumbent: Solution | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan and what the independent auditor says of it."""

    plan: Plan
    report: AuditReport


def plan_day(
    request: PlanRequest,
    travel: TravelMatrix,
    *,
    budget: Budget,
    seed: int,
    start: Solution = NOTHING,
    searched: int = 0,
    effort: Effort | None = None,
    master_effort: float = EFFORT,
    cancelled: Callable[[], bool] = lambda: False,
    on_news: Callable[[News], None] = lambda news: None,
) -> Planned:
    """Plan one day of one fleet pool.

    Every order ends up on exactly one truck, in `plan.outsourced`, or in `plan.left_behind` with
    its reason; a promise that cannot be kept heads that list, its window unmoved. Same request,
    matrix, seed and iteration budget: same plan. A cancelled search keeps what it has found; a
    cancel while left-behind orders are explained leaves the rest without a fix. `searched` counts
    the iterations that the start is from.

    Raises:
        BadRequest: the request contradicts itself, or locks what cannot be; lists every fault.
    """
    on_news(News(phase=Phase.COMPILE, share=0.0))
    problem = build_problem(request, travel)
    check_locks(problem)
    found = search_beside_carriers(
        problem,
        budget,
        seed=seed,
        start=start,
        cancelled=cancelled,
        on_progress=lambda progress, best: on_news(
            News(phase=Phase.SEARCH, share=progress.share, search=progress, incumbent=best)
        ),
    )
    on_news(News(phase=Phase.CHOOSE, share=0.0, incumbent=found.best))
    wholes = complete_columns(problem)
    chosen = choose(problem, found.pool, found.best, seed=seed, effort=master_effort, wholes=wholes)
    if request.stock:
        problem = settled(problem, chosen.solution, chosen.cars)
    decoded = decode(problem, chosen.solution, chosen.meets)
    decoded = tried_elsewhere(problem, decoded, chosen.meets)
    decoded = replace(decoded, solution=topped_up(problem, decoded.solution))
    work = work_of(searched, found, chosen, decoded)
    trucks = {problem.layout.trucks[row].id: name for row, name in chosen.engines.items()}
    left_behind = explain_left_behind(
        problem,
        decoded.solution,
        seed=seed,
        effort=effort or Effort(),
        cancelled=cancelled,
        on_progress=lambda share: on_news(News(phase=Phase.EXPLAIN, share=share)),
    )
    on_news(News(phase=Phase.AUDIT, share=0.0))
    plan = Plan(
        day=request.day,
        days=request.days,
        time_zone=str(request.horizon_start.tzinfo),
        warehouses={house.id: house.name for house in request.warehouses},
        routes=tuple(
            replace(route, engine=trucks.get(route.truck_id, "slots")) for route in decoded.routes
        ),
        left_behind=left_behind,
        idle=idle_trucks(request, {route.truck_id for route in decoded.routes}),
        sites={
            house.id: Site(lat=house.place.point.lat, lon=house.place.point.lon)
            for house in request.warehouses
        },
        specialists=decoded.specialists,
        outsourced=outsourced_orders(problem, decoded.solution),
        provenance=Provenance(
            request_digest=request.digest,
            matrix_digest=travel.digest,
            seed=seed,
            iterations=searched + found.iterations,
            stop_reason=found.stop_reason,
            engine=ENGINE,
            versions=_versions(),
            assumptions=(
                *request.assumptions,
                *travel.assumptions,
                *assumptions_of(request.policy.uncertainty),
            ),
            sources=travel.sources,
            steps=tuple(f"{step.text} / {step.text_en}" for step in work),
            work=work,
        ),
        policy=tell(request.policy),
    )
    plan = replace(plan, changes=_changes(request, plan))
    report = audit_plan(request, travel, plan)
    if not report.clean:
        return Planned(plan=plan, report=report)
    plan = with_outlook(request, travel, plan, seed=seed)
    return Planned(plan=plan, report=audit_plan(request, travel, plan))


def _changes(request: PlanRequest, plan: Plan) -> tuple[OrderChange, ...]:
    """List what changes against the baseline; without one nothing does."""
    if not request.baseline:
        return ()
    found = changes_between(request.baseline, plan, request.policy.stability)
    return tuple(change for change in found if change.kind is not ChangeKind.SAME)


def _versions() -> dict[str, str]:
    names = ("flatbed", "ortools", "numba", "numpy")
    return {name: version(name) for name in names} | {"python": platform.python_version()}
