"""The evening before: sale ends, promises freeze, a missed tick is caught up once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from api.kit.clock import CHINA
from api.kit.db import Database
from api.slots.cut_off import CutOffClock, CutOffs, reached
from tests.api.slots.books import NEXT, TENANT, Shop, shop_at, trucks

EVENING = CutOffs(last_order=time(18), freeze=time(20))


@pytest.fixture
def shop(database: Database) -> Shop:
    return shop_at(database, trucks(4))


def clock_of(shop: Shop, cut_offs: CutOffs = EVENING) -> CutOffClock:
    return CutOffClock(shop.database, shop.book, shop.clock, cut_offs)


@pytest.mark.parametrize(
    ("moment", "until"),
    [("2026-12-04T17:59:59", "2026-12-04"), ("2026-12-04T18:00:00", "2026-12-05")],
)
def test_a_cut_off_is_of_the_day_before(moment: str, until: str) -> None:
    """At six in the evening tomorrow is over, and the day after is not."""
    now = datetime.fromisoformat(moment).replace(tzinfo=CHINA)
    assert reached(time(18), now) == date.fromisoformat(until)
    assert reached(None, now) is None


def test_the_evening_before(shop: Shop) -> None:
    """At noon nothing; at six the day sells nothing more; at eight its promises are frozen."""
    booked, later = shop.booked("A"), shop.booked("B", day=NEXT)
    cut_off = clock_of(shop)
    assert cut_off.tick() == 0
    shop.clock.turn(timedelta(hours=6))
    assert cut_off.tick() == 1
    assert shop.hold("C").body["code"] == "day-not-open"
    assert shop.hold("C", day=NEXT).status == 201
    assert shop.book.promise(TENANT, booked).state == "confirmed"
    shop.clock.turn(timedelta(hours=2))
    assert cut_off.tick() == 1
    assert shop.book.promise(TENANT, booked).state == "frozen"
    assert shop.book.promise(TENANT, later).state == "confirmed"
    shop.assert_sound()


def test_missed_ticks_are_caught_up_once(shop: Shop) -> None:
    """The process was down for two days: both are closed and frozen, and nothing twice."""
    booked = [shop.booked("A"), shop.booked("B", day=NEXT)]
    shop.clock.turn(timedelta(days=3))
    cut_off = clock_of(shop)
    assert (cut_off.tick(), cut_off.tick()) == (4, 0)
    assert {shop.book.promise(TENANT, each).state for each in booked} == {"frozen"}
    shop.assert_sound()


def test_without_cut_offs_nothing_happens(shop: Shop) -> None:
    """Some close their days themselves."""
    shop.booked("A")
    shop.clock.turn(timedelta(days=3))
    assert clock_of(shop, CutOffs(last_order=None, freeze=None)).tick() == 0
