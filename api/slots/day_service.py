"""The days of the book as planners and the fleet see them: opened, published, struck, closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import Connection

from api.kit.idempotency import Answer
from api.kit.ids import new_id
from api.slots import counted, opening, publishing, risking, store
from api.slots.transactions import Caller, Transactions
from api.slots.unit import Unit
from api.slots.wording import routes_told
from routing.judge import Judge
from routing.witness import CountedKey, RouteRecord


class DayService:
    """What changes a whole day, or what outlives one."""

    def __init__(self, transactions: Transactions, judge: Judge) -> None:
        self._transactions = transactions
        self._judge = judge

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
        return self._transactions.answer(
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
        return self._transactions.answer(
            caller,
            "close_day",
            {"pool": pool, "day": day.isoformat()},
            lambda unit: opening.close_day(unit, _day(unit, caller, pool, day)),
        )

    def publish(
        self,
        caller: Caller,
        *,
        pool: str,
        day: date,
        plan: publishing.NewPlan,
        also: Callable[[Connection], None] = lambda connection: None,
    ) -> Answer:
        """Put a solver's plan in force, if it keeps every promise; `also` is written in the same
        transaction."""

        def work(unit: Unit) -> Answer:
            pool_day = _day(unit, caller, pool, day)
            answer = publishing.publish(unit, self._judge, caller.tenant_id, pool_day, plan)
            also(unit.connection)
            return answer

        return self._transactions.answer(
            caller,
            "publish",
            {
                "pool": pool,
                "day": day.isoformat(),
                "plan_id": plan.plan_id,
                "base": plan.base_plan_seq,
                "routes": routes_told(plan.routes),
            },
            work,
        )

    def happen(
        self, caller: Caller, *, pool: str, day: date, event: risking.OutsideEvent
    ) -> Answer:
        """Tell the book of an outside event; the promises that it breaks are at risk."""
        return self._transactions.answer(
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

        return self._transactions.answer(caller, "supply", {"key": list(key), "given": given}, work)


def _day(unit: Unit, caller: Caller, pool: str, day: date) -> str:
    return store.day_id(unit.connection, caller.tenant_id, pool, day)
