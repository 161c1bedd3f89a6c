"""Plans on the wire. Routes, stops and orders left behind are those of plan.json."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field

from api.jobs.rows import Job
from api.jobs.states import JobState
from api.kit.schema import Day, Moment, Ref, WindowWire, Wire, shown_as
from api.plans.asking import ITERATIONS_MOST
from api.plans.states import Maker, RevisionState
from api.plans.store import PlanRow, Revision

_PLAN_ID: Final = "plan_5f0c9d3b7a614e2f8c1d0b9a7e6f5d4c"
_JOB_ID: Final = "job_5f0c9d3b7a614e2f8c1d0b9a7e6f5d4c"
_REVISION: Final = {
    "revision": 2,
    "state": "checked",
    "made_by": "move",
    "actor": "dispatch",
    "cost_minor": 1834200,
    "served": 139,
    "left_behind": 11,
    "findings": [],
    "can_undo": True,
    "can_redo": False,
    "at": "2026-12-04T18:02:11+08:00",
}
_PLAN: Final = {
    "plan_id": _PLAN_ID,
    "pool": "RDC1",
    "day": "2026-12-05",
    "job_id": _JOB_ID,
    "job_state": "done",
    "head": 2,
    "revisions": [{**_REVISION, "revision": 1, "made_by": "solver", "can_undo": False}, _REVISION],
    "created_at": "2026-12-04T18:00:00+08:00",
}

Number = Annotated[int, Field(ge=0, le=10_000)]


class PlanIn(Wire):
    """A pool's day to be planned, from the orders, fleet and promises there are now."""

    model_config = shown_as({"pool": "RDC1", "day": "2026-12-05", "seed": 1, "iterations": None})

    pool: Ref
    day: Day
    seed: int = Field(default=1, ge=0, le=2**31 - 1)
    iterations: int | None = Field(default=None, ge=0, le=ITERATIONS_MOST)
    """How hard it searches; null: by the number of orders."""


class RevisionOut(Wire):
    """What a plan was after a change. `findings` are the auditor's objections; none: checked."""

    model_config = shown_as(_REVISION)

    revision: int
    state: RevisionState
    made_by: Maker
    actor: str
    cost_minor: int
    served: int
    left_behind: int
    findings: list[dict[str, Any]]
    can_undo: bool
    can_redo: bool
    at: Moment

    @classmethod
    def of(cls, row: Revision) -> Self:
        """Show a revision."""
        return cls(
            revision=row.number,
            state=row.state,
            made_by=row.made_by,
            actor=row.actor,
            cost_minor=row.cost_minor,
            served=row.served,
            left_behind=row.left_behind,
            findings=[dict(each) for each in row.findings],
            can_undo=row.undo_to > 0,
            can_redo=row.redo_to > 0,
            at=row.at,
        )


class PlanOut(Wire):
    """A plan and its revisions. `head` is the newest one, 0 while the first is being solved."""

    model_config = shown_as(_PLAN)

    plan_id: str
    pool: str
    day: Day
    job_id: str
    job_state: JobState
    head: int
    revisions: list[RevisionOut]
    created_at: Moment

    @classmethod
    def of(cls, plan: PlanRow, job: Job, revisions: Sequence[Revision]) -> Self:
        """Show a plan."""
        return cls(
            plan_id=plan.id,
            pool=plan.pool,
            day=plan.day,
            job_id=plan.job_id,
            job_state=job.state,
            head=plan.head,
            revisions=[RevisionOut.of(each) for each in revisions],
            created_at=plan.created_at,
        )


class PlansOut(Wire):
    """The plans of a pool's day."""

    model_config = shown_as({"items": [_PLAN]})

    items: list[PlanOut]


class RoutesOut(Wire):
    """Routes as plan.json has them (docs/plan.schema.json)."""

    model_config = shown_as({"revision": 2, "routes": [], "idle": [], "outsourced": []})

    revision: int
    routes: list[dict[str, Any]]
    idle: list[dict[str, Any]]
    outsourced: list[dict[str, Any]]


