"""The background re-optimiser: takes the witness of a day, looks for one that costs less, and has
it published; the book lets it through only if every promise is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from sqlalchemy import Connection, select

from api.errors import Refused
from api.jobs import store as jobs
from api.jobs.task import Outcome, Run
from api.kit.clock import Clock
from api.kit.db import Database
from api.slots.errors import DayNotOpen
from api.slots.publishing import NewPlan
from api.slots.service import Book
from api.slots.states import BOOKED, PromiseState
from api.slots.store import day_id
from api.slots.tables import POOL_DAY, PROMISE
from api.slots.transactions import Caller
from routing.witness import RouteRecord, Witness

REOPTIMISE: Final = "reoptimise"
"""Kind of the job."""
_UNDER_WAY: Final = (
    PromiseState.FROZEN,
    PromiseState.DISPATCHED,
    PromiseState.ARRIVED,
    PromiseState.HANDED_OVER,
    PromiseState.FAILED_ATTEMPT,
)
"""From the first of these on people go by the routes: they change by repairs alone."""
_LIVE: Final = sorted({*BOOKED, PromiseState.HELD})


class Verdict(StrEnum):
    """What came of looking. Published: the API shows these words."""

    IMPROVED = "improved"
    NOTHING_BETTER = "nothing_better"
    REFUSED = "refused"
    """The day went on meanwhile, and what was found does not fit it any more."""
    RESTS = "rests"
    """Routes of the day are frozen, or being driven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Better:
    """Routes for all that a witness serves, and what they cost; fen."""

    routes: Mapping[str, RouteRecord]
    cost_before: int
    cost_after: int


class Improve(Protocol):
    """Looks for routes that serve all that a witness serves, in the promised windows, for less."""

    def __call__(
        self, witness: Witness, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Better | None:
        """Give what was found; None: nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """What was done to a day, and what that saves a day; fen."""

    verdict: Verdict
    saved_minor: int = 0
    cost_minor: int = 0
    why: str = ""

    def told(self) -> dict[str, object]:
        """Write it as the result of a job."""
        return {
            "verdict": self.verdict.value,
            "saved_minor": self.saved_minor,
            "cost_minor": self.cost_minor,
            "why": self.why,
        }


class Reoptimiser:
    """Improves the days of a book. It changes nothing but by publishing."""

    def __init__(self, database: Database, clock: Clock, book: Book, improve: Improve) -> None:
        self._database = database
        self._clock = clock
        self._book = book
        self._improve = improve

    def improve_day(
        self,
        caller: Caller,
        *,
        pool: str,
        day: date,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Improvement:
        """Look for cheaper routes of a day, and publish them.

        Raises:
            DayNotOpen: the day is not sold.
        """
        if self._rests(caller.tenant_id, pool, day):
            return Improvement(verdict=Verdict.RESTS)
        witness = self._book.witness(caller.tenant_id, pool=pool, day=day)
        found = self._improve(witness, cancelled=cancelled)
        if found is None or found.cost_after >= found.cost_before:
            return Improvement(verdict=Verdict.NOTHING_BETTER)
        # What is promised from here on is not in it: publishing puts that in, or refuses.
        answer = self._book.days.publish(
            caller,
            pool=pool,
            day=day,
            plan=NewPlan(
                plan_id=f"better:{witness.plan_seq}",
                base_plan_seq=witness.plan_seq,
                routes=found.routes,
            ),
        )
        if not answer.granted:
            return Improvement(verdict=Verdict.REFUSED, why=str(answer.body.get("code", "")))
        return Improvement(
            verdict=Verdict.IMPROVED,
            saved_minor=found.cost_before - found.cost_after,
            cost_minor=found.cost_after,
        )

    def __call__(self, run: Run) -> Outcome:
        """Do one attempt at a job of kind `reoptimise`. Publishing is a transaction of its own,
        under the job's name: an attempt that comes after it finds a day that is better already."""
        job = run.job
        run.tell({"phase": "improve"})
        caller = Caller(
            tenant_id=job.tenant_id, client_id="reoptimiser", key=f"{job.id}/{job.attempt}"
        )
        try:
            done = self.improve_day(
                caller,
                pool=job.input["pool"],
                day=date.fromisoformat(job.input["day"]),
                cancelled=run.cancelled,
            )
        except DayNotOpen:
            done = Improvement(verdict=Verdict.RESTS)
        except Refused as refused:
            done = Improvement(verdict=Verdict.REFUSED, why=refused.code)

        def write(connection: Connection) -> Mapping[str, object]:
            return done.told()

        return Outcome(write=write)

    def schedule(self) -> int:
        """Queue a look at every open day that has changed since the last one; return how many are
        new. The same routes are looked at once."""
        today = self._clock.now().date()
        with self._database.writing() as connection:
            days = connection.execute(
                select(POOL_DAY).where(
                    POOL_DAY.c.status == "open",
                    POOL_DAY.c.service_date > today,
                    select(PROMISE.c.id)
                    .where(PROMISE.c.pool_day_id == POOL_DAY.c.id, PROMISE.c.status.in_(_LIVE))
                    .exists(),
                )
            ).all()
            return sum(
                jobs.submit(
                    connection,
                    row.tenant_id,
                    kind=REOPTIMISE,
                    asked={
                        "pool": row.pool_id,
                        "day": row.service_date.isoformat(),
                        "plan_seq": row.plan_seq,
                    },
                    now=self._clock.now(),
                )[1]
                for row in days
            )

    def _rests(self, tenant_id: str, pool: str, day: date) -> bool:
        with self._database.reading() as connection:
            pool_day = day_id(connection, tenant_id, pool, day)
            found = connection.scalar(
                select(PROMISE.c.id)
                .where(PROMISE.c.pool_day_id == pool_day, PROMISE.c.status.in_(_UNDER_WAY))
                .limit(1)
            )
        return found is not None
