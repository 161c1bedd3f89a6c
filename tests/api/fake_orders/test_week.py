"""A week of an order system: both sides restart, answers and messages are lost, some come twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from api.client import Flatbed
from api.fake_orders.door import Troubles, door
from api.fake_orders.inbox import Took, catch_up, take
from api.fake_orders.memory import ENDS, Memory, Step
from api.fake_orders.shop import Shop, differences
from api.kit.db import Database
from tests.api.fake_orders.towns import DAYS, Crash, Leaky, town

TROUBLES = Troubles(lose=0.2, repeat=0.2)


def client_of(its: object, luck: Random | None = None) -> Flatbed:
    """A client with a key; with `luck`, over a network that leaks."""
    leaks = Leaky(luck, lost=0.05, deadly=0.03) if luck else None
    return Flatbed(its.url, key=its.site.key(), transport=leaks, sleep=lambda _: None)  # type: ignore[attr-defined]


def test_a_week_with_restarts_ends_in_the_same_picture_on_both_sides(
    database: Database, tmp_path: Path
) -> None:
    """After all of it: no order twice, nobody who paid without a window or the money back, and what
    events have told is what Flatbed says."""
    luck = Random(7)
    happened: Counter[str] = Counter()
    file = tmp_path / "shop.db"
    memory = Memory(file)
    with (
        town(database) as its,
        door(memory, its, troubles=TROUBLES, luck=Random(8)) as url,
    ):
        made = client_of(its).register_webhook(url)
        memory.keep_webhook(made.endpoint_id, made.secret)
        for quarter in range(4 * len(DAYS)):
            for number in range(luck.randint(0, 2)):
                memory.add(f"SO-{quarter}-{number}")
            mine = Memory(file)  # the shop's process; the door is another
            try:
                with client_of(its, luck) as flatbed:
                    Shop(mine, flatbed, luck).work()
                    if luck.random() < 0.3:
                        happened["caught up"] += catch_up(mine, flatbed)
            except Crash:
                happened["shop died"] += 1
            mine.close()
            its.deliver()
            if luck.random() < 0.2:
                its.restart()
                happened["flatbed restarted"] += 1
            its.site.clock.turn(timedelta(hours=6))
            its.site.services.book.expire_overdue()
            its.live(its.site.clock.now().date())
        its.deliver()
        with client_of(its) as flatbed:
            assert Shop(memory, flatbed, luck).work() == 0
            happened["caught up"] += catch_up(memory, flatbed)
            assert differences(memory, flatbed) == []
            bookings = list(flatbed.bookings())
        assert its.site.services.book.faults() == ()
    assert memory.gaps() == []
    sales = memory.sales()
    assert {sale.step for sale in sales} <= ENDS
    live = Counter(each.order_ref for each in bookings if each.status not in {"cancelled"})
    for sale in sales:
        if sale.step is Step.BOOKED:
            assert sale.paid
            assert any(each.booking_id == sale.hold_id for each in bookings)
    held_or_booked = {"held", "confirmed", "handed_over"}
    per_order = Counter(each.order_ref for each in bookings if each.status in held_or_booked)
    assert set(per_order.values()) <= {1}, live
    # The week was a hard one, or the test proves nothing.
    assert min(happened[each] for each in ("shop died", "flatbed restarted", "caught up")) >= 1
    assert sum(sale.step is Step.BOOKED for sale in sales) >= 10


def test_an_event_counts_once_however_often_it_comes(database: Database, tmp_path: Path) -> None:
    """By webhook, again by webhook, and by the feed."""
    memory = Memory(tmp_path / "shop.db")
    with town(database) as its, client_of(its) as flatbed:
        memory.add("A")
        assert Shop(memory, flatbed, Random(1), pays=1.0, cancels=0.0).work() == 0
        (event,) = flatbed.events().events
        assert [take(memory, event), take(memory, event)] == [Took.NEWS, Took.REPEATED]
        assert catch_up(memory, flatbed) == 0
        assert differences(memory, flatbed) == []


def test_an_older_event_does_not_undo_a_newer(database: Database, tmp_path: Path) -> None:
    """A replayed dead letter arrives after what came behind it."""
    memory = Memory(tmp_path / "shop.db")
    with town(database) as its, client_of(its) as flatbed:
        memory.add("A")
        Shop(memory, flatbed, Random(1), pays=1.0, cancels=1.0).work()
        confirmed, cancelled = flatbed.events().events
        take(memory, cancelled)
        assert list(memory.gaps()) == ["A"]
        take(memory, confirmed)
        assert list(memory.gaps()) == []
        assert differences(memory, flatbed) == []


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"{}", 401),
        ({"webhook-id": "x", "webhook-timestamp": "1", "webhook-signature": "v1,x"}, b"{}", 401),
    ],
)
def test_the_door_takes_nothing_unsigned(
    headers: dict[str, str], body: bytes, status: int, tmp_path: Path
) -> None:
    """It is open to everybody."""
    import httpx

    from tests.api.slots.books import HandClock

    memory = Memory(tmp_path / "shop.db")
    memory.keep_webhook("e", "whsec_" + "A" * 44)
    with door(memory, HandClock()) as url:
        assert httpx.post(url, content=body, headers=headers).status_code == status
