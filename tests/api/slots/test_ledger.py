"""The ledger tells when somebody changed it; snapshots and caches lead to the same witness."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from api.kit.db import Database
from api.slots import standing_check, unit
from api.slots.archive import stored_witness
from api.slots.store import PromiseRow, day_id, promises_of
from tests.api.slots.books import DAY, POOL, TENANT, Shop, shop_at, trucks


@pytest.fixture
def shop(database: Database) -> Shop:
    shop = shop_at(database, trucks(4))
    for order in "AB":
        shop.booked(order)
    return shop


TAMPERING = {
    "an event's body": "update event set body = replace(body, '\"A\"', '\"X\"') where seq = 2",
    "who did it": "update event set actor = 'nobody' where seq = 3",
    "an event that is gone": "delete from event where seq = 3",
    "a state": "update promise set status = 'frozen' where order_ref = 'A'",
    "a window": "update promise set window_end = '2026-12-05T23:00:00.000000+00:00'",
    "a promise that is gone": "delete from promise where order_ref = 'A'",
    "the end of the ledger": "update pool_day set head = '0'",
    "what the order system was told": "delete from outbox where stream = 'A'",
}


@pytest.mark.parametrize("statement", TAMPERING.values(), ids=TAMPERING.keys())
def test_the_standing_check_sees_what_was_changed(shop: Shop, statement: str) -> None:
    """Nobody can rewrite what was promised without being noticed."""
    shop.assert_sound()
    with shop.database.writing() as connection:
        connection.execute(text(statement))
    assert shop.book.faults() != ()


def test_a_book_that_is_sold_from_is_sound(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check takes seconds, and buyers do not wait: what it reads must be of one moment."""

    def meanwhile(connection: Connection, pool_day_id: str) -> list[PromiseRow]:
        if not sold and promises_of(connection, pool_day_id):
            sold.append(shop.booked("C"))
        return promises_of(connection, pool_day_id)

    sold: list[str] = []
    monkeypatch.setattr(standing_check, "promises_of", meanwhile)
    assert shop.book.faults() == ()
    assert sold


def test_past_days_are_checked_once(shop: Shop) -> None:
    """And every day whenever somebody asks for all: a year of them is too much for every hour."""
    shop.clock.turn(timedelta(days=3))
    assert shop.book.new_faults() == ()
    with shop.database.writing() as connection:
        connection.execute(text(TAMPERING["who did it"]))
    assert shop.book.new_faults() == ()
    assert shop.book.faults() != ()
    assert shop.beside("new").book.new_faults() != ()


def test_counted_things_that_do_not_add_up_are_seen(shop: Shop) -> None:
    """Two were given, one is taken, none is left."""
    shop.supply("red", 2)
    shop.hold("C", stock="red")
    with shop.database.writing() as connection:
        connection.execute(text('update counted set "left" = 0'))
    assert len(shop.book.faults()) == 1


def test_a_snapshot_saves_folding_and_changes_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process starts from the snapshot and sees the same witness."""
    monkeypatch.setattr(unit, "SNAPSHOT_EVERY", 2)
    for order in "CD":
        shop.hold(order)
    with shop.database.reading() as connection:
        pool_day = day_id(connection, TENANT, POOL, DAY)
        assert connection.execute(text("select count(*) from snapshot")).scalar_one() >= 1
        stored = stored_witness(connection, pool_day)
    assert stored == shop.beside("new").book.witness(TENANT, pool=POOL, day=DAY)
    shop.assert_sound()
    with shop.database.writing() as connection:
        connection.execute(text("update snapshot set body = replace(body, '\"A\"', '\"X\"')"))
    assert shop.book.faults() != ()


def test_a_book_of_another_basis_says_so(shop: Shop) -> None:
    """A judge that was not told the basis must not judge by another one."""
    from routing.errors import UnknownBasis

    shop.judge.worlds.clear()
    with pytest.raises(UnknownBasis):
        shop.hold("C")
