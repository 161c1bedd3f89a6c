"""Everything that is told is in the catalogue, as the catalogue says, and names nobody."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select

from api.events.catalogue import CATALOGUE, UnknownTopic, envelope
from api.events.outbox import OutgoingEvent
from api.events.tables import OUTBOX
from api.kit.db import Database
from api.slots.answers import TOPICS
from api.slots.risking import OutsideEvent
from api.slots.states import Move
from tests.api.events.offices import office_at
from tests.api.slots.books import DAY, NEXT, POOL, TENANT, hold_id, shop_at, trucks


def test_what_the_book_tells_is_as_the_catalogue_says(database: Database) -> None:
    """A life of promises, and every event of it against its schema."""
    shop = shop_at(database, trucks(4))
    shop.book.release(shop.caller(), hold_id(shop.hold("released")))
    shop.book.cancel(shop.caller(), shop.booked("cancelled"))
    moved = shop.booked("moved")
    to = hold_id(shop.hold("moved", day=NEXT))
    assert shop.book.reschedule(shop.caller(), moved, hold_id=to).granted
    going = shop.booked("delivered")
    for move in (Move.FREEZE, Move.DISPATCH, Move.ARRIVE, Move.HAND_OVER):
        assert shop.book.advance(shop.caller(), going, move).granted
    shop.booked("at risk")
    lost = OutsideEvent(
        id="outside-1",
        kind="truck_lost",
        detail="called by the driver",
        basis="world",
        lost_trucks=frozenset(f"T{n}" for n in range(4)),
    )
    answer = shop.book.days.happen(shop.caller(), pool=POOL, day=DAY, event=lost)
    assert answer.body["at_risk"]
    office = office_at(database, clock=shop.clock)
    page = office.feed.page(TENANT, after=0, most=500)
    assert {str(each["type"]) for each in page.events} >= {
        "hold.released.v1",
        "booking.cancelled.v1",
        "booking.rescheduled.v1",
        "booking.at_risk.v1",
        "handover.completed.v1",
    }
    for each in page.events:
        kind = CATALOGUE[str(each["type"])]
        Draft202012Validator(kind.schema).validate(json.loads(json.dumps(each)))


def test_what_is_not_listed_is_not_sent(database: Database) -> None:
    """Somebody adds the buyer's telephone to a payload: it stays in the house."""
    office = office_at(database)
    office.register()
    with database.writing() as connection:
        from api.events.outbox import emit

        told = {"order_ref": "A", "phone": "13800000001", "detail": "Ms Li waits outside"}
        event = OutgoingEvent(stream="A", topic="booking.at_risk.v1", payload=told)
        emit(connection, TENANT, [event], office.clock.now())
    office.round()
    ((_, _, message),) = office.post.attempts
    assert message["data"] == {"order_ref": "A"}
    assert office.feed.page(TENANT, after=0, most=10).events[0]["data"] == {"order_ref": "A"}
    with database.reading() as connection:
        assert "phone" in connection.execute(select(OUTBOX.c.payload)).scalar_one()


def test_every_state_of_a_promise_has_its_event() -> None:
    """The order system must hear of each."""
    assert set(TOPICS.values()) <= CATALOGUE.keys()


def test_no_field_is_named_after_a_person() -> None:
    """Thin payloads: who wants a name asks the API and needs the right to."""
    fields = {name for kind in CATALOGUE.values() for name in kind.fields}
    assert not fields & {"name", "phone", "mobile", "address", "contact", "buyer", "detail", "note"}


def test_an_event_outside_the_catalogue_is_a_bug() -> None:
    """It could never be read by anybody."""
    with pytest.raises(UnknownTopic, match="publish it there"):
        OutgoingEvent(stream="A", topic="booking.invented.v1", payload={})


@pytest.mark.parametrize("topic", CATALOGUE)
def test_every_schema_is_one(topic: str) -> None:
    """Receivers make code of them."""
    Draft202012Validator.check_schema(CATALOGUE[topic].schema)
    assert topic.endswith(".v1")


def test_an_envelope_tells_its_moment_in_utc() -> None:
    """One form, whatever zone the event was written in."""
    from tests.api.slots.books import NOON_BEFORE

    told = envelope(
        event_id="evt_1",
        topic="hold.expired.v1",
        at=NOON_BEFORE,
        stream="A",
        seq=1,
        payload={"order_ref": "A"},
    )
    assert told["timestamp"] == "2026-12-04T04:00:00.000+00:00"


def test_the_example_of_the_reference_is_an_event() -> None:
    """Integrators copy it."""
    from api.events.schemas import _EVENT

    Draft202012Validator(CATALOGUE[str(_EVENT["type"])].schema).validate(_EVENT)
