"""Tables of the promise book. The database itself refuses what must never be."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from api.kit.db import METADATA, Moment
from api.slots.states import BOOKED, LIVE, PromiseState

POOL_DAY: Final = Table(
    "pool_day",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("tenant_id", String(64), nullable=False),
    Column("pool_id", String(64), nullable=False),
    Column("service_date", Date, nullable=False),
    Column("status", String(12), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("plan_seq", BigInteger, nullable=False),
    # Hash of the last event: the next one is chained to it.
    Column("head", String(64), nullable=False),
    Column("plan_id", String(64), nullable=False, server_default=""),
    Column("basis_id", String(64), nullable=False),
    UniqueConstraint("tenant_id", "pool_id", "service_date"),
    CheckConstraint("plan_seq <= seq", name="plan_seq_within_seq"),
    CheckConstraint("status in ('open', 'closed')", name="known_status"),
)
"""The unit of order: whoever changes anything of a day holds this row."""

_STATES = ", ".join(f"'{state}'" for state in PromiseState)
_BOOKED = ", ".join(f"'{state}'" for state in sorted(BOOKED))

PROMISE: Final = Table(
    "promise",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("tenant_id", String(64), nullable=False),
    Column("pool_day_id", ForeignKey("pool_day.id"), nullable=False),
    Column("order_ref", String(128), nullable=False),
    Column("window_start", Moment, nullable=False),
    Column("window_end", Moment, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("load", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("at_risk_by", String(64), nullable=False, server_default=""),
    Column("hold_expires_at", Moment),
    # seq of the last event of this promise: what If-Match compares.
    Column("seq", BigInteger, nullable=False),
    Column("took", Text, nullable=False, server_default='{"took":[]}'),
    Column("moved_to", String(64), nullable=False, server_default=""),
    # Who held it, where it goes and when it changed last: what lists and caps go by.
    Column("client_id", String(64), nullable=False, server_default=""),
    Column("county", String(12), nullable=False, server_default=""),
    Column("updated_at", Moment, nullable=False, server_default=""),
    # JSON list: what the buyer must accept before the hold can be confirmed.
    Column("conditions", Text, nullable=False, server_default="[]"),
    CheckConstraint("window_start < window_end", name="window_has_length"),
    CheckConstraint(f"status in ({_STATES})", name="known_status"),
    CheckConstraint("(status = 'held') = (hold_expires_at is not null)", name="held_until"),
    CheckConstraint("(status = 'rescheduled') = (moved_to <> '')", name="moved_somewhere"),
)

_held = PROMISE.c.status == "held"
_booked = PROMISE.c.status.in_(sorted(BOOKED))
Index(
    "uq_promise_one_hold",
    PROMISE.c.tenant_id,
    PROMISE.c.order_ref,
    unique=True,
    sqlite_where=_held,
    postgresql_where=_held,
)
Index(
    "uq_promise_one_booking",
    PROMISE.c.tenant_id,
    PROMISE.c.order_ref,
    unique=True,
    sqlite_where=_booked,
    postgresql_where=_booked,
)
Index("ix_promise_expiry", PROMISE.c.hold_expires_at, sqlite_where=_held, postgresql_where=_held)
Index("ix_promise_pool_day", PROMISE.c.pool_day_id)
Index("ix_promise_updated", PROMISE.c.tenant_id, PROMISE.c.updated_at, PROMISE.c.id)
Index(
    "ix_promise_held_of_client",
    PROMISE.c.tenant_id,
    PROMISE.c.client_id,
    sqlite_where=_held,
    postgresql_where=_held,
)

IS_AT_RISK: Final = (PROMISE.c.at_risk_by != "") & PROMISE.c.status.in_(sorted(LIVE))
"""What callers see as at risk: the mark of one that is over says only what once was."""

EVENT: Final = Table(
    "event",
    METADATA,
    Column("pool_day_id", ForeignKey("pool_day.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    # The plan_seq after this event; it grows where the event changes the witness.
    Column("plan_seq", BigInteger, nullable=False),
    Column("type", String(16), nullable=False),
    Column("body", Text, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""The promise ledger: append-only, each event hashed with the one before."""

SNAPSHOT: Final = Table(
    "snapshot",
    METADATA,
    Column("pool_day_id", ForeignKey("pool_day.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)
"""The witness after an event, so that a new process need not fold from the first one."""

COUNTED: Final = Table(
    "counted",
    METADATA,
    Column("tenant_id", String(64), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("given", Integer, nullable=False),
    Column("left", Integer, nullable=False),
    CheckConstraint('"left" >= 0', name="never_below_zero"),
    CheckConstraint('"left" <= given', name="never_above_given"),
)
"""Counted things that outlive a day's routes: `given` were there, `left` are not taken."""
