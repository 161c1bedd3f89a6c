"""Lanes: the events of one order on their way to one endpoint, one after the other.

The statements that sequencing, the relay and the service of endpoints share. Who touches several
things locks endpoints first, then lanes in the order of their names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Final

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from api.events.catalogue import envelope
from api.events.tables import DELIVERY, LANE, OUTBOX, WEBHOOK_ENDPOINT
from api.kit.canonical import canonical, parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The event at the head of a lane: what is sent, and how often that was tried."""

    event_id: str
    outbox_id: int
    attempts: int
    body: str


def lane_of(stream: str) -> str:
    """Name the lane of an order's events."""
    return f"={stream}"


def lane_of_replay(event_id: str) -> str:
    """Name the lane of an event that is sent once more: beside its order's, since it would else
    hold up what came after it."""
    return f"!{event_id}"


def wake_lane(connection: Connection, endpoint_id: str, lane: str, due_at: datetime | None) -> None:
    """Let a lane be carried from `due_at` on, unless it has something to carry already."""
    connection.execute(
        _WAKE[connection.dialect.name],
        {"endpoint_id": endpoint_id, "lane": lane, "due_at": due_at, "claim": ""},
    )


def wake_all(connection: Connection, endpoint_id: str, now: datetime) -> None:
    """Let everything be carried that collected for a locked endpoint while it was disabled."""
    lanes = connection.execute(
        select(DELIVERY.c.lane)
        .where(DELIVERY.c.endpoint_id == endpoint_id, DELIVERY.c.status == "due")
        .distinct()
        .order_by(DELIVERY.c.lane)
    )
    for lane in lanes.scalars().all():
        wake_lane(connection, endpoint_id, lane, now)


def disable(connection: Connection, endpoint_id: str, because: str) -> None:
    """Stop an endpoint: its events go on collecting, and nobody carries them. A relay that is
    sending now has lost its claim."""
    connection.execute(
        update(WEBHOOK_ENDPOINT)
        .where(WEBHOOK_ENDPOINT.c.id == endpoint_id)
        .values(status="disabled", disabled_because=because)
    )
    _lock_all(connection, endpoint_id)
    connection.execute(
        update(LANE).where(LANE.c.endpoint_id == endpoint_id).values(due_at=None, claim="")
    )


def _lock_all(connection: Connection, endpoint_id: str) -> None:
    # An update of many rows locks them in any order; this one in that of everybody else.
    connection.execute(
        select(LANE.c.lane)
        .where(LANE.c.endpoint_id == endpoint_id)
        .order_by(LANE.c.lane)
        .with_for_update()
    )


def set_lane(
    connection: Connection, endpoint_id: str, lane: str, *, due_at: datetime | None, claim: str
) -> None:
    """Say when a locked lane is next carried, and in whose hands it is."""
    connection.execute(
        _SET,
        {
            "its_endpoint": endpoint_id,
            "its_lane": lane,
            "now_due": due_at,
            "now_claim": claim,
        },
    )


def head_of(connection: Connection, endpoint_id: str, lane: str) -> Waiting | None:
    """Read the first event of a lane that is still to be delivered."""
    row = connection.execute(_HEAD, {"its_endpoint": endpoint_id, "its_lane": lane}).first()
    if row is None:
        return None
    told = envelope(
        event_id=row.event_id,
        topic=row.topic,
        at=row.at,
        stream=row.stream,
        seq=row.seq,
        payload=parsed(row.payload),
    )
    return Waiting(
        event_id=row.event_id,
        outbox_id=row.outbox_id,
        attempts=row.attempts,
        body=canonical(told),
    )


def _wake(dialect: ModuleType) -> Insert:
    row = dialect.insert(LANE)
    woken: Insert = row.on_conflict_do_update(
        index_elements=[LANE.c.endpoint_id, LANE.c.lane],
        set_={"due_at": func.coalesce(LANE.c.due_at, row.excluded.due_at)},
    )
    return woken


# Built once, as all statements that every event runs.
_WAKE: Final = {"sqlite": _wake(sqlite), "postgresql": _wake(postgresql)}
_SET: Final = (
    update(LANE)
    .where(LANE.c.endpoint_id == bindparam("its_endpoint"), LANE.c.lane == bindparam("its_lane"))
    .values(due_at=bindparam("now_due"), claim=bindparam("now_claim"))
)
_HEAD: Final = (
    select(
        DELIVERY.c.event_id,
        DELIVERY.c.outbox_id,
        DELIVERY.c.attempts,
        OUTBOX.c.topic,
        OUTBOX.c.at,
        OUTBOX.c.stream,
        OUTBOX.c.seq,
        OUTBOX.c.payload,
    )
    .join(OUTBOX, OUTBOX.c.id == DELIVERY.c.outbox_id)
    .where(
        DELIVERY.c.endpoint_id == bindparam("its_endpoint"),
        DELIVERY.c.lane == bindparam("its_lane"),
        DELIVERY.c.status == "due",
    )
    .order_by(DELIVERY.c.outbox_id)
    .limit(1)
)
