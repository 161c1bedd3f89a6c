"""Offers reserve nothing; a token is worth what we signed, to whom, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kit.db import Database
from api.slots.errors import BadOffer
from api.slots.offering import Offered
from api.slots.tokens import Offer, OfferSigner
from tests.api.slots.books import (
    DAY,
    NOON_BEFORE,
    POOL,
    SIGNER,
    TENANT,
    Shop,
    hold_id,
    shop_at,
    trucks,
)
from tests.api.slots.plane import window

LOAD = {"x": 10, "y": 0}


@pytest.fixture
def shop(database: Database) -> Shop:
    return shop_at(database, trucks(1))


def search(shop: Shop, order: str) -> tuple[Offered, ...]:
    windows = [window(DAY, 480, 720), window(DAY, 720, 960), window(DAY, 0, 5)]
    return shop.book.offers(TENANT, pool=POOL, day=DAY, order_ref=order, load=LOAD, windows=windows)


def test_an_offered_window_can_be_held_and_a_missing_one_says_why(shop: Shop) -> None:
    """Nobody drives ten kilometres in five minutes."""
    morning, noon, too_soon = search(shop, "A")
    assert too_soon.token == "" and too_soon.missing is not None
    held = shop.book.hold_offer(shop.caller(), morning.token, LOAD, also=[noon.token])
    assert (held.status, held.body["window"]) == (
        201,
        {
            "from": "2026-12-05T16:00:00+08:00",
            "to": "2026-12-05T20:00:00+08:00",
            "zone": "Asia/Shanghai",
        },
    )


def test_an_offer_reserves_nothing(shop: Shop) -> None:
    """Two are offered the only place; the first to hold has it."""
    first, second = search(shop, "A")[0], search(shop, "B")[0]
    assert shop.book.hold_offer(shop.caller(), second.token, LOAD).status == 201
    late = shop.book.hold_offer(shop.caller(), first.token, LOAD)
    assert (late.status, late.body["alternatives"]) == (409, [])
    shop.assert_sound()


def test_an_offer_ends_and_a_granted_hold_is_answered_alike_for_ever(shop: Shop) -> None:
    """The repeated request comes when the offer is over: it was granted in time."""
    offered, other = search(shop, "A")[0], search(shop, "B")[0]
    held = shop.book.hold_offer(shop.caller("k"), offered.token, LOAD)
    shop.clock.turn(timedelta(minutes=10))
    assert shop.book.hold_offer(shop.caller("k"), offered.token, LOAD) == held
    shop.book.release(shop.caller(), hold_id(held))
    late = shop.book.hold_offer(shop.caller(), other.token, LOAD)
    assert (late.status, late.body["code"]) == (410, "offer-expired")


def test_another_tenants_offer_is_none(shop: Shop) -> None:
    """Its token is well signed, and still not theirs."""
    other = Offer(
        tenant_id="stranger",
        order_ref="A",
        pool=POOL,
        day=DAY,
        window=window(DAY, 480, 720),
        seq=1,
        valid_until=NOON_BEFORE + timedelta(days=1),
    )
    refused = shop.book.hold_offer(shop.caller(), SIGNER.sign(other), LOAD)
    assert (refused.status, refused.body["code"]) == (422, "offer-invalid")


OFFER = Offer(
    tenant_id=TENANT,
    order_ref="订单-7",
    pool=POOL,
    day=DAY,
    window=window(DAY, 480, 720),
    seq=7,
    valid_until=NOON_BEFORE,
)


def test_a_token_says_what_was_offered_whichever_key_signed_it() -> None:
    """The old key is believed while its offers are about."""
    old = OfferSigner({"k1": b"1" * 32}, current="k1")
    assert SIGNER.read(SIGNER.sign(OFFER)) == OFFER
    assert SIGNER.read(old.sign(OFFER)) == OFFER
    with pytest.raises(BadOffer):
        old.read(SIGNER.sign(OFFER))


@given(at=st.integers(0, 10_000), new=st.characters())
def test_a_token_with_one_changed_character_is_refused(at: int, new: str) -> None:
    """Whatever is changed: the key's name, the window, the signature."""
    token = SIGNER.sign(OFFER)
    at %= len(token)
    if token[at] != new:
        with pytest.raises(BadOffer):
            SIGNER.read(token[:at] + new + token[at + 1 :])


@given(text=st.text(max_size=200))
def test_any_other_text_is_refused(text: str) -> None:
    """Never another error: it is what a stranger sends."""
    with pytest.raises(BadOffer):
        SIGNER.read(text)
