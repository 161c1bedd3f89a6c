"""The days ahead: opened when they come near, set on their new basis when the fleet changes, closed
when they are here.

Whoever sells asks first whether the open days stand on the fleet as it is kept now; so a truck that
was taken away sells nothing more, and promises that fail without it are at risk before anything
new is promised.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock
from typing import Final

from api.days.records import store as records
from api.days.records.grounds import GroundBook
from api.fleet.basis import NewBasis, StoredBases, basis_of, keep_basis
from api.fleet.pools import Pool, pools_of
from api.fleet.roads import RoadBook
from api.kit.canonical import digest
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.idempotency import Answer
from api.selling import store
from api.selling.store import PoolDay, Sale
from api.selling.supply import for_sale, stock_counts
from api.slots.errors import BookDamaged, DayAlreadyOpen
from api.slots.risking import OutsideEvent
from api.slots.service import Book
from api.slots.transactions import Caller
from routing.domain.request import PlanRequest
from routing.errors import UnknownBasis

DAYS_AHEAD: Final = 14
"""Windows are sold for tomorrow and the days after it, so many in all."""
CLIENT: Final = "flatbed"
"""Under whose name the book remembers what this process did by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolled:
    """What a roll did, as (pool, day); `at_risk` are promises that the new basis breaks, `troubles`
    days that could not be opened, with why."""

    opened: tuple[tuple[str, date], ...] = ()
    rebased: tuple[tuple[str, date], ...] = ()
    closed: tuple[tuple[str, date], ...] = ()
    at_risk: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()


@dataclass(slots=True)
class _Log:
    opened: list[tuple[str, date]] = field(default_factory=list)
    rebased: list[tuple[str, date]] = field(default_factory=list)
    closed: list[tuple[str, date]] = field(default_factory=list)
    at_risk: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def done(self) -> Rolled:
        return Rolled(
            opened=tuple(self.opened),
            rebased=tuple(self.rebased),
            closed=tuple(self.closed),
            at_risk=tuple(self.at_risk),
            troubles=tuple(self.troubles),
        )


