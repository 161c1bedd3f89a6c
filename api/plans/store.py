"""Rows of plans. Nobody commits here; the caller's transaction does."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import ModuleType
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from api.errors import ApiError
from api.kit.canonical import canonical, parsed
from api.plans.errors import PlanChanged, UnknownPlan
from api.plans.inputs import PlanInput, input_told
from api.plans.states import Maker, RevisionMove, RevisionState, target
from api.plans.tables import PLAN, PLAN_REVISION, PLAN_TEXT
from routing.plan import Plan
from routing.plan_json import plan_from_json, plan_to_json

_DIALECTS: Final[Mapping[str, ModuleType]] = {"sqlite": sqlite, "postgresql": postgresql}


class PlanDamaged(ApiError):
    """A stored text is not what its digest says: somebody changed the database."""

    code = "plan-damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One row of `plan`."""

    id: str
    tenant_id: str
    pool: str
    day: date
    job_id: str
    actor: str
    input_digest: str
    base_plan_seq: int
    head: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One row of `plan_revision`."""

    plan_id: str
    number: int
    tenant_id: str
    pool: str
    day: date
    state: RevisionState
    made_by: Maker
    actor: str
    input_digest: str
    body_digest: str
    change: Mapping[str, Any]
    inverse: Mapping[str, Any]
    undo_to: int
    redo_to: int
    findings: tuple[Mapping[str, Any], ...]
    base_plan_seq: int
    cost_minor: int
    served: int
    left_behind: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRevision:
    """A revision to be written: everything but its number."""

    made_by: Maker
    actor: str
    input_digest: str
    plan: Plan
    findings: tuple[Mapping[str, Any], ...]
    base_plan_seq: int
    change: Mapping[str, Any] | None = None
    inverse: Mapping[str, Any] | None = None
    undo_to: int = 0
    redo_to: int = 0


# ---- texts ----------------------------------------------------------------------------------


def keep_text(connection: Connection, tenant_id: str, text: str) -> str:
    """Keep a text once, and give its digest."""
    raw = text.encode()
    digest = hashlib.sha256(raw).hexdigest()
    statement = (
        _DIALECTS[connection.dialect.name]
        .insert(PLAN_TEXT)
        .values(tenant_id=tenant_id, digest=digest, body=zlib.compress(raw))
        .on_conflict_do_nothing()
    )
    connection.execute(statement)
    return digest


def read_text(connection: Connection, tenant_id: str, digest: str) -> str:
    """Read a text that was kept.

    Raises:
        PlanDamaged: it is not there, or another one.
    """
    packed = connection.scalar(
        select(PLAN_TEXT.c.body).where(
            PLAN_TEXT.c.tenant_id == tenant_id, PLAN_TEXT.c.digest == digest
        )
    )
    raw = b"" if packed is None else zlib.decompress(packed)
    if hashlib.sha256(raw).hexdigest() != digest:
        raise PlanDamaged(f"text {digest} of a plan is gone, or was changed: restore a backup")
    return raw.decode()


def keep_input(connection: Connection, tenant_id: str, made_from: PlanInput) -> str:
    """Keep an input, and give its digest."""
    return keep_text(connection, tenant_id, canonical(made_from.told()))


def read_input(connection: Connection, tenant_id: str, digest: str) -> PlanInput:
    """Read an input that was kept."""
    return input_told(parsed(read_text(connection, tenant_id, digest)))


def read_plan_text(connection: Connection, revision: Revision) -> Plan:
    """Read the plan of a revision."""
    return plan_from_json(read_text(connection, revision.tenant_id, revision.body_digest))


# ---- plans ----------------------------------------------------------------------------------


def insert_plan(connection: Connection, row: PlanRow) -> None:
    """Write a new plan."""
    connection.execute(
        insert(PLAN).values(
            id=row.id,
            tenant_id=row.tenant_id,
            pool_id=row.pool,
            service_date=row.day,
            job_id=row.job_id,
            actor=row.actor,
            input_digest=row.input_digest,
            base_plan_seq=row.base_plan_seq,
            head=row.head,
            created_at=row.created_at,
        )
    )


def find_plan(
    connection: Connection, tenant_id: str, plan_id: str, *, lock: bool = False
) -> PlanRow:
    """Read a tenant's plan; with `lock` nobody else changes it until the transaction ends.

    Raises:
        UnknownPlan: there is none, or it is another tenant's.
    """
    query = select(PLAN).where(PLAN.c.id == plan_id, PLAN.c.tenant_id == tenant_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise UnknownPlan(f"there is no plan {plan_id!r}")
    return _plan(row)


def plan_of_job(connection: Connection, job_id: str) -> PlanRow | None:
    """Find the plan that a job solves."""
    row = connection.execute(select(PLAN).where(PLAN.c.job_id == job_id)).one_or_none()
    return None if row is None else _plan(row)


def plans_of_day(
    connection: Connection, tenant_id: str, pool: str, day: date
) -> tuple[PlanRow, ...]:
    """List the plans of a pool-day, newest first."""
    rows = connection.execute(
        select(PLAN)
        .where(PLAN.c.tenant_id == tenant_id, PLAN.c.pool_id == pool, PLAN.c.service_date == day)
        .order_by(PLAN.c.created_at.desc(), PLAN.c.id)
    )
    return tuple(_plan(row) for row in rows)


# ---- revisions ------------------------------------------------------------------------------


def find_revision(connection: Connection, plan: PlanRow, number: int) -> Revision:
    """Read a revision of a plan.

    Raises:
        UnknownPlan: the plan has none of that number.
    """
    row = connection.execute(
        select(PLAN_REVISION).where(
            PLAN_REVISION.c.plan_id == plan.id, PLAN_REVISION.c.number == number
        )
    ).one_or_none()
    if row is None:
        raise UnknownPlan(f"plan {plan.id!r} has no revision {number}")
    return _revision(row)


def revisions_of(connection: Connection, plan: PlanRow) -> tuple[Revision, ...]:
    """List all revisions of a plan, oldest first."""
    rows = connection.execute(
        select(PLAN_REVISION)
        .where(PLAN_REVISION.c.plan_id == plan.id)
        .order_by(PLAN_REVISION.c.number)
    )
    return tuple(_revision(row) for row in rows)


def add_revision(
    connection: Connection, plan: PlanRow, new: NewRevision, now: datetime
) -> Revision:
    """Write the next revision of a plan, and make it the head. It is checked where the auditor has
    no objections.

    Raises:
        PlanChanged: somebody else wrote one meanwhile.
    """
    number = plan.head + 1
    moved = connection.scalar(
        update(PLAN)
        .where(PLAN.c.id == plan.id, PLAN.c.head == plan.head)
        .values(head=number)
        .returning(PLAN.c.head)
    )
    if moved is None:
        raise changed(plan.id)
    body = keep_text(connection, plan.tenant_id, plan_to_json(new.plan))
    checked = target(RevisionMove.CHECK, RevisionState.DRAFT)
    connection.execute(
        insert(PLAN_REVISION).values(
            plan_id=plan.id,
            number=number,
            tenant_id=plan.tenant_id,
            pool_id=plan.pool,
            service_date=plan.day,
            state=RevisionState.DRAFT if new.findings else checked,
            made_by=new.made_by,
            actor=new.actor,
            input_digest=new.input_digest,
            body_digest=body,
            change=canonical(new.change or {}),
            inverse=canonical(new.inverse or {}),
            undo_to=new.undo_to,
            redo_to=new.redo_to,
            findings=canonical({"findings": list(new.findings)}),
            base_plan_seq=new.base_plan_seq,
            cost_minor=new.plan.cost_minor,
            served=sum(len(route.stops) for route in new.plan.routes) + len(new.plan.outsourced),
            left_behind=len(new.plan.left_behind),
            at=now,
        )
    )
    row = connection.execute(
        select(PLAN_REVISION).where(
            PLAN_REVISION.c.plan_id == plan.id, PLAN_REVISION.c.number == number
        )
    ).one()
    return _revision(row)


def put_in_force(connection: Connection, revision: Revision) -> None:
    """Publish a revision; the one that was in force on its day is superseded.

    Raises:
        PlanChanged: it is not checked any more.
    """
    in_force = (
        PLAN_REVISION.c.tenant_id == revision.tenant_id,
        PLAN_REVISION.c.pool_id == revision.pool,
        PLAN_REVISION.c.service_date == revision.day,
        PLAN_REVISION.c.state == RevisionState.PUBLISHED,
    )
    gone = target(RevisionMove.SUPERSEDE, RevisionState.PUBLISHED)
    connection.execute(update(PLAN_REVISION).where(*in_force).values(state=gone))
    published = connection.scalar(
        update(PLAN_REVISION)
        .where(
            PLAN_REVISION.c.plan_id == revision.plan_id,
            PLAN_REVISION.c.number == revision.number,
            PLAN_REVISION.c.state == RevisionState.CHECKED,
        )
        .values(state=target(RevisionMove.PUBLISH, RevisionState.CHECKED))
        .returning(PLAN_REVISION.c.number)
    )
    if published is None:
        raise changed(revision.plan_id)


def changed(plan_id: str) -> PlanChanged:
    """Say that somebody was quicker."""
    return PlanChanged(f"plan {plan_id} was changed meanwhile: read it again")


def _plan(row: Row[Any]) -> PlanRow:
    return PlanRow(
        id=row.id,
        tenant_id=row.tenant_id,
        pool=row.pool_id,
        day=row.service_date,
        job_id=row.job_id,
        actor=row.actor,
        input_digest=row.input_digest,
        base_plan_seq=row.base_plan_seq,
        head=row.head,
        created_at=row.created_at,
    )


def _revision(row: Row[Any]) -> Revision:
    return Revision(
        plan_id=row.plan_id,
        number=row.number,
        tenant_id=row.tenant_id,
        pool=row.pool_id,
        day=row.service_date,
        state=RevisionState(row.state),
        made_by=Maker(row.made_by),
        actor=row.actor,
        input_digest=row.input_digest,
        body_digest=row.body_digest,
        change=parsed(row.change),
        inverse=parsed(row.inverse),
        undo_to=row.undo_to,
        redo_to=row.redo_to,
        findings=tuple(parsed(row.findings)["findings"]),
        base_plan_seq=row.base_plan_seq,
        cost_minor=row.cost_minor,
        served=row.served,
        left_behind=row.left_behind,
        at=row.at,
    )
