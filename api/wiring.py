"""How the parts of one process hang together: settings in, services out. No part builds another."""

from __future__ import annotations

from dataclasses import dataclass

from api.events.feed import EventFeed
from api.events.relay.policy import RelayPolicy
from api.events.relay.relay import Relay
from api.events.relay.sending import HttpSender
from api.events.service import WebhookService
from api.keys.gate import Gate
from api.keys.rates import Rates
from api.keys.service import KeyService
from api.kit.clock import Clock, SystemClock
from api.kit.db import Database
from api.kit.key_file import keyring_at
from api.kit.keyring import Keyring
from api.settings import ServingSettings
from api.slots.loads import OrderLoads
from api.slots.reading import BookingReader
from api.slots.service import Book
from api.slots.tokens import OfferSigner
from routing.judge import Judge

KEY_FILE = "secret.key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that endpoints, threads and commands of one process work with."""

    settings: ServingSettings
    clock: Clock
    database: Database
    keyring: Keyring
    keys: KeyService
    gate: Gate
    loads: OrderLoads
    book: Book
    bookings: BookingReader
    webhooks: WebhookService
    feed: EventFeed
    relay: Relay


def assemble(
    settings: ServingSettings,
    *,
    database: Database,
    clock: Clock,
    keyring: Keyring,
    judge: Judge,
    loads: OrderLoads,
) -> Services:
    """Build the services over a database that is there and up to date."""
    keys = KeyService(database, clock)
    policy, loopback = RelayPolicy(), settings.webhooks_loopback
    sender = HttpSender(timeout_s=policy.timeout_s, allow_loopback=loopback)
    return Services(
        settings=settings,
        clock=clock,
        database=database,
        keyring=keyring,
        keys=keys,
        # The counters go by the machine's clock, whichever one the book is told.
        gate=Gate(keys, Rates(SystemClock(), per_minute=settings.requests_per_minute)),
        loads=loads,
        bookings=BookingReader(database),
        book=Book(
            database,
            judge,
            clock,
            signer=OfferSigner(keyring.keys_for("offers"), current=keyring.current),
            hold_ttl=settings.hold_ttl,
            offer_ttl=settings.offer_ttl,
        ),
        webhooks=WebhookService(database, clock, keyring, sender, allow_loopback=loopback),
        feed=EventFeed(database, clock),
        relay=Relay(database, clock, keyring, sender, policy=policy, allow_loopback=loopback),
    )


def open_keyring(settings: ServingSettings) -> Keyring:
    """Take the master keys of the environment, or those of the key file.

    Raises:
        BadUsage: the key file is open to others, or not one of ours.
    """
    if settings.secret_keys:
        return Keyring(settings.secret_keys, current=next(iter(settings.secret_keys)))
    return keyring_at(settings.data_dir / KEY_FILE)


def open_database(settings: ServingSettings) -> Database:
    """Connect, and make the folder of an embedded database.

    Raises:
        BadUsage: the URL names no database that Flatbed can use.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Database(settings.database_url)
