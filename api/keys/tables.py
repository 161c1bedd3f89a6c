"""The table of API keys. A key itself is never stored."""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, Index, String, Table, Text

from api.kit.db import METADATA, Moment

API_KEY: Final = Table(
    "api_key",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("tenant_id", String(64), nullable=False),
    # Stays the same when a key is rotated: idempotency keys and the ledger go by it.
    Column("client_id", String(64), nullable=False),
    Column("prefix", String(16), nullable=False, unique=True),
    Column("sha256", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    CheckConstraint("created_at < expires_at", name="lives"),
)
Index("ix_api_key_client", API_KEY.c.tenant_id, API_KEY.c.client_id)
