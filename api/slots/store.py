"""Rows of pool-days and promises: how they are locked, read and written. No decisions here."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from api.kit.canonical import canonical, parsed
from api.orders.promised import LivePromise
from api.slots.errors import BookDamaged, DayNotOpen, UnknownPromise
from api.slots.states import BOOKED, LIVE, PromiseState
from api.slots.tables import POOL_DAY, PROMISE
from api.slots.wording import counted_read, counted_told
from routing.domain.windows import Window
from routing.witness import Ask, Promise, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One row of `pool_day`."""

    id: str
    tenant_id: str
    pool: str
    day: date
    status: str
    seq: int
    plan_seq: int
    head: str
    basis: str
    plan_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRow:
    """One row of `promise`: the promise, and where it stands."""

    tenant_id: str
    pool_day_id: str
    promise: Promise
    state: PromiseState
    hold_expires_at: datetime | None
    seq: int
    moved_to: str
    zone: str = "Asia/Shanghai"
    county: str = ""
    client_id: str = ""
    conditions: tuple[str, ...] = ()
    updated_at: datetime | None = None
    """When it changed last; None for what has not been read back yet."""

    @property
    def at_risk_by(self) -> str:
        """The outside event that broke it, while anything is promised; afterwards the mark says
        only what once was."""
        return self.promise.at_risk_by if self.state in LIVE else ""

    @property
    def id(self) -> str:
        """Id of the promise."""
        return self.promise.ask.promise_id


# Built once: to build a statement costs the processor more than to run it.
_READ_DAY: Final = select(POOL_DAY).where(POOL_DAY.c.id == bindparam("day"))
_LOCK_DAY: Final = _READ_DAY.with_for_update()
_FIND_DAY: Final = select(POOL_DAY.c.id).where(
    POOL_DAY.c.tenant_id == bindparam("tenant"),
    POOL_DAY.c.pool_id == bindparam("pool"),
    POOL_DAY.c.service_date == bindparam("day"),
)
_ADVANCE_DAY: Final = (
    update(POOL_DAY)
    .where(POOL_DAY.c.id == bindparam("day"), POOL_DAY.c.seq == bindparam("at_seq"))
    .returning(POOL_DAY.c.seq)
)
_FIND_PROMISE: Final = select(PROMISE).where(
    PROMISE.c.id == bindparam("promise"), PROMISE.c.tenant_id == bindparam("tenant")
)
_OF_ORDER: Final = select(PROMISE.c.id).where(
    PROMISE.c.tenant_id == bindparam("tenant"), PROMISE.c.order_ref == bindparam("order")
)
_LIVE_OF: Final = (
    select(PROMISE.c.id, POOL_DAY.c.service_date)
    .join(POOL_DAY, POOL_DAY.c.id == PROMISE.c.pool_day_id)
    .where(
        PROMISE.c.tenant_id == bindparam("tenant"),
        PROMISE.c.order_ref == bindparam("order"),
        PROMISE.c.status.in_(sorted({PromiseState.HELD, *BOOKED})),
    )
    .order_by(PROMISE.c.id)
)
_HELD_BY: Final = _OF_ORDER.where(PROMISE.c.status == PromiseState.HELD)
_BOOKED_BY: Final = _OF_ORDER.where(PROMISE.c.status.in_(sorted(BOOKED)))
_MOVE_PROMISE: Final = (
    update(PROMISE)
    .where(
        PROMISE.c.id == bindparam("promise"),
        PROMISE.c.status == bindparam("at_status"),
        PROMISE.c.seq == bindparam("at_seq"),
    )
    .returning(PROMISE.c.id)
)


# ---- pool days ------------------------------------------------------------------------------


def day_id(connection: Connection, tenant_id: str, pool: str, day: date) -> str:
    """Find a pool-day.

    Raises:
        DayNotOpen: nobody has opened it.
    """
    found = find_day(connection, tenant_id, pool, day)
    if found is None:
        raise DayNotOpen(f"{pool} sells nothing on {day}: no plan was opened for that day")
    return found


