"""What is read of the book: by whom polls, and of one moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from api.kit.db import Database
from api.slots import store
from api.slots import unit as unit_module
from api.slots.reading import BookingFilter, BookingReader
from api.slots.store import DayRow, lock_day
from tests.api.slots.books import NEXT, TENANT, Shop, shop_at, trucks


@pytest.fixture
def shop(database: Database) -> Shop:
    """Two one-car trucks a day: two places."""
    return shop_at(database, trucks(2))


def test_a_change_is_of_the_moment_at_which_it_has_the_lock(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waited for another one's: who polls for changes since then must see both."""
    booking = shop.booked("A")
    before = shop.clock.now()

    def waits(connection: Connection, pool_day_id: str) -> DayRow:
        shop.clock.turn(timedelta(seconds=9))
        return lock_day(connection, pool_day_id)

    monkeypatch.setattr(unit_module, "lock_day", waits)
    shop.book.cancel(shop.caller(), booking)
    assert shop.book.promise(TENANT, booking).updated_at == before + timedelta(seconds=9)


def test_a_change_that_was_written_late_is_listed_to_who_polls(shop: Shop) -> None:
    """Two days have two locks: the later moment may be seen first."""
    late = shop.booked("A")
    shop.clock.turn(timedelta(seconds=5))
    seen = shop.booked("B", day=NEXT)
    since = shop.book.promise(TENANT, seen).updated_at
    wanted = BookingFilter(updated_since=since)
    found = BookingReader(shop.database).bookings(TENANT, wanted, after=None, limit=9)
    assert [each.id for each in found] == [late, seen]


def test_a_certificate_is_of_one_moment(shop: Shop) -> None:
    """The plan changes while it is read; what is told belongs together."""
    booking = shop.booked("A")
    sound = store.read_day

    def meanwhile(connection: Connection, pool_day_id: str) -> DayRow:
        row = sound(connection, pool_day_id)
        shop.booked("B")
        return row

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "read_day", meanwhile)
        row, day, witness = shop.book.kept(TENANT, booking)
    assert (row.id, day.plan_seq) == (booking, witness.plan_seq)
    assert witness.served == {booking}
