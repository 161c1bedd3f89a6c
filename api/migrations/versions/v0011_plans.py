"""Plans: inputs, revisions, which one is in force."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_PUBLISHED = sa.text("state = 'published'")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "plan_text",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "digest", name="pk_plan_text"),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("pool_id", sa.String(64), nullable=False),
        sa.Column("service_date", sa.Date, nullable=False),
        sa.Column("job_id", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(160), nullable=False),
        sa.Column("input_digest", sa.String(64), nullable=False),
        sa.Column("base_plan_seq", sa.BigInteger, nullable=False),
        sa.Column("head", sa.Integer, nullable=False, server_default="0"),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_plan_job_id"),
        sa.UniqueConstraint("job_id", name="uq_plan_job_id"),
    )
    op.create_index("ix_plan_day", "plan", ["tenant_id", "pool_id", "service_date"])
    op.create_table(
        "plan_revision",
        sa.Column("plan_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("pool_id", sa.String(64), nullable=False),
        sa.Column("service_date", sa.Date, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("made_by", sa.String(12), nullable=False),
        sa.Column("actor", sa.String(160), nullable=False),
        sa.Column("input_digest", sa.String(64), nullable=False),
        sa.Column("body_digest", sa.String(64), nullable=False),
        sa.Column("change", sa.Text, nullable=False, server_default="{}"),
        sa.Column("inverse", sa.Text, nullable=False, server_default="{}"),
        sa.Column("undo_to", sa.Integer, nullable=False, server_default="0"),
        sa.Column("redo_to", sa.Integer, nullable=False, server_default="0"),
        sa.Column("findings", sa.Text, nullable=False, server_default='{"findings":[]}'),
        sa.Column("base_plan_seq", sa.BigInteger, nullable=False),
        sa.Column("cost_minor", sa.BigInteger, nullable=False),
        sa.Column("served", sa.Integer, nullable=False),
        sa.Column("left_behind", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "number", name="pk_plan_revision"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_plan_revision_plan_id"),
        sa.CheckConstraint(
            "state in ('draft', 'checked', 'published', 'superseded')",
            name="ck_plan_revision_known_state",
        ),
        sa.CheckConstraint(
            "made_by in ('solver', 'move', 'undo', 'redo', 'pins', 'repair')",
            name="ck_plan_revision_known_maker",
        ),
        sa.CheckConstraint(
            "number > 0 and undo_to < number and redo_to < number",
            name="ck_plan_revision_goes_on",
        ),
    )
    op.create_index(
        "uq_plan_revision_one_in_force",
        "plan_revision",
        ["tenant_id", "pool_id", "service_date"],
        unique=True,
        sqlite_where=_PUBLISHED,
        postgresql_where=_PUBLISHED,
    )
