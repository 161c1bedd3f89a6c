"""The job that repairs a plan after events, and the day it leaves for the next repair."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from api.days.documents.diff import diff_json
from api.jobs import store as jobs
from api.jobs.rows import Job
from api.jobs.task import Outcome, Run
from api.kit.clock import Clock
from api.kit.db import Database
from api.plans import store
from api.plans.errors import NotPublishable
from api.plans.findings import findings_of
from api.plans.inputs import PlanInput, RoadEvent, input_of
from api.plans.repair_events import event_heard, event_told, still_in_force
from api.plans.states import Maker
from api.plans.store import NewRevision, PlanRow, Revision
from geodata.units import DAY_S
from routing.isolate import Sandbox
from routing.isolated_repair import RepairJob, repair_apart
from routing.plan import Plan
from routing.plan_json import heard, tell
from routing.plan_weights import ChangeKind
from routing.repair.events import Event, OrderCancelled, RoadChanged
from routing.repair.record import Told
from routing.repair.verdicts import Proposed, Verdict, not_wanted, verdicts_on

if TYPE_CHECKING:
    from api.days.matrix import PreparedDay
    from routing.domain.request import PlanRequest
    from routing.repair.mending import Repaired

REPAIR: Final = "plan-repair"
"""Kind of the job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairer:
    """Where plans are repaired."""

    database: Database
    clock: Clock
    prepare: Callable[[PlanRequest], PreparedDay]
    cache_dir: Path

    def __call__(self, run: Run) -> Outcome:
        """Do one attempt at a job of kind `plan-repair`.

        Raises:
            RunOver: nothing of this attempt is wanted any more.
            BadRequest: the events cannot be.
            SolverCrashed: the child died.
        """
        job = run.job
        run.tell({"phase": "prepare"})
        with self.database.reading() as connection:
            root = store.read_input(connection, job.tenant_id, job.input["root"])
            plan = store.find_plan(connection, job.tenant_id, job.input["plan_id"])
            revision = store.find_revision(connection, plan, job.input["revision"])
            before = store.read_plan_text(connection, revision)
        told = _told(job.input)
        with Sandbox(cache_dir=self.cache_dir) as sandbox:
            prepared = self.prepare(root.request)
            run.tell({"phase": "repair"})
            repaired = repair_apart(
                sandbox,
                RepairJob(
                    request=prepared.request,
                    travel=root.travel(prepared.travel),
                    before=before,
                    told=told,
                    seed=job.input["seed"],
                ),
                cancelled=run.cancelled,
            )

        def write(connection: Connection) -> Mapping[str, object]:
            return self._written(connection, job, revision, before, repaired)

        return Outcome(write=write)

    def _written(
        self,
        connection: Connection,
        job: Job,
        revision: Revision,
        before: Plan,
        repaired: Repaired,
    ) -> Mapping[str, object]:
        told = repaired.record.told
        plan = store.find_plan(connection, job.tenant_id, revision.plan_id, lock=True)
        # A proposal is judged on top of itself; it goes back to what it was made from.
        if plan.head != job.input.get("onto", revision.number):
            raise store.changed(plan.id)
        roads = tuple(
            RoadEvent(event=event, since_s=_since_s(event, told.now, repaired.request))
            for event in (*told.earlier, *told.events)
            if isinstance(event, RoadChanged)
        )
        kept = PlanInput(request=input_of(repaired.request).request, roads=roads)
        in_force = [
            *still_in_force(told.earlier, told.events, before, told.now),
            *(OrderCancelled(order_id=name) for name in sorted(not_wanted(told.verdicts))),
        ]
        made = store.add_revision(
            connection,
            plan,
            NewRevision(
                made_by=Maker.REPAIR,
                actor=job.input["actor"],
                input_digest=store.keep_input(connection, job.tenant_id, kept),
                plan=repaired.plan,
                findings=findings_of(repaired.report),
                base_plan_seq=revision.base_plan_seq,
                change={
                    "repair": dict(job.input),
                    "in_force": [event_told(each) for each in in_force],
                    "diff": diff_json(repaired.diff, repaired.plan, events=[]),
                },
                inverse={"as_revision": revision.number},
                undo_to=revision.number,
            ),
            self.clock.now(),
        )
        return {"plan_id": plan.id, "revision": made.number, "state": made.state}


