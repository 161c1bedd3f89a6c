"""The sweep of overdue holds: what cannot be expired stops nobody else.

A hold that keeps its place for ever costs a window; a sweep that stops for its sake costs all.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.exc import DBAPIError

from api.kit.clock import Clock
from api.kit.db import Database
from api.slots import store
from api.slots.retrying import retried
from api.slots.taking_back import expire_day
from api.slots.transactions import Transactions
from api.slots.unit import Actor
from routing.judge import Judge

EXPIRE_AT_ONCE: Final = 200
"""Holds that one sweep looks at; the next ones go on."""
SET_ASIDE: Final = timedelta(minutes=1)
"""How long a hold that could not be expired waits for its next turn, so that a few hundred of them
do not fill every sweep."""

_LOG: Final = logging.getLogger(__name__)


class Sweeper:
    """Expires overdue holds of all tenants. Safe to use from many threads."""

    def __init__(
        self, database: Database, transactions: Transactions, judge: Judge, clock: Clock
    ) -> None:
        self._database = database
        self._transactions = transactions
        self._judge = judge
        self._clock = clock
        self._aside: dict[str, datetime] = {}
        self._turn = threading.Lock()

    def sweep(self) -> int:
        """Expire holds whose time is over, a day a transaction; return how many.

        A day that fails is taken promise by promise; what fails then is logged and set aside.
        """
        now = self._clock.now()
        with self._turn:
            self._aside = {each: until for each, until in self._aside.items() if until > now}
            aside = frozenset(self._aside)
        with self._database.reading() as connection:
            due = store.overdue(connection, now, EXPIRE_AT_ONCE, but=aside)
            tenants = {day: store.read_day(connection, day).tenant_id for day, _ in due}
        expired = 0
        for day, tenant_id in sorted(tenants.items()):
            ids = [promise_id for its_day, promise_id in due if its_day == day]
            expired += self._sweep_day(tenant_id, day, ids)
        return expired

    def _sweep_day(self, tenant_id: str, pool_day_id: str, promise_ids: Sequence[str]) -> int:
        try:
            return self._expire(tenant_id, pool_day_id, promise_ids)
        except DBAPIError:
            # Another one holds the day, or the database is away: no promise of it would fare
            # better alone.
            _LOG.critical("holds of %s cannot be expired", pool_day_id, exc_info=True)
            self._set_aside(promise_ids)
            return 0
        # Whatever is wrong with one day, the others are swept.
        except Exception:
            _LOG.critical("%s cannot be swept as a whole", pool_day_id, exc_info=True)
        expired = 0
        for each in promise_ids:
            try:
                expired += self._expire(tenant_id, pool_day_id, [each])
            except Exception:
                _LOG.critical("%s of %s cannot be expired", each, pool_day_id, exc_info=True)
                self._set_aside([each])
        return expired

    def _set_aside(self, promise_ids: Sequence[str]) -> None:
        until = self._clock.now() + SET_ASIDE
        with self._turn:
            self._aside |= dict.fromkeys(promise_ids, until)

    def _expire(self, tenant_id: str, pool_day_id: str, promise_ids: Sequence[str]) -> int:
        def once() -> int:
            with self._transactions.unit(Actor(name="sweeper")) as unit:
                return expire_day(unit, self._judge, tenant_id, pool_day_id, promise_ids)

        return retried(once)
