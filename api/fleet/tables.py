"""Table of bases: what each pool-day stands on."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Date, Index, String, Table, Text

from api.kit.db import METADATA, Moment

BASIS: Final = Table(
    "basis",
    METADATA,
    # SHA-256 of tenant, pool and body: the same world has the same name in every process.
    Column("id", String(64), primary_key=True),
    Column("tenant_id", String(64), nullable=False),
    Column("pool_id", String(64), nullable=False),
    Column("day", Date, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_basis_pool_day", "tenant_id", "pool_id", "day"),
)
"""The request of one pool-day without orders, as JSON. Never changed: a new world is a new row."""
