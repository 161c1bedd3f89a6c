"""Counted things that promises take, and snapshots of the witness."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables. Promises made before took nothing."""
    op.create_table(
        "counted",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("given", sa.Integer, nullable=False),
        sa.Column("left", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "key", "day", name="pk_counted"),
        sa.CheckConstraint('"left" >= 0', name="ck_counted_never_below_zero"),
        sa.CheckConstraint('"left" <= given', name="ck_counted_never_above_given"),
    )
    op.create_table(
        "snapshot",
        sa.Column("pool_day_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("pool_day_id", "seq", name="pk_snapshot"),
        sa.ForeignKeyConstraint(["pool_day_id"], ["pool_day.id"], name="fk_snapshot_pool_day_id"),
    )
    op.add_column(
        "promise",
        sa.Column("took", sa.Text, nullable=False, server_default='{"took":[]}'),
    )
