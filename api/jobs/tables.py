"""The table of jobs."""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text

from api.jobs.states import STANDS, JobState
from api.kit.db import METADATA, Moment

_STATES = ", ".join(f"'{state}'" for state in JobState)

JOB: Final = Table(
    "job",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("tenant_id", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("input_digest", String(64), nullable=False),
    Column("input", Text, nullable=False),
    Column("state", String(12), nullable=False),
    # Claims so far. Whoever writes for the job names it, so that a worker that was given up for
    # dead cannot write over the one that came after it.
    Column("attempt", Integer, nullable=False),
    Column("attempts_most", Integer, nullable=False),
    Column("lease_owner", String(64), nullable=False, server_default=""),
    Column("lease_until", Moment),
    Column("cancel_requested", Integer, nullable=False, server_default="0"),
    # Grows with every change that somebody who watches should see.
    Column("version", Integer, nullable=False),
    Column("progress", Text, nullable=False, server_default="{}"),
    Column("incumbent", Text, nullable=False, server_default=""),
    Column("result", Text, nullable=False, server_default="{}"),
    Column("fault", Text, nullable=False, server_default="{}"),
    Column("created_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    CheckConstraint(f"state in ({_STATES})", name="known_state"),
    CheckConstraint("(state = 'running') = (lease_until is not null)", name="running_is_leased"),
    CheckConstraint("attempt <= attempts_most", name="bounded_attempts"),
    CheckConstraint(
        "(state in ('queued', 'running')) = (ended_at is null)", name="ended_has_a_moment"
    ),
)
"""Work to do, in hand, and done; with what a worker knows so far."""

_stands = JOB.c.state.in_(sorted(STANDS))
Index(
    "uq_job_one_for_an_input",
    JOB.c.tenant_id,
    JOB.c.kind,
    JOB.c.input_digest,
    unique=True,
    sqlite_where=_stands,
    postgresql_where=_stands,
)
_open = JOB.c.ended_at.is_(None)
Index("ix_job_waiting", JOB.c.created_at, sqlite_where=_open, postgresql_where=_open)
