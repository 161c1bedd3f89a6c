"""Plans as their callers see them: read, shown, changed, exported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from api.days.documents.export import Format, export
from api.days.documents.kpis import measure
from api.days.documents.write import Papers
from api.days.planning import papers_of
from api.days.spread import Spread
from api.jobs import store as jobs
from api.jobs.rows import Job
from api.jobs.task import Task
from api.kit.clock import Clock
from api.kit.db import Database
from api.plans import store
from api.plans.asking import Asking, ReadDay
from api.plans.boards import Boards
from api.plans.changing import Changing
from api.plans.errors import NotPublishable
from api.plans.publishing import Publishing
from api.plans.repairing import REPAIR, RepairDesk, Repairer
from api.plans.solving import SOLVE, Solver
from api.plans.store import PlanRow, Revision
from api.settings import Language
from api.slots.service import Book
from routing.changes import baseline_of, changes_between
from routing.domain.locks import Locks
from routing.domain.policy import StabilityPolicy
from routing.plan import Plan
from routing.plan_json import tell
from routing.plan_weights import ChangeKind

if TYPE_CHECKING:
    from api.days.matrix import PreparedDay
    from routing.domain.request import PlanRequest

_UNCLEAN: Final = {Format.JSON, Format.XLSX, Format.HTML, Format.LEFT_BEHIND}
_NO_PAPERS: Final = Papers()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDays:
    """How days are read and prepared, and where compiled code and roads are kept."""

    read: ReadDay
    prepare: Callable[[PlanRequest], PreparedDay]
    cache_dir: Path
    spread: Spread | None = None


class Plans:
    """One process's door to plans. Safe to use from many threads."""

    def __init__(self, database: Database, clock: Clock, book: Book, days: PlanDays) -> None:
        self._database = database
        self._clock = clock
        self._days = days
        self._boards = Boards(database, days.prepare)
        self.asking = Asking(database, clock, book, days.read)
        self.changing = Changing(database, clock, self._boards)
        self.publishing = Publishing(database, book)
        self.repairs = RepairDesk(database, clock)

    def tasks(self) -> dict[str, Task]:
        """What workers do for plans, by the kind of job."""
        return {
            SOLVE: Solver(
                database=self._database,
                clock=self._clock,
                prepare=self._days.prepare,
                cache_dir=self._days.cache_dir,
                spread=self._days.spread,
            ),
            REPAIR: Repairer(
                database=self._database,
                clock=self._clock,
                prepare=self._days.prepare,
                cache_dir=self._days.cache_dir,
            ),
        }

    # ---- reading ------------------------------------------------------------------------------

    def plan(self, tenant_id: str, plan_id: str) -> tuple[PlanRow, Job, tuple[Revision, ...]]:
        """Read a plan, its job and its revisions.

        Raises:
            UnknownPlan: this tenant has none of that id.
        """
        with self._database.reading() as connection:
            row = store.find_plan(connection, tenant_id, plan_id)
            return (
                row,
                jobs.read_job(connection, row.job_id),
                store.revisions_of(connection, row),
            )

    def listed(
        self, tenant_id: str, pool: str, day: date
    ) -> list[tuple[PlanRow, Job, tuple[Revision, ...]]]:
        """List the plans of a pool-day, newest first."""
        with self._database.reading() as connection:
            rows = store.plans_of_day(connection, tenant_id, pool, day)
        return [self.plan(tenant_id, row.id) for row in rows]

    def said(self, tenant_id: str, plan_id: str, number: int | None) -> tuple[Revision, Plan]:
        """Read a revision (the newest one where none is named) and its plan.

        Raises:
            UnknownPlan, PlanNotReady: there is none, or not yet.
        """
        row, revision = self.changing.head(tenant_id, plan_id)
        with self._database.reading() as connection:
            if number is not None and number != revision.number:
                revision = store.find_revision(connection, row, number)
            return revision, store.read_plan_text(connection, revision)

    def kpis(self, plan: Plan) -> dict[str, Any]:
        """Sum a plan up."""
        found = measure(plan)
        return {**tell(found), "cost_per_car_minor": found.cost_per_car_minor}

    def pins(self, tenant_id: str, plan_id: str) -> tuple[Revision, Locks]:
        """Read what is fixed of the newest revision."""
        _, revision = self.changing.head(tenant_id, plan_id)
        with self._database.reading() as connection:
            made_from = store.read_input(connection, tenant_id, revision.input_digest)
        return revision, made_from.request.locks

    def diff(
        self, tenant_id: str, plan_id: str, *, against: int | None, number: int | None
    ) -> tuple[Revision, Revision, list[dict[str, Any]]]:
        """Compare two revisions, order by order; those that stay as they are are left out."""
        after, new = self.said(tenant_id, plan_id, number)
        before, old = self.said(tenant_id, plan_id, against or max(1, after.number - 1))
        found = changes_between(baseline_of(old), new, StabilityPolicy())
        told = [tell(each) for each in found if each.kind is not ChangeKind.SAME or each.moved_s]
        return before, after, told

    def exported(
        self,
        tenant_id: str,
        plan_id: str,
        *,
        number: int | None,
        form: Format,
        truck: str,
        lang: Language,
    ) -> bytes:
        """Render one document of a revision. Driver's papers name no contacts here.

        Raises:
            NotPublishable: the auditor objects to it, and nobody shall drive by it.
            BadUsage: the truck is not on the road, or the format takes none.
        """
        revision, plan = self.said(tenant_id, plan_id, number)
        if revision.findings and form not in _UNCLEAN:
            raise NotPublishable(
                "the auditor has objections: only what is to be looked at is written",
                findings=[dict(each) for each in revision.findings],
            )
        if form is Format.JSON:
            return export(plan, form, papers=_NO_PAPERS, truck=truck)
        with self._database.reading() as connection:
            made_from = store.read_input(connection, tenant_id, revision.input_digest)
        papers = papers_of(
            plan,
            self._boards.prepared(made_from),
            mask=True,
            lang=lang,
            cache_dir=self._days.cache_dir,
            audit_findings=len(revision.findings),
        )
        return export(plan, form, papers=papers, truck=truck)


def loads_of(plan: Plan) -> list[dict[str, Any]]:
    """What stands where on each deck, trip by trip, in the order of loading."""
    found: list[dict[str, Any]] = []
    for route in plan.routes:
        for number, trip in enumerate(route.trips, start=1):
            found.append(
                {
                    "truck_id": route.truck_id,
                    "plate": route.plate,
                    "warehouse_id": route.warehouse_id,
                    "trip": number,
                    "bay": trip.bay,
                    "load": tell(trip.load),
                    "departs": trip.departs.isoformat(),
                    "deck": [tell(car) for car in trip.deck],
                    "stops": [
                        {
                            "order_id": stop.order_id,
                            "shunts": [tell(shunt) for shunt in stop.shunts],
                        }
                        for stop in trip.stops
                    ],
                }
            )
    return sorted(found, key=lambda each: (each["load"]["start"], each["truck_id"]))
