"""A plan is asked for: its day is read, the promises of the book bind it, a job is queued."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, select

from api.days.request import DayReading
from api.jobs import store as jobs
from api.jobs.rows import Job
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.ids import new_id
from api.plans import store
from api.plans.errors import NothingToPlan
from api.plans.inputs import PlanInput, input_of, with_promises
from api.plans.solving import SOLVE
from api.plans.store import PlanRow
from api.slots.errors import DayNotOpen
from api.slots.service import Book
from api.slots.states import BOOKED, PromiseState
from api.slots.store import day_id
from api.slots.tables import PROMISE
from routing.witness import Witness

ITERATIONS_MOST: Final = 20_000_000
"""A day of 20,000 orders needs six million."""

ReadDay = Callable[[str, str, date], DayReading]
"""Reads the day of a tenant's pool as it is kept now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A plan that was asked for, and the job that solves it; `new` is False where the same was
    asked before."""

    plan: PlanRow
    job: Job
    new: bool


class Asking:
    """Takes orders for plans."""

    def __init__(self, database: Database, clock: Clock, book: Book, read_day: ReadDay) -> None:
        self._database = database
        self._clock = clock
        self._book = book
        self._read_day = read_day

    def ask(
        self,
        tenant_id: str,
        *,
        actor: str,
        pool: str,
        day: date,
        seed: int,
        iterations: int | None,
    ) -> Asked:
        """Queue a plan of a pool-day from what is kept and promised now; the same inputs, seed and
        iterations are the same plan.

        Raises:
            NothingToPlan: the rows have faults, or there are no orders.
        """
        made_from, base = self._input(tenant_id, pool, day)
        if not made_from.request.orders:
            raise NothingToPlan(f"no order is due from {pool} on {day}: put some first", faults=[])
        with self._database.writing() as connection:
            kept = store.keep_input(connection, tenant_id, made_from)
            job, new = jobs.submit(
                connection,
                tenant_id,
                kind=SOLVE,
                asked={
                    "pool": pool,
                    "day": day.isoformat(),
                    "input": kept,
                    "seed": seed,
                    "iterations": iterations,
                },
                now=self._clock.now(),
            )
            plan = store.plan_of_job(connection, job.id)
            if plan is None:
                plan = PlanRow(
                    id=new_id("plan"),
                    tenant_id=tenant_id,
                    pool=pool,
                    day=day,
                    job_id=job.id,
                    actor=actor,
                    input_digest=kept,
                    base_plan_seq=base,
                    head=0,
                    created_at=self._clock.now(),
                )
                store.insert_plan(connection, plan)
        return Asked(plan=plan, job=job, new=new)

    def _input(self, tenant_id: str, pool: str, day: date) -> tuple[PlanInput, int]:
        # The promises first: what is sold while the rows are read is put in when the plan is
        # published.
        witness = self._witness(tenant_id, pool, day)
        reading = self._read_day(tenant_id, pool, day)
        if reading.request is None:
            raise NothingToPlan(
                f"{len(reading.faults)} faults in the rows of {day}: mend them first",
                faults=[
                    {"code": fault.code, "field": str(fault.where)} for fault in reading.faults
                ],
            )
        request = reading.request
        if witness is not None:
            with self._database.reading() as connection:
                elsewhere = sold_elsewhere(connection, tenant_id, pool, day)
            request = with_promises(request, witness, elsewhere=elsewhere)
        return input_of(request), 0 if witness is None else witness.plan_seq

    def _witness(self, tenant_id: str, pool: str, day: date) -> Witness | None:
        try:
            return self._book.witness(tenant_id, pool=pool, day=day)
        except DayNotOpen:
            return None  # a day that is not sold is planned all the same


def sold_elsewhere(connection: Connection, tenant_id: str, pool: str, day: date) -> frozenset[str]:
    """Name the orders whose live promise is for another pool-day than this one."""
    here = day_id(connection, tenant_id, pool, day)
    found = connection.execute(
        select(PROMISE.c.order_ref).where(
            PROMISE.c.tenant_id == tenant_id,
            PROMISE.c.pool_day_id != here,
            PROMISE.c.status.in_(sorted({*BOOKED, PromiseState.HELD, PromiseState.HANDED_OVER})),
        )
    )
    return frozenset(found.scalars())
