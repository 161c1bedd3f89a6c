"""How the parts of one process hang together: settings in, services out. No part builds another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.days.records.errors import UnknownRecord
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
from api.kit.meters import Meters
from api.migrations.upgrade import upgrade
from api.settings import ServingSettings
from api.slots.loads import OrderLoads
from api.slots.reading import BookingReader
from api.slots.service import Book
from api.slots.tokens import OfferSigner
from routing.errors import UnknownBasis
from routing.judge import Judge
from routing.slots.basis import Basis
from routing.witness import Told, Witness

KEY_FILE = "secret.key"


@dataclass(slots=True, kw_only=True)
class Watch:
    """What the process says of itself: whoever finds something wrong adds a check."""

    checks: list[Callable[[], Sequence[str]]] = field(default_factory=list)

    def unready(self) -> Sequence[str]:
        """Name everything that keeps this process from serving."""
        return [wrong for check in self.checks for wrong in check()]


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
    meters: Meters
    watch: Watch


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
    meters = Meters()
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
        meters=meters,
        watch=Watch(checks=[lambda: _database_faults(database)]),
        book=Book(
            database,
            judge,
            clock,
            signer=OfferSigner(keyring.keys_for("offers"), current=keyring.current),
            hold_ttl=settings.hold_ttl,
            offer_ttl=settings.offer_ttl,
            meters=meters,
        ),
        webhooks=WebhookService(database, clock, keyring, sender, allow_loopback=loopback),
        feed=EventFeed(database, clock),
        relay=Relay(database, clock, keyring, sender, policy=policy, allow_loopback=loopback),
    )


def open_services(settings: ServingSettings) -> Services:
    """Open everything for a process of its own, the database brought up to this version.

    Raises:
        BadUsage: a setting, the key file or the database URL cannot be meant.
        NewerDatabase: a newer Flatbed wrote the database.
    """
    from routing.slots.judge import SlotJudge

    keyring, database = open_keyring(settings), open_database(settings)
    upgrade(database)
    return assemble(
        settings,
        database=database,
        clock=SystemClock(),
        keyring=keyring,
        judge=SlotJudge(NoBases()),
        loads=NoOrders(),
    )


class NoBases:
    """A book whose fleet nobody keeps: no day can be opened on it."""

    def of(self, witness: Witness) -> Basis:
        """Say that it is not known.

        Raises:
            UnknownBasis: always.
        """
        raise UnknownBasis(f"nobody keeps the fleet of {witness.pool}")


class NoOrders:
    """A book whose orders nobody keeps: nothing can be held for them."""

    def load(self, tenant_id: str, order_ref: str, day: date) -> Told:
        """Say that there is no such order.

        Raises:
            UnknownRecord: always.
        """
        raise UnknownRecord("nobody keeps the orders of this book")


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


def _database_faults(database: Database) -> Sequence[str]:
    try:
        with database.reading() as connection:
            connection.execute(text("select 1"))
    except SQLAlchemyError as error:
        return [f"the database does not answer ({type(error).__name__})"]
    return []
