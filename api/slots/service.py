"""The promise book as its callers see it: every operation one transaction, every answer final."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Final

from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.idempotency import Answer, Request, answered
from api.kit.meters import Meters
from api.slots import rescheduling, store
from api.slots.cache import WitnessCache
from api.slots.confirming import confirm
from api.slots.day_service import DayService
from api.slots.errors import OfferExpired
from api.slots.hold_desk import HoldDesk, HoldOrder
from api.slots.narrowing import advance, refine
from api.slots.offering import OfferDesk, Offered
from api.slots.retrying import answering, retried
from api.slots.standing_check import book_faults
from api.slots.states import Move
from api.slots.taking_back import expire_day, take_back
from api.slots.tokens import Offer, OfferSigner
from api.slots.transactions import Caller, Transactions, request_of
from api.slots.unit import Actor
from api.slots.wording import window_told
from routing.domain.windows import Window
from routing.judge import Judge
from routing.witness import Told, Witness

EXPIRE_AT_ONCE: Final = 200
"""Holds that one sweep looks at."""


class Book:
    """One process's door to the promise book. Safe to use from many threads."""

    def __init__(
        self,
        database: Database,
        judge: Judge,
        clock: Clock,
        *,
        signer: OfferSigner,
        hold_ttl: timedelta = timedelta(minutes=15),
        offer_ttl: timedelta = timedelta(minutes=10),
        together: int = 64,
        meters: Meters | None = None,
    ) -> None:
        """`together` is the most holds that may share one transaction."""
        self._meters = meters
        self._database = database
        self._judge = judge
        self._clock = clock
        self._cache = WitnessCache()
        self._transactions = Transactions(database, clock, self._cache)
        self.days = DayService(self._transactions, judge)
        self._offers = OfferDesk(judge, signer, offer_ttl=offer_ttl)
        self._desk = HoldDesk(
            database, judge, clock, self._cache, hold_ttl=hold_ttl, together=together
        )

    # ---- windows ------------------------------------------------------------------------------

    def offers(
        self,
        tenant_id: str,
        *,
        pool: str,
        day: date,
        order_ref: str,
        load: Told,
        windows: Sequence[Window],
    ) -> tuple[Offered, ...]:
        """Say which windows of a day have room now, each with a token to hold it with.

        Raises:
            DayNotOpen: the day sells nothing yet.
        """
        offered = self._offers.offers(
            tenant_id,
            self.witness(tenant_id, pool=pool, day=day),
            order_ref=order_ref,
            load=load,
            windows=windows,
            now=self._clock.now(),
        )
        if self._meters is not None:
            for each in offered:
                self._meters.offers.labels("yes" if each.token else "no").inc()
        return offered

    def offer(self, tenant_id: str, token: str) -> Offer:
        """Read one of a tenant's offers, its time over or not.

        Raises:
            BadOffer: not an offer of ours, or another tenant's.
        """
        return self._offers.read(tenant_id, token)

    def hold_offer(
        self, caller: Caller, token: str, load: Told, *, also: Sequence[str] = ()
    ) -> Answer:
        """Hold the window of an offer; 410 once its time is over."""

        def once() -> Answer:
            wanted, valid_until = self._offers.wanted(caller.tenant_id, token, load, also)
            if self._clock.now() < valid_until:
                return self.hold(caller, wanted)
            # A hold that was granted in time is answered alike for ever.
            with self._database.reading() as connection:
                before = answered(connection, _hold_request(caller, wanted))
            if before is None:
                raise OfferExpired("the offer's time is over: search again")
            return before

        return answering(once)

    def hold(self, caller: Caller, wanted: HoldOrder) -> Answer:
        """Hold a window for a while: 201, or 409 with other windows that still have room."""
        request = _hold_request(caller, wanted)
        return answering(
            lambda: self._desk.hold(caller.tenant_id, request, wanted, actor=caller.actor)
        )

    def confirm(self, caller: Caller, hold_id: str, *, accepted: Collection[str] = ()) -> Answer:
        """Turn a hold into a booking; `accepted` are the conditions that the buyer has accepted."""
        return self._transactions.answer(
            caller,
            "confirm",
            {"hold_id": hold_id, "accepted": sorted(accepted)},
            lambda unit: confirm(unit, self._judge, caller.tenant_id, hold_id, accepted=accepted),
        )

    def release(self, caller: Caller, hold_id: str) -> Answer:
        """Give a hold back."""
        return self._take_back(caller, hold_id, Move.RELEASE, None)

    def cancel(self, caller: Caller, booking_id: str, *, expected: int | None = None) -> Answer:
        """Give a booking up; `expected` is the seq the caller has seen (If-Match)."""
        return self._take_back(caller, booking_id, Move.CANCEL, expected)

    def reschedule(
        self,
        caller: Caller,
        booking_id: str,
        *,
        hold_id: str,
        accepted: Collection[str] = (),
        expected: int | None = None,
    ) -> Answer:
        """Move a booking to the window of a hold, on whichever day."""
        return self._transactions.answer(
            caller,
            "reschedule",
            {
                "booking_id": booking_id,
                "hold_id": hold_id,
                "accepted": sorted(accepted),
                "expected": expected,
            },
            lambda unit: rescheduling.reschedule(
                unit,
                self._judge,
                caller.tenant_id,
                booking_id,
                hold_id=hold_id,
                accepted=accepted,
                expected=expected,
            ),
        )

    def refine(
        self, caller: Caller, booking_id: str, window: Window, *, expected: int | None = None
    ) -> Answer:
        """Narrow a booking's window."""
        return self._transactions.answer(
            caller,
            "refine",
            {"booking_id": booking_id, "window": window_told(window), "expected": expected},
            lambda unit: refine(
                unit, self._judge, caller.tenant_id, booking_id, window, expected=expected
            ),
        )

    def advance(self, caller: Caller, booking_id: str, move: Move) -> Answer:
        """Freeze, dispatch, arrive, hand over or fail a booking."""
        return self._transactions.answer(
            caller,
            move,
            {"booking_id": booking_id},
            lambda unit: advance(unit, caller.tenant_id, booking_id, move=move),
        )

    def expire_overdue(self) -> int:
        """Expire holds whose time is over, a day a transaction; return how many."""
        now = self._clock.now()
        with self._database.reading() as connection:
            due = store.overdue(connection, now, EXPIRE_AT_ONCE)
            tenants = {day: store.read_day(connection, day).tenant_id for day, _ in due}
        expired = 0
        for day, tenant_id in sorted(tenants.items()):
            ids = [promise_id for its_day, promise_id in due if its_day == day]
            expired += retried(lambda: self._expire(tenant_id, day, ids))  # noqa: B023
        return expired

    # ---- reading ------------------------------------------------------------------------------

    def witness(self, tenant_id: str, *, pool: str, day: date) -> Witness:
        """Give the present witness of a pool-day: what a solver starts from."""
        with self._database.reading() as connection:
            return self._desk.present(connection, store.day_id(connection, tenant_id, pool, day))

    def promise(self, tenant_id: str, promise_id: str) -> store.PromiseRow:
        """Read how a promise stands."""
        with self._database.reading() as connection:
            return store.find_promise(connection, tenant_id, promise_id)

    def faults(self) -> tuple[str, ...]:
        """Run the standing check over the whole book; empty is sound."""
        with self._database.snapshot() as connection:
            return book_faults(connection, self._judge)

    def _take_back(
        self, caller: Caller, promise_id: str, move: Move, expected: int | None
    ) -> Answer:
        return self._transactions.answer(
            caller,
            move,
            {"promise_id": promise_id, "expected": expected},
            lambda unit: take_back(
                unit, self._judge, caller.tenant_id, promise_id, move=move, expected=expected
            ),
        )

    def _expire(self, tenant_id: str, pool_day_id: str, promise_ids: list[str]) -> int:
        with self._transactions.unit(Actor(name="sweeper")) as unit:
            return expire_day(unit, self._judge, tenant_id, pool_day_id, promise_ids)


def _hold_request(caller: Caller, wanted: HoldOrder) -> Request:
    asked = {
        "pool": wanted.pool,
        "day": wanted.day.isoformat(),
        "order_ref": wanted.order_ref,
        "window": window_told(wanted.window),
        "load": wanted.load,
    }
    return request_of(caller, "hold", asked)
