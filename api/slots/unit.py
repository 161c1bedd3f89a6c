"""One transaction on the book: the days it locks, the events it writes, what it tells the world.

Locks are taken in one order everywhere: idempotency key, days by id, counted rows by key, outbox
streams by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from api.events.outbox import OutgoingEvent, emit
from api.kit.canonical import canonical, parsed
from api.kit.clock import Clock
from api.kit.db import Database
from api.slots.archive import append_event, plan_events, stored_witness, write_snapshot
from api.slots.cache import WitnessCache
from api.slots.errors import BookDamaged
from api.slots.ledger import Event, event_hash, fold, fold_all
from api.slots.store import DayRow, advance_day, lock_day
from routing.witness import Witness

SNAPSHOT_EVERY: Final = 500
"""Changes of the witness between two snapshots."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who caused a transaction, as the ledger remembers it."""

    name: str
    request_id: str = ""


@dataclass(slots=True)
class Unit:
    """The open transaction. Services write through it and never commit."""

    connection: Connection
    cache: WitnessCache
    clock: Clock
    actor: Actor
    now: datetime = field(init=False)
    """When it happens: under the locks of its days, so that later events have later moments."""
    _days: dict[str, OpenDay] = field(default_factory=dict)
    _told: dict[str, list[OutgoingEvent]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now = self.clock.now()

    def lock(self, *pool_day_ids: str) -> tuple[OpenDay, ...]:
        """Lock all days of this transaction, in the order of their ids, whatever order they are
        asked in; give them as asked. Once a transaction."""
        if self._days:
            raise RuntimeError("a transaction locks its days once: two rounds could lock in a ring")
        for each in sorted(set(pool_day_ids)):
            self._days[each] = OpenDay(self, lock_day(self.connection, each))
        # It may have waited for them.
        self.now = self.clock.now()
        return tuple(self._days[each] for each in pool_day_ids)

    def tell(self, tenant_id: str, event: OutgoingEvent) -> None:
        """Let the order system know, if this transaction commits."""
        self._told.setdefault(tenant_id, []).append(event)

    def close(self) -> None:
        """Write what was collected: the days' new numbers, and the outbox."""
        for day in self._days.values():
            day.close()
        for tenant_id, events in self._told.items():
            emit(self.connection, tenant_id, events, self.now)

    def remember(self) -> None:
        """Keep the witnesses, now that they are committed."""
        for pool_day_id, day in self._days.items():
            if day.known is not None:
                self.cache.put(pool_day_id, day.known)


class OpenDay:
    """A locked pool-day: its row and witness as they are, and as they become."""

    def __init__(self, unit: Unit, row: DayRow) -> None:
        self._unit = unit
        self._before = row
        self.row = row
        self.known: Witness | None = None

    @property
    def witness(self) -> Witness:
        """The present witness: the cached one and the events since."""
        if self.known is None:
            self.known = present_witness(self._unit.connection, self._unit.cache, self.row)
        return self.known

    def write(
        self,
        kind: str,
        body: Mapping[str, object],
        *,
        replans: bool,
        actor: Actor | None = None,
    ) -> int:
        """Write an event and return its seq. One that `replans` carries `routes`. `actor` is who
        caused it, where that is not who opened the transaction.

        Raises:
            BookDamaged: the routes would not serve what is owed, or serve what is not.
        """
        who = actor or self._unit.actor
        # What is folded is what will be read back: tuples become lists here and not later.
        plain = parsed(canonical(body))
        event = Event(
            pool_day_id=self.row.id,
            seq=self.row.seq + 1,
            plan_seq=self.row.plan_seq + replans,
            type=kind,
            body=plain,
            actor=who.name,
            request_id=who.request_id,
            at=self._unit.now,
        )
        if replans:
            self.known = sound(fold(self.witness, event))
            if event.plan_seq % SNAPSHOT_EVERY == 0:
                write_snapshot(self._unit.connection, self.row.id, self.known)
        link = event_hash(self.row.head, event)
        append_event(self._unit.connection, event, link)
        basis = self.known.basis if self.known else self.row.basis
        self.row = replace(self.row, seq=event.seq, plan_seq=event.plan_seq, head=link, basis=basis)
        return event.seq

    def close(self) -> None:
        """Write the row, if there were events."""
        if self.row.seq > self._before.seq:
            advance_day(self._unit.connection, self._before, self.row)


def sound(witness: Witness) -> Witness:
    """Let through a witness that serves each owed promise once and nothing that is not promised.

    The cheap half of what the checker checks, done at every event.

    Raises:
        BookDamaged: it does not.
    """
    served = [each for route in witness.routes.values() for each in route.serves]
    once = set(served)
    if len(once) < len(served) or not witness.owed <= once <= witness.promises.keys():
        wrong = sorted((witness.owed - once) | (once - witness.promises.keys()))
        raise BookDamaged(f"{witness.pool} {witness.day}: not served as promised: {wrong}")
    return witness


def present_witness(connection: Connection, cache: WitnessCache, row: DayRow) -> Witness:
    """Give the witness of a day as it is committed, from memory and the events since.

    Raises:
        BookDamaged: the events do not lead to where the day's row says it is.
    """
    kept = cache.get(row.id)
    if kept is None:
        kept = stored_witness(connection, row.id)
    elif kept.plan_seq < row.plan_seq:
        kept = fold_all(kept, plan_events(connection, kept, row.id))
    if kept.plan_seq < row.plan_seq:
        raise BookDamaged(f"{row.id}: plan {row.plan_seq} has no event")
    return kept


def witness_at(connection: Connection, cache: WitnessCache, row: DayRow) -> Witness:
    """Give the witness of the very moment at which a snapshot read the day's row.

    Raises:
        BookDamaged: as `present_witness`.
    """
    kept = cache.get(row.id)
    if kept is not None and kept.plan_seq > row.plan_seq:
        return stored_witness(connection, row.id)
    return present_witness(connection, cache, row)


@contextmanager
def unit_of_work(
    database: Database, cache: WitnessCache, *, clock: Clock, actor: Actor
) -> Iterator[Unit]:
    """Open a transaction on the book; it commits at the end, or nothing of it happened."""
    with database.writing() as connection:
        unit = Unit(connection, cache, clock, actor)
        yield unit
        unit.close()
    unit.remember()
