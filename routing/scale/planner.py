"""Plan a large day: cut, plan the parts, repair the borders, put together, audit all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Final

from routing.audit import AuditReport, Finding, audit_plan
from routing.errors import BadRequest
from routing.explain import Effort
from routing.isolate import Job
from routing.plan import StopReason
from routing.planner import Planned
from routing.scale.borders import named, neighbours, pair_of, repaired, start_of
from routing.scale.executor import Executor, Task
from routing.scale.leg_book import LegBook
from routing.scale.merge import PlannedPart, merged
from routing.scale.parts import Part
from routing.scale.split import MOST_ORDERS, split
from routing.search.solution import NOTHING, Solution

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest
    from routing.search.budget import Budget

FIXES: Final = Effort(iterations=200, searches=1, searches_in_all=10, pairs=0, fixes=2)
"""How hard a part looks for fixes: each order costs about a second, and a large day has many."""
MASTER_EFFORT: Final = 3.0
"""Deterministic seconds of the master for each part: it has about one warehouse."""
REPAIR_SHARE: Final = 0.5
"""What a pair of areas gets of the budget that both had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """News of a large day: so many of so many searches are over."""

    done: int
    of: int
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedParts:
    """A plan of all parts and what the auditor says of it; `parts` as they were kept."""

    planned: Planned
    parts: tuple[PlannedPart, ...]
    saved: dict[str, int]
    """Fen by the name of the pair whose border was worth repairing."""


def plan_parts(
    request: PlanRequest,
    travel_for: Callable[[PlanRequest], TravelMatrix],
    executor: Executor,
    *,
    budget: Budget,
    seed: int,
    travel: TravelMatrix | None = None,
    effort: Effort = FIXES,
    master_effort: float = MASTER_EFFORT,
    most_orders: int = MOST_ORDERS,
    cancelled: Callable[[], bool] = lambda: False,
    on_done: Callable[[Done], None] = lambda done: None,
) -> PlannedParts:
    """Plan a day part by part; `budget` is for all of it, shared by the number of orders.

    `travel_for` makes the matrix of one part, all with the same classes and bands; it may be called
    in several threads, and no matrix of all places is ever made. Where there is one anyway,
    `travel` lets the plan name it. Same request, seed and iteration budget: same plan, whatever
    the executor. The auditor reads each part with its matrix, and the whole with the legs that are
    driven.

    Raises:
        BadRequest: the day has nothing in it, or contradicts itself.
        SolverCrashed: a part could not be planned, in two attempts.
    """
    parts = split(request, most_orders=most_orders)
    if not parts:
        raise BadRequest(("the day has no warehouse: nothing can be planned",))
    pairs = neighbours(parts)
    book, findings = LegBook(), dict[str, tuple[Finding, ...]]()
    share_of = _Shares(budget, orders=len(request.orders), repairs=bool(pairs), executor=executor)
    done, lock = 0, Lock()

    def run(its: Sequence[Part], starts: Sequence[Solution], weight: float) -> list[PlannedPart]:
        matrices: dict[int, TravelMatrix] = {}

        def job(number: int) -> Job:
            part = its[number]
            matrices[number] = travel_for(part.request)
            return Job(
                request=part.request,
                travel=matrices[number],
                budget=share_of(len(part.request.orders), weight),
                seed=seed,
                start=starts[number],
                effort=effort,
                master_effort=master_effort,
            )

        def take(number: int, planned: Planned) -> None:
            nonlocal done
            with lock:
                part = its[number].request
                book.take(part, matrices.pop(number), planned.plan, named=its is parts)
                done += 1
            on_done(Done(done=done, of=len(parts) + len(pairs), part=its[number].name))

        tasks = [Task(name=part.name, job=partial(job, at)) for at, part in enumerate(its)]
        found = executor.run(tasks, cancelled=cancelled, on_done=take)
        findings.update(
            (part.name, each.report.findings) for part, each in zip(its, found, strict=True)
        )
        return [
            named(PlannedPart(part=part, plan=each.plan))
            for part, each in zip(its, found, strict=True)
        ]

    first = run(parts, [NOTHING] * len(parts), 1.0)
    kept, saved, tried = list(first), dict[str, int](), list[PlannedPart]()
    if pairs and not cancelled():
        both = [pair_of(request, parts, pair) for pair in pairs]
        starts = [
            start_of(part, [first[at].plan for at in pair])
            for part, pair in zip(both, pairs, strict=True)
        ]
        tried = run(both, starts, REPAIR_SHARE)
        kept, saved = repaired(
            request,
            first,
            list(zip(pairs, tried, strict=True)),
            faulty={name for name, found in findings.items() if found},
        )
    roads = book.as_travel() if travel is None else travel
    plan = merged(
        request,
        kept,
        travel=roads,
        iterations=sum(each.plan.provenance.iterations for each in (*first, *tried)),
        steps=_steps(request, parts, kept, len(pairs), saved),
        assumptions=book.assumptions if travel is None else travel.assumptions,
        sources=book.sources if travel is None else travel.sources,
    )
    whole = audit_plan(request, roads, plan)
    report = AuditReport(
        findings=tuple(
            dict.fromkeys(
                (*whole.findings, *(f for each in kept for f in findings[each.part.name]))
            )
        ),
        checks=whole.checks,
    )
    return PlannedParts(planned=Planned(plan=plan, report=report), parts=tuple(kept), saved=saved)


class _Shares:
    """What each part gets of the budget: its share of the orders, of a clock its share of all
    workers' time, less what the repair of the borders needs."""

    def __init__(self, whole: Budget, *, orders: int, repairs: bool, executor: Executor) -> None:
        self._whole = whole
        self._orders = max(1, orders)
        timed = whole.reason is StopReason.TIME
        self._at_once = executor.workers if timed else 1
        self._scale = 1 / (1 + REPAIR_SHARE) if timed and repairs else 1.0

    def __call__(self, orders: int, weight: float) -> Budget:
        share = min(1.0, orders / self._orders * self._at_once) * weight * self._scale
        return self._whole.part(max(share, 1e-6))


def _steps(
    request: PlanRequest,
    parts: Sequence[Part],
    kept: Sequence[PlannedPart],
    pairs: int,
    saved: dict[str, int],
) -> tuple[str, ...]:
    houses, areas = len(request.warehouses), sum(part.area > 0 for part in parts)
    fen = sum(saved.values())
    steps = [
        f"分区：{houses} 个仓库分为 {len(parts)} 部分（其中 {areas} 个片区）"
        f" / parts: {houses} warehouses in {len(parts)} parts, {areas} of them areas",
        *(step for each in kept for step in each.plan.provenance.steps),
    ]
    if pairs:
        steps.append(
            f"边界：重排 {pairs} 对相邻片区，{len(saved)} 对更省，共省 ¥{fen / 100:,.2f}"
            f" / borders: {pairs} pairs of areas planned together, {len(saved)} of them cheaper, "
            f"¥{fen / 100:,.2f} saved"
        )
    return tuple(steps)