def find_day(connection: Connection, tenant_id: str, pool: str, day: date) -> str | None:
    """Give the id of a pool-day, if it was opened."""
    return connection.scalar(_FIND_DAY, {"tenant": tenant_id, "pool": pool, "day": day})


def read_day(connection: Connection, pool_day_id: str) -> DayRow:
    """Read a pool-day as it was last committed."""
    return _day(connection.execute(_READ_DAY, {"day": pool_day_id}).one())


def lock_day(connection: Connection, pool_day_id: str) -> DayRow:
    """Take the lock of a pool-day until the transaction ends, and read it.

    On SQLite the transaction has the one write lock already.
    """
    return _day(connection.execute(_LOCK_DAY, {"day": pool_day_id}).one())


def advance_day(connection: Connection, before: DayRow, after: DayRow) -> None:
    """Write a pool-day that was locked as `before`.

    Raises:
        BookDamaged: somebody changed it in spite of the lock.
    """
    written = connection.execute(
        _ADVANCE_DAY,
        {
            "day": before.id,
            "at_seq": before.seq,
            "seq": after.seq,
            "plan_seq": after.plan_seq,
            "head": after.head,
            "status": after.status,
            "basis_id": after.basis,
            "plan_id": after.plan_id,
        },
    ).scalar()
    if written != after.seq:
        raise BookDamaged(f"{before.id} moved on from {before.seq} while it was locked")


def insert_day(connection: Connection, row: DayRow) -> None:
    """Write a new pool-day."""
    connection.execute(
        insert(POOL_DAY).values(
            id=row.id,
            tenant_id=row.tenant_id,
            pool_id=row.pool,
            service_date=row.day,
            status=row.status,
            seq=row.seq,
            plan_seq=row.plan_seq,
            head=row.head,
            basis_id=row.basis,
        )
    )


def _day(row: Row[Any]) -> DayRow:
    return DayRow(
        id=row.id,
        tenant_id=row.tenant_id,
        pool=row.pool_id,
        day=row.service_date,
        status=row.status,
        seq=row.seq,
        plan_seq=row.plan_seq,
        head=row.head,
        basis=row.basis_id,
        plan_id=row.plan_id,
    )


# ---- promises -------------------------------------------------------------------------------


def find_promise(connection: Connection, tenant_id: str, promise_id: str) -> PromiseRow:
    """Read a promise of a tenant.

    Raises:
        UnknownPromise: there is none, or it is another tenant's.
    """
    row = connection.execute(
        _FIND_PROMISE, {"promise": promise_id, "tenant": tenant_id}
    ).one_or_none()
    if row is None:
        raise UnknownPromise(f"there is no booking or hold {promise_id!r}")
    return promise_of(row)


def held_by(connection: Connection, tenant_id: str, order_ref: str) -> str | None:
    """Give the id of the order's live hold."""
    return connection.scalar(_HELD_BY, {"tenant": tenant_id, "order": order_ref})


def booked_by(connection: Connection, tenant_id: str, order_ref: str) -> str | None:
    """Give the id of the order's live booking."""
    return connection.scalar(_BOOKED_BY, {"tenant": tenant_id, "order": order_ref})


def live_promises(connection: Connection, tenant_id: str, order_ref: str) -> list[LivePromise]:
    """List the hold and the booking that an order has: at most one of each."""
    rows = connection.execute(_LIVE_OF, {"tenant": tenant_id, "order": order_ref})
    return [LivePromise(id=row.id, day=row.service_date) for row in rows]


def insert_promise(
    connection: Connection,
    day: DayRow,
    promise: Promise,
    *,
    zone: str,
    hold_expires_at: datetime,
    seq: int,
    client_id: str,
    conditions: Sequence[str],
    at: datetime,
) -> None:
    """Write a new hold."""
    connection.execute(
        insert(PROMISE),
        {
            "id": promise.ask.promise_id,
            "tenant_id": day.tenant_id,
            "pool_day_id": day.id,
            "order_ref": promise.ask.order_ref,
            "window_start": promise.ask.window.start,
            "window_end": promise.ask.window.end,
            "zone": zone,
            "load": canonical(promise.ask.load),
            "status": PromiseState.HELD,
            "hold_expires_at": hold_expires_at,
            "seq": seq,
            "took": canonical({"took": counted_told(promise.took)}),
            "client_id": client_id,
            "conditions": canonical(list(conditions)),
            "county": county_of(promise.ask.load),
            "updated_at": at,
        },
    )


