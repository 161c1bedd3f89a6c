"""What the order system remembers: a file of its own, written before anything is asked.

Whatever it wants from Flatbed is written down first, with the key it will be asked under. So a
crash at any moment leaves a line that says what to ask again.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any


class Step(StrEnum):
    """What the order system has to do next for an order."""

    SEARCH = "search"
    HOLD = "hold"
    PAY = "pay"
    RELEASE = "release"
    BOOK = "book"
    CANCEL = "cancel"
    BOOKED = "booked"
    """Nothing: events tell the rest."""
    CANCELLED = "cancelled"
    UNPAID = "unpaid"
    SOLD_OUT = "sold_out"


ENDS = frozenset({Step.BOOKED, Step.CANCELLED, Step.UNPAID, Step.SOLD_OUT})
"""Nothing more is asked for these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """One order on its way to a booking. `attempt` counts the windows that were tried for it; a
    buyer who has `paid` and gets none gets the money back."""

    order_id: str
    step: Step
    attempt: int
    offer_id: str
    conditions: tuple[str, ...]
    hold_id: str
    paid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A booking as events have told of it. `seq` is that of the last event of its order."""

    booking_id: str
    order_ref: str
    status: str
    start: str
    end: str
    seq: int


_TABLES = """
create table if not exists sale (
  order_id text primary key, step text not null, attempt integer not null, offer_id text not null,
  conditions text not null, hold_id text not null, paid integer not null
);
create table if not exists known (
  booking_id text primary key, order_ref text not null, status text not null,
  window_start text not null, window_end text not null, seq integer not null
);
create table if not exists seen (event_id text primary key);
create table if not exists stream (
  name text primary key, seen integer not null, highest integer not null
);
create table if not exists place (name text primary key, cursor text not null);
create table if not exists webhook (endpoint_id text primary key, secret text not null);
"""


class Memory:
    """The file. Safe to use from the door's threads and the shop's."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._turn = threading.RLock()
        self._connection.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let what is written inside be written together, or not at all."""
        with self._turn:
            self._run("begin immediate")
            try:
                yield
            except BaseException:
                self._run("rollback")
                raise
            self._run("commit")

    # ---- sales -------------------------------------------------------------------------------

    def add(self, order_id: str) -> None:
        """Take up an order; one that is there stays as it is."""
        self._run(
            "insert into sale values (?, ?, 0, '', '', '', 0) on conflict do nothing",
            order_id,
            Step.SEARCH,
        )

    def sales(self) -> list[Sale]:
        """Read every sale."""
        return [
            Sale(
                order_id=row[0],
                step=Step(row[1]),
                attempt=row[2],
                offer_id=row[3],
                conditions=tuple(filter(None, row[4].split(","))),
                hold_id=row[5],
                paid=bool(row[6]),
            )
            for row in self._run("select * from sale order by order_id")
        ]

    def write(self, sale: Sale) -> None:
        """Write how a sale stands."""
        self._run(
            "insert or replace into sale values (?, ?, ?, ?, ?, ?, ?)",
            sale.order_id,
            sale.step,
            sale.attempt,
            sale.offer_id,
            ",".join(sale.conditions),
            sale.hold_id,
            int(sale.paid),
        )

    # ---- events ------------------------------------------------------------------------------

    def has_seen(self, event_id: str) -> bool:
        """Tell whether an event was applied before."""
        return bool(self._run("select 1 from seen where event_id = ?", event_id))

    def events_seen(self) -> int:
        """Count the events that were applied."""
        return int(self._run("select count(*) from seen")[0][0])

    def count(self, event_id: str, stream: str, seq: int) -> None:
        """Write that an event of a stream was seen."""
        self._run("insert into seen values (?)", event_id)
        self._run(
            "insert into stream values (?1, 1, ?2) on conflict (name) do update "
            "set seen = seen + 1, highest = max(highest, ?2)",
            stream,
            seq,
        )

    def gaps(self) -> Sequence[str]:
        """Name the streams of which something is missing."""
        return [row[0] for row in self._run("select name from stream where seen < highest")]

    def known(self) -> dict[str, Known]:
        """Read every booking that events have told of, by its id."""
        rows = self._run("select * from known")
        return {
            row[0]: Known(
                booking_id=row[0],
                order_ref=row[1],
                status=row[2],
                start=row[3],
                end=row[4],
                seq=row[5],
            )
            for row in rows
        }

    def learn(self, told: Known) -> None:
        """Write how a booking stands, unless something newer was told of it."""
        self._run(
            "insert into known values (?, ?, ?, ?, ?, ?) on conflict (booking_id) do update set "
            "status = excluded.status, window_start = excluded.window_start, "
            "window_end = excluded.window_end, seq = excluded.seq where excluded.seq > known.seq",
            told.booking_id,
            told.order_ref,
            told.status,
            told.start,
            told.end,
            told.seq,
        )

    def cursor(self) -> str:
        """Read how far the feed was read; empty at the beginning."""
        found = self._run("select cursor from place where name = 'feed'")
        return str(found[0][0]) if found else ""

    def move_to(self, cursor: str) -> None:
        """Write how far the feed was read."""
        self._run("insert or replace into place values ('feed', ?)", cursor)

    # ---- the webhook -------------------------------------------------------------------------

    def secrets(self) -> list[str]:
        """Read the secrets that messages may be signed with."""
        return [row[0] for row in self._run("select secret from webhook")]

    def keep_webhook(self, endpoint_id: str, secret: str) -> None:
        """Write down an endpoint's secret, which is shown once."""
        self._run("insert or replace into webhook values (?, ?)", endpoint_id, secret)

    def _run(self, statement: str, *values: object) -> list[Any]:
        with self._turn:
            return self._connection.execute(statement, values).fetchall()
