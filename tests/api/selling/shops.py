"""A shop for tests: kept rows, the real engine and real roads, a map that needs no data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from api.fleet.basis import StoredBases
from api.fleet.roads import RoadBook
from api.kit.db import Database
from api.kit.idempotency import Answer
from api.selling.opening import Opening
from api.selling.search import Found, SlotOffer, SlotSearch, Wanted
from api.selling.windows import Granularity
from api.slots.service import Book
from api.slots.transactions import Caller
from routing.slots.judge import SlotJudge
from tests.api.fleet.desks import TENANT, Desk, desk_at, order_row
from tests.api.slots.books import SIGNER

OFFER_TTL = timedelta(minutes=10)


@dataclass(slots=True)
class RealShop:
    """Everything that sells, over one database."""

    desk: Desk
    bases: StoredBases
    judge: SlotJudge
    book: Book
    opening: Opening
    search: SlotSearch
    _keys: count[int] = field(default_factory=count)

    def caller(self) -> Caller:
        return Caller(tenant_id=TENANT, client_id="shop", key=f"key-{next(self._keys)}")

    def put(self, order_id: str, number: int = 1, **cells: Any) -> None:  # noqa: ANN401  # a row
        self.desk.orders.put(TENANT, order_id, order_row(number, **cells))

    def find(
        self,
        order_id: str,
        *,
        first: date | None = None,
        last: date | None = None,
        granularity: Granularity = Granularity.TWO_HOURS,
        row: Mapping[str, Any] | None = None,
    ) -> Found:
        return self.search.search(
            TENANT,
            Wanted(order_id=order_id, row=row, first=first, last=last, granularity=granularity),
        )

    def hold(self, order_id: str, offer: SlotOffer) -> Answer:
        load = self.search.load(TENANT, order_id, offer.day)
        return self.book.hold_offer(self.caller(), offer.token, load)

    def booked(self, order_id: str, offer: SlotOffer) -> str:
        held = self.hold(order_id, offer)
        assert held.status == 201, held
        hold_id = str(held.body["hold_id"])
        assert self.book.confirm(self.caller(), hold_id).status == 200
        return hold_id

    def assert_sound(self) -> None:
        assert self.book.faults() == ()


def real_shop(database: Database, roads: RoadBook, *, desk: Desk | None = None) -> RealShop:
    """Open a shop; over a `desk` it is another process at the same database."""
    its = desk or desk_at(database).with_house()
    bases = StoredBases(database, roads)
    judge = SlotJudge(bases, days_kept=64)
    book = Book(database, judge, its.clock, signer=SIGNER)
    opening = Opening(database, its.clock, book, grounds=its.grounds, bases=bases, roads=roads)
    return RealShop(
        desk=its,
        bases=bases,
        judge=judge,
        book=book,
        opening=opening,
        search=SlotSearch(
            database,
            its.clock,
            orders=its.orders,
            grounds=its.grounds,
            opening=opening,
            bases=bases,
            book=book,
            judge=judge,
            signer=SIGNER,
            offer_ttl=OFFER_TTL,
        ),
    )
