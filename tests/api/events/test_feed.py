"""The replay feed: whoever keeps the cursor misses nothing, whatever the order of commits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from api.events.errors import CursorForgotten
from api.events.outbox import OutgoingEvent, emit
from api.events.tables import DELIVERY, LANE, OUTBOX
from api.kit.db import Database
from tests.api.events.offices import Office, office_at
from tests.api.slots.books import TENANT


@pytest.fixture
def office(database: Database) -> Office:
    return office_at(database)


def read_all(office: Office, *, after: int = 0, most: int = 2) -> tuple[list[tuple[str, int]], int]:
    """Page through the feed as a reader does."""
    told: list[tuple[str, int]] = []
    while True:
        page = office.feed.page(TENANT, after=after, most=most)
        told += [(str(each["stream"]), int(str(each["seq"]))) for each in page.events]
        after = page.position
        if not page.more:
            return told, after


def test_events_come_in_pages_and_once(office: Office) -> None:
    """Without a relay, too: what was answered before is in the feed."""
    office.emit("A", "B", "A")
    office.emit("A", tenant="other")
    office.emit("B")
    told, end = read_all(office)
    assert told == [("A", 1), ("A", 2), ("B", 1), ("B", 2)]
    assert read_all(office, after=end) == ([], end)
    office.emit("C")
    assert read_all(office, after=end)[0] == [("C", 1)]


def test_a_feed_and_a_webhook_tell_the_same(office: Office) -> None:
    """A receiver that catches up by the feed knows by the id what it has seen."""
    office.register()
    office.emit("A")
    office.round()
    ((_, headers, message),) = office.post.attempts
    (event,) = office.feed.page(TENANT, after=0, most=10).events
    assert message == event
    assert headers["webhook-id"] == event["id"]


def test_a_late_commit_is_not_jumped_over(database: Database) -> None:
    """A transaction that took its number first and commits last: its events come last, and a reader
    that had read further still gets them. Only PostgreSQL lets two writers write at once."""
    if database.is_sqlite:
        return
    office = office_at(database)
    slow = database.engine.connect()
    event = OutgoingEvent(stream="slow", topic="hold.expired.v1", payload={"order_ref": "slow"})
    emit(slow, TENANT, [event], office.clock.now())
    office.emit("quick")
    told, end = read_all(office)
    assert told == [("quick", 1)]
    slow.commit()
    slow.close()
    with database.reading() as connection:
        rows = connection.execute(select(OUTBOX.c.stream, OUTBOX.c.id)).all()
        ids = {row.stream: row.id for row in rows}
    assert ids["slow"] < ids["quick"]
    assert read_all(office, after=end)[0] == [("slow", 1)]


def test_old_events_are_forgotten_and_old_cursors_are_told(office: Office) -> None:
    """A reader that slept for too long is told so, instead of being given less than it missed."""
    office.register()
    office.emit("A", "A")
    office.round()
    first = office.feed.page(TENANT, after=0, most=1).position
    office.clock.turn(timedelta(days=31))
    office.emit("B")
    office.round()
    assert office.feed.forget(office.clock.now() - timedelta(days=30)) == 2
    assert office.feed.forget(office.clock.now() - timedelta(days=30)) == 0
    with pytest.raises(CursorForgotten):
        office.feed.page(TENANT, after=first, most=10)
    assert read_all(office)[0] == [("B", 1)]
    with office.database.reading() as connection:
        kept = connection.execute(select(DELIVERY.c.lane)).scalars().all()
        lanes = connection.execute(select(func.count()).select_from(LANE)).scalar_one()
    assert (kept, lanes) == (["=B"], 1)


def test_the_cursor_of_a_quiet_tenant_does_not_grow_old(office: Office) -> None:
    """Its last event is a year old; it has read everything, and other tenants are busy."""
    office.emit("A")
    _, end = read_all(office)
    for _ in range(3):
        office.clock.turn(timedelta(days=40))
        office.emit("X", tenant="busy")
        office.feed.forget(office.clock.now() - timedelta(days=30))
        told, end = read_all(office, after=end)
        assert told == []


def test_ids_tell_events_apart_after_a_restore(office: Office) -> None:
    """An older backup is restored and the same number tells another story: under another id, or
    receivers would take it for a repetition."""
    office.emit("A")
    before = office.feed.page(TENANT, after=0, most=1).events[0]["id"]
    with office.database.writing() as connection:
        connection.execute(OUTBOX.delete())
    office.clock.turn(timedelta(minutes=5))
    with office.database.writing() as connection:
        connection.exec_driver_sql("delete from outbox_stream")
    office.emit("A")
    event = office.feed.page(TENANT, after=0, most=1).events[0]
    assert event["seq"] == 1
    assert event["id"] != before
