"""Books for tests: a day of trucks on a plane, a clock that tests turn, callers with fresh keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from api.kit.clock import CHINA
from api.kit.db import Database
from api.kit.idempotency import Answer
from api.slots.hold_desk import HoldOrder
from api.slots.service import Book
from api.slots.tokens import OfferSigner
from api.slots.transactions import Caller
from routing.domain.windows import Window
from routing.witness import CountedKey
from tests.api.slots.plane import PlaneJudge, PlaneTruck, World, window

DAY = date(2026, 12, 5)
NEXT = date(2026, 12, 6)
NOON_BEFORE = datetime(2026, 12, 4, 12, 0, tzinfo=CHINA)
TENANT = "acme"
POOL = "P1"
TTL = timedelta(minutes=15)
SIGNER = OfferSigner({"k1": b"1" * 32, "k2": b"2" * 32}, current="k2")


@dataclass(slots=True)
class HandClock:
    """A clock that a test turns by hand."""

    moment: datetime = NOON_BEFORE

    def now(self) -> datetime:
        return self.moment

    def turn(self, by: timedelta) -> None:
        self.moment += by


def trucks(places: int, *, cars: int = 1) -> World:
    """So many trucks alike, around the clock."""
    return World.of(*(PlaneTruck(id=f"T{n}", cars=cars) for n in range(places)))


@dataclass(slots=True)
class Shop:
    """A book with a seller in front of it: every call under a fresh key."""

    database: Database
    judge: PlaneJudge
    clock: HandClock
    book: Book
    client: str = "shop"
    _numbers: count[int] = field(default_factory=count)

    def caller(self, key: str = "") -> Caller:
        fresh = key or f"key-{self.client}-{next(self._numbers)}"
        return Caller(tenant_id=TENANT, client_id=self.client, key=fresh)

    def beside(self, client: str) -> Shop:
        """Another process at the same database: its own book, its own cache."""
        book = Book(self.database, self.judge, self.clock, signer=SIGNER, hold_ttl=TTL)
        return Shop(self.database, self.judge, self.clock, book, client)

    def open(self, day: date = DAY, *, basis: str = "world") -> Answer:
        return self.book.days.open_day(self.caller(), pool=POOL, day=day, basis=basis, routes={})

    def hold(
        self,
        order: str,
        *,
        day: date = DAY,
        hours: tuple[int, int] = (8, 12),
        at: tuple[float, float] = (10, 0),
        stock: str = "",
        key: str = "",
        also: tuple[Window, ...] = (),
    ) -> Answer:
        load: dict[str, object] = {"x": at[0], "y": at[1]}
        if stock:
            load["stock"] = stock
        wanted = HoldOrder(
            pool=POOL,
            day=day,
            order_ref=order,
            window=window(day, 60 * hours[0], 60 * hours[1]),
            load=load,
            also=also,
        )
        return self.book.hold(self.caller(key), wanted)

    def confirm(self, promise_id: str, key: str = "") -> Answer:
        return self.book.confirm(self.caller(key), promise_id)

    def booked(self, order: str, **named: object) -> str:
        """Hold and confirm; give the booking's id."""
        held = self.hold(order, **named)  # type: ignore[arg-type]
        assert held.status == 201, held
        confirmed = self.confirm(hold_id(held))
        assert confirmed.status == 200, confirmed
        return hold_id(held)

    def supply(self, what: str, given: int) -> Answer:
        return self.book.days.supply(self.caller(), CountedKey("stock", what, ""), given)

    def assert_sound(self) -> None:
        """The ledger, the tables, the counted things and the witness agree."""
        assert self.book.faults() == ()


def hold_id(answer: Answer) -> str:
    return str(answer.body["hold_id"])


def shop_at(database: Database, world: World, *, together: int = 64) -> Shop:
    """Open a shop over an upgraded database, with both days open."""
    judge = PlaneJudge({"world": world})
    clock = HandClock()
    shop = Shop(
        database,
        judge,
        clock,
        Book(database, judge, clock, signer=SIGNER, hold_ttl=TTL, together=together),
    )
    for day in (DAY, NEXT):
        assert shop.open(day).status == 201
    return shop
