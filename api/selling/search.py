"""What an order can be promised in the days ahead: every window with its price or with why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from api.days.records.grounds import GroundBook
from api.days.records.judging import NOT_OF_THE_ROW, told
from api.days.request import DayGround
from api.errors import FaultyInput
from api.fleet.basis import StoredBases
from api.kit.clock import Clock
from api.kit.db import Database
from api.orders.service import OrderService
from api.selling import store
from api.selling.errors import BadSearch, OrderNotReady
from api.selling.opening import Opening
from api.selling.store import PoolDay
from api.selling.supply import stock_key
from api.selling.windows import Granularity, at_least_half, is_inside, windows_of
from api.settings import Language
from api.slots.service import Book
from api.slots.tokens import Offer as Token
from api.slots.tokens import OfferSigner
from routing.domain.orders import DeliveryMode, Order
from routing.domain.windows import Window
from routing.reasons import Reason
from routing.slots.judge import SlotJudge
from routing.slots.loads import load_of
from routing.slots.offers import Offer
from routing.witness import CountedKey, Told

PIN: Final = "position"
"""What is asked for where a place is known only roughly."""


class Missing(StrEnum):
    """Why a window is missing before any truck was asked; beside `routing.reasons.Reason`."""

    NOT_ACCEPTED = "not_accepted"
    """The buyer does not accept that time."""
    DAY_NOT_OPEN = "day_not_open"
    """The pool of the warehouse sells nothing on that day."""
    PAST = "past"
    """It has begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A search: the kept order of that id, or a draft of its row; days both included."""

    order_id: str
    row: Mapping[str, Any] | None = None
    first: date | None = None
    last: date | None = None
    granularity: Granularity = Granularity.TWO_HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotOffer:
    """A window that can be held with its token until it is over."""

    token: str
    pool: str
    day: date
    offer: Offer
    mode: DeliveryMode
    valid_until: datetime
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotBlocked:
    """A window that cannot be had, and why."""

    window: Window
    reason: Reason | Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer. `required` are fields of the order without which less can be promised."""

    granularity: Granularity
    offers: tuple[SlotOffer, ...]
    blocked: tuple[SlotBlocked, ...]
    required: tuple[str, ...]


