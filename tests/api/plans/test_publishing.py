"""A plan goes into force only if it keeps what was promised, by the judge and the auditor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.jobs import store as jobs
from api.jobs.states import JobState
from api.kit.db import Database
from api.plans import store
from api.plans.asking import Asking
from api.plans.boards import Boards
from api.plans.changing import Changing
from api.plans.errors import NothingToPlan, NotPublishable, OrdersUnpromised
from api.plans.inputs import with_promises
from api.plans.publishing import Publishing
from api.plans.states import RevisionState
from api.plans.store import PlanRow, Revision
from routing.domain.locks import Locks, OrderLock
from routing.domain.windows import Window
from routing.moves.values import Move
from tests.api.plans.days import CLOCK, DAY, Office
from tests.api.slots.books import POOL, TENANT
from tests.days import window

pytestmark = pytest.mark.usefixtures("compiled_search")
NAMES = [f"O{n}" for n in range(1, 6)]
LONG = window("08:00", "18:00")


@pytest.fixture
def office(database: Database) -> Office:
    return Office.of(database)


def promised_plan(office: Office) -> tuple[PlanRow, Revision]:
    """A plan of the day as it is promised now."""
    witness = office.book.witness(TENANT, pool=POOL, day=DAY)
    return office.solved(with_promises(office.request, witness))


def state_of(office: Office, plan: PlanRow, number: int) -> RevisionState:
    with office.database.reading() as connection:
        return store.find_revision(connection, plan, number).state


def test_a_plan_of_promises_is_published_and_the_next_one_supersedes_it(office: Office) -> None:
    """The witness is the plan's, the standing check finds nothing, one revision is in force."""
    for name in NAMES:
        office.booked(name, LONG)
    publishing = Publishing(office.database, office.book)
    first, revision = promised_plan(office)
    answer = publishing.publish(office.caller(), first, revision, promise=False)
    assert answer.status == 200
    assert answer.body["plan_id"] == f"{first.id}:1"
    assert office.book.faults() == ()
    witness = office.book.witness(TENANT, pool=POOL, day=DAY)
    assert len(witness.served) == 5
    second, again = promised_plan(office)
    assert publishing.publish(office.caller(), second, again, promise=False).status == 200
    assert state_of(office, first, 1) is RevisionState.SUPERSEDED
    assert state_of(office, second, 1) is RevisionState.PUBLISHED


def test_the_same_request_is_published_once(office: Office) -> None:
    """A repeated request gets the same answer, and nothing changes."""
    for name in NAMES:
        office.booked(name, LONG)
    publishing = Publishing(office.database, office.book)
    plan, revision = promised_plan(office)
    first = publishing.publish(office.caller("once"), plan, revision, promise=False)
    assert publishing.publish(office.caller("once"), plan, revision, promise=False) == first


def test_what_was_promised_since_is_put_in_and_what_was_given_up_is_taken_out(
    office: Office,
) -> None:
    """The solver worked for minutes on an old snapshot."""
    gone, *_ = [office.booked(name, LONG) for name in NAMES[:4]]
    plan, revision = promised_plan(replaced(office, NAMES[:4]))
    newcomer = office.booked("O5", LONG)
    assert office.book.cancel(office.caller(), gone).status == 200
    answer = Publishing(office.database, office.book).publish(
        office.caller(), plan, revision, promise=False
    )
    assert answer.status == 200
    witness = office.book.witness(TENANT, pool=POOL, day=DAY)
    assert newcomer in witness.served
    assert gone not in witness.served
    assert office.book.faults() == ()


def replaced(office: Office, names: list[str]) -> Office:
    """The same office with fewer orders in its day."""
    orders = tuple(each for each in office.request.orders if each.id in names)
    return replace(office, request=replace(office.request, orders=orders))


def test_a_plan_that_breaks_a_promise_is_refused_and_the_old_routes_stay(office: Office) -> None:
    """The plan was made without knowing the windows; the promised ones are two early hours."""
    plan, revision = office.solved()
    for name in NAMES:
        office.booked(name, window("08:00", "10:30") if name in ("O1", "O2") else LONG)
    before = office.book.witness(TENANT, pool=POOL, day=DAY)
    answer = Publishing(office.database, office.book).publish(
        office.caller(), plan, replace(revision, base_plan_seq=before.plan_seq), promise=False
    )
    after = office.book.witness(TENANT, pool=POOL, day=DAY)
    if answer.granted:  # it happened to keep them: then the checker agrees
        assert office.book.faults() == ()
        return
    assert answer.body["code"] == "plan-refused"
    assert answer.body["faults"]
    assert after.routes == before.routes
    assert state_of(office, plan, 1) is RevisionState.CHECKED


