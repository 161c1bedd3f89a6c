"""Tables of events that leave the house."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text, UniqueConstraint

from api.kit.db import METADATA, Moment

OUTBOX: Final = Table(
    "outbox",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("tenant_id", String(64), nullable=False),
    Column("stream", String(128), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("topic", String(64), nullable=False),
    Column("payload", Text, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("tenant_id", "stream", "seq"),
)

OUTBOX_STREAM: Final = Table(
    "outbox_stream",
    METADATA,
    Column("tenant_id", String(64), primary_key=True),
    Column("stream", String(128), primary_key=True),
    Column("seq", BigInteger, nullable=False),
)
"""The last number of each stream: whoever writes to a stream holds this row until it commits."""
