"""A post office for tests: events written by hand, a relay whose senders are in the test's hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from random import Random
from typing import Any

from api.events.feed import EventFeed
from api.events.outbox import OutgoingEvent, emit
from api.events.relay.policy import RelayPolicy
from api.events.relay.relay import Relay
from api.events.relay.sending import Outcome, Sender
from api.events.relay.targets import Target
from api.events.service import WebhookService
from api.events.store import Endpoint
from api.kit.db import Database
from api.kit.keyring import Keyring
from tests.api.slots.books import TENANT, HandClock

KEYRING = Keyring({"k1": b"1" * 32}, current="k1")
URL = "https://orders.example/hooks"
POLICY = RelayPolicy(jitter=0.0)


class Inline(Executor):
    """Carries a lane at once, in the thread that claims it."""

    def submit(  # type: ignore[override]  # a narrower signature is enough for the relay
        self, fn: Callable[..., object], /, *args: object, **kwargs: object
    ) -> Future[object]:
        done: Future[object] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@dataclass(slots=True)
class Post:
    """A network that a test answers for: every attempt is kept, in order."""

    answer: Callable[[Mapping[str, Any]], Outcome] = lambda _: Outcome(status=200)
    attempts: list[tuple[Target, Mapping[str, str], Mapping[str, Any]]] = field(
        default_factory=list
    )

    def send(self, target: Target, headers: Mapping[str, str], body: bytes) -> Outcome:
        message = json.loads(body)
        self.attempts.append((target, headers, message))
        return self.answer(message)

    def told(self) -> list[tuple[str, int]]:
        """Which event of which order arrived, attempt by attempt."""
        return [(message["stream"], message["seq"]) for _, _, message in self.attempts]


@dataclass(slots=True)
class Office:
    """Everything of events over one database."""

    database: Database
    clock: HandClock
    service: WebhookService
    feed: EventFeed
    relay: Relay
    post: Post

    def register(
        self, url: str = URL, *, description: str = "", topics: Sequence[str] = ()
    ) -> Endpoint:
        return self.service.register(TENANT, url=url, description=description, topics=topics)[0]

    def emit(self, *streams: str, tenant: str = TENANT, topic: str = "hold.expired.v1") -> None:
        """Write an event for each stream, in one transaction."""
        events = [
            OutgoingEvent(stream=each, topic=topic, payload={"order_ref": each}) for each in streams
        ]
        with self.database.writing() as connection:
            emit(connection, tenant, events, self.clock.now())

    def round(self) -> None:
        """Let the relay do what is due now, until nothing is."""
        while self.relay.start_round(Inline()):
            pass


def office_at(
    database: Database,
    *,
    policy: RelayPolicy = POLICY,
    clock: HandClock | None = None,
    sender: Sender | None = None,
    allow_loopback: bool = False,
) -> Office:
    """Open an office over an upgraded database."""
    turned, post = clock or HandClock(), Post()
    carries = sender or post
    return Office(
        database=database,
        clock=turned,
        service=WebhookService(database, turned, KEYRING, carries, allow_loopback=allow_loopback),
        feed=EventFeed(database, turned),
        relay=Relay(
            database,
            turned,
            KEYRING,
            carries,
            policy=policy,
            allow_loopback=allow_loopback,
            luck=Random(1),
        ),
        post=post,
    )
