"""The job that solves a plan: a sandboxed child, progress and incumbents told, a revision left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from api.days.solving import Solving, Watching, solve_day
from api.days.spread import Spread, is_large
from api.jobs.rows import Job
from api.jobs.task import Outcome, Run
from api.kit.clock import Clock
from api.kit.db import Database
from api.plans import store
from api.plans.findings import findings_of
from api.plans.states import Maker
from api.plans.store import NewRevision
from routing.isolate import Sandbox
from routing.plan import StopReason
from routing.search.budget import Budget, Iterations, default_iterations
from routing.search.solution import Solution

if TYPE_CHECKING:
    from api.days.matrix import PreparedDay
    from routing.domain.request import PlanRequest
    from routing.planner import News, Planned
    from routing.scale.planner import Done

SOLVE: Final = "plan"
"""Kind of the job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solver:
    """Where and with what plans are solved. With a `spread` the parts of large days are solved in
    several processes here, or on Dask."""

    database: Database
    clock: Clock
    prepare: Callable[[PlanRequest], PreparedDay]
    cache_dir: Path
    spread: Spread | None = None

    def __call__(self, run: Run) -> Outcome:
        """Do one attempt at a job of kind `plan`.

        It begins afresh, so that its plan is that of its inputs, whoever died before it; the last
        attempt only finishes the best that was found.

        Raises:
            RunOver: nothing of this attempt is wanted any more.
            SolverCrashed, BadRequest: see `solve_day`.
        """
        job = run.job
        run.tell({"phase": "prepare"})
        with self.database.reading() as connection:
            made_from = store.read_input(connection, job.tenant_id, job.input["input"])
        # Started first: it loads and compiles while the roads are prepared.
        with Sandbox(cache_dir=self.cache_dir) as sandbox:
            prepared = self.prepare(made_from.request)
            if self.spread is not None and is_large(prepared.request):
                prepared = replace(prepared, whole=None)
            planned, safe = solve_day(prepared, self._solving(job), _watching(run), sandbox=sandbox)
        stopped = planned.plan.provenance.stop_reason is StopReason.CANCELLED

        def write(connection: Connection) -> Mapping[str, object]:
            result = self._written(connection, job, planned)
            safe()
            return result

        return Outcome(write=write, stopped=stopped)

    def _solving(self, job: Job) -> Solving:
        asked = job.input
        start, searched = None, 0
        iterations = asked["iterations"]

        def budget(orders: int) -> Budget:
            return Iterations(default_iterations(orders) if iterations is None else iterations)

        if job.last_attempt and job.attempt > 1 and job.incumbent is not None:
            start, searched = incumbent_read(job.incumbent)

            def budget(orders: int) -> Budget:
                return Iterations(0)

        return Solving(
            budget=budget,
            seed=asked["seed"],
            cache_dir=self.cache_dir,
            spread=self.spread,
            start=start,
            searched=searched,
        )

    def _written(self, connection: Connection, job: Job, planned: Planned) -> Mapping[str, object]:
        plan = store.plan_of_job(connection, job.id)
        if plan is None:
            raise LookupError(f"job {job.id} solves no plan")
        revision = store.add_revision(
            connection,
            plan,
            NewRevision(
                made_by=Maker.SOLVER,
                actor=plan.actor,
                input_digest=plan.input_digest,
                plan=planned.plan,
                findings=findings_of(planned.report),
                base_plan_seq=plan.base_plan_seq,
            ),
            self.clock.now(),
        )
        return {"plan_id": plan.id, "revision": revision.number, "state": revision.state}


def _watching(run: Run) -> Watching:
    def on_news(news: News) -> None:
        told: dict[str, object] = {"phase": news.phase.value, "share": round(news.share, 4)}
        found: Mapping[str, object] | None = None
        if news.search is not None:
            told |= {
                "iterations": news.search.iterations,
                "cost_minor": news.search.cost,
                "served": news.search.served,
                "orders": news.search.orders,
                "trucks": news.search.trucks,
            }
        if news.incumbent is not None:
            done = news.search.iterations if news.search is not None else 0
            found = incumbent_told(news.incumbent, done)
        run.tell(told, found)

    def on_done(done: Done) -> None:
        run.tell({"phase": f"part {done.done} of {done.of}", "share": done.done / done.of})

    return Watching(cancelled=run.cancelled, on_news=on_news, on_done=on_done)


def incumbent_told(found: Solution, iterations: int) -> dict[str, Any]:
    """Write the best so far as rows; they mean the same as long as the input is the same."""
    return {
        "sequences": {str(truck): list(its) for truck, its in sorted(found.sequences.items())},
        "outsourced": {str(order): int(by) for order, by in sorted(found.outsourced.items())},
        "iterations": iterations,
    }


def incumbent_read(told: Mapping[str, Any]) -> tuple[Solution, int]:
    """Read back the best so far, and the iterations it took."""
    sequences = {int(truck): tuple(its) for truck, its in told["sequences"].items()}
    given = {int(order): by for order, by in told["outsourced"].items()}
    return (
        Solution(sequences=MappingProxyType(sequences), outsourced=MappingProxyType(given)),
        int(told["iterations"]),
    )
