"""The sweep of overdue holds goes on, whatever is wrong with one of them."""

from __future__ import annotations

import logging

import pytest

from api.kit.db import Database
from api.slots import sweeping
from api.slots.tables import POOL_DAY
from routing.witness import Decision, Witness
from tests.api.slots.books import DAY, NEXT, TENANT, TTL, Shop, hold_id, shop_at, trucks
from tests.api.slots.plane import PlaneJudge


@pytest.fixture
def shop(database: Database) -> Shop:
    return shop_at(database, trucks(6))


def state_of(shop: Shop, promise_id: str) -> str:
    return str(shop.book.promise(TENANT, promise_id).state)


def test_a_damaged_day_stops_the_sweep_of_no_other(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody changed a row of it: an alarm, and windows of other days are sold on."""
    stuck, free = hold_id(shop.hold("A")), hold_id(shop.hold("B", day=NEXT))
    with shop.database.writing() as connection:
        damaged = POOL_DAY.c.service_date == DAY
        connection.execute(POOL_DAY.update().where(damaged).values(plan_seq=3, seq=9))
    shop.clock.turn(TTL)
    fresh = shop.beside("sweeper")
    with caplog.at_level(logging.CRITICAL):
        assert fresh.book.expire_overdue() == 1
    assert (state_of(shop, stuck), state_of(shop, free)) == ("held", "expired")
    assert any(stuck in each.getMessage() for each in caplog.records)


def test_a_hold_that_cannot_be_expired_is_set_aside(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others of its day go; and those that are stuck do not fill every sweep."""
    stuck, *free = [hold_id(shop.hold(order)) for order in "ABCD"]
    sound = PlaneJudge.without

    def fail_for_one(judge: PlaneJudge, witness: Witness, promise_id: str) -> Decision:
        if promise_id == stuck:
            raise RuntimeError("no sense can be made of it")
        return sound(judge, witness, promise_id)

    monkeypatch.setattr(PlaneJudge, "without", fail_for_one)
    monkeypatch.setattr(sweeping, "EXPIRE_AT_ONCE", 1)
    shop.clock.turn(TTL)
    swept = [shop.book.expire_overdue() for _ in range(5)]
    assert sum(swept) == 3
    assert [state_of(shop, each) for each in (stuck, *free)] == ["held", *["expired"] * 3]
    monkeypatch.setattr(PlaneJudge, "without", sound)
    shop.clock.turn(sweeping.SET_ASIDE)
    assert shop.book.expire_overdue() == 1
    shop.assert_sound()
