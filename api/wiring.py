"""How the parts of one process hang together: settings in, services out. No part builds another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.days.intake.locating import Locator
from api.days.records.grounds import GroundBook
from api.days.request import DayReading
from api.events.feed import EventFeed
from api.events.relay.policy import RelayPolicy
from api.events.relay.relay import Relay
from api.events.relay.sending import HttpSender
from api.events.service import WebhookService
from api.fleet.basis import StoredBases
from api.fleet.days import KeptDays
from api.fleet.importing import Importer
from api.fleet.maps import SharedMap
from api.fleet.roads import RoadBook
from api.fleet.service import FleetService
from api.jobs.service import Jobs
from api.keys.gate import Gate
from api.keys.rates import Rates
from api.keys.service import KeyService
from api.kit.clock import Clock, SystemClock
from api.kit.db import Database
from api.kit.key_file import keyring_at
from api.kit.keyring import Keyring
from api.kit.meters import Meters
from api.migrations.upgrade import upgrade
from api.orders.personal import ContactSeal
from api.orders.service import OrderService
from api.plans.improving import PlannerImproves
from api.plans.pools import in_pool
from api.plans.reoptimising import Reoptimiser
from api.plans.service import PlanDays, Plans
from api.selling.opening import Opening
from api.selling.search import SlotSearch
from api.settings import ServingSettings, read_settings
from api.slots.loads import OrderLoads
from api.slots.reading import BookingReader
from api.slots.service import Book
from api.slots.store import live_promises
from api.slots.tokens import OfferSigner
from geodata.travel import Roads
from routing.judge import Judge
from routing.slots.judge import SlotJudge

if TYPE_CHECKING:
    from api.days.matrix import PreparedDay
    from routing.domain.request import PlanRequest

KEY_FILE = "secret.key"
STANDING_DAYS = 64
"""Pool-days that the engine keeps ready: fourteen days of four pools, and some more."""


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
    orders: OrderService
    fleet: FleetService
    imports: Importer
    kept_days: KeptDays
    opening: Opening
    search: SlotSearch
    loads: OrderLoads
    book: Book
    bookings: BookingReader
    jobs: Jobs
    plans: Plans
    reoptimiser: Reoptimiser
    webhooks: WebhookService
    feed: EventFeed
    relay: Relay
    meters: Meters
    watch: Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """What is known of the country: where addresses are, and the roads. Both opened when needed."""

    locator: Locator
    roads: RoadBook


def assemble(
    settings: ServingSettings,
    *,
    database: Database,
    clock: Clock,
    keyring: Keyring,
    land: Land,
    judge: Judge | None = None,
    loads: OrderLoads | None = None,
    days: PlanDays | None = None,
) -> Services:
    """Build the services over a database that is there and up to date.

    `judge`, `loads` and `days` take the place of the engine and of the kept orders, in tests.
    """
    keys = KeyService(database, clock)
    policy, loopback = RelayPolicy(), settings.webhooks_loopback
    sender = HttpSender(timeout_s=policy.timeout_s, allow_loopback=loopback)
    meters = Meters()
    grounds = GroundBook(land.locator)
    orders = OrderService(
        database,
        clock,
        grounds,
        ContactSeal(keyring.keys_for("contacts"), current=keyring.current),
        promised=live_promises,
    )
    bases = StoredBases(database, land.roads)
    engine = SlotJudge(bases, days_kept=STANDING_DAYS)
    signer = OfferSigner(keyring.keys_for("offers"), current=keyring.current)
    book = Book(
        database,
        judge or engine,
        clock,
        signer=signer,
        hold_ttl=settings.hold_ttl,
        offer_ttl=settings.offer_ttl,
        meters=meters,
    )
    opening = Opening(database, clock, book, grounds=grounds, bases=bases, roads=land.roads)
    search = SlotSearch(
        database,
        clock,
        orders=orders,
        grounds=grounds,
        opening=opening,
        bases=bases,
        book=book,
        judge=engine,
        signer=signer,
        offer_ttl=settings.offer_ttl,
    )
    kept_days = KeptDays(database, land.locator, orders)
    cache_dir = read_settings().cache_dir
    improve = PlannerImproves(bases=bases, cache_dir=cache_dir)
    plan_days = days or PlanDays(
        read=partial(kept_in_pool, kept_days), prepare=prepared_on(cache_dir), cache_dir=cache_dir
    )
    return Services(
        settings=settings,
        clock=clock,
        database=database,
        keyring=keyring,
        keys=keys,
        # The counters go by the machine's clock, whichever one the book is told.
        gate=Gate(keys, Rates(SystemClock(), per_minute=settings.requests_per_minute)),
        orders=orders,
        fleet=FleetService(database, clock, land.locator),
        imports=Importer(database, clock, land.locator, orders),
        kept_days=kept_days,
        opening=opening,
        search=search,
        loads=loads or search,
        bookings=BookingReader(database),
        meters=meters,
        watch=Watch(checks=[lambda: _database_faults(database)]),
        webhooks=WebhookService(database, clock, keyring, sender, allow_loopback=loopback),
        feed=EventFeed(database, clock),
        relay=Relay(database, clock, keyring, sender, policy=policy, allow_loopback=loopback),
        book=book,
        jobs=Jobs(database, clock),
        plans=Plans(database, clock, book, plan_days),
        reoptimiser=Reoptimiser(database, clock, book, improve),
    )


def kept_in_pool(kept_days: KeptDays, tenant_id: str, pool: str, day: date) -> DayReading:
    """Read a pool's day from the kept rows."""
    return in_pool(kept_days.read(tenant_id, day), pool)


def prepared_on(cache_dir: Path) -> Callable[[PlanRequest], PreparedDay]:
    """Prepare days on the roads of China, from the cache where they were found before."""

    def prepare(request: PlanRequest) -> PreparedDay:
        from api.days.matrix import prepare_travel

        return prepare_travel(request, cache_dir=cache_dir, progress=lambda said: None)

    return prepare


def open_services(settings: ServingSettings) -> Services:
    """Open everything for a process of its own, the database brought up to this version.

    Raises:
        BadUsage: a setting, the key file or the database URL cannot be meant.
        NewerDatabase: a newer Flatbed wrote the database.
    """
    keyring, database = open_keyring(settings), open_database(settings)
    upgrade(database)
    return assemble(
        settings,
        database=database,
        clock=SystemClock(),
        keyring=keyring,
        land=open_land(read_settings().cache_dir),
    )


def open_land(cache_dir: Path) -> Land:
    """Name the map and the roads of China; both are opened when they are first asked."""

    def open_map() -> Locator:
        from api.days.map_locator import MapLocator
        from geodata.corrections import Corrections

        return MapLocator(corrections=Corrections(), cache_dir=cache_dir)

    def roads() -> Roads:
        from geodata.travel import open_roads

        return open_roads(cache_dir=cache_dir)

    return Land(locator=SharedMap(open_map), roads=RoadBook(roads))


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
