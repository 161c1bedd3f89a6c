"""`/v1/plans`: asked for, looked at, changed by hand, repaired, put in force."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from starlette.responses import Response

from api.days.documents.export import BINARY, FILE_NAMES, Format
from api.jobs.rows import Job
from api.jobs.schemas import JobOut
from api.keys.gate import Caller, caller
from api.keys.scopes import Scope
from api.kit.answering import respond, respond_read
from api.kit.clock import Clock
from api.kit.etags import SeenVersion, etag
from api.kit.once import OnceKey
from api.kit.problem_docs import says_no
from api.kit.schema import Day, Ref, Wire
from api.plans.move_schemas import MoveIn, PinsWire, PreviewOut
from api.plans.repair_events import event_heard
from api.plans.schemas import (
    DiffOut,
    KpisOut,
    LinesIn,
    LoadPlansOut,
    PlanIn,
    PlanOut,
    PlansOut,
    PublishedOut,
    PublishIn,
    RepairIn,
    RevisionOut,
    RoutesOut,
    UnassignedOut,
)
from api.plans.service import Plans, loads_of
from api.plans.store import changed
from api.settings import Language
from api.slots.transactions import Caller as BookCaller
from routing.plan_json import tell

Reader = Annotated[Caller, caller(Scope.READ)]
Runner = Annotated[Caller, caller(Scope.PLAN_RUN)]
Publisher = Annotated[Caller, caller(Scope.PLAN_PUBLISH)]
PlanId = Annotated[str, Path(max_length=64, description="Id of a plan.")]
Which = Annotated[int | None, Query(ge=1, description="Number of a revision; none: the newest.")]
Other = Annotated[
    int | None, Query(ge=1, description="Number of the revision to compare with; none: before it.")
]
Truck = Annotated[str, Query(max_length=64, description="Id or plate, for `pdf` and `text`.")]

_FINDS: Final = says_no(404, 409)
_CHANGES: Final = says_no(404, 409, 412, 428)
_MEDIA: Final = {
    Format.JSON: "application/json",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PDF: "application/pdf",
    Format.HTML: "text/html; charset=utf-8",
    Format.GEOJSON: "application/geo+json",
    Format.GPX: "application/gpx+xml",
    Format.TEXT: "text/plain; charset=utf-8",
    Format.ICS: "text/calendar; charset=utf-8",
    Format.SLOTS_CSV: "text/csv; charset=utf-8",
    Format.SLOTS_JSON: "application/json",
    Format.BOOKDATE: "text/csv; charset=utf-8",
    Format.LEFT_BEHIND: "text/csv; charset=utf-8",
}


class Document(Response):
    """A document of a plan, in whichever format was asked for."""

    media_type = "application/octet-stream"


def router(plans: Plans, clock: Clock) -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/v1", tags=["plans"])
    _asking(routes, plans)
    _reading(routes, plans)
    _changing(routes, plans)
    _in_force(routes, plans, clock)
    return routes


def _asking(routes: APIRouter, plans: Plans) -> None:
    @routes.post("/plans", status_code=202, response_model=PlanOut, responses=says_no(422))
    def ask_for_plan(who: Runner, body: PlanIn) -> Response:
        """Ask for a plan of a pool's day. The same orders, fleet, promises, seed and iterations are
        the same plan, however often they are asked for; follow its job."""
        asked = plans.asking.ask(
            who.tenant_id,
            actor=who.client_id,
            pool=body.pool,
            day=body.day,
            seed=body.seed,
            iterations=body.iterations,
        )
        shown = PlanOut.of(*plans.plan(who.tenant_id, asked.plan.id))
        return _accepted(shown, f"/v1/plans/{asked.plan.id}")

    @routes.get("/plans", responses=says_no())
    def list_plans(who: Reader, pool: Ref, day: Day) -> PlansOut:
        """List the plans of a pool's day, newest first."""
        return PlansOut(
            items=[PlanOut.of(*each) for each in plans.listed(who.tenant_id, pool, day)]
        )

    @routes.get("/plans/{plan_id}", response_model=PlanOut, responses=says_no(404))
    def show_plan(who: Reader, plan_id: PlanId) -> Response:
        """Show a plan and its revisions. Its ETag is the number of the newest one."""
        found = plans.plan(who.tenant_id, plan_id)
        return respond_read(PlanOut.of(*found), version=found[0].head)


