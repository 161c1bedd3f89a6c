"""The promise book: days, promises, ledger, answers, outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_STATES = (
    "'held', 'confirmed', 'refined', 'frozen', 'dispatched', 'arrived', 'handed_over', "
    "'failed_attempt', 'released', 'expired', 'cancelled', 'rescheduled'"
)
_HELD = sa.text("status = 'held'")
_BOOKED = sa.text("status in ('arrived', 'confirmed', 'dispatched', 'frozen', 'refined')")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "pool_day",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("pool_id", sa.String(64), nullable=False),
        sa.Column("service_date", sa.Date, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("plan_seq", sa.BigInteger, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("plan_id", sa.String(64), nullable=False, server_default=""),
        sa.Column("basis_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pool_day"),
        sa.UniqueConstraint(
            "tenant_id",
            "pool_id",
            "service_date",
            name="uq_pool_day_tenant_id_pool_id_service_date",
        ),
        sa.CheckConstraint("plan_seq <= seq", name="ck_pool_day_plan_seq_within_seq"),
        sa.CheckConstraint("status in ('open', 'closed')", name="ck_pool_day_known_status"),
    )
    op.create_table(
        "promise",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("pool_day_id", sa.String(64), nullable=False),
        sa.Column("order_ref", sa.String(128), nullable=False),
        sa.Column("window_start", sa.Text, nullable=False),
        sa.Column("window_end", sa.Text, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("load", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("at_risk_by", sa.String(64), nullable=False, server_default=""),
        sa.Column("hold_expires_at", sa.Text),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("moved_to", sa.String(64), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_promise"),
        sa.ForeignKeyConstraint(["pool_day_id"], ["pool_day.id"], name="fk_promise_pool_day_id"),
        sa.CheckConstraint("window_start < window_end", name="ck_promise_window_has_length"),
        sa.CheckConstraint(f"status in ({_STATES})", name="ck_promise_known_status"),
        sa.CheckConstraint(
            "(status = 'held') = (hold_expires_at is not null)", name="ck_promise_held_until"
        ),
        sa.CheckConstraint(
            "(status = 'rescheduled') = (moved_to <> '')", name="ck_promise_moved_somewhere"
        ),
    )
    for name, where in (("one_hold", _HELD), ("one_booking", _BOOKED)):
        op.create_index(
            f"uq_promise_{name}",
            "promise",
            ["tenant_id", "order_ref"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    op.create_index(
        "ix_promise_expiry",
        "promise",
        ["hold_expires_at"],
        sqlite_where=_HELD,
        postgresql_where=_HELD,
    )
    op.create_index("ix_promise_pool_day", "promise", ["pool_day_id"])
    op.create_table(
        "event",
        sa.Column("pool_day_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("plan_seq", sa.BigInteger, nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("pool_day_id", "seq", name="pk_event"),
        sa.ForeignKeyConstraint(["pool_day_id"], ["pool_day.id"], name="fk_event_pool_day_id"),
    )
    op.create_table(
        "idempotency",
        sa.Column("client_id", sa.String(160), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("route", sa.String(64), nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.Text),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("client_id", "key", name="pk_idempotency"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("stream", sa.String(128), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("tenant_id", "stream", "seq", name="uq_outbox_tenant_id_stream_seq"),
    )
    op.create_table(
        "outbox_stream",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("stream", sa.String(128), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "stream", name="pk_outbox_stream"),
    )
