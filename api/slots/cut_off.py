"""The evening before: the sale of tomorrow ends, and what is promised for it is frozen.

Nothing is remembered of ticks: what is due is read from the tables each time, so that a tick that
was missed is caught up by the next one, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from api.kit.clock import CHINA, Clock
from api.kit.db import Database
from api.slots.service import Book
from api.slots.states import Move, PromiseState
from api.slots.tables import POOL_DAY, PROMISE
from api.slots.transactions import Caller

AT_ONCE: Final = 500
"""Promises that one tick freezes; the next ones go on."""
_CLIENT: Final = "cut-off"


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOffs:
    """Times of the day before a pool-day, in China's zone; None: never by itself."""

    last_order: time | None
    freeze: time | None


def reached(cut: time | None, now: datetime) -> date | None:
    """Give the latest day whose cut-off is over; None where there is no cut-off."""
    if cut is None:
        return None
    here = now.astimezone(CHINA)
    return here.date() + timedelta(days=1 if here.time() >= cut else 0)


class CutOffClock:
    """Closes and freezes what is due."""

    def __init__(self, database: Database, book: Book, clock: Clock, cut_offs: CutOffs) -> None:
        self._database = database
        self._book = book
        self._clock = clock
        self._cut_offs = cut_offs

    def tick(self) -> int:
        """Close days and freeze promises whose time has come; return how many of both."""
        now = self._clock.now()
        done = 0
        if (day := reached(self._cut_offs.last_order, now)) is not None:
            done += self._close(day)
        if (day := reached(self._cut_offs.freeze, now)) is not None:
            done += self._freeze(day)
        return done

    def _close(self, until: date) -> int:
        query = select(
            POOL_DAY.c.id, POOL_DAY.c.tenant_id, POOL_DAY.c.pool_id, POOL_DAY.c.service_date
        ).where(POOL_DAY.c.status == "open", POOL_DAY.c.service_date <= until)
        with self._database.reading() as connection:
            due = connection.execute(query).all()
        return sum(
            self._book.days.close_day(
                _caller(row.tenant_id, f"close {row.id}"), pool=row.pool_id, day=row.service_date
            ).granted
            for row in due
        )

    def _freeze(self, until: date) -> int:
        query = (
            select(PROMISE.c.id, PROMISE.c.tenant_id)
            .join(POOL_DAY, POOL_DAY.c.id == PROMISE.c.pool_day_id)
            .where(POOL_DAY.c.service_date <= until)
            .where(PROMISE.c.status.in_([PromiseState.CONFIRMED, PromiseState.REFINED]))
            .order_by(PROMISE.c.pool_day_id, PROMISE.c.id)
            .limit(AT_ONCE)
        )
        with self._database.reading() as connection:
            due = connection.execute(query).all()
        # One that was cancelled meanwhile refuses, and is not due any more.
        return sum(
            self._book.advance(
                _caller(row.tenant_id, f"freeze {row.id}"), row.id, Move.FREEZE
            ).granted
            for row in due
        )


def _caller(tenant_id: str, key: str) -> Caller:
    return Caller(tenant_id=tenant_id, client_id=_CLIENT, key=key)