def _reading(routes: APIRouter, plans: Plans) -> None:
    @routes.get("/plans/{plan_id}/routes", responses=_FINDS)
    def show_routes(who: Reader, plan_id: PlanId, revision: Which = None) -> RoutesOut:
        """Show every route, stop by stop."""
        found, plan = plans.said(who.tenant_id, plan_id, revision)
        return RoutesOut.model_validate(
            {
                "revision": found.number,
                "routes": [tell(each) for each in plan.routes],
                "idle": [tell(each) for each in plan.idle],
                "outsourced": [tell(each) for each in plan.outsourced],
            }
        )

    @routes.get("/plans/{plan_id}/unassigned", responses=_FINDS)
    def show_unassigned(who: Reader, plan_id: PlanId, revision: Which = None) -> UnassignedOut:
        """Show the orders that stay behind, each with its reason and smallest fix."""
        found, plan = plans.said(who.tenant_id, plan_id, revision)
        return UnassignedOut.model_validate(
            {"revision": found.number, "left_behind": [tell(each) for each in plan.left_behind]}
        )

    @routes.get("/plans/{plan_id}/kpis", responses=_FINDS)
    def show_kpis(who: Reader, plan_id: PlanId, revision: Which = None) -> KpisOut:
        """Show the figures by which a plan is judged."""
        found, plan = plans.said(who.tenant_id, plan_id, revision)
        return KpisOut(revision=found.number, kpis=plans.kpis(plan))

    @routes.get("/plans/{plan_id}/load-plans", responses=_FINDS)
    def show_load_plans(who: Reader, plan_id: PlanId, revision: Which = None) -> LoadPlansOut:
        """Show what stands where on each deck, in the order of loading."""
        found, plan = plans.said(who.tenant_id, plan_id, revision)
        return LoadPlansOut(revision=found.number, loads=loads_of(plan))

    @routes.get("/plans/{plan_id}/diff", responses=_FINDS)
    def compare_revisions(
        who: Reader, plan_id: PlanId, against: Other = None, revision: Which = None
    ) -> DiffOut:
        """Compare a revision with another, order by order; unless named with the one before."""
        before, after, changes = plans.diff(
            who.tenant_id, plan_id, against=against, number=revision
        )
        return DiffOut(
            against=before.number,
            revision=after.number,
            cost_delta_minor=after.cost_minor - before.cost_minor,
            changes=changes,
        )

    @routes.get("/plans/{plan_id}/export", response_class=Document, responses=_FINDS)
    def export_plan(
        who: Reader,
        plan_id: PlanId,
        format: Format = Format.JSON,
        revision: Which = None,
        truck: Truck = "",
        lang: Language = Language.CHINESE,
    ) -> Document:
        """Render one document. Of a revision that the auditor objects to only what is to be looked
        at; driver's papers name no contacts."""
        content = plans.exported(
            who.tenant_id, plan_id, number=revision, form=format, truck=truck, lang=lang
        )
        kind = "attachment" if format in BINARY else "inline"
        return Document(
            content,
            media_type=_MEDIA[format],
            headers={"Content-Disposition": f'{kind}; filename="{FILE_NAMES[format]}"'},
        )


