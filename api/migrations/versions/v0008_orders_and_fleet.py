"""Rows of orders and fleet, contacts, bases, and what was opened for sale."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "record",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("sheet", sa.String(16), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("folded", sa.String(128), nullable=False),
        sa.Column("vin", sa.String(17), nullable=False, server_default=""),
        sa.Column("updated_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "sheet", "key", name="pk_record"),
        sa.UniqueConstraint(
            "tenant_id", "sheet", "folded", name="uq_record_tenant_id_sheet_folded"
        ),
    )
    op.create_index("ix_record_place", "record", ["tenant_id", "sheet", "place"])
    op.create_index("ix_record_vin", "record", ["tenant_id", "vin"])
    op.create_table(
        "record_revision",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_record_revision"),
    )
    op.create_table(
        "contact",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("order_id", sa.String(128), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("delete_after", sa.Text),
        sa.PrimaryKeyConstraint("tenant_id", "order_id", name="pk_contact"),
    )
    op.create_index("ix_contact_delete_after", "contact", ["delete_after"])
    op.create_table(
        "contact_look",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("order_id", sa.String(128), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact_look"),
    )
    op.create_index("ix_contact_look_order", "contact_look", ["tenant_id", "order_id"])
    op.create_table(
        "basis",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("pool_id", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_basis"),
    )
    op.create_index("ix_basis_pool_day", "basis", ["tenant_id", "pool_id", "day"])
    op.create_table(
        "sale",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("rolled_on", sa.Date, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_sale"),
    )
