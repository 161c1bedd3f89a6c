"""The outbox: an event is written in the transaction of its fact, or the fact did not happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from types import ModuleType
from typing import Final

from sqlalchemy import Connection, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from api.events.catalogue import event_type
from api.events.tables import OUTBOX, OUTBOX_STREAM
from api.kit.canonical import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingEvent:
    """Something the order system must learn. Events of one `stream` (an order) keep their order;
    the payload is thin and names nobody, and only what the catalogue lists of it is sent.

    Raises:
        UnknownTopic: the catalogue does not list the topic.
    """

    stream: str
    topic: str
    payload: Mapping[str, object]

    def __post_init__(self) -> None:
        event_type(self.topic)


def emit(
    connection: Connection, tenant_id: str, events: Sequence[OutgoingEvent], now: datetime
) -> None:
    """Number events within their streams, without gaps, and write them.

    Streams are locked in the order of their names, whatever the order of events, so that two
    transactions with many streams cannot wait for each other.
    """
    for stream, group in groupby(sorted(events, key=_stream), key=_stream):
        batch = list(group)
        last = _advance(connection, tenant_id, stream, len(batch))
        connection.execute(
            insert(OUTBOX),
            [
                {
                    "tenant_id": tenant_id,
                    "stream": stream,
                    "seq": seq,
                    "topic": each.topic,
                    "payload": canonical(each.payload),
                    "at": now,
                }
                for seq, each in enumerate(batch, start=last - len(batch) + 1)
            ],
        )


def _stream(event: OutgoingEvent) -> str:
    return event.stream


def _advance(connection: Connection, tenant_id: str, stream: str, by: int) -> int:
    last: int = connection.execute(
        _ADVANCE[connection.dialect.name], {"tenant_id": tenant_id, "stream": stream, "seq": by}
    ).scalar_one()
    return last


def _advance_statement(dialect: ModuleType) -> ReturningInsert[int]:
    row = dialect.insert(OUTBOX_STREAM)
    on_conflict: ReturningInsert[int] = row.on_conflict_do_update(
        index_elements=[OUTBOX_STREAM.c.tenant_id, OUTBOX_STREAM.c.stream],
        set_={"seq": OUTBOX_STREAM.c.seq + row.excluded.seq},
    ).returning(OUTBOX_STREAM.c.seq)
    return on_conflict


_ADVANCE: Final = {
    "sqlite": _advance_statement(sqlite),
    "postgresql": _advance_statement(postgresql),
}
