"""Table of what was opened for sale."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Date, String, Table

from api.kit.db import METADATA, Moment

SALE: Final = Table(
    "sale",
    METADATA,
    Column("tenant_id", String(64), primary_key=True),
    # Revision of the fleet's rows that the open days stand on.
    Column("revision", BigInteger, nullable=False),
    # The day on which the days ahead were last opened and closed.
    Column("rolled_on", Date, nullable=False),
    Column("at", Moment, nullable=False),
)