def county_of(load: Told) -> str:
    """Give the county (six digits) that a load goes to; empty where it names none."""
    place = load.get("place")
    code = place.get("county_code") if isinstance(place, Mapping) else None
    return code if isinstance(code, str) else ""


def write_state(
    connection: Connection,
    row: PromiseRow,
    state: PromiseState,
    *,
    seq: int,
    at: datetime,
    promise: Promise | None = None,
    moved_to: str = "",
) -> None:
    """Write where a promise stands, and the promise itself where it changed.

    Raises:
        BookDamaged: it is not where it was when it was read under the lock.
    """
    values: dict[str, object] = {
        "status": state,
        "seq": seq,
        "moved_to": moved_to,
        "updated_at": at,
    }
    if state != PromiseState.HELD:
        values["hold_expires_at"] = None
    if promise is not None:
        values |= {
            "window_start": promise.ask.window.start,
            "window_end": promise.ask.window.end,
            "at_risk_by": promise.at_risk_by,
            "took": canonical({"took": counted_told(promise.took)}),
        }
    written = connection.execute(
        _MOVE_PROMISE,
        {"promise": row.id, "at_status": row.state, "at_seq": row.seq, **values},
    ).scalar()
    if written is None:
        raise BookDamaged(f"promise {row.id} changed in spite of the lock of its day")


def promises_of(
    connection: Connection, pool_day_id: str, ids: Collection[str] | None = None
) -> list[PromiseRow]:
    """Read all promises of a pool-day, or the named ones."""
    query = select(PROMISE).where(PROMISE.c.pool_day_id == pool_day_id)
    if ids is not None:
        query = query.where(PROMISE.c.id.in_(sorted(ids)))
    return [promise_of(row) for row in connection.execute(query.order_by(PROMISE.c.id))]


def in_states(
    connection: Connection, pool_day_id: str, states: Collection[PromiseState]
) -> dict[str, PromiseState]:
    """Give the promises of a pool-day that are in one of these states."""
    query = select(PROMISE.c.id, PROMISE.c.status).where(
        PROMISE.c.pool_day_id == pool_day_id, PROMISE.c.status.in_(sorted(states))
    )
    return {row.id: PromiseState(row.status) for row in connection.execute(query)}


def overdue(
    connection: Connection, now: datetime, limit: int, *, but: Collection[str] = ()
) -> list[tuple[str, str]]:
    """List holds whose time is over, oldest first, `but` for some, as (pool-day, promise)."""
    rows = connection.execute(
        select(PROMISE.c.pool_day_id, PROMISE.c.id)
        .where(PROMISE.c.status == PromiseState.HELD, PROMISE.c.hold_expires_at <= now)
        .where(PROMISE.c.id.not_in(sorted(but)))
        .order_by(PROMISE.c.hold_expires_at)
        .limit(limit)
    )
    return [(row.pool_day_id, row.id) for row in rows]


def promise_of(row: Row[Any]) -> PromiseRow:
    """Read a row of the table."""
    ask = Ask(
        promise_id=row.id,
        order_ref=row.order_ref,
        window=Window(start=row.window_start, end=row.window_end),
        load=parsed(row.load),
    )
    took = counted_read(parsed(row.took)["took"])
    return PromiseRow(
        tenant_id=row.tenant_id,
        pool_day_id=row.pool_day_id,
        promise=Promise(ask=ask, since=0, at_risk_by=row.at_risk_by, took=took),
        state=PromiseState(row.status),
        hold_expires_at=row.hold_expires_at,
        seq=row.seq,
        moved_to=row.moved_to,
        zone=row.zone,
        county=row.county,
        client_id=row.client_id,
        conditions=tuple(json.loads(row.conditions)),
        updated_at=row.updated_at,
    )