class Opening:
    """Opens and closes the days of all tenants. For several threads and processes."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        book: Book,
        *,
        grounds: GroundBook,
        bases: StoredBases,
        roads: RoadBook,
        days_ahead: int = DAYS_AHEAD,
    ) -> None:
        """`days_ahead` are on sale, tomorrow the first of them."""
        self._database = database
        self._clock = clock
        self._book = book
        self._grounds = grounds
        self._bases = bases
        self._roads = roads
        self._days_ahead = days_ahead
        self._turns: dict[str, Lock] = {}
        self._lock = Lock()

    @property
    def days(self) -> list[date]:
        """The days on sale, tomorrow first."""
        today = self._clock.now().date()
        return [today + timedelta(days=number) for number in range(1, self._days_ahead + 1)]

    def roll_all(self) -> dict[str, Rolled]:
        """Roll the days of every tenant who has a fleet, where anything has changed."""
        with self._database.reading() as connection:
            tenants = records.tenants(connection)
        return {tenant_id: self.roll(tenant_id) for tenant_id in tenants}

    def roll(self, tenant_id: str) -> Rolled:
        """Bring a tenant's days up to now: cheap where nothing has changed."""
        if self._up_to_date(tenant_id):
            return Rolled()
        with self._turn(tenant_id):
            if self._up_to_date(tenant_id):
                return Rolled()
            return self._roll(tenant_id)

    def _turn(self, tenant_id: str) -> Lock:
        with self._lock:
            return self._turns.setdefault(tenant_id, Lock())

    def _up_to_date(self, tenant_id: str) -> bool:
        with self._database.reading() as connection:
            sale = store.sale_of(connection, tenant_id)
            revision = records.revision(connection, tenant_id)
        today = self._clock.now().date()
        return sale == Sale(revision=revision, rolled_on=today)

    def _roll(self, tenant_id: str) -> Rolled:
        log, today = _Log(), self._clock.now().date()
        days = [today, *self.days]
        with self._database.reading() as connection:
            revision = records.revision(connection, tenant_id)
            grounds = self._grounds.grounds(connection, tenant_id, days)
            there = store.pool_days(connection, tenant_id, days[0], days[-1])
            over = store.open_before(connection, tenant_id, days[1])
            sound = store.days_with_sound_promises(connection, tenant_id, today)
            named = records.named_cars(connection, tenant_id)
            counted = store.counted_orders(connection, tenant_id)
        requests = [for_sale(ground.request, named, counted) for ground in grounds]
        for old in over:
            self._book.days.close_day(
                _caller(tenant_id, "close", old.pool, old.day.isoformat()),
                pool=old.pool,
                day=old.day,
            )
            log.closed.append((old.pool, old.day))
        for day, request in zip(days, requests, strict=True):
            mine = [each for each in there if each.day == day]
            free = self._old_pools(tenant_id, request, mine, sound, log)
            if day > today:
                self._new_pools(tenant_id, request, {each.pool for each in mine}, free, log)
        self._supply(tenant_id, requests[1], revision, log)
        sale = Sale(revision=revision, rolled_on=today)
        with self._database.writing() as connection:
            store.keep_sale(connection, tenant_id, sale, self._clock.now())
        return log.done()

    def _old_pools(
        self,
        tenant_id: str,
        request: PlanRequest,
        there: Sequence[PoolDay],
        sound: Collection[tuple[str, date]],
        log: _Log,
    ) -> set[str]:
        """Set the pools of a day that are there on what they stand on now; give the warehouses that
        are in none of them.

        A pool that was opened keeps its warehouses: what it has promised stands on them, also when
        its sale has ended, up to the day itself. `sound` are those with promises not at risk.
        """
        houses = {house.id for house in request.warehouses}
        free = set(houses)
        for each in there:
            try:
                its = {house.id for house in self._bases.named(each.basis).request.warehouses}
            except UnknownBasis as error:  # opened by another hand: left as it is
                log.troubles.append(f"{each.pool} {each.day}: {error}")
                continue
            free -= its
            kept = sorted(its & houses)
            if not kept:
                if each.status == "open" or (each.pool, each.day) in sound:
                    self._lose(tenant_id, each, log)
                continue
            pool = Pool(warehouse_ids=tuple(kept))
            basis = basis_of(tenant_id, request, pool, roads=self._roads, name=each.pool)
            if basis.id != each.basis:
                self._rebase(tenant_id, each, basis, log)
        return free

    def _new_pools(
        self,
        tenant_id: str,
        request: PlanRequest,
        taken: Collection[str],
        free: Collection[str],
        log: _Log,
    ) -> None:
        """Open the pools that warehouses not sold that day make."""
        for pool in pools_of(request, sorted(free)):
            basis = basis_of(tenant_id, request, pool, roads=self._roads)
            if basis.request.trucks and pool.id not in taken:
                self._open(tenant_id, basis, log)

    def _open(self, tenant_id: str, basis: NewBasis, log: _Log) -> None:
        day = basis.request.day
        self._keep(tenant_id, basis)
        try:
            answer = self._book.days.open_day(
                _caller(tenant_id, "open", basis.pool, day.isoformat(), basis.id),
                pool=basis.pool,
                day=day,
                basis=basis.id,
                routes={},
            )
        except BookDamaged as error:  # the checker does not believe even an empty day
            log.troubles.append(str(error))
            return
        if answer.granted:
            log.opened.append((basis.pool, day))
        elif answer.body.get("code") != DayAlreadyOpen.code:
            log.troubles.append(f"{basis.pool} {day}: {answer.body.get('detail')}")

    def _rebase(self, tenant_id: str, there: PoolDay, basis: NewBasis, log: _Log) -> None:
        self._keep(tenant_id, basis)
        lost = {truck.id for truck in self._bases.named(there.basis).request.trucks} - {
            truck.id for truck in basis.request.trucks
        }
        event = OutsideEvent(
            id=f"basis_{basis.id[:32]}",
            kind="basis_changed",
            detail="the fleet, the warehouses, the settings or the roads are others now",
            basis=basis.id,
            lost_trucks=frozenset(lost),
        )
        self._happen(tenant_id, there, event, log)
        log.rebased.append((there.pool, there.day))

    def _lose(self, tenant_id: str, there: PoolDay, log: _Log) -> None:
        """Take a pool off sale none of whose warehouses is kept any more, or open that day."""
        trucks = frozenset(t.id for t in self._bases.named(there.basis).request.trucks)
        event = OutsideEvent(
            id=f"gone_{there.basis[:32]}",
            kind="pool_gone",
            detail="none of the pool's warehouses is open that day any more",
            basis=there.basis,
            lost_trucks=trucks,
        )
        self._happen(tenant_id, there, event, log)
        if there.status != "open":
            return
        self._book.days.close_day(
            _caller(tenant_id, "close", there.pool, there.day.isoformat(), there.basis),
            pool=there.pool,
            day=there.day,
        )
        log.closed.append((there.pool, there.day))

    def _happen(self, tenant_id: str, there: PoolDay, event: OutsideEvent, log: _Log) -> None:
        # plan_seq: the fleet may come back to what it was, and that is another event.
        key = event.id, there.pool, there.day.isoformat(), str(there.plan_seq)
        try:
            answer = self._book.days.happen(
                _caller(tenant_id, *key), pool=there.pool, day=there.day, event=event
            )
        except BookDamaged as error:  # the other days are sold all the same
            log.troubles.append(f"{there.pool} {there.day}: {error}")
            return
        if answer.granted:
            log.at_risk += _names(answer)
        else:
            log.troubles.append(f"{there.pool} {there.day}: {answer.body.get('detail')}")

    def _keep(self, tenant_id: str, basis: NewBasis) -> None:
        with self._database.writing() as connection:
            keep_basis(connection, tenant_id, basis, now=self._clock.now())

    def _supply(self, tenant_id: str, request: PlanRequest, revision: int, log: _Log) -> None:
        """Count the cars of the stock: those that stand there, and those that have left it."""
        with self._database.reading() as connection:
            given = store.given_of(connection, tenant_id)
            delivered = store.delivered_of(connection, tenant_id)
        for key, count in stock_counts(request, delivered, known=given.keys()).items():
            if given.get(key) == count:
                continue
            caller = _caller(tenant_id, "supply", *key, str(revision), str(count))
            answer = self._book.days.supply(caller, key, count)
            if not answer.granted:
                log.troubles.append(f"{key.key}: {answer.body.get('detail')}")


def _caller(tenant_id: str, *what: str) -> Caller:
    """Sign what this process does by itself; the key makes it happen once, whoever does it."""
    return Caller(tenant_id=tenant_id, client_id=CLIENT, key=digest([tenant_id, *what]))


def _names(answer: Answer) -> list[str]:
    found = answer.body.get("at_risk")
    return [str(each) for each in found] if isinstance(found, list) else []
