"""Tables of plans: what they were asked from, what they say, and how they were changed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from api.kit.db import METADATA, Moment
from api.plans.states import Maker, RevisionState

PLAN_TEXT: Final = Table(
    "plan_text",
    METADATA,
    Column("tenant_id", String(64), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
"""Inputs and plans by the digest of their text, packed: a revision that goes back to an earlier one
names the same text."""

PLAN: Final = Table(
    "plan",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("tenant_id", String(64), nullable=False),
    Column("pool_id", String(64), nullable=False),
    Column("service_date", Date, nullable=False),
    Column("job_id", ForeignKey("job.id"), nullable=False, unique=True),
    Column("actor", String(160), nullable=False),
    Column("input_digest", String(64), nullable=False),
    # plan_seq of the book that its promises were read at.
    Column("base_plan_seq", BigInteger, nullable=False),
    # Number of the newest revision; 0 while the first one is being solved.
    Column("head", Integer, nullable=False, server_default="0"),
    Column("created_at", Moment, nullable=False),
    Index("ix_plan_day", "tenant_id", "pool_id", "service_date"),
)

_STATES = ", ".join(f"'{state}'" for state in RevisionState)
_MAKERS = ", ".join(f"'{maker}'" for maker in Maker)

PLAN_REVISION: Final = Table(
    "plan_revision",
    METADATA,
    Column("plan_id", ForeignKey("plan.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("tenant_id", String(64), nullable=False),
    Column("pool_id", String(64), nullable=False),
    Column("service_date", Date, nullable=False),
    Column("state", String(12), nullable=False),
    Column("made_by", String(12), nullable=False),
    Column("actor", String(160), nullable=False),
    Column("input_digest", String(64), nullable=False),
    Column("body_digest", String(64), nullable=False),
    # What was done, how to take it back; both empty where a solver made the revision.
    Column("change", Text, nullable=False, server_default="{}"),
    Column("inverse", Text, nullable=False, server_default="{}"),
    # Revisions that undo and redo lead to; 0: nothing to take back, or to do again.
    Column("undo_to", Integer, nullable=False, server_default="0"),
    Column("redo_to", Integer, nullable=False, server_default="0"),
    # The auditor's objections, as JSON.
    Column("findings", Text, nullable=False, server_default='{"findings":[]}'),
    # plan_seq of the book that the promises were read at.
    Column("base_plan_seq", BigInteger, nullable=False),
    Column("cost_minor", BigInteger, nullable=False),
    Column("served", Integer, nullable=False),
    Column("left_behind", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    CheckConstraint(f"state in ({_STATES})", name="known_state"),
    CheckConstraint(f"made_by in ({_MAKERS})", name="known_maker"),
    CheckConstraint("number > 0 and undo_to < number and redo_to < number", name="goes_on"),
)
"""What a plan was at each change; never changed but in its state."""

_published = PLAN_REVISION.c.state == RevisionState.PUBLISHED
Index(
    "uq_plan_revision_one_in_force",
    PLAN_REVISION.c.tenant_id,
    PLAN_REVISION.c.pool_id,
    PLAN_REVISION.c.service_date,
    unique=True,
    sqlite_where=_published,
    postgresql_where=_published,
)
