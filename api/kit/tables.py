"""Tables of the kit: what was asked before, and how it was answered."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, String, Table, Text

from api.kit.db import METADATA, Moment

IDEMPOTENCY: Final = Table(
    "idempotency",
    METADATA,
    Column("client_id", String(160), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("route", String(64), nullable=False),
    Column("request_digest", String(64), nullable=False),
    # Null only inside the transaction that is answering.
    Column("status", Integer),
    Column("body", Text),
    Column("at", Moment, nullable=False),
)
