"""Bookings as they are read: one, many by their last change, their history, and why they hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, bindparam, func, literal, or_, select, tuple_

from api.kit.canonical import parsed
from api.kit.db import Database, Moment, moment_text
from api.slots.ledger import DayEvent
from api.slots.states import Move, PromiseState
from api.slots.store import DayRow, PromiseRow, find_promise, promise_of, read_day
from api.slots.tables import EVENT, IS_AT_RISK, PROMISE

UNSETTLED: Final = timedelta(seconds=20)
"""How much later than its moment a change may be seen: longer than any wait for a lock inside a
transaction. Changes of one day come in their order, those of several days may overtake."""

_LIVE_HOLDS: Final = (
    select(func.count())
    .select_from(PROMISE)
    .where(
        PROMISE.c.tenant_id == bindparam("tenant"),
        PROMISE.c.client_id == bindparam("client"),
        PROMISE.c.status == PromiseState.HELD,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFilter:
    """Which bookings to list; what is empty asks for all."""

    states: Collection[PromiseState] = ()
    at_risk: bool = False
    """Together with `states`: those in one of them, and those at risk."""
    county: str = ""
    order_ref: str = ""
    updated_since: datetime | None = None
    """Changed then or later, and a little before: see `UNSETTLED`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One event of the ledger, as far as it is about one promise."""

    seq: int
    type: str
    at: datetime
    actor: str
    request_id: str
    hash: str
    told: Mapping[str, object]


class BookingReader:
    """Reads the book of one database. It never waits for a writer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def day_of(self, row: PromiseRow) -> DayRow:
        """Read the pool-day of a promise."""
        with self._database.reading() as connection:
            return read_day(connection, row.pool_day_id)

    def live_holds(self, tenant_id: str, client_id: str) -> int:
        """Count the windows that a client holds."""
        with self._database.reading() as connection:
            held: int = connection.execute(
                _LIVE_HOLDS, {"tenant": tenant_id, "client": client_id}
            ).scalar_one()
        return held

    def bookings(
        self,
        tenant_id: str,
        wanted: BookingFilter,
        *,
        after: tuple[datetime, str] | None,
        limit: int,
    ) -> Sequence[PromiseRow]:
        """List promises by the moment of their last change, oldest first, from behind `after`."""
        query = select(PROMISE).where(PROMISE.c.tenant_id == tenant_id)
        standing: list[ColumnElement[bool]] = []
        if wanted.states:
            # At risk is what callers see of such a one, whatever its state.
            of_state = PROMISE.c.status.in_(sorted(wanted.states))
            standing.append(of_state & ~IS_AT_RISK)
        if wanted.at_risk:
            standing.append(IS_AT_RISK)
        if standing:
            query = query.where(or_(*standing))
        if wanted.county:
            query = query.where(PROMISE.c.county == wanted.county)
        if wanted.order_ref:
            query = query.where(PROMISE.c.order_ref == wanted.order_ref)
        if wanted.updated_since is not None:
            query = query.where(PROMISE.c.updated_at >= wanted.updated_since - UNSETTLED)
        key = tuple_(PROMISE.c.updated_at, PROMISE.c.id)
        if after is not None:
            query = query.where(key > tuple_(literal(after[0], Moment), after[1]))
        query = query.order_by(PROMISE.c.updated_at, PROMISE.c.id).limit(limit)
        with self._database.reading() as connection:
            return [promise_of(row) for row in connection.execute(query)]

    def history(self, tenant_id: str, promise_id: str) -> Sequence[LedgerLine]:
        """Read what the ledger says of one promise, oldest first.

        Raises:
            UnknownPromise: the tenant has no such promise.
        """
        with self._database.reading() as connection:
            row = find_promise(connection, tenant_id, promise_id)
            query = (
                select(EVENT)
                .where(EVENT.c.pool_day_id == row.pool_day_id)
                # Events of others name it too, where it is on their truck: told apart below.
                .where(EVENT.c.body.contains(row.id, autoescape=True))
                .order_by(EVENT.c.seq)
            )
            lines = [_line(event, row.id) for event in connection.execute(query)]
        return [line for line in lines if line is not None]


def _line(event: Row[Any], promise_id: str) -> LedgerLine | None:
    told = _told(event.type, parsed(event.body), promise_id)
    if told is None:
        return None
    return LedgerLine(
        seq=event.seq,
        type=event.type,
        at=event.at,
        actor=event.actor,
        request_id=event.request_id,
        hash=event.hash,
        told=told,
    )


def _told(kind: str, body: Mapping[str, Any], promise_id: str) -> Mapping[str, object] | None:
    """Say what an event tells of a promise, without its load; None where it is another's."""
    match kind:
        case DayEvent.AT_RISK:
            if promise_id not in body["at_risk"]:
                return None
            return {name: body[name] for name in ("cause", "kind", "detail")}
        case DayEvent.PUBLISHED:
            changed = [each["promise_id"] for each in body["promises"]]
            return {"plan_id": body["plan_id"]} if promise_id in changed else None
        case DayEvent.OPENED | DayEvent.CLOSED:
            return None
    promise = body.get("promise")
    if body.get("promise_id", promise and promise["promise_id"]) != promise_id:
        return None
    if promise is None:
        return {}
    conditions = {"conditions": body.get("conditions", [])} if kind == Move.HOLD else {}
    return {"window": promise["window"], **conditions}


def after_of(row: PromiseRow) -> tuple[str, str]:
    """Give the key of a row in the list's order, as text."""
    assert row.updated_at is not None, f"{row.id} was not read from the table"
    return moment_text(row.updated_at), row.id
