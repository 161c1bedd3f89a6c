"""Tables of what is personal of orders. The rows themselves are records of `api.days.records`."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from api.kit.db import METADATA, Moment

CONTACT: Final = Table(
    "contact",
    METADATA,
    Column("tenant_id", String(64), primary_key=True),
    Column("order_id", String(128), primary_key=True),
    Column("sealed", Text, nullable=False),
    # When nobody needs it any more: 90 days after the handover. Null: not handed over yet.
    Column("delete_after", Moment),
    Index("ix_contact_delete_after", "delete_after"),
)
"""Names, phones and whatever else names a buyer, encrypted; nothing in it can be searched."""

CONTACT_LOOK: Final = Table(
    "contact_look",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("tenant_id", String(64), nullable=False),
    Column("order_id", String(128), nullable=False),
    Column("client_id", String(64), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_contact_look_order", "tenant_id", "order_id"),
)
"""Who has seen what is personal of an order, and when."""
