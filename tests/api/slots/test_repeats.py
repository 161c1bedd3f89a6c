"""The same request again: at once in one batch, or later, when the order and the day are others."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection

from api.app import build_app
from api.kit.batches import _Lane
from api.kit.db import Database
from api.kit.idempotency import Answer
from api.slots.hold_desk import HoldDesk
from api.slots.store import day_id
from routing.witness import Witness
from tests.api.site import SETTINGS, Site
from tests.api.site_steps import Seller, seller
from tests.api.slots.books import DAY, POOL, TENANT, Shop, hold_id, shop_at, trucks
from tests.api.slots.plane import window

LOAD = {"x": 10, "y": 0}


@pytest.fixture
def shop(database: Database) -> Shop:
    return shop_at(database, trucks(3))


def in_one_batch(shop: Shop, asks: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Let all wait for the lock of the day, in their order, and then through together."""
    with shop.database.reading() as connection:
        pool_day = day_id(connection, TENANT, POOL, DAY)
    lane: _Lane[object, object] = _Lane()
    shop.book._desk._batches._lanes[pool_day] = lane  # type: ignore[assignment]
    with ThreadPoolExecutor(len(asks)) as pool:
        with lane.turn:
            futures = []
            for number, ask in enumerate(asks, start=1):
                futures.append(pool.submit(ask))
                while len(lane.waiting) < number and not futures[-1].done():
                    time.sleep(0.001)
        return [each.result() for each in futures]


def test_copies_of_a_request_in_one_batch_get_one_answer(shop: Shop) -> None:
    """A gateway sends it twice in one moment: neither that buyer nor the others hear a fault."""
    first, copy, other = in_one_batch(
        shop,
        [
            lambda: shop.hold("A", key="once"),
            lambda: shop.hold("A", key="once"),
            lambda: shop.hold("B", key="other"),
        ],
    )
    assert (first.status, other.status) == (201, 201)
    assert copy == first == shop.hold("A", key="once")
    shop.assert_sound()


def test_one_key_for_two_requests_of_one_batch_is_refused(shop: Shop) -> None:
    """The second is told; the first has its window."""
    first, reused = in_one_batch(
        shop, [lambda: shop.hold("A", key="once"), lambda: shop.hold("B", key="once")]
    )
    assert first.status == 201
    assert (reused.status, reused.body["code"]) == (422, "idempotency-key-reused")
    shop.assert_sound()


def test_the_second_ask_of_an_order_hears_which_hold_it_has(shop: Shop) -> None:
    """And only as long as it has: the refusal is not kept under the key."""
    first, second = in_one_batch(
        shop, [lambda: shop.hold("A", key="one"), lambda: shop.hold("A", key="two")]
    )
    assert (second.status, second.body["code"]) == (409, "order-already-held")
    assert second.body["hold_id"] == hold_id(first)
    shop.book.release(shop.caller(), hold_id(first))
    assert shop.hold("A", key="two").status == 201
    shop.assert_sound()


def test_the_second_ask_of_an_order_is_judged_when_the_first_is_refused(shop: Shop) -> None:
    """No red car is left, and the buyer takes the blue one."""
    shop.supply("blue", 1)
    red, blue = in_one_batch(
        shop, [lambda: shop.hold("A", stock="red"), lambda: shop.hold("A", stock="blue")]
    )
    assert (red.status, red.body["code"]) == (409, "counted-out")
    assert blue.status == 201
    shop.assert_sound()


def test_a_place_that_a_refused_buyer_leaves_is_sold_in_the_same_batch(database: Database) -> None:
    """Also where the next one needs a counted thing that nobody thought would be needed."""
    shop = shop_at(database, trucks(1))
    shop.supply("blue", 1)
    red, blue = in_one_batch(
        shop, [lambda: shop.hold("A", stock="red"), lambda: shop.hold("B", stock="blue")]
    )
    assert (red.status, blue.status) == (409, 201)
    shop.assert_sound()


def test_a_copy_that_comes_while_the_first_is_granted_is_granted_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own window is what makes the day full."""
    shop = shop_at(database, trucks(1))
    other = shop.beside("other")
    gone = shop.hold("B")
    other.book.release(other.caller(), hold_id(gone))
    other.client = shop.client
    granted: list[Answer] = []
    sound = HoldDesk.present

    def meanwhile(desk: HoldDesk, connection: Connection, pool_day_id: str) -> Witness:
        if not granted:
            granted.append(other.hold("A", key="once"))
        return sound(desk, connection, pool_day_id)

    monkeypatch.setattr(HoldDesk, "present", meanwhile)
    copy = shop.hold("A", key="once")
    assert granted[0].status == 201
    assert copy == granted[0]


def held_of_a_changed_order(shop: Shop) -> None:
    """Hold an offer, change the order, and ask again."""
    windows = [window(DAY, 480, 720)]
    (offered,) = shop.book.offers(
        TENANT, pool=POOL, day=DAY, order_ref="A", load=LOAD, windows=windows
    )
    held = shop.book.hold_offer(shop.caller("k"), offered.token, LOAD)
    again = shop.book.hold_offer(shop.caller("k"), offered.token, {**LOAD, "x": 11})
    assert held.status == 201
    assert again == held == shop.book.held_before(shop.caller("k"), offered.token)


def test_a_hold_is_answered_alike_when_its_order_has_changed(shop: Shop) -> None:
    """The answer was lost, and the buyer moved meanwhile: the request is the same."""
    held_of_a_changed_order(shop)


def test_a_repeated_hold_is_asked_nothing_anew(site: Site) -> None:
    """The cap is reached, by this very hold; and the order is not ready to be sold any more."""
    shop = seller(site)
    capped = replace(site.services, settings=replace(SETTINGS, live_holds_max=1))
    shop = Seller(site, TestClient(build_app(capped), headers=dict(shop.http.headers)))
    token = shop.offer("A")
    held = shop.hold(token, "k")
    site.orders.loads.clear()
    again = shop.hold(token, "k")
    assert (held.status_code, again.status_code) == (201, 201)
    assert again.json() == held.json()
