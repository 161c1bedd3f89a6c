"""A plan changed by hand: previews, moves, undo and redo, pins. Each change is a revision."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.kit.clock import Clock
from api.kit.db import Database
from api.plans import store
from api.plans.boards import Boards
from api.plans.errors import MoveImpossible, NothingToUndo, PlanNotReady
from api.plans.findings import findings_of
from api.plans.inputs import input_of
from api.plans.states import Maker
from api.plans.store import NewRevision, PlanRow, Revision
from routing.domain.locks import Locks
from routing.plan_json import tell

if TYPE_CHECKING:
    from routing.moves.values import Move, Preview


class Changing:
    """Changes plans of one database, the newest revision of each."""

    def __init__(self, database: Database, clock: Clock, boards: Boards) -> None:
        self._database = database
        self._clock = clock
        self._boards = boards

    def head(self, tenant_id: str, plan_id: str) -> tuple[PlanRow, Revision]:
        """Read a plan and its newest revision.

        Raises:
            UnknownPlan: this tenant has none of that id.
            PlanNotReady: it is still being solved.
        """
        with self._database.reading() as connection:
            plan = store.find_plan(connection, tenant_id, plan_id)
            if plan.head == 0:
                raise PlanNotReady(
                    f"plan {plan_id} is not solved yet: ask for its job", job_id=plan.job_id
                )
            return plan, store.find_revision(connection, plan, plan.head)

    def preview(self, tenant_id: str, plan_id: str, move: Move) -> tuple[Revision, Preview]:
        """Judge a move on the newest revision, without doing it.

        Raises:
            BadRequest: order, truck or position are not there.
        """
        from routing.moves.previewing import preview

        _, revision = self.head(tenant_id, plan_id)
        return revision, preview(self._boards.board(revision), move)

    def move(
        self, tenant_id: str, plan_id: str, move: Move, *, actor: str, expected: int
    ) -> tuple[Revision, Preview]:
        """Do a move on the revision that the caller has seen.

        Raises:
            PlanChanged: there is a newer one.
            MoveImpossible: it breaks a limit.
            BadRequest: order, truck or position are not there.
        """
        from routing.moves.doing import carry_out

        plan, revision = self._expected(tenant_id, plan_id, expected)
        board = self._boards.board(revision)
        judged = self.preview(tenant_id, plan_id, move)[1]
        if judged.change is None or judged.inverse is None:
            raise MoveImpossible(
                f"order {move.order_id} cannot go there",
                violations=[tell(each) for each in judged.violations],
            )
        done = carry_out(board, judged.change, seed=board.plan.provenance.seed)
        made = self._added(
            plan,
            NewRevision(
                made_by=Maker.MOVE,
                actor=actor,
                input_digest=revision.input_digest,
                plan=done.board.plan,
                findings=findings_of(done.report),
                base_plan_seq=revision.base_plan_seq,
                change=tell(judged.change),
                inverse=tell(judged.inverse),
                undo_to=revision.number,
            ),
        )
        self._boards.keep(made, done.board)
        return made, judged

    def undo(self, tenant_id: str, plan_id: str, *, actor: str, expected: int) -> Revision:
        """Take the last change by hand back: a new revision that says what the one before it said.

        Raises:
            NothingToUndo: nothing was changed by hand.
            PlanChanged: there is a newer revision than the caller has seen.
        """
        return self._back(tenant_id, plan_id, Maker.UNDO, actor=actor, expected=expected)

    def redo(self, tenant_id: str, plan_id: str, *, actor: str, expected: int) -> Revision:
        """Do again what was taken back last.

        Raises:
            NothingToUndo: nothing was taken back, or something was changed since.
            PlanChanged: there is a newer revision than the caller has seen.
        """
        return self._back(tenant_id, plan_id, Maker.REDO, actor=actor, expected=expected)

    def pin(
        self, tenant_id: str, plan_id: str, locks: Locks, *, actor: str, expected: int
    ) -> Revision:
        """Put these locks in the place of those before; a plan that breaks one is a draft again.

        Raises:
            BadRequest: they contradict each other, or name what is not there.
            PlanChanged: there is a newer revision than the caller has seen.
        """
        from routing.audit import audit_plan
        from routing.moves.board import with_request

        plan, revision = self._expected(tenant_id, plan_id, expected)
        before = self._boards.board(revision)
        pinned = with_request(before, replace(before.request, locks=locks))
        report = audit_plan(pinned.request, pinned.travel, pinned.plan)
        with self._database.writing() as connection:
            made_from = store.read_input(connection, tenant_id, revision.input_digest)
            kept = replace(input_of(pinned.request), roads=made_from.roads)
            digest = store.keep_input(connection, tenant_id, kept)
        made = self._added(
            plan,
            NewRevision(
                made_by=Maker.PINS,
                actor=actor,
                input_digest=digest,
                plan=pinned.plan,
                findings=findings_of(report),
                base_plan_seq=revision.base_plan_seq,
                change={"locks": tell(locks)},
                inverse={"locks": tell(before.request.locks)},
                undo_to=revision.number,
            ),
        )
        self._boards.keep(made, pinned)
        return made

    def _expected(self, tenant_id: str, plan_id: str, expected: int) -> tuple[PlanRow, Revision]:
        plan, revision = self.head(tenant_id, plan_id)
        if plan.head != expected:
            raise store.changed(plan_id)
        return plan, revision

    def _back(
        self, tenant_id: str, plan_id: str, maker: Maker, *, actor: str, expected: int
    ) -> Revision:
        plan, revision = self._expected(tenant_id, plan_id, expected)
        goal = revision.undo_to if maker is Maker.UNDO else revision.redo_to
        if goal == 0:
            raise NothingToUndo(f"plan {plan_id} has nothing to {maker}")
        with self._database.reading() as connection:
            there = store.find_revision(connection, plan, goal)
            said = store.read_plan_text(connection, there)
        undoing = maker is Maker.UNDO
        made = self._added(
            plan,
            NewRevision(
                made_by=maker,
                actor=actor,
                input_digest=there.input_digest,
                plan=said,
                findings=there.findings,
                base_plan_seq=there.base_plan_seq,
                change={"as_revision": goal},
                inverse={"as_revision": revision.number},
                undo_to=there.undo_to if undoing else revision.number,
                redo_to=revision.number if undoing else there.redo_to,
            ),
        )
        board = self._boards.known(there)
        if board is not None:
            self._boards.keep(made, board)
        return made

    def _added(self, plan: PlanRow, new: NewRevision) -> Revision:
        with self._database.writing() as connection:
            return store.add_revision(connection, plan, new, self._clock.now())
