"""Several relays, several writers, a receiver that fails now and then: nothing lost, no order
mixed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

from api.events.relay.policy import RelayPolicy
from api.events.relay.relay import Relay
from api.events.relay.sending import HttpSender
from api.kit.clock import SystemClock
from api.kit.db import Database
from tests.api.events.offices import KEYRING, office_at
from tests.api.events.receivers import receiver
from tests.api.slots.books import TENANT

QUICK = RelayPolicy(
    waits=(timedelta(milliseconds=20),) * 200,
    lease=timedelta(seconds=30),
    timeout_s=5.0,
    idle=timedelta(milliseconds=5),
    per_endpoint=4,
    senders=4,
)
"""As the relay is, with retries that a test can wait for."""


def moody(seed: int, *, share: float) -> Any:  # noqa: ANN401  # an Answer
    """Give a receiver that refuses some of what comes."""
    luck, guard = Random(seed), threading.Lock()

    def answer(_: Mapping[str, Any]) -> int:
        with guard:
            return 503 if luck.random() < share else 200

    return answer


def told_everything(
    database: Database, *, relays: int, writers: int, turns: int, orders: int, share: float = 0.1
) -> None:
    """Write and carry at the same time; then look at what came."""
    stop = threading.Event()
    with receiver(moody(1, share=share)) as its:
        offices = [office_at(database, policy=QUICK, allow_loopback=True) for _ in range(writers)]
        endpoint = offices[0].register(its.url)
        sender = HttpSender(timeout_s=QUICK.timeout_s, allow_loopback=True)
        running = [
            threading.Thread(
                target=Relay(
                    database, SystemClock(), KEYRING, sender, policy=QUICK, allow_loopback=True
                ).run,
                args=(stop,),
            )
            for _ in range(relays)
        ]

        def write(number: int) -> None:
            luck = Random(number)
            for _ in range(turns):
                names = luck.sample(range(orders), k=luck.randint(1, 3))
                offices[number].emit(*(f"order-{name}" for name in names))

        writing = [threading.Thread(target=write, args=(n,)) for n in range(writers)]
        for each in (*running, *writing):
            each.start()
        for each in writing:
            each.join()
        expected = _expected(offices[0])
        total = sum(map(len, expected.values()))
        for _ in range(6_000):
            if offices[0].service.counts(TENANT, endpoint.id)["delivered"] == total:
                break
            stop.wait(0.02)
        stop.set()
        for each in running:
            each.join()
    assert its.first_deliveries() == expected


def _expected(office: Any) -> dict[str, list[int]]:  # noqa: ANN401  # an Office
    expected: dict[str, list[int]] = {}
    page = office.feed.page(TENANT, after=0, most=100_000)
    for event in page.events:
        expected.setdefault(event["stream"], []).append(event["seq"])
    assert all(seqs == list(range(1, len(seqs) + 1)) for seqs in expected.values())
    return expected


def test_relays_race_and_nothing_is_lost_or_out_of_order(database: Database) -> None:
    """On PostgreSQL three relays at once, on SQLite the one that there may be."""
    relays = 1 if database.is_sqlite else 3
    told_everything(database, relays=relays, writers=3, turns=25, orders=6)
