"""Tables of events that leave the house."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from api.kit.db import METADATA, Moment

_BIG_ID: Final = BigInteger().with_variant(Integer, "sqlite")

OUTBOX: Final = Table(
    "outbox",
    METADATA,
    Column("id", _BIG_ID, primary_key=True),
    Column("tenant_id", String(64), nullable=False),
    Column("stream", String(128), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("topic", String(64), nullable=False),
    Column("payload", Text, nullable=False),
    Column("at", Moment, nullable=False),
    # Its place in the replay feed; null until it has one.
    Column("position", BigInteger),
    UniqueConstraint("tenant_id", "stream", "seq"),
)
Index(
    "ix_outbox_without_position",
    OUTBOX.c.id,
    sqlite_where=OUTBOX.c.position.is_(None),
    postgresql_where=OUTBOX.c.position.is_(None),
)
Index("ix_outbox_feed", OUTBOX.c.tenant_id, OUTBOX.c.position)

OUTBOX_STREAM: Final = Table(
    "outbox_stream",
    METADATA,
    Column("tenant_id", String(64), primary_key=True),
    Column("stream", String(128), primary_key=True),
    Column("seq", BigInteger, nullable=False),
)
"""The last number of each stream: whoever writes to a stream holds this row until it commits."""

EVENT_FEED: Final = Table(
    "event_feed",
    METADATA,
    Column("name", String(16), primary_key=True),
    Column("last_position", BigInteger, nullable=False),
    # Up to which position events were deleted for their age.
    Column("forgotten", BigInteger, nullable=False),
)
"""One row: whoever gives out places in the feed holds it until the commit, so that places become
visible in their order, and a reader that has seen one has seen all before it."""

WEBHOOK_ENDPOINT: Final = Table(
    "webhook_endpoint",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("tenant_id", String(64), nullable=False),
    Column("url", Text, nullable=False),
    Column("description", Text, nullable=False),
    # A JSON list; an empty one means all of them.
    Column("topics", Text, nullable=False),
    Column("status", String(12), nullable=False),
    Column("disabled_because", String(200), nullable=False),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("status in ('active', 'disabled')", name="known_status"),
    # A registration that is repeated because its answer was lost must not double every event.
    UniqueConstraint("tenant_id", "url"),
)

WEBHOOK_SECRET: Final = Table(
    "webhook_secret",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("endpoint_id", ForeignKey("webhook_endpoint.id"), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    # Null for the newest; the one before it signs, too, until then.
    Column("expires_at", Moment),
)
Index("ix_webhook_secret_endpoint", WEBHOOK_SECRET.c.endpoint_id)

LANE: Final = Table(
    "webhook_lane",
    METADATA,
    Column("endpoint_id", ForeignKey("webhook_endpoint.id"), primary_key=True),
    Column("lane", String(160), primary_key=True),
    # When its first event may be sent; null when there is none, or the endpoint is disabled.
    Column("due_at", Moment),
    # Who carries it now: a token of the relay's turn. Empty when nobody does.
    Column("claim", String(32), nullable=False),
)
"""The events of one order on their way to one endpoint, one after the other. Whoever adds to a lane
or takes from it holds its row, so that neither can miss the other."""
Index(
    "ix_webhook_lane_due",
    LANE.c.endpoint_id,
    LANE.c.due_at,
    sqlite_where=LANE.c.due_at.is_not(None),
    postgresql_where=LANE.c.due_at.is_not(None),
)

DELIVERY: Final = Table(
    "webhook_delivery",
    METADATA,
    Column("endpoint_id", ForeignKey("webhook_endpoint.id"), primary_key=True),
    Column("outbox_id", ForeignKey("outbox.id"), primary_key=True, autoincrement=False),
    Column("event_id", String(64), nullable=False),
    Column("lane", String(160), nullable=False),
    Column("status", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    # The receiver's last status; null when there was none, and `last_error` says why.
    Column("last_status", Integer),
    Column("last_error", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("endpoint_id", "event_id"),
    CheckConstraint("status in ('due', 'delivered', 'dead')", name="known_status"),
)
"""One event for one endpoint. `at` is when its status or attempts changed."""

_due = DELIVERY.c.status == "due"
Index(
    "ix_webhook_delivery_next",
    DELIVERY.c.endpoint_id,
    DELIVERY.c.lane,
    DELIVERY.c.outbox_id,
    sqlite_where=_due,
    postgresql_where=_due,
)
Index("ix_webhook_delivery_outbox", DELIVERY.c.outbox_id)
