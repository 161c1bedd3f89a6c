"""The standing check: is the book what its ledger says, and does the witness keep every promise?

Reads everything from the first event, trusts neither cache nor snapshot, and asks the independent
checker. Empty means sound. Each day is read as it was at one moment: it is sold on meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, select

from api.events.tables import OUTBOX, OUTBOX_STREAM
from api.kit.canonical import parsed
from api.kit.db import Database
from api.slots.archive import all_events, event_of, stored_witness
from api.slots.errors import BookDamaged
from api.slots.ledger import ROOT_HASH, DayEvent, Event, event_hash, first_witness, fold
from api.slots.states import MOVES, TAKEN_BACK, Move, PromiseState
from api.slots.store import DayRow, PromiseRow, promises_of, read_day
from api.slots.tables import COUNTED, POOL_DAY, PROMISE
from api.slots.unit import sound
from api.slots.wording import counted_read
from routing.judge import Judge
from routing.witness import CountedKey, Witness


def day_faults(connection: Connection, judge: Judge, pool_day_id: str) -> tuple[str, ...]:
    """Check one pool-day."""
    row = read_day(connection, pool_day_id)
    events: list[Event] = []
    try:
        witness, states = _replay(connection, row, events)
    except (BookDamaged, KeyError, ValueError) as error:
        return (f"{pool_day_id}: {error}",)
    faults = [fault.text for fault in judge.faults(witness)]
    if stored_witness(connection, pool_day_id) != replace(witness, seq=_last_change(events)):
        faults.append("the snapshot leads to another witness than the first event")
    rows = {each.id: each for each in promises_of(connection, pool_day_id)}
    if states.keys() != rows.keys():
        faults.append(f"promises and ledger differ: {sorted(states.keys() ^ rows.keys())}")
    for promise_id in sorted(states.keys() & rows.keys()):
        faults += _row_faults(rows[promise_id], states[promise_id], witness)
    return tuple(f"{pool_day_id}: {fault}" for fault in faults)


def tenant_faults(connection: Connection, tenant_id: str) -> tuple[str, ...]:
    """Check what crosses the days of a tenant: counted things, outbox, one booking an order."""
    return (*_counted_faults(connection, tenant_id), *_outbox_faults(connection, tenant_id))


class StandingCheck:
    """Checks the whole book. Remembers which past days it found sound, and at which event."""

    def __init__(self, database: Database, judge: Judge) -> None:
        self._database = database
        self._judge = judge
        self._found_sound: dict[str, str] = {}

    def faults(self, *, past_before: date | None = None) -> tuple[str, ...]:
        """Check every day of every tenant; empty is sound.

        Days before `past_before` that were found sound are not read again as long as their ledger
        has not grown: a year of past days would be read every hour. None reads all.
        """
        with self._database.reading() as connection:
            days = connection.execute(
                select(
                    POOL_DAY.c.id, POOL_DAY.c.tenant_id, POOL_DAY.c.service_date, POOL_DAY.c.head
                )
            ).all()
        faults: list[str] = []
        for day in days:
            past = past_before is not None and day.service_date < past_before
            if past and self._found_sound.get(day.id) == day.head:
                continue
            with self._database.snapshot() as connection:
                found = day_faults(connection, self._judge, day.id)
                head = read_day(connection, day.id).head
            if past and not found:
                self._found_sound[day.id] = head
            faults += found
        for tenant_id in sorted({day.tenant_id for day in days}):
            with self._database.snapshot() as connection:
                faults += tenant_faults(connection, tenant_id)
        return tuple(faults)


def _replay(
    connection: Connection, row: DayRow, events: list[Event]
) -> tuple[Witness, dict[str, PromiseState]]:
    """Fold the ledger from its first event; the chain must hold and end where the row says."""
    link, states = ROOT_HASH, dict[str, PromiseState]()
    witness: Witness | None = None
    for number, stored in enumerate(all_events(connection, row.id), start=1):
        event = event_of(stored)
        events.append(event)
        link = event_hash(link, event)
        if stored.hash != link:
            raise BookDamaged(f"event {event.seq} was changed, or one before it")
        if event.seq != number:
            raise BookDamaged(f"event {number} is missing")
        witness = first_witness(event) if witness is None else sound(fold(witness, event))
        _follow(states, event)
    if witness is None or (witness.seq, witness.plan_seq, link) != (
        row.seq,
        row.plan_seq,
        row.head,
    ):
        raise BookDamaged(f"the ledger does not end at {row.seq} as the day says")
    if witness.basis != row.basis:
        raise BookDamaged(f"the day stands on {row.basis}, its ledger on {witness.basis}")
    return witness, states


def _follow(states: dict[str, PromiseState], event: Event) -> None:
    """Follow every promise through the table of moves."""
    if event.type in set(DayEvent):
        return
    move = Move(event.type)
    promise_id = event.body.get("promise_id") or event.body["promise"]["promise_id"]
    sources, goal = MOVES[move]
    before = states.get(promise_id)
    if (before not in sources) if sources else (before is not None):
        raise BookDamaged(f"event {event.seq}: {promise_id} was {move} from {before}")
    states[promise_id] = goal


def _last_change(events: list[Event]) -> int:
    """Give the seq of the last event that changed the witness."""
    last = max(event.plan_seq for event in events)
    return next(event.seq for event in events if event.plan_seq == last)


def _row_faults(row: PromiseRow, state: PromiseState, witness: Witness) -> Iterator[str]:
    if row.state != state:
        yield f"{row.id} is {row.state}, its ledger says {state}"
    known = witness.promises.get(row.id)
    if (known is None) != (state in TAKEN_BACK):
        yield f"{row.id} is {state}, and {'off' if known is None else 'on'} the witness"
    elif known is not None and replace(row.promise, since=known.since, done=known.done) != known:
        yield f"{row.id} is another promise than its ledger says"


def _counted_faults(connection: Connection, tenant_id: str) -> Iterator[str]:
    taken: Counter[CountedKey] = Counter()
    live = select(PROMISE.c.took).where(
        PROMISE.c.tenant_id == tenant_id, PROMISE.c.status.not_in(sorted(TAKEN_BACK))
    )
    for took in connection.execute(live).scalars():
        taken.update(counted_read(parsed(took)["took"]))
    for row in connection.execute(select(COUNTED).where(COUNTED.c.tenant_id == tenant_id)):
        key = CountedKey(row.kind, row.key, row.day)
        if row.given - row.left != taken[key]:
            yield f"{key}: {row.left} of {row.given} are left, but {taken[key]} are taken"


def _outbox_faults(connection: Connection, tenant_id: str) -> Iterator[str]:
    """Streams without gaps; one announcement a booking that was ever confirmed."""
    last: Counter[str] = Counter()
    confirmed: set[str] = set()
    query = select(OUTBOX).where(OUTBOX.c.tenant_id == tenant_id)
    for row in connection.execute(query.order_by(OUTBOX.c.stream, OUTBOX.c.seq)):
        last[row.stream] += 1
        if row.seq != last[row.stream]:
            yield f"outbox stream {row.stream} jumps to {row.seq}"
        if row.topic == "booking.confirmed.v1":
            confirmed.add(row.stream)
    for row in connection.execute(
        select(OUTBOX_STREAM).where(OUTBOX_STREAM.c.tenant_id == tenant_id)
    ):
        if row.seq != last[row.stream]:
            yield f"outbox stream {row.stream} ends at {last[row.stream]}, not at {row.seq}"
    booked = connection.execute(
        select(PROMISE.c.order_ref)
        .where(PROMISE.c.tenant_id == tenant_id)
        .where(PROMISE.c.status.not_in([PromiseState.HELD, *sorted(TAKEN_BACK)]))
    ).scalars()
    for order_ref in set(booked) - confirmed:
        yield f"order {order_ref} is booked, and nobody was told"
