"""Jobs: work that takes longer than a request."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0002"

_STANDS = sa.text("state in ('done', 'queued', 'running')")
_OPEN = sa.text("ended_at is null")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "job",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("input_digest", sa.String(64), nullable=False),
        sa.Column("input", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("attempts_most", sa.Integer, nullable=False),
        sa.Column("lease_owner", sa.String(64), nullable=False, server_default=""),
        sa.Column("lease_until", sa.Text),
        sa.Column("cancel_requested", sa.Integer, nullable=False, server_default="0"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("progress", sa.Text, nullable=False, server_default="{}"),
        sa.Column("incumbent", sa.Text, nullable=False, server_default=""),
        sa.Column("result", sa.Text, nullable=False, server_default="{}"),
        sa.Column("fault", sa.Text, nullable=False, server_default="{}"),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("started_at", sa.Text),
        sa.Column("ended_at", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.CheckConstraint(
            "state in ('queued', 'running', 'done', 'cancelled', 'failed')",
            name="ck_job_known_state",
        ),
        sa.CheckConstraint(
            "(state = 'running') = (lease_until is not null)", name="ck_job_running_is_leased"
        ),
        sa.CheckConstraint("attempt <= attempts_most", name="ck_job_bounded_attempts"),
        sa.CheckConstraint(
            "(state in ('queued', 'running')) = (ended_at is null)",
            name="ck_job_ended_has_a_moment",
        ),
    )
    op.create_index(
        "uq_job_one_for_an_input",
        "job",
        ["tenant_id", "kind", "input_digest"],
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )
    op.create_index(
        "ix_job_waiting", "job", ["created_at"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
