"""Pool-days for plans: orders on the line, trucks, a book with the engine's own judge over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from api.days.matrix import PreparedDay
from api.days.request import DayReading
from api.jobs import store as jobs
from api.kit.clock import StoppedClock
from api.kit.db import Database
from api.kit.ids import new_id
from api.plans import store
from api.plans.findings import findings_of
from api.plans.inputs import input_of
from api.plans.solving import SOLVE
from api.plans.states import Maker
from api.plans.store import NewRevision, PlanRow, Revision
from api.settings import read_settings
from api.slots.hold_desk import HoldOrder
from api.slots.service import Book
from api.slots.transactions import Caller
from geodata.matrix import TravelMatrix
from routing.domain.orders import Order
from routing.domain.request import PlanRequest
from routing.domain.windows import Window
from routing.slots.loads import load_of
from tests.api.slots.books import POOL, SIGNER, TENANT
from tests.days import at, km, matrix_of, order, request, truck
from tests.routing.slots.pool_days import BASIS, judge_of
from tests.solving import solve
from tests.strategies import Day

DAY: date = at("00:00").date()
CLOCK = StoppedClock(moment=at("-1 09:00"))


def five_orders() -> PlanRequest:
    """Five orders on the line, three trucks of two cars."""
    return request(
        *(order(f"O{n}", place=km(15 * n)) for n in range(1, 6)),
        trucks=[truck("T1"), truck("T2", driver_id="D2"), truck("T3", driver_id="D3")],
    )


@dataclass(slots=True)
class Office:
    """A tenant's book and plans over one database."""

    database: Database
    request: PlanRequest
    travel: TravelMatrix
    book: Book
    number: int = 0

    @staticmethod
    def of(database: Database, made: PlanRequest | None = None) -> Office:
        """Open an office, and the sale of its day."""
        made = made or five_orders()
        travel = matrix_of(made)
        judge = judge_of(Day(request=made, travel=travel))
        book = Book(database, judge, CLOCK, signer=SIGNER, hold_ttl=timedelta(hours=1))
        office = Office(database, made, travel, book)
        opened = book.days.open_day(office.caller(), pool=POOL, day=DAY, basis=BASIS, routes={})
        assert opened.status == 201, opened
        return office

    def caller(self, key: str = "") -> Caller:
        """The planner, with a fresh key."""
        self.number += 1
        return Caller(tenant_id=TENANT, client_id="planner", key=key or f"key-{self.number}")

    def prepare(self, asked: PlanRequest) -> PreparedDay:
        """The roads of the line, for whatever is asked."""
        return PreparedDay(
            request=asked,
            roads=None,  # type: ignore[arg-type]  # nothing is drawn in these tests
            bans=(),
            travel_for=matrix_of,
            whole=matrix_of(asked),
        )

    def read(self, tenant_id: str, pool: str, day: date) -> DayReading:
        """The day as it is kept."""
        return DayReading(request=self.request, faults=(), warnings=())

    @property
    def cache_dir(self) -> Path:
        """Where the tests keep compiled code."""
        return read_settings().cache_dir

    def order(self, name: str) -> Order:
        """An order of the day."""
        return next(each for each in self.request.orders if each.id == name)

    def booked(self, name: str, window: Window) -> str:
        """Promise an order a window; gives the booking."""
        wanted = HoldOrder(
            pool=POOL, day=DAY, order_ref=name, window=window, load=load_of(self.order(name))
        )
        held = self.book.hold(self.caller(), wanted)
        assert held.status == 201, held
        hold = str(held.body["hold_id"])
        assert self.book.confirm(self.caller(), hold).status == 200
        return hold

    def solved(self, made: PlanRequest | None = None) -> tuple[PlanRow, Revision]:
        """A plan with its first revision, solved in this process, as its job would have."""
        asked = made or self.request
        planned = solve(asked, matrix_of(asked))
        made_from = input_of(asked)
        base = self.book.witness(TENANT, pool=POOL, day=DAY).plan_seq
        with self.database.writing() as connection:
            kept = store.keep_input(connection, TENANT, made_from)
            self.number += 1
            job, _ = jobs.submit(
                connection, TENANT, kind=SOLVE, asked={"number": self.number}, now=CLOCK.now()
            )
            plan = PlanRow(
                id=new_id("plan"),
                tenant_id=TENANT,
                pool=POOL,
                day=DAY,
                job_id=job.id,
                actor="planner",
                input_digest=kept,
                base_plan_seq=base,
                head=0,
                created_at=CLOCK.now(),
            )
            store.insert_plan(connection, plan)
            revision = store.add_revision(
                connection,
                plan,
                NewRevision(
                    made_by=Maker.SOLVER,
                    actor="planner",
                    input_digest=kept,
                    plan=planned.plan,
                    findings=findings_of(planned.report),
                    base_plan_seq=base,
                ),
                CLOCK.now(),
            )
            return store.find_plan(connection, TENANT, plan.id), revision