class RepairDesk:
    """Takes orders for repairs."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def ask(
        self,
        plan: PlanRow,
        revision: Revision,
        events: Sequence[Event],
        *,
        actor: str,
        now: datetime,
        max_changes: int | None,
        seed: int,
    ) -> Job:
        """Queue a repair of a revision after events that are known at `now`."""
        root, earlier = self._root(plan, revision)
        return self._queued(
            plan,
            {
                "plan_id": plan.id,
                "revision": revision.number,
                "root": root,
                "events": [event_told(each) for each in events],
                "earlier": list(earlier),
                "now": now.isoformat(),
                "max_changes": max_changes,
                "verdicts": [],
                "seed": seed,
                "actor": actor,
            },
        )

    def judge(
        self,
        plan: PlanRow,
        proposed: Revision,
        *,
        actor: str,
        accept: Collection[int],
        reject: Collection[int],
    ) -> Job:
        """Queue the same repair once more, with what is said of its lines.

        Raises:
            NotPublishable: the revision is no repair.
            BadRequest: a line is not there, or cannot go back.
        """
        if proposed.made_by is not Maker.REPAIR:
            raise NotPublishable(
                f"revision {proposed.number} is no repair: it has no lines", findings=[]
            )
        asked: Mapping[str, Any] = proposed.change["repair"]
        with self._database.reading() as connection:
            base = store.find_revision(connection, plan, asked["revision"])
            before = store.read_plan_text(connection, base)
            after = store.read_plan_text(connection, proposed)
        lines = tuple(
            Proposed(
                number=each["number"],
                order_id=each["order_id"],
                kind=ChangeKind(each["kind"]),
                truck_before=each["truck_before"],
                stays=each["stays"],
            )
            for each in proposed.change["diff"]["lines"]
        )
        said = verdicts_on(
            lines, before, after, accept=accept, reject=reject, earlier=_verdicts(asked)
        )
        verdicts = [tell(each) for each in said]
        return self._queued(
            plan, {**asked, "verdicts": verdicts, "actor": actor, "onto": proposed.number}
        )

    def _queued(self, plan: PlanRow, asked: Mapping[str, object]) -> Job:
        with self._database.writing() as connection:
            job, _ = jobs.submit(
                connection, plan.tenant_id, kind=REPAIR, asked=asked, now=self._clock.now()
            )
        return job

    def _root(self, plan: PlanRow, revision: Revision) -> tuple[str, Sequence[Mapping[str, Any]]]:
        """The day before all repairs, and what still holds of them."""
        with self._database.reading() as connection:
            at = revision
            while at.made_by is not Maker.REPAIR:
                back = int(at.change.get("as_revision", 0)) or at.undo_to
                if back == 0:
                    return revision.input_digest, ()
                at = store.find_revision(connection, plan, back)
        return at.change["repair"]["root"], at.change["in_force"]


def _told(asked: Mapping[str, Any]) -> Told:
    return Told(
        now=datetime.fromisoformat(asked["now"]),
        events=tuple(event_heard(each) for each in asked["events"]),
        earlier=tuple(event_heard(each) for each in asked["earlier"]),
        max_changes=asked["max_changes"],
        verdicts=_verdicts(asked),
    )


def _verdicts(asked: Mapping[str, Any]) -> tuple[Verdict, ...]:
    return tuple(heard(each, Verdict, "verdict") for each in asked["verdicts"])


def _since_s(event: RoadChanged, now: datetime, request: PlanRequest) -> int:
    """Second of the planned day from which a road is changed."""
    since = max(event.since, now)
    return max(0, int((since - request.horizon_start).total_seconds()) - DAY_S)
