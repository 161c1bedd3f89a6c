"""Plans changed by hand: each change a revision, taken back and done again."""

from __future__ import annotations

import pytest

from api.kit.db import Database
from api.plans import store
from api.plans.boards import Boards
from api.plans.changing import Changing
from api.plans.errors import MoveImpossible, NothingToUndo, PlanChanged, UnknownPlan
from api.plans.inputs import input_of, input_told
from api.plans.states import ENDED_STATES, MOVES, Maker, RevisionState
from api.plans.store import Revision
from routing.domain.locks import Locks, OrderLock
from routing.moves.values import Move
from routing.plan import Plan
from tests.api.plans.days import Office, five_orders
from tests.api.slots.books import TENANT
from tests.generated_days import generated_day

pytestmark = pytest.mark.usefixtures("compiled_search")


@pytest.fixture
def office(database: Database) -> Office:
    return Office.of(database)


def changing(office: Office) -> Changing:
    return Changing(office.database, office.book._clock, Boards(office.database, office.prepare))


def text(office: Office, revision: Revision) -> Plan:
    with office.database.reading() as connection:
        return store.read_plan_text(connection, revision)


def move_of(plan: Plan) -> Move:
    """An order from a truck of two to one that stays at home or has room."""
    route = next(each for each in plan.routes if len(each.stops) == 2)
    target = next(
        (each.truck_id for each in plan.routes if len(each.stops) == 1),
        plan.idle[0].truck_id if plan.idle else "",
    )
    return Move(order_id=route.stops[0].order_id, truck_id=target)


def test_states_lead_to_an_end() -> None:
    """Nothing comes back from superseded, and everything can be superseded."""
    for state in RevisionState:
        goals = {goal for sources, goal in MOVES.values() if state in sources}
        assert bool(goals) == (state not in ENDED_STATES)


@pytest.mark.parametrize("seed", [0, 3])
def test_an_input_is_read_back_as_it_was_written(seed: int) -> None:
    """The digest of the request is that of the plan: nothing may be lost on the way."""
    for request in (five_orders(), generated_day(seed).request):
        kept = input_of(request)
        again = input_told(kept.told())
        assert again.request.digest == request.digest
        assert again.request == kept.request
        assert str(again.request.horizon_start.tzinfo) == str(request.horizon_start.tzinfo)


def test_a_move_is_a_revision_and_goes_back_and_forth(office: Office) -> None:
    """Undo says what was before, redo what was after, byte for byte."""
    plan, first = office.solved()
    desk = changing(office)
    said = text(office, first)
    second, judged = desk.move(TENANT, plan.id, move_of(said), actor="anna", expected=1)
    assert second.state is RevisionState.CHECKED
    assert (second.number, second.made_by, second.undo_to) == (2, Maker.MOVE, 1)
    assert second.cost_minor - first.cost_minor == judged.cost_after - judged.cost_before
    third = desk.undo(TENANT, plan.id, actor="anna", expected=2)
    assert (third.body_digest, third.made_by) == (first.body_digest, Maker.UNDO)
    with pytest.raises(NothingToUndo):
        desk.undo(TENANT, plan.id, actor="anna", expected=3)
    fourth = desk.redo(TENANT, plan.id, actor="anna", expected=3)
    assert fourth.body_digest == second.body_digest
    with pytest.raises(NothingToUndo):
        desk.redo(TENANT, plan.id, actor="anna", expected=4)
    fifth = desk.undo(TENANT, plan.id, actor="anna", expected=4)
    assert fifth.body_digest == first.body_digest


def test_undo_goes_back_step_by_step_and_a_new_move_ends_redo(office: Office) -> None:
    """Three moves, two taken back, one made: what was taken back is gone."""
    plan, first = office.solved()
    desk = changing(office)
    bodies = [first.body_digest]
    for step in (1, 2):
        order = f"O{step}"
        made, _ = desk.move(TENANT, plan.id, Move(order_id=order), actor="anna", expected=step)
        bodies.append(made.body_digest)
    assert desk.undo(TENANT, plan.id, actor="anna", expected=3).body_digest == bodies[1]
    assert desk.undo(TENANT, plan.id, actor="anna", expected=4).body_digest == bodies[0]
    assert desk.redo(TENANT, plan.id, actor="anna", expected=5).body_digest == bodies[1]
    assert desk.redo(TENANT, plan.id, actor="anna", expected=6).body_digest == bodies[2]
    assert desk.undo(TENANT, plan.id, actor="anna", expected=7).body_digest == bodies[1]
    desk.move(TENANT, plan.id, Move(order_id="O3"), actor="anna", expected=8)
    with pytest.raises(NothingToUndo):
        desk.redo(TENANT, plan.id, actor="anna", expected=9)
    assert desk.undo(TENANT, plan.id, actor="anna", expected=9).body_digest == bodies[1]


def test_who_has_not_seen_the_last_change_changes_nothing(office: Office) -> None:
    """Two dispatchers at one plan."""
    plan, first = office.solved()
    desk = changing(office)
    desk.move(TENANT, plan.id, move_of(text(office, first)), actor="anna", expected=1)
    with pytest.raises(PlanChanged):
        desk.move(TENANT, plan.id, Move(order_id="O1"), actor="bert", expected=1)


def test_an_impossible_move_says_why_and_leaves_no_revision(office: Office) -> None:
    """Too many cars on one truck."""
    plan, first = office.solved()
    desk = changing(office)
    full = next(each for each in text(office, first).routes if len(each.stops) == 2)
    other = next(
        stop.order_id
        for route in text(office, first).routes
        if route.truck_id != full.truck_id
        for stop in route.stops
    )
    with pytest.raises(MoveImpossible) as refused:
        desk.move(
            TENANT, plan.id, Move(order_id=other, truck_id=full.truck_id), actor="a", expected=1
        )
    assert refused.value.told["violations"][0]["reason"] == "deck_no_fit"  # type: ignore[index]
    assert desk.head(TENANT, plan.id)[0].head == 1


def test_pins_hold_and_a_plan_that_breaks_one_is_a_draft_again(office: Office) -> None:
    """An order pinned to another truck than it rides on is an objection of the auditor."""
    plan, first = office.solved()
    desk = changing(office)
    route = text(office, first).routes[0]
    name = route.stops[0].order_id
    other = next(each.id for each in office.request.trucks if each.id != route.truck_id)
    pinned = desk.pin(
        TENANT,
        plan.id,
        Locks(orders=(OrderLock(order_id=name, truck_id=route.truck_id),)),
        actor="anna",
        expected=1,
    )
    assert pinned.state is RevisionState.CHECKED
    with pytest.raises(MoveImpossible):
        desk.move(TENANT, plan.id, Move(order_id=name, truck_id=other), actor="a", expected=2)
    wrong = desk.pin(
        TENANT,
        plan.id,
        Locks(orders=(OrderLock(order_id=name, truck_id=other),)),
        actor="anna",
        expected=2,
    )
    assert wrong.state is RevisionState.DRAFT
    assert {each["check"] for each in wrong.findings} == {"locks"}
    assert desk.undo(TENANT, plan.id, actor="anna", expected=3).state is RevisionState.CHECKED


def test_another_tenants_plan_is_not_there(office: Office) -> None:
    """Its id alone opens nothing."""
    plan, _ = office.solved()
    with pytest.raises(UnknownPlan):
        changing(office).preview("other", plan.id, Move(order_id="O1"))
