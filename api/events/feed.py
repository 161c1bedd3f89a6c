"""The replay feed: every event of a tenant in one order, for whoever missed some.

A reader that keeps the cursor of its last page misses nothing: places are given out under one lock
(see sequencing), so none appears behind a reader's back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, exists, select, update

from api.events.catalogue import envelope
from api.events.errors import CursorForgotten
from api.events.sequencing import FEED, event_id_of, sequence, waiting
from api.events.tables import DELIVERY, EVENT_FEED, LANE, OUTBOX
from api.kit.canonical import parsed
from api.kit.clock import Clock
from api.kit.db import Database

EVENTS_KEPT: Final = timedelta(days=30)
"""How long the feed tells of an event. Published: receivers rely on it."""
FORGET_AT_ONCE: Final = 1_000
"""Events that are deleted in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """Some events, and the position to go on from; `more` says that there are others now."""

    events: Sequence[Mapping[str, object]]
    position: int
    more: bool


class EventFeed:
    """One process's door to the feed. Safe to use from many threads."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def page(self, tenant_id: str, *, after: int, most: int) -> FeedPage:
        """Read up to `most` events after a position; 0 is the oldest that is kept.

        Whatever was answered before this call is in the feed: events that wait for their place get
        it now, whether a relay runs or not.

        Raises:
            CursorForgotten: events after that position were deleted for their age.
        """
        with self._database.reading() as connection:
            unplaced = waiting(connection)
        while unplaced:
            with self._database.writing() as connection:
                unplaced = sequence(connection, self._clock.now()) > 0
        with self._database.reading() as connection:
            return _read_page(connection, tenant_id, after, most)

    def forget(self, before: datetime) -> int:
        """Delete events of before a moment, with their deliveries; return how many. At most
        `FORGET_AT_ONCE`: call again while there are any."""
        with self._database.writing() as connection:
            return _forget(connection, before)


def _read_page(connection: Connection, tenant_id: str, after: int, most: int) -> FeedPage:
    feed = connection.execute(select(EVENT_FEED).where(EVENT_FEED.c.name == FEED)).one_or_none()
    if feed is not None and 0 < after < feed.forgotten:
        raise CursorForgotten("events after this cursor are older than what is kept: begin anew")
    rows = connection.execute(
        select(OUTBOX)
        .where(OUTBOX.c.tenant_id == tenant_id, OUTBOX.c.position > after)
        .order_by(OUTBOX.c.position)
        .limit(most + 1)
    ).all()
    shown = rows[:most]
    # Who has read everything stands where the feed stood before the rows were read, so that the
    # cursor of a quiet tenant does not grow old.
    end = feed.last_position if feed is not None and len(rows) <= most else 0
    events = [
        envelope(
            event_id=event_id_of(row),
            topic=row.topic,
            at=row.at,
            stream=row.stream,
            seq=row.seq,
            payload=parsed(row.payload),
        )
        for row in shown
    ]
    return FeedPage(
        events=events,
        position=max(after, end, *(row.position for row in shown)),
        more=len(rows) > most,
    )


def _forget(connection: Connection, before: datetime) -> int:
    old = connection.execute(
        select(OUTBOX.c.id, OUTBOX.c.position)
        .where(OUTBOX.c.position.is_not(None), OUTBOX.c.at < before)
        .order_by(OUTBOX.c.id)
        .limit(FORGET_AT_ONCE)
    ).all()
    if not old:
        return 0
    ids = [row.id for row in old]
    connection.execute(delete(DELIVERY).where(DELIVERY.c.outbox_id.in_(ids)))
    connection.execute(delete(OUTBOX).where(OUTBOX.c.id.in_(ids)))
    connection.execute(
        delete(LANE).where(
            LANE.c.due_at.is_(None),
            ~exists().where(
                DELIVERY.c.endpoint_id == LANE.c.endpoint_id, DELIVERY.c.lane == LANE.c.lane
            ),
        )
    )
    highest = max(row.position for row in old)
    connection.execute(
        update(EVENT_FEED)
        .where(EVENT_FEED.c.name == FEED, EVENT_FEED.c.forgotten < highest)
        .values(forgotten=highest)
    )
    return len(old)
