"""kill -9 of the relay in the middle of its work: every event arrives, every order in its order.

Events are written by this process and received by a server in it; the relay is a process of its own
that is killed after a random number of deliveries and started again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from api.events.feed import EventFeed
from api.events.outbox import OutgoingEvent, emit
from api.events.relay.policy import RelayPolicy
from api.events.relay.relay import Relay
from api.events.relay.sending import HttpSender
from api.events.service import WebhookService
from api.kit.clock import SystemClock
from api.kit.db import Database
from api.kit.keyring import Keyring
from api.migrations.upgrade import upgrade
from tests.api.events.receivers import Receiver, receiver
from tests.databases import empty_url

TENANT = "acme"
KEYRING = Keyring({"k1": b"1" * 32}, current="k1")
POLICY = RelayPolicy(
    waits=(timedelta(milliseconds=50),) * 500,
    timeout_s=1.0,
    lease=timedelta(seconds=1.1),
    idle=timedelta(milliseconds=20),
)
"""Short waits, so that a proof takes minutes and not days; nothing else differs."""

REFUSED = 0.05
"""Share of deliveries that the receiver does not take."""


def killed_relays(
    kind: str, folder: Path, *, events: int, kills: int, seed: int = 1
) -> Mapping[str, object]:
    """Kill that many relays while that many events are carried; raises if one is lost, or an order
    is told out of order."""
    url = empty_url(kind, folder)
    database = Database(url)
    upgrade(database)
    luck = Random(seed)
    moods = Random(seed)
    guard = threading.Lock()

    def answer(_: Mapping[str, Any]) -> int:
        with guard:
            return 500 if moods.random() < REFUSED else 200

    sender = HttpSender(timeout_s=1.0, allow_loopback=True)
    service = WebhookService(database, SystemClock(), KEYRING, sender, allow_loopback=True)
    counts: Counter[str] = Counter()
    started = time.perf_counter()
    with receiver(answer) as its:
        endpoint, _ = service.register(TENANT, url=its.url)
        writer = threading.Thread(target=_write, args=(database, events, Random(seed)))
        writer.start()
        for _ in range(kills):
            _relay_until(url, its, len(its.came) + luck.randint(1, max(2, events // kills)))
            counts["kills"] += 1
        writer.join()
        _relay_until(
            url,
            its,
            0,
            finished=lambda: service.counts(TENANT, endpoint.id)["delivered"] == events,
        )
    took_s = time.perf_counter() - started
    expected: dict[str, list[int]] = {}
    for event in EventFeed(database, SystemClock()).page(TENANT, after=0, most=events + 1).events:
        expected.setdefault(str(event["stream"]), []).append(int(str(event["seq"])))
    database.close()
    assert sum(map(len, expected.values())) == events
    assert its.first_deliveries() == expected, "lost, or out of order"
    return {
        **counts,
        "events": events,
        "orders": len(expected),
        "deliveries": len(its.came),
        "events/s": round(events / took_s),
    }


def _write(database: Database, events: int, luck: Random) -> None:
    orders = max(10, events // 20)
    clock = SystemClock()
    while events:
        batch = min(events, luck.randint(1, 20))
        told = [
            OutgoingEvent(stream=f"order-{order}", topic="hold.expired.v1", payload={"seq": 1})
            for order in (luck.randrange(orders) for _ in range(batch))
        ]
        with database.writing() as connection:
            emit(connection, TENANT, told, clock.now())
        events -= batch


def _relay_until(url: str, its: Receiver, deliveries: int, *, finished: Any = None) -> None:  # noqa: ANN401  # () -> bool
    """Run a relay in a process of its own until so much has come, then kill it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    child = context.Process(target=relay_until_killed, args=(url,))
    child.start()
    try:
        while not (finished() if finished else len(its.came) >= deliveries):
            if not child.is_alive():
                raise RuntimeError(f"the relay ended by itself: {child.exitcode}")
            time.sleep(0.002 if finished is None else 0.1)
    finally:
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()


def relay_until_killed(url: str) -> None:
    """Carry events for ever."""
    sender = HttpSender(timeout_s=POLICY.timeout_s, allow_loopback=True)
    Relay(Database(url), SystemClock(), KEYRING, sender, policy=POLICY, allow_loopback=True).run(
        threading.Event()
    )
