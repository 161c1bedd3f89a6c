"""Webhooks: endpoints, their secrets, lanes and deliveries; places in the replay feed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def _index(name: str, table: str, columns: list[str], where: str | None = None) -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    """Create the tables. Events of before get their places in the order they were written in."""
    op.add_column("outbox", sa.Column("position", sa.BigInteger))
    _index("ix_outbox_without_position", "outbox", ["id"], "position is null")
    _index("ix_outbox_feed", "outbox", ["tenant_id", "position"])
    op.create_table(
        "event_feed",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("last_position", sa.BigInteger, nullable=False),
        sa.Column("forgotten", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_event_feed"),
    )
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("topics", sa.Text, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("disabled_because", sa.String(200), nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_endpoint"),
        sa.UniqueConstraint("tenant_id", "url", name="uq_webhook_endpoint_tenant_id_url"),
        sa.CheckConstraint(
            "status in ('active', 'disabled')", name="ck_webhook_endpoint_known_status"
        ),
    )
    op.create_table(
        "webhook_secret",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("endpoint_id", sa.String(64), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_secret"),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoint.id"], name="fk_webhook_secret_endpoint_id"
        ),
    )
    _index("ix_webhook_secret_endpoint", "webhook_secret", ["endpoint_id"])
    op.create_table(
        "webhook_lane",
        sa.Column("endpoint_id", sa.String(64), nullable=False),
        sa.Column("lane", sa.String(160), nullable=False),
        sa.Column("due_at", sa.Text),
        sa.Column("claim", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "lane", name="pk_webhook_lane"),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoint.id"], name="fk_webhook_lane_endpoint_id"
        ),
    )
    _index("ix_webhook_lane_due", "webhook_lane", ["endpoint_id", "due_at"], "due_at is not null")
    op.create_table(
        "webhook_delivery",
        sa.Column("endpoint_id", sa.String(64), nullable=False),
        sa.Column("outbox_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("lane", sa.String(160), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("last_status", sa.Integer),
        sa.Column("last_error", sa.String(200), nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "outbox_id", name="pk_webhook_delivery"),
        sa.UniqueConstraint(
            "endpoint_id", "event_id", name="uq_webhook_delivery_endpoint_id_event_id"
        ),
        sa.CheckConstraint(
            "status in ('due', 'delivered', 'dead')", name="ck_webhook_delivery_known_status"
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoint.id"], name="fk_webhook_delivery_endpoint_id"
        ),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_webhook_delivery_outbox_id"),
    )
    _index(
        "ix_webhook_delivery_next",
        "webhook_delivery",
        ["endpoint_id", "lane", "outbox_id"],
        "status = 'due'",
    )
    _index("ix_webhook_delivery_outbox", "webhook_delivery", ["outbox_id"])