def _changing(routes: APIRouter, plans: Plans) -> None:
    @routes.post("/plans/{plan_id}/moves:preview", responses=_FINDS)
    def preview_move(who: Runner, plan_id: PlanId, body: MoveIn) -> PreviewOut:
        """Say what a move would do: limits it breaks, what it costs, whom else it moves."""
        return PreviewOut.of(*plans.changing.preview(who.tenant_id, plan_id, body.move()))

    @routes.post("/plans/{plan_id}/moves", response_model=PreviewOut, responses=_CHANGES)
    def move_order(who: Runner, seen: SeenVersion, plan_id: PlanId, body: MoveIn) -> Response:
        """Do a move: a new revision, audited. 409 `move-impossible` lists what it breaks."""
        made, judged = plans.changing.move(
            who.tenant_id, plan_id, body.move(), actor=who.client_id, expected=seen
        )
        return respond_read(PreviewOut.of(made, judged), version=made.number)

    @routes.post("/plans/{plan_id}/undo", response_model=RevisionOut, responses=_CHANGES)
    def undo_change(who: Runner, seen: SeenVersion, plan_id: PlanId) -> Response:
        """Take the last change back: a new revision that says what the one before it said."""
        made = plans.changing.undo(who.tenant_id, plan_id, actor=who.client_id, expected=seen)
        return respond_read(RevisionOut.of(made), version=made.number)

    @routes.post("/plans/{plan_id}/redo", response_model=RevisionOut, responses=_CHANGES)
    def redo_change(who: Runner, seen: SeenVersion, plan_id: PlanId) -> Response:
        """Do again what was taken back last."""
        made = plans.changing.redo(who.tenant_id, plan_id, actor=who.client_id, expected=seen)
        return respond_read(RevisionOut.of(made), version=made.number)

    @routes.get("/plans/{plan_id}/pins", response_model=PinsWire, responses=_FINDS)
    def show_pins(who: Reader, plan_id: PlanId) -> Response:
        """Show what is fixed of the newest revision."""
        revision, locks = plans.pins(who.tenant_id, plan_id)
        return respond_read(PinsWire.of(locks), version=revision.number)

    @routes.put("/plans/{plan_id}/pins", response_model=RevisionOut, responses=_CHANGES)
    def set_pins(who: Runner, seen: SeenVersion, plan_id: PlanId, body: PinsWire) -> Response:
        """Fix orders, trucks and sequences, in the place of what was fixed before. A plan that
        breaks a pin is a draft again, with the auditor's objection."""
        made = plans.changing.pin(
            who.tenant_id, plan_id, body.locks(), actor=who.client_id, expected=seen
        )
        return respond_read(RevisionOut.of(made), version=made.number)


def _in_force(routes: APIRouter, plans: Plans, clock: Clock) -> None:
    @routes.post("/plans/{plan_id}/publish", response_model=PublishedOut, responses=_CHANGES)
    def publish_plan(
        who: Publisher, once: OnceKey, seen: SeenVersion, plan_id: PlanId, body: PublishIn
    ) -> Response:
        """Put the newest revision in force, if it keeps every promise of its day.

        409 `plan-refused` lists what it would break, `plan-base-stale` asks for a new solve,
        `plan-unpromised` names orders without a booking; what was in force before stays.
        """
        plan, revision = plans.changing.head(who.tenant_id, plan_id)
        if plan.head != seen:
            raise changed(plan_id)
        booker = BookCaller(
            tenant_id=who.tenant_id,
            client_id=who.client_id,
            key=once,
            request_id=who.request_id,
        )
        answer = plans.publishing.publish(booker, plan, revision, promise=body.promise)
        return respond(answer, PublishedOut, request_id=who.request_id)

    @routes.post(
        "/plans/{plan_id}/repair", status_code=202, response_model=JobOut, responses=_CHANGES
    )
    def repair_plan(who: Runner, seen: SeenVersion, plan_id: PlanId, body: RepairIn) -> Response:
        """Repair the newest revision after events: promises first, then as few changes as can be,
        then money. The job leaves a new revision, which is a proposal until it is published."""
        plan, revision = plans.changing.head(who.tenant_id, plan_id)
        if plan.head != seen:
            raise changed(plan_id)
        job = plans.repairs.ask(
            plan,
            revision,
            [event_heard(each.told()) for each in body.events],
            actor=who.client_id,
            now=body.now or clock.now(),
            max_changes=body.max_changes,
            seed=body.seed,
        )
        return _job(job)

    @routes.post(
        "/plans/{plan_id}/repair-lines", status_code=202, response_model=JobOut, responses=_CHANGES
    )
    def judge_repair(who: Runner, seen: SeenVersion, plan_id: PlanId, body: LinesIn) -> Response:
        """Accept or reject lines of a repair; the rest is repaired around them."""
        plan, revision = plans.changing.head(who.tenant_id, plan_id)
        if plan.head != seen:
            raise changed(plan_id)
        job = plans.repairs.judge(
            plan, revision, actor=who.client_id, accept=body.accept, reject=body.reject
        )
        return _job(job)


def _job(job: Job) -> Response:
    return _accepted(JobOut.of(job), f"/v1/jobs/{job.id}", version=job.version)


def _accepted(shown: Wire, location: str, *, version: int | None = None) -> Response:
    headers = {"Location": location}
    if version is not None:
        headers["ETag"] = etag(version)
    return JSONResponse(shown.model_dump(mode="json"), status_code=202, headers=headers)
