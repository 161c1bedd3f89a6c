"""The promise book as its callers see it: every operation one transaction, every answer final.

An answer is stored under its idempotency key in the transaction it tells of. Refusals change
nothing and are not stored (a hold's, decided under the lock, are): the same request may be tried
again with the same key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from api.kit.canonical import digest
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.idempotency import Answer, Request, claim, settle
from api.kit.ids import new_id
from api.slots import counted, opening, publishing, rescheduling, risking, store
from api.slots.cache import WitnessCache
from api.slots.confirming import confirm
from api.slots.hold_desk import HoldDesk, HoldOrder
from api.slots.narrowing import advance, refine
from api.slots.retrying import answering, retried
from api.slots.standing_check import book_faults
from api.slots.states import Move
from api.slots.taking_back import expire_day, take_back
from api.slots.unit import Actor, Unit, unit_of_work
from api.slots.wording import routes_told, window_told
from routing.domain.windows import Window
from routing.judge import Judge
from routing.witness import CountedKey, RouteRecord, Witness

EXPIRE_AT_ONCE: Final = 200
"""Holds that one sweep looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, under which idempotency key. The tenant comes from the API key alone."""

    tenant_id: str
    client_id: str
    key: str
    request_id: str = ""


class Book:
    """One process's door to the promise book. Safe to use from many threads."""

    def __init__(
        self,
        database: Database,
        judge: Judge,
        clock: Clock,
        *,
        hold_ttl: timedelta = timedelta(minutes=15),
        together: int = 64,
    ) -> None:
        """`together` is the most holds that may share one transaction."""
        self._database = database
        self._judge = judge
        self._clock = clock
        self._cache = WitnessCache()
        self._desk = HoldDesk(
            database, judge, clock, self._cache, hold_ttl=hold_ttl, together=together
        )

    # ---- windows ------------------------------------------------------------------------------

    def hold(self, caller: Caller, wanted: HoldOrder) -> Answer:
        """Hold a window for a while: 201, or 409 with other windows that still have room."""
        asked = {
            "pool": wanted.pool,
            "day": wanted.day.isoformat(),
            "order_ref": wanted.order_ref,
            "window": window_told(wanted.window),
            "load": wanted.load,
        }
        request = _request(caller, "hold", asked)
        return answering(lambda: self._desk.hold(caller.tenant_id, request, wanted))

    def confirm(self, caller: Caller, hold_id: str) -> Answer:
        """Turn a hold into a booking."""
        return self._answer(
            caller,
            "confirm",
            {"hold_id": hold_id},
            lambda unit: confirm(unit, self._judge, caller.tenant_id, hold_id),
        )

    def release(self, caller: Caller, hold_id: str) -> Answer:
        """Give a hold back."""
        return self._take_back(caller, hold_id, Move.RELEASE, None)

    def cancel(self, caller: Caller, booking_id: str, *, expected: int | None = None) -> Answer:
        """Give a booking up; `expected` is the seq the caller has seen (If-Match)."""
        return self._take_back(caller, booking_id, Move.CANCEL, expected)

    def reschedule(
        self, caller: Caller, booking_id: str, *, hold_id: str, expected: int | None = None
    ) -> Answer:
        """Move a booking to the window of a hold, on whichever day."""
        return self._answer(
            caller,
            "reschedule",
            {"booking_id": booking_id, "hold_id": hold_id, "expected": expected},
            lambda unit: rescheduling.reschedule(
                unit,
                self._judge,
                caller.tenant_id,
                booking_id,
                hold_id=hold_id,
                expected=expected,
            ),
        )

    def refine(
        self, caller: Caller, booking_id: str, window: Window, *, expected: int | None = None
    ) -> Answer:
        """Narrow a booking's window."""
        return self._answer(
            caller,
            "refine",
            {"booking_id": booking_id, "window": window_told(window), "expected": expected},
            lambda unit: refine(
                unit, self._judge, caller.tenant_id, booking_id, window, expected=expected
            ),
        )

    def advance(self, caller: Caller, booking_id: str, move: Move) -> Answer:
        """Freeze, dispatch, arrive, hand over or fail a booking."""
        return self._answer(
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

    # ---- days ---------------------------------------------------------------------------------

    def open_day(
        self,
        caller: Caller,
        *,
        pool: str,
        day: date,
        basis: str,
        routes: Mapping[str, RouteRecord],
    ) -> Answer:
        """Open a pool-day with its first witness."""
        pool_day_id = new_id("day")
        return self._answer(
            caller,
            "open_day",
            {"pool": pool, "day": day.isoformat(), "basis": basis, "routes": routes_told(routes)},
            lambda unit: opening.open_day(
                unit,
                self._judge,
                tenant_id=caller.tenant_id,
                pool_day_id=pool_day_id,
                pool=pool,
                day=day,
                basis=basis,
                routes=routes,
            ),
        )

    def close_day(self, caller: Caller, *, pool: str, day: date) -> Answer:
        """End the sale of a day."""
        return self._answer(
            caller,
            "close_day",
            {"pool": pool, "day": day.isoformat()},
            lambda unit: opening.close_day(unit, _day(unit, caller, pool, day)),
        )

    def publish(self, caller: Caller, *, pool: str, day: date, plan: publishing.NewPlan) -> Answer:
        """Put a solver's plan in force, if it keeps every promise."""
        return self._answer(
            caller,
            "publish",
            {
                "pool": pool,
                "day": day.isoformat(),
                "plan_id": plan.plan_id,
                "base": plan.base_plan_seq,
                "routes": routes_told(plan.routes),
            },
            lambda unit: publishing.publish(
                unit, self._judge, caller.tenant_id, _day(unit, caller, pool, day), plan
            ),
        )

    def happen(
        self, caller: Caller, *, pool: str, day: date, event: risking.OutsideEvent
    ) -> Answer:
        """Tell the book of an outside event; the promises that it breaks are at risk."""
        return self._answer(
            caller,
            "outside_event",
            {
                "pool": pool,
                "day": day.isoformat(),
                "event": event.id,
                "basis": event.basis,
                "lost": sorted(event.lost_trucks),
            },
            lambda unit: risking.happen(
                unit, self._judge, caller.tenant_id, _day(unit, caller, pool, day), event
            ),
        )

    def supply(self, caller: Caller, key: CountedKey, given: int) -> Answer:
        """Say how many there are of a counted thing."""

        def work(unit: Unit) -> Answer:
            counted.supply(unit.connection, caller.tenant_id, key, given)
            return Answer(status=200, body={"given": given})

        return self._answer(caller, "supply", {"key": list(key), "given": given}, work)

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
        with self._database.reading() as connection:
            return book_faults(connection, self._judge)

    # ---- one transaction ----------------------------------------------------------------------

    def _answer(
        self,
        caller: Caller,
        route: str,
        asked: Mapping[str, object],
        work: Callable[[Unit], Answer],
    ) -> Answer:
        request = _request(caller, route, asked)

        def once() -> Answer:
            actor = Actor(name=caller.client_id, request_id=caller.request_id)
            with self._unit(actor) as unit:
                before = claim(unit.connection, request, unit.now)
                if before is not None:
                    return before
                answer = work(unit)
                settle(unit.connection, request, answer)
            return answer

        return answering(once)

    def _take_back(
        self, caller: Caller, promise_id: str, move: Move, expected: int | None
    ) -> Answer:
        return self._answer(
            caller,
            move,
            {"promise_id": promise_id, "expected": expected},
            lambda unit: take_back(
                unit, self._judge, caller.tenant_id, promise_id, move=move, expected=expected
            ),
        )

    def _expire(self, tenant_id: str, pool_day_id: str, promise_ids: list[str]) -> int:
        with self._unit(Actor(name="sweeper")) as unit:
            return expire_day(unit, self._judge, tenant_id, pool_day_id, promise_ids)

    @contextmanager
    def _unit(self, actor: Actor) -> Iterator[Unit]:
        now = self._clock.now()
        with unit_of_work(self._database, self._cache, now=now, actor=actor) as unit:
            yield unit


def _request(caller: Caller, route: str, asked: Mapping[str, object]) -> Request:
    return Request(
        # Two tenants may call themselves alike.
        client_id=f"{caller.tenant_id}/{caller.client_id}",
        key=caller.key,
        route=route,
        digest=digest(asked),
    )


def _day(unit: Unit, caller: Caller, pool: str, day: date) -> str:
    return store.day_id(unit.connection, caller.tenant_id, pool, day)
