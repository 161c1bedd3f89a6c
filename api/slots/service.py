"""The promise book as its callers see it: every operation one transaction, every answer final."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from api.kit.clock import CHINA, Clock
from api.kit.db import Database
from api.kit.idempotency import Answer, KeyReused, Request, answered
from api.kit.meters import Meters
from api.slots import rescheduling, store
from api.slots.cache import WitnessCache
from api.slots.confirming import confirm
from api.slots.day_service import DayService
from api.slots.errors import OfferExpired
from api.slots.hold_desk import HoldDesk, HoldOrder
from api.slots.narrowing import advance, refine
from api.slots.offering import OfferDesk, Offered
from api.slots.retrying import answering
from api.slots.standing_check import StandingCheck
from api.slots.states import Move
from api.slots.store import DayRow
from api.slots.sweeping import Sweeper
from api.slots.taking_back import take_back
from api.slots.tokens import Offer, OfferSigner
from api.slots.transactions import Caller, Transactions, request_of
from api.slots.unit import witness_at
from api.slots.wording import window_told
from routing.domain.windows import Window
from routing.judge import Judge
from routing.witness import Told, Witness


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
        self._check = StandingCheck(database, judge)
        self._sweeper = Sweeper(database, self._transactions, judge, clock)
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

    def held_before(self, caller: Caller, token: str, *, also: Sequence[str] = ()) -> Answer | None:
        """Give the answer that this very hold of an offer got before.

        To be asked before anything that may have changed since: the order, the settings, how many
        windows the client holds. What was answered once is answered alike for ever.
        """
        with self._database.reading() as connection:
            try:
                return answered(connection, _offer_request(caller, token, also))
            except KeyReused as reused:
                return Answer(status=reused.status, body=reused.body())

    def hold_offer(
        self, caller: Caller, token: str, load: Told, *, also: Sequence[str] = ()
    ) -> Answer:
        """Hold the window of an offer; 410 once its time is over.

        The request is the offer and not the `load`, which the book reads of the order each time.
        """

        def once() -> Answer:
            wanted, valid_until = self._offers.wanted(caller.tenant_id, token, load, also)
            if self._clock.now() < valid_until:
                request = _offer_request(caller, token, also)
                return self._desk.hold(caller.tenant_id, request, wanted, actor=caller.actor)
            before = self.held_before(caller, token, also=also)
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
        return self._sweeper.sweep()

    # ---- reading ------------------------------------------------------------------------------

    def witness(self, tenant_id: str, *, pool: str, day: date) -> Witness:
        """Give the present witness of a pool-day: what a solver starts from."""
        with self._database.reading() as connection:
            return self._desk.present(connection, store.day_id(connection, tenant_id, pool, day))

    def promise(self, tenant_id: str, promise_id: str) -> store.PromiseRow:
        """Read how a promise stands."""
        with self._database.reading() as connection:
            return store.find_promise(connection, tenant_id, promise_id)

    def kept(self, tenant_id: str, promise_id: str) -> tuple[store.PromiseRow, DayRow, Witness]:
        """Read a promise, its day and the witness of that day, all as of one moment.

        Raises:
            UnknownPromise: the tenant has no such promise.
        """
        with self._database.snapshot() as connection:
            row = store.find_promise(connection, tenant_id, promise_id)
            day = store.read_day(connection, row.pool_day_id)
            return row, day, witness_at(connection, self._cache, day)

    def faults(self) -> tuple[str, ...]:
        """Run the standing check over the whole book; empty is sound."""
        return self._check.faults()

    def new_faults(self) -> tuple[str, ...]:
        """Run the standing check, but for past days that this process has found sound before."""
        return self._check.faults(past_before=self._clock.now().astimezone(CHINA).date())

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


def _offer_request(caller: Caller, token: str, also: Sequence[str]) -> Request:
    return request_of(caller, "hold", {"offer": token, "also": list(also)})


def _hold_request(caller: Caller, wanted: HoldOrder) -> Request:
    asked = {
        "pool": wanted.pool,
        "day": wanted.day.isoformat(),
        "order_ref": wanted.order_ref,
        "window": window_told(wanted.window),
        "load": wanted.load,
        "also": [window_told(each) for each in wanted.also],
    }
    return request_of(caller, "hold", asked)
