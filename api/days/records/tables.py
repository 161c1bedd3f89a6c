"""Tables of kept rows."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, UniqueConstraint

from api.kit.db import METADATA, Moment

RECORD: Final = Table(
    "record",
    METADATA,
    Column("tenant_id", String(64), primary_key=True),
    Column("sheet", String(16), primary_key=True),
    Column("key", String(128), primary_key=True),
    # Where it stands among its sheet's rows: in the order in which they came.
    Column("place", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    # The key as the intake compares names: A-1 and a1 are one id to it.
    Column("folded", String(128), nullable=False),
    # Of an order: one car cannot go to two buyers.
    Column("vin", String(17), nullable=False, server_default=""),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("tenant_id", "sheet", "folded"),
    Index("ix_record_vin", "tenant_id", "vin"),
    Index("ix_record_place", "tenant_id", "sheet", "place"),
)
"""One row of a sheet, as JSON; a deck has all of its positions in one record."""

REVISION: Final = Table(
    "record_revision",
    METADATA,
    Column("tenant_id", String(64), primary_key=True),
    Column("revision", BigInteger, nullable=False),
)
"""Grows whenever a sheet that is not the orders changes: what was read before is old then."""