def test_orders_without_a_booking_are_named_or_booked_in_their_slots(office: Office) -> None:
    """A plan of orders that nobody has called yet cannot be in force: nothing rests on it."""
    for name in NAMES[:3]:
        office.booked(name, LONG)
    publishing = Publishing(office.database, office.book)
    plan, revision = promised_plan(office)
    with pytest.raises(OrdersUnpromised) as refused:
        publishing.publish(office.caller(), plan, revision, promise=False)
    assert refused.value.told["orders"] == ["O4", "O5"]
    answer = publishing.publish(office.caller(), plan, revision, promise=True)
    assert answer.status == 200, answer
    witness = office.book.witness(TENANT, pool=POOL, day=DAY)
    assert {each.ask.order_ref for each in witness.promises.values()} == set(NAMES)
    assert office.book.faults() == ()


def test_a_draft_is_not_published(office: Office) -> None:
    """The auditor's objections come first."""
    plan, revision = office.solved()
    with office.database.reading() as connection:
        said = store.read_plan_text(connection, revision)
    route = said.routes[0]
    other = next(each.id for each in office.request.trucks if each.id != route.truck_id)
    desk = Changing(office.database, CLOCK, Boards(office.database, office.prepare))
    draft = desk.pin(
        TENANT,
        plan.id,
        Locks(orders=(OrderLock(order_id=route.stops[0].order_id, truck_id=other),)),
        actor="anna",
        expected=1,
    )
    with pytest.raises(NotPublishable) as refused:
        Publishing(office.database, office.book).publish(office.caller(), plan, draft, promise=True)
    assert refused.value.told["findings"]


def test_a_move_is_published_as_any_revision_is(office: Office) -> None:
    """A dispatcher's change becomes the witness, promises and all."""
    for name in NAMES:
        office.booked(name, LONG)
    plan, _ = promised_plan(office)
    desk = Changing(office.database, CLOCK, Boards(office.database, office.prepare))
    board_plan = desk.head(TENANT, plan.id)[1]
    with office.database.reading() as connection:
        said = store.read_plan_text(connection, board_plan)
    full = next(each for each in said.routes if len(each.stops) == 2)
    target = next(each.truck_id for each in said.routes if len(each.stops) == 1)
    moved, _ = desk.move(
        TENANT,
        plan.id,
        Move(order_id=full.stops[0].order_id, truck_id=target),
        actor="anna",
        expected=1,
    )
    answer = Publishing(office.database, office.book).publish(
        office.caller(), plan, moved, promise=False
    )
    assert answer.status == 200, answer
    assert office.book.faults() == ()


def asking(office: Office) -> Asking:
    return Asking(office.database, CLOCK, office.book, office.read)


def test_the_same_day_asked_twice_is_one_plan(office: Office) -> None:
    """The digest of the inputs decides; a promise more is another input."""
    ask = {"actor": "anna", "pool": POOL, "day": DAY, "seed": 1, "iterations": 250}
    first = asking(office).ask(TENANT, **ask)  # type: ignore[arg-type]
    second = asking(office).ask(TENANT, **ask)  # type: ignore[arg-type]
    assert (first.new, second.new) == (True, False)
    assert first.plan == second.plan
    assert first.job.state is JobState.QUEUED
    office.booked("O1", Window(start=LONG.start, end=LONG.end))
    third = asking(office).ask(TENANT, **ask)  # type: ignore[arg-type]
    assert third.new
    with office.database.reading() as connection:
        kept = store.read_input(connection, TENANT, third.plan.input_digest)
        assert jobs.find_job(connection, TENANT, third.job.id).input["seed"] == 1
    promised = {each.id for each in kept.request.orders if each.promised}
    assert promised == {"O1"}


def test_a_day_without_orders_is_not_planned(office: Office) -> None:
    """It says what to do instead of queueing nothing."""
    with pytest.raises(NothingToPlan):
        asking(replaced(office, [])).ask(
            TENANT, actor="anna", pool=POOL, day=DAY, seed=1, iterations=None
        )
