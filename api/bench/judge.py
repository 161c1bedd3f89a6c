"""Turns what an engine brought into a row, by a checker that no engine wrote."""

from __future__ import annotations

from api.bench.cases import Case, DayCase, ModelCase
from api.bench.child import OURS, Failed, Searched
from api.bench.rows import Row
from routing.audit import audit_plan, report_text
from routing.benchmarks.checker import check_routes
from routing.plan import Plan


def judge(case: Case, engine: str, seed: int, found: Searched | Failed) -> Row:
    """Check the routes of a model, or audit the plan of a day."""
    if isinstance(found, Failed):
        return Row(
            instance=case.name,
            engine=engine,
            seed=seed,
            seconds=found.seconds,
            cost=None,
            best_known=case.best_known if isinstance(case, ModelCase) else None,
            unserved=_everybody(case),
            feasible=False,
            broken=found.broken,
            notes=(found.why,),
        )
    if isinstance(case, ModelCase):
        return _judge_routes(case, engine, seed, found)
    if found.plan is None:
        raise ValueError(f"{case.name}: a day came back without a plan")
    return _judge_plan(case, seed, found.plan, found.seconds)


def _judge_routes(case: ModelCase, engine: str, seed: int, found: Searched) -> Row:
    report = check_routes(case.model, found.routes)
    nobody = not found.routes and bool(case.model.clients.required.any())
    unserved = len(report.unserved)
    chosen = (f"searched by {found.engine}",) if found.engine not in {"", engine} else ()
    left = (f"{unserved} clients left behind",) if unserved and not nobody else ()
    return Row(
        instance=case.name,
        engine=engine,
        seed=seed,
        seconds=found.seconds,
        cost=None if nobody else report.cost,
        best_known=case.best_known,
        unserved=unserved,
        feasible=report.feasible,
        broken=bool(report.faults),
        notes=(*chosen, *(("found no plan",) if nobody else (*report.faults, *left))),
    )


def _judge_plan(case: DayCase, seed: int, plan: Plan, seconds: float) -> Row:
    report = audit_plan(case.request, case.travel, plan)
    return Row(
        instance=case.name,
        engine=OURS,
        seed=seed,
        seconds=seconds,
        cost=float(sum(route.cost.total for route in plan.routes)),
        best_known=None,
        unserved=len(plan.left_behind),
        feasible=report.clean,
        broken=not report.clean,
        notes=() if report.clean else tuple(report_text(report, "en").splitlines()),
    )


def _everybody(case: Case) -> int:
    if isinstance(case, ModelCase):
        return int(case.model.clients.required.sum())
    return len(case.request.orders)
