"""Real threads, real connections, several books with caches of their own."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from api.kit.db import Database
from tests.api.slots.books import DAY, NEXT, TENANT, TTL, Shop, hold_id, shop_at, trucks
from tests.api.slots.linear import NO_ONE, linearizable, places_step
from tests.api.slots.sellers import History, sell_at_once, small_history
from tests.databases import empty_tables

SELLERS = 6


def crowd(shop: Shop, many: int) -> list[Shop]:
    """Several processes, as good as: each with its own book and cache."""
    return [shop, *(shop.beside(f"seller-{n}") for n in range(1, many))]


def statuses(history: History, kind: str) -> Counter[int]:
    assert history.errors == []
    return Counter(answer.status for asked, _, answer in history.answers if asked == kind)


@pytest.mark.parametrize("together", [1, 64])
def test_places_are_sold_once(database: Database, together: int) -> None:
    """Seven places, thirty buyers at once, alone or in company: seven are sold."""
    shop = shop_at(database, trucks(7), together=together)
    history = History()

    def work(number: int, mine: Shop) -> None:
        for turn in range(5):
            order = f"{number}.{turn}"
            held = history.ask("hold", order, lambda: mine.hold(order))  # noqa: B023
            if held.granted:
                history.ask("confirm", order, lambda: mine.confirm(hold_id(held)))  # noqa: B023

    sell_at_once(crowd(shop, SELLERS), history, work)
    assert statuses(history, "hold") == {201: 7, 409: 23}
    assert statuses(history, "confirm") == {200: 7}
    shop.assert_sound()


def test_one_key_used_at_once_is_carried_out_once(database: Database) -> None:
    """The gateway sends a request twice, to two processes, in the same moment."""
    shop = shop_at(database, trucks(5))
    history = History()
    shops = crowd(shop, SELLERS)
    for each in shops:
        each.client = "same"

    def work(_: int, mine: Shop) -> None:
        history.ask("hold", "A", lambda: mine.hold("A", key="once"))

    sell_at_once(shops, history, work)
    assert statuses(history, "hold") == {201: SELLERS}
    assert len({hold_id(answer) for _, _, answer in history.answers}) == 1
    shop.assert_sound()


def test_one_order_holds_one_window_on_whichever_day(database: Database) -> None:
    """Two tabs, two days, two locks: only the index stands between them."""
    shop = shop_at(database, trucks(5))
    history = History()

    def work(number: int, mine: Shop) -> None:
        day = (DAY, NEXT)[number % 2]
        history.ask("hold", "A", lambda: mine.hold("A", day=day))

    sell_at_once(crowd(shop, SELLERS), history, work)
    assert statuses(history, "hold") == {201: 1, 409: SELLERS - 1}
    shop.assert_sound()


def test_the_last_car_is_sold_once_on_many_days(database: Database) -> None:
    """Two days with room, three cars in stock: what outlives a day has a lock of its own."""
    shop = shop_at(database, trucks(9))
    shop.supply("red", 3)
    history = History()

    def work(number: int, mine: Shop) -> None:
        day = (DAY, NEXT)[number % 2]
        for turn in range(2):
            order = f"{number}.{turn}"
            history.ask("hold", order, lambda: mine.hold(order, day=day, stock="red"))  # noqa: B023

    sell_at_once(crowd(shop, SELLERS), history, work)
    assert statuses(history, "hold") == {201: 3, 409: 2 * SELLERS - 3}
    shop.assert_sound()


def test_moves_between_two_days_wait_for_each_other_in_one_order(database: Database) -> None:
    """Half move there while half move back; locked the other way round they would be stuck."""
    shop = shop_at(database, trucks(2 * SELLERS))
    shops = crowd(shop, SELLERS)
    old = [shop.booked(f"{n}", day=(DAY, NEXT)[n % 2]) for n in range(SELLERS)]
    new = [hold_id(shop.hold(f"{n}", day=(NEXT, DAY)[n % 2])) for n in range(SELLERS)]
    history = History()

    def work(number: int, mine: Shop) -> None:
        move = mine.book.reschedule
        history.ask(
            "move",
            f"{number}",
            lambda: move(mine.caller(), old[number], hold_id=new[number]),
        )

    sell_at_once(shops, history, work)
    assert statuses(history, "move") == {200: SELLERS}
    shop.assert_sound()


def test_a_late_confirm_and_the_sweeper_agree_who_was_first(database: Database) -> None:
    """Overdue holds are confirmed and swept at once: whoever pays has a place, or is told."""
    shop = shop_at(database, trucks(SELLERS))
    held = [hold_id(shop.hold(f"{n}")) for n in range(SELLERS)]
    shop.clock.turn(TTL + timedelta(seconds=1))
    history = History()

    def work(number: int, mine: Shop) -> None:
        if number % 2:
            mine.book.expire_overdue()
        for each in held[number // 2 :: SELLERS // 2]:
            history.ask("confirm", each, lambda: mine.confirm(each))  # noqa: B023

    sell_at_once(crowd(shop, SELLERS), history, work)
    assert set(statuses(history, "confirm")) == {200}
    assert {f"{shop.book.promise(TENANT, each).state}" for each in held} == {"confirmed"}
    shop.assert_sound()


def test_small_histories_are_linearizable(database: Database) -> None:
    """Every answer is explained by one order of events; the long form checks thousands."""
    for seed in range(6):
        empty_tables(database)
        shop = shop_at(database, trucks(3))
        history = small_history(crowd(shop, 4), seed, orders=3)
        assert history.errors == []
        assert linearizable(history.operations, places_step(3), NO_ONE), history.operations
        shop.assert_sound()
