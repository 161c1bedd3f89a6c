"""The queue as the database keeps it. Nobody commits here; the caller's transaction does.

On PostgreSQL workers pass each other's rows by (`SKIP LOCKED`); SQLite has one writer at a time.
Whoever writes for a running job names its attempt: a worker that was given up for dead, and comes
back, changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from api.jobs.errors import LeaseLost, UnknownJob
from api.jobs.rows import Job, job_of
from api.jobs.states import STANDS, JobMove, JobState, target
from api.jobs.tables import JOB
from api.kit.canonical import canonical, digest
from api.kit.ids import new_id

ATTEMPTS_MOST: Final = 3
"""Workers that may die over one job before it is given up."""

_DIALECTS: Final[Mapping[str, ModuleType]] = {"sqlite": sqlite, "postgresql": postgresql}


# ---- asking for work ------------------------------------------------------------------------


def submit(
    connection: Connection,
    tenant_id: str,
    *,
    kind: str,
    asked: Mapping[str, object],
    now: datetime,
    attempts_most: int = ATTEMPTS_MOST,
) -> tuple[Job, bool]:
    """Queue a job, or give the one that was asked for the same before; tells whether it is new."""
    its_digest = digest(asked)
    row = (
        _DIALECTS[connection.dialect.name]
        .insert(JOB)
        .values(
            id=new_id("job"),
            tenant_id=tenant_id,
            kind=kind,
            input_digest=its_digest,
            input=canonical(asked),
            state=JobState.QUEUED,
            attempt=0,
            attempts_most=attempts_most,
            version=1,
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(JOB.c.id)
    )
    stands = and_(
        JOB.c.tenant_id == tenant_id,
        JOB.c.kind == kind,
        JOB.c.input_digest == its_digest,
        JOB.c.state.in_(sorted(STANDS)),
    )
    while True:
        made = connection.scalar(row)
        if made is not None:
            return read_job(connection, made), True
        # Between the two it may have failed or been cancelled: then it stands in nobody's way.
        before = connection.execute(select(JOB).where(stands)).one_or_none()
        if before is not None:
            return job_of(before), False


def find_job(connection: Connection, tenant_id: str, job_id: str) -> Job:
    """Read a tenant's job.

    Raises:
        UnknownJob: there is none, or it is another tenant's.
    """
    row = connection.execute(
        select(JOB).where(JOB.c.id == job_id, JOB.c.tenant_id == tenant_id)
    ).one_or_none()
    if row is None:
        raise UnknownJob(f"there is no job {job_id!r}")
    return job_of(row)


def read_job(connection: Connection, job_id: str) -> Job:
    """Read a job that is there."""
    return job_of(connection.execute(select(JOB).where(JOB.c.id == job_id)).one())


def request_cancel(connection: Connection, job: Job, now: datetime) -> None:
    """Ask a job to stop: one that waits is withdrawn, one that runs is told."""
    withdrawn = connection.scalar(
        update(JOB)
        .where(JOB.c.id == job.id, JOB.c.state == JobState.QUEUED)
        .values(state=target(JobMove.WITHDRAW, JobState.QUEUED), ended_at=now, **_SEEN)
        .returning(JOB.c.id)
    )
    if withdrawn is None:
        connection.execute(
            update(JOB)
            .where(JOB.c.id == job.id, JOB.c.state == JobState.RUNNING, JOB.c.cancel_requested == 0)
            .values(cancel_requested=1, **_SEEN)
        )


# ---- doing it -------------------------------------------------------------------------------


def is_waiting(connection: Connection, kinds: Collection[str], now: datetime) -> bool:
    """Tell whether somebody could take a job: asked before the write lock is."""
    query = select(JOB.c.id).where(_free(kinds, now)).limit(1)
    return connection.scalar(query) is not None


def claim(
    connection: Connection,
    *,
    worker: str,
    kinds: Collection[str],
    now: datetime,
    lease: timedelta,
) -> Job | None:
    """Take the job that waits longest; None when none does.

    One whose workers have all died is failed on the way.
    """
    while True:
        row = connection.execute(
            select(JOB)
            .where(_free(kinds, now))
            .order_by(JOB.c.created_at, JOB.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        job = job_of(row)
        if job.last_attempt and job.state is JobState.RUNNING:
            _give_up(connection, job, now)
            continue
        move = JobMove.CLAIM if job.state is JobState.QUEUED else JobMove.RECLAIM
        connection.execute(
            update(JOB)
            .where(JOB.c.id == job.id)
            .values(
                state=target(move, job.state),
                attempt=job.attempt + 1,
                lease_owner=worker,
                lease_until=now + lease,
                started_at=job.started_at or now,
                **_SEEN,
            )
        )
        return read_job(connection, job.id)


def beat(connection: Connection, job: Job, *, until: datetime) -> None:
    """Keep a job for longer.

    Raises:
        LeaseLost: it is another worker's.
    """
    _write(connection, job, {"lease_until": until})


def tell(
    connection: Connection,
    job: Job,
    *,
    progress: Mapping[str, object],
    incumbent: Mapping[str, object] | None,
    until: datetime,
) -> None:
    """Write how far a job is, and the best it has found, if that is new.

    Raises:
        LeaseLost: it is another worker's.
    """
    values = {"progress": canonical(progress), "lease_until": until, **_SEEN}
    if incumbent is not None:
        values["incumbent"] = canonical(incumbent)
    _write(connection, job, values)


def end(
    connection: Connection,
    job: Job,
    move: JobMove,
    *,
    now: datetime,
    result: Mapping[str, object] | None = None,
    fault: Mapping[str, object] | None = None,
) -> None:
    """End a job's run by a move out of RUNNING; one that is given back waits again.

    Raises:
        LeaseLost: it is another worker's.
    """
    goal = target(move, JobState.RUNNING)
    if goal is None or goal is JobState.RUNNING:
        raise ValueError(f"{move} does not end a run")
    _write(
        connection,
        job,
        {
            "state": goal,
            "lease_owner": "",
            "lease_until": None,
            "ended_at": None if goal is JobState.QUEUED else now,
            "result": canonical(result or {}),
            "fault": canonical(fault or {}),
            **_SEEN,
        },
    )


def look(connection: Connection, job: Job) -> bool:
    """Tell a worker whether its job is to be cancelled.

    Raises:
        LeaseLost: it is another worker's.
    """
    found = connection.scalar(select(JOB.c.cancel_requested).where(_mine(job)))
    if found is None:
        raise _lost(job)
    return bool(found)


def give_back(connection: Connection, job: Job, *, now: datetime, counts: bool) -> None:
    """Let somebody else take a job. `counts` says whether this attempt was one: a worker that goes
    home has not failed.

    Raises:
        LeaseLost: it is another worker's.
    """
    end(connection, job, JobMove.GIVE_BACK, now=now)
    if not counts:
        # Never the number of the attempt itself: it tells this worker from the next.
        one_more = JOB.c.attempts_most + 1
        connection.execute(update(JOB).where(JOB.c.id == job.id).values(attempts_most=one_more))


_SEEN: Final[Mapping[str, Any]] = {"version": JOB.c.version + 1}


def _free(kinds: Collection[str], now: datetime) -> ColumnElement[bool]:
    return and_(
        JOB.c.kind.in_(sorted(kinds)),
        or_(
            JOB.c.state == JobState.QUEUED,
            and_(JOB.c.state == JobState.RUNNING, JOB.c.lease_until < now),
        ),
    )


def _mine(job: Job) -> ColumnElement[bool]:
    return and_(
        JOB.c.id == job.id,
        JOB.c.state == JobState.RUNNING,
        JOB.c.lease_owner == job.lease_owner,
        JOB.c.attempt == job.attempt,
    )


def _write(connection: Connection, job: Job, values: Mapping[str, Any]) -> None:
    written = connection.scalar(update(JOB).where(_mine(job)).values(**values).returning(JOB.c.id))
    if written is None:
        raise _lost(job)


def _lost(job: Job) -> LeaseLost:
    return LeaseLost(f"job {job.id} was taken from {job.lease_owner} after attempt {job.attempt}")


def _give_up(connection: Connection, job: Job, now: datetime) -> None:
    fault = {
        "code": "workers-died",
        "message": f"{job.attempt} workers died over it; ask again, or look at what they logged",
    }
    end(connection, job, JobMove.FAIL, now=now, fault=fault)