class UnassignedOut(Wire):
    """Orders that no truck brings: why, by how much, the nearest miss, the smallest fix."""

    model_config = shown_as({"revision": 2, "left_behind": []})

    revision: int
    left_behind: list[dict[str, Any]]


class KpisOut(Wire):
    """The figures by which a plan is judged: counts, metres, seconds, fen, grams."""

    model_config = shown_as({"revision": 2, "kpis": {"orders": 150, "served": 139}})

    revision: int
    kpis: dict[str, Any]


class LoadPlansOut(Wire):
    """What stands where on each deck, trip by trip, when and at which bay it is loaded."""

    model_config = shown_as({"revision": 2, "loads": []})

    revision: int
    loads: list[dict[str, Any]]


class DiffOut(Wire):
    """What changes from one revision to another, order by order."""

    model_config = shown_as({"against": 1, "revision": 2, "cost_delta_minor": -3200, "changes": []})

    against: int
    revision: int
    cost_delta_minor: int
    changes: list[dict[str, Any]]


class PublishIn(Wire):
    """With `promise` orders that nobody was promised anything are booked in their slots first."""

    model_config = shown_as({"promise": False})

    promise: bool = False


class PublishedOut(Wire):
    """The plan that is in force on its day, and the promises that it has saved."""

    model_config = shown_as(
        {
            "plan_id": f"{_PLAN_ID}:2",
            "pool_day": "day_0b7d5e1f2a3c4d5e6f708192a3b4c5d6",
            "seq": 43,
            "plan_seq": 17,
            "recovered": [],
        }
    )

    plan_id: str
    pool_day: str
    seq: int
    plan_seq: int
    recovered: list[str]


class EventIn(Wire):
    """What has happened: `order_added`, `order_cancelled` (`order_id`), `truck_lost` (`truck_id`,
    `since`), `road_changed` (`places`, `towards`, `permille` or null for closed, `since`),
    `vehicle_late` (`order_id`, `ready`), `buyer_absent` (`order_id`, and `since` or `windows`)."""

    type: Literal[
        "order_added",
        "order_cancelled",
        "truck_lost",
        "road_changed",
        "vehicle_late",
        "buyer_absent",
    ]
    order_id: Ref | None = None
    truck_id: Ref | None = None
    since: Moment | None = None
    ready: Moment | None = None
    places: list[Ref] | None = Field(default=None, max_length=200)
    towards: list[Ref] | None = Field(default=None, max_length=200)
    permille: int | None = None
    windows: list[WindowWire] | None = Field(default=None, max_length=16)

    def told(self) -> dict[str, Any]:
        """Give it as `repair_events` reads it: what was not said is left out."""
        said: dict[str, Any] = {"type": self.type}
        for name in ("order_id", "truck_id", "places", "towards", "permille"):
            if (value := getattr(self, name)) is not None:
                said[name] = value
        for name in ("since", "ready"):
            moment: datetime | None = getattr(self, name)
            if moment is not None:
                said[name] = moment.isoformat()
        if self.windows:
            said["windows"] = [
                {"start": each.from_.isoformat(), "end": each.to.isoformat()}
                for each in self.windows
            ]
        return said


class RepairIn(Wire):
    """Events to repair after, known at `now` (null: at this moment); `max_changes` bounds how many
    orders may change that no event forces to."""

    model_config = shown_as(
        {
            "events": [
                {"type": "truck_lost", "truck_id": "T1", "since": "2026-12-05T08:30:00+08:00"}
            ],
            "now": None,
            "max_changes": 5,
            "seed": 1,
        }
    )

    events: list[EventIn] = Field(min_length=1, max_length=200)
    now: Moment | None = None
    max_changes: int | None = Field(default=None, ge=0, le=100_000)
    seed: int = Field(default=1, ge=0, le=2**31 - 1)


class LinesIn(Wire):
    """What is said of the lines of a repair, by their numbers; the rest is repaired around it."""

    model_config = shown_as({"accept": [1], "reject": [2]})

    accept: list[Number] = Field(default_factory=list, max_length=1_000)
    reject: list[Number] = Field(default_factory=list, max_length=1_000)
