"""Rows of the ledger and its snapshots. Events are only ever added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from api.kit.canonical import canonical, parsed
from api.slots.ledger import Event, first_witness, fold_all
from api.slots.tables import EVENT, SNAPSHOT
from api.slots.wording import witness_read, witness_told
from routing.witness import Witness


def append_event(connection: Connection, event: Event, link: str) -> None:
    """Write one event with its hash. The primary key refuses a number that was used."""
    connection.execute(
        insert(EVENT),
        {
            "pool_day_id": event.pool_day_id,
            "seq": event.seq,
            "plan_seq": event.plan_seq,
            "type": event.type,
            "body": canonical(event.body),
            "actor": event.actor,
            "request_id": event.request_id,
            "at": event.at,
            "hash": link,
        },
    )


def plan_events(connection: Connection, after: Witness, pool_day_id: str) -> Iterator[Event]:
    """Read the events that changed the witness since."""
    query = select(EVENT).where(
        EVENT.c.pool_day_id == pool_day_id,
        EVENT.c.seq > after.seq,
        EVENT.c.plan_seq > after.plan_seq,
    )
    last = after.plan_seq
    for row in connection.execute(query.order_by(EVENT.c.seq)):
        if row.plan_seq > last:
            last = row.plan_seq
            yield event_of(row)


def all_events(connection: Connection, pool_day_id: str) -> Sequence[Row[Any]]:
    """Read the whole ledger of a pool-day, as rows with their hashes."""
    query = select(EVENT).where(EVENT.c.pool_day_id == pool_day_id)
    return connection.execute(query.order_by(EVENT.c.seq)).all()


def event_of(row: Row[Any]) -> Event:
    """Read a row of the ledger."""
    return Event(
        pool_day_id=row.pool_day_id,
        seq=row.seq,
        plan_seq=row.plan_seq,
        type=row.type,
        body=parsed(row.body),
        actor=row.actor,
        request_id=row.request_id,
        at=row.at,
    )


def write_snapshot(connection: Connection, pool_day_id: str, witness: Witness) -> None:
    """Keep a witness, so that nobody need fold from the first event again."""
    body = canonical(witness_told(witness))
    connection.execute(insert(SNAPSHOT).values(pool_day_id=pool_day_id, seq=witness.seq, body=body))


def last_snapshot(connection: Connection, pool_day_id: str) -> Witness | None:
    """Read the newest kept witness."""
    body = connection.execute(
        select(SNAPSHOT.c.body)
        .where(SNAPSHOT.c.pool_day_id == pool_day_id)
        .order_by(SNAPSHOT.c.seq.desc())
        .limit(1)
    ).scalar()
    return None if body is None else witness_read(parsed(body))


def stored_witness(connection: Connection, pool_day_id: str) -> Witness:
    """Rebuild the witness from the newest snapshot and the events after it."""
    kept = last_snapshot(connection, pool_day_id)
    if kept is None:
        first = connection.execute(
            select(EVENT).where(EVENT.c.pool_day_id == pool_day_id, EVENT.c.seq == 1)
        ).one()
        kept = first_witness(event_of(first))
    return fold_all(kept, plan_events(connection, kept, pool_day_id))