class SlotSearch:
    """Searches windows. For several threads; reserves nothing and writes nothing."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        orders: OrderService,
        grounds: GroundBook,
        opening: Opening,
        bases: StoredBases,
        book: Book,
        judge: SlotJudge,
        signer: OfferSigner,
        offer_ttl: timedelta,
        language: Language = Language.ENGLISH,
    ) -> None:
        """`language` is that of the faults of a draft."""
        self._database = database
        self._clock = clock
        self._orders = orders
        self._grounds = grounds
        self._opening = opening
        self._bases = bases
        self._book = book
        self._judge = judge
        self._signer = signer
        self._offer_ttl = offer_ttl
        self._language = language

    def load(self, tenant_id: str, order_ref: str, day: date) -> Told:
        """Give a kept order as the book's judge must know it on a day.

        Raises:
            UnknownRecord: the tenant has no such order.
            OrderNotReady: papers are open.
            FaultyInput: it cannot be read on that day.
        """
        order = self._orders.readiness(tenant_id, order_ref, day)
        if missing := [each.value for each in order.readiness.missing]:
            raise OrderNotReady(
                f"no truck takes a car without {', '.join(missing)}", missing=missing
            )
        return load_of(order)

    def search(self, tenant_id: str, wanted: Wanted) -> Found:
        """Find every window of the days asked for, those that can be had and those that cannot.

        Raises:
            UnknownRecord: there is no such order, and no draft of it came.
            FaultyInput: the draft has faults; lists them all.
            BadSearch: the days are not among those on sale.
        """
        self._opening.roll(tenant_id)
        days = self._days(wanted)
        with self._database.reading() as connection:
            row = wanted.row
            if row is None:
                row = self._orders.record(connection, tenant_id, wanted.order_id).body
            grounds = self._grounds.grounds(connection, tenant_id, days)
            there = store.pool_days(connection, tenant_id, days[0], days[-1])
        orders = self._read({**row, "order_id": wanted.order_id}, grounds)
        left = self._left(tenant_id, orders)
        search = _Search(granularity=wanted.granularity)
        for day, ground, order in zip(days, grounds, orders, strict=True):
            open_days = [each for each in there if each.day == day and each.status == "open"]
            self._one_day(tenant_id, wanted, ground, order, open_days, left, search)
        return search.found()

    def _days(self, wanted: Wanted) -> list[date]:
        on_sale = self._opening.days
        first, last = wanted.first or on_sale[0], wanted.last or on_sale[-1]
        days = [day for day in on_sale if first <= day <= last]
        if not days:
            raise BadSearch(
                f"no day from {first} to {last} is on sale: ask for {on_sale[0]} to {on_sale[-1]}",
                first=on_sale[0].isoformat(),
                last=on_sale[-1].isoformat(),
            )
        return days

    def _read(self, row: Mapping[str, Any], grounds: Sequence[DayGround]) -> list[Order | Missing]:
        """Read the order on each day, or say why that day is none for it.

        What is ready when, and which hours are meant, depends on the day.
        """
        orders: list[Order | Missing] = []
        for ground in grounds:
            read = self._orders.read(row, ground)
            wrong = [fault for fault in read.faults if fault.code not in NOT_OF_THE_ROW]
            if _is_closed(ground) and {fault.code for fault in wrong} == {"reference.faulty"}:
                orders.append(Missing.DAY_NOT_OPEN)
                continue
            if wrong:
                raise FaultyInput(
                    tuple(told(fault, self._language, row=False) for fault in wrong),
                    undone="nothing was searched",
                )
            orders.append(read.order or Missing.NOT_ACCEPTED)
        return orders

    def _left(
        self, tenant_id: str, orders: Iterable[Order | Missing]
    ) -> Mapping[CountedKey, int] | None:
        """Count what is left of the order's kind at each warehouse; None: it has its own car."""
        order = next((each for each in orders if isinstance(each, Order)), None)
        if order is None or not order.from_stock:
            return None
        with self._database.reading() as connection:
            given = store.given_of(connection, tenant_id)
            its = [key for key in given if key.key.split("/", 1)[1:] == _kind(order)]
            return store.left_of(connection, tenant_id, its)

    def _one_day(
        self,
        tenant_id: str,
        wanted: Wanted,
        ground: DayGround,
        order: Order | Missing,
        open_days: Sequence[PoolDay],
        left: Mapping[CountedKey, int] | None,
        search: _Search,
    ) -> None:
        settings = ground.settings
        granularity = wanted.granularity
        if isinstance(order, Order):
            search.required |= {each.value for each in order.readiness.missing}
            if order.place.radius_m > settings.policy.slots.coarse_radius_m:
                granularity = at_least_half(granularity)
                search.granularity = granularity
                search.required.add(PIN)
        asked: list[Window] = []
        for window in windows_of(settings, granularity):
            if isinstance(order, Missing):
                search.block(window, order)
            elif not is_inside(window, order.windows):
                search.block(window, Missing.NOT_ACCEPTED)
            elif window.start <= self._clock.now():
                search.block(window, Missing.PAST)
            else:
                asked.append(window)
        if isinstance(order, Missing) or not asked:
            return
        serving = [each for each in open_days if self._serves(each, order)]
        if not serving:
            search.block_all(asked, Missing.DAY_NOT_OPEN)
        for pool_day in serving:
            if left is not None and not self._in_stock(pool_day, order, left):
                search.block_all(asked, Reason.NO_STOCK)
                continue
            self._ask(tenant_id, pool_day, order, asked, search)

    def _ask(
        self,
        tenant_id: str,
        pool_day: PoolDay,
        order: Order,
        windows: Sequence[Window],
        search: _Search,
    ) -> None:
        witness = self._book.witness(tenant_id, pool=pool_day.pool, day=pool_day.day)
        offers, blocked = self._judge.search(witness, order, windows)
        until = self._clock.now() + self._offer_ttl
        for offer in offers:
            token = Token(
                tenant_id=tenant_id,
                order_ref=order.id,
                pool=pool_day.pool,
                day=pool_day.day,
                window=offer.window,
                seq=witness.seq,
                valid_until=until,
                conditions=offer.conditions,
            )
            search.offer(
                SlotOffer(
                    token=self._signer.sign(token),
                    pool=pool_day.pool,
                    day=pool_day.day,
                    offer=offer,
                    mode=order.mode,
                    valid_until=until,
                    rank=0,
                )
            )
        for each in blocked:
            search.block(each.window, each.reason)

    def _serves(self, pool_day: PoolDay, order: Order) -> bool:
        houses = self._bases.named(pool_day.basis).request.warehouses
        return not order.warehouse_id or any(each.id == order.warehouse_id for each in houses)

    def _in_stock(self, pool_day: PoolDay, order: Order, left: Mapping[CountedKey, int]) -> bool:
        houses = self._bases.named(pool_day.basis).request.warehouses
        return any(
            left.get(stock_key(house.id, order.vehicle), 0) > 0
            for house in houses
            if order.warehouse_id in ("", house.id)
        )


class _Search:
    """What was found so far: the cheapest offer of each window, and reasons where there is none."""

    def __init__(self, granularity: Granularity) -> None:
        self.granularity = granularity
        self.required: set[str] = set()
        self._offers: dict[Window, SlotOffer] = {}
        self._blocked: dict[Window, Reason | Missing] = {}

    def offer(self, found: SlotOffer) -> None:
        window = found.offer.window
        known = self._offers.get(window)
        if known is None or found.offer.cost_delta < known.offer.cost_delta:
            self._offers[window] = found

    def block(self, window: Window, reason: Reason | Missing) -> None:
        self._blocked.setdefault(window, reason)

    def block_all(self, windows: Iterable[Window], reason: Reason | Missing) -> None:
        for window in windows:
            self.block(window, reason)

    def found(self) -> Found:
        ranked = sorted(
            self._offers.values(), key=lambda each: (each.offer.cost_delta, each.offer.window.start)
        )
        return Found(
            granularity=self.granularity,
            offers=tuple(replace(each, rank=number) for number, each in enumerate(ranked, start=1)),
            blocked=tuple(
                SlotBlocked(window=window, reason=reason)
                for window, reason in sorted(self._blocked.items())
                if window not in self._offers
            ),
            required=tuple(sorted(self.required)),
        )


def _is_closed(ground: DayGround) -> bool:
    return any(fault.code == "warehouse.closed" for fault in ground.faults)


def _kind(order: Order) -> list[str]:
    return stock_key("", order.vehicle).key.split("/", 1)[1:]
