"""Sequencing: gives committed events their places in the feed, and a row for each receiver.

Numbers of rows are given out before the commit, so a row with a lower one may appear after a row
with a higher one: who asks for `id > last` loses events. Places in the feed are given out under one
lock that is held until the commit: they appear in their order, without gaps.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from api.events.lanes import lane_of, wake_lane
from api.events.tables import DELIVERY, EVENT_FEED, OUTBOX, WEBHOOK_ENDPOINT
from api.kit.canonical import canonical
from api.kit.db import moment_text

FEED: Final = "all"
TOGETHER: Final = 500
"""Events that get their places in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """An endpoint as sequencing sees it."""

    id: str
    tenant_id: str
    topics: frozenset[str]
    active: bool

    def wants(self, event: Row[*tuple[Any, ...]]) -> bool:
        """Tell whether an event of the outbox is for this endpoint."""
        return self.tenant_id == event.tenant_id and (not self.topics or event.topic in self.topics)


def event_id_of(event: Row[*tuple[Any, ...]]) -> str:
    """Give an event's id: the same at every delivery, another one if a restored database tells
    another story under the same number."""
    told = canonical([event.tenant_id, event.stream, event.seq, event.topic, moment_text(event.at)])
    return f"evt_{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def waiting(connection: Connection) -> bool:
    """Tell whether events are without a place."""
    return connection.execute(_PENDING.limit(1)).first() is not None


def sequence(connection: Connection, now: datetime, *, most: int = TOGETHER) -> int:
    """Give the next events their places; return how many there were.

    Locks in the order of feed, endpoints, lanes, as everybody does who takes several of them.
    """
    last = connection.execute(_LOCK_FEED[connection.dialect.name], {"name": FEED}).scalar_one()
    # Within a stream, a lower id was committed first: its writer held the stream meanwhile.
    events = connection.execute(_PENDING.limit(most)).all()
    if not events:
        return 0
    connection.execute(
        _PLACE,
        [{"its_id": each.id, "place": last + n} for n, each in enumerate(events, start=1)],
    )
    connection.execute(
        update(EVENT_FEED).where(EVENT_FEED.c.name == FEED).values(last_position=last + len(events))
    )
    # Read after the events: an endpoint that was there before an event is there now.
    receivers = _receivers(connection, {each.tenant_id for each in events})
    _hand_out(connection, events, receivers, now)
    return len(events)


def _receivers(connection: Connection, tenant_ids: Iterable[str]) -> list[Receiver]:
    found = connection.execute(
        select(WEBHOOK_ENDPOINT)
        .where(WEBHOOK_ENDPOINT.c.tenant_id.in_(sorted(tenant_ids)))
        .order_by(WEBHOOK_ENDPOINT.c.id)
        # Nobody enables one while we leave its lanes asleep.
        .with_for_update(read=True)
    )
    return [
        Receiver(
            id=row.id,
            tenant_id=row.tenant_id,
            topics=frozenset(json.loads(row.topics)),
            active=row.status == "active",
        )
        for row in found
    ]


def _hand_out(
    connection: Connection,
    events: Sequence[Row[*tuple[Any, ...]]],
    receivers: Sequence[Receiver],
    now: datetime,
) -> None:
    deliveries = [
        {
            "endpoint_id": receiver.id,
            "outbox_id": event.id,
            "event_id": event_id_of(event),
            "lane": lane_of(event.stream),
            "status": "due",
            "attempts": 0,
            "last_error": "",
            "at": now,
        }
        for event in events
        for receiver in receivers
        if receiver.wants(event)
    ]
    if not deliveries:
        return
    connection.execute(insert(DELIVERY), deliveries)
    awake = {receiver.id for receiver in receivers if receiver.active}
    lanes = sorted({(str(each["endpoint_id"]), str(each["lane"])) for each in deliveries})
    for endpoint_id, lane in lanes:
        wake_lane(connection, endpoint_id, lane, now if endpoint_id in awake else None)


_PENDING: Final = (
    select(
        OUTBOX.c.id,
        OUTBOX.c.tenant_id,
        OUTBOX.c.stream,
        OUTBOX.c.seq,
        OUTBOX.c.topic,
        OUTBOX.c.at,
    )
    .where(OUTBOX.c.position.is_(None))
    .order_by(OUTBOX.c.id)
)
_PLACE: Final = (
    update(OUTBOX).where(OUTBOX.c.id == bindparam("its_id")).values(position=bindparam("place"))
)


def _lock_feed(dialect: ModuleType) -> ReturningInsert[int]:
    row = dialect.insert(EVENT_FEED).values(last_position=0, forgotten=0)
    locked: ReturningInsert[int] = row.on_conflict_do_update(
        index_elements=[EVENT_FEED.c.name], set_={"last_position": EVENT_FEED.c.last_position}
    ).returning(EVENT_FEED.c.last_position)
    return locked


_LOCK_FEED: Final = {"sqlite": _lock_feed(sqlite), "postgresql": _lock_feed(postgresql)}
