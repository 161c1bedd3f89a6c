"""Plans kept compiled in memory, so that a preview is a matter of milliseconds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock, RLock
from typing import TYPE_CHECKING, Final

from api.kit.db import Database
from api.plans import store
from api.plans.inputs import PlanInput
from api.plans.store import Revision

if TYPE_CHECKING:
    from api.days.matrix import PreparedDay
    from routing.domain.request import PlanRequest
    from routing.moves.board import Board

KEPT: Final = 8
"""Compiled plans in memory; with 2,000 stops each is some hundred megabytes of travel times."""


class Boards:
    """The compiled plans of one process. Safe to use from many threads."""

    def __init__(self, database: Database, prepare: Callable[[PlanRequest], PreparedDay]) -> None:
        self._database = database
        self._prepare = prepare
        self._known: OrderedDict[tuple[str, int], Board] = OrderedDict()
        self._opening: dict[tuple[str, int], RLock] = {}
        self._lock = Lock()

    def board(self, revision: Revision) -> Board:
        """Give a revision compiled; the first time takes seconds."""
        key = revision.plan_id, revision.number
        with self._lock:
            opening = self._opening.setdefault(key, RLock())
        with opening:
            with self._lock:
                if key in self._known:
                    self._known.move_to_end(key)
                    return self._known[key]
            board = self._opened(revision)
            self.keep(revision, board)
        with self._lock:
            self._opening.pop(key, None)
        return board

    def known(self, revision: Revision) -> Board | None:
        """Give a revision if it is compiled already."""
        with self._lock:
            return self._known.get((revision.plan_id, revision.number))

    def keep(self, revision: Revision, board: Board) -> None:
        """Remember what somebody has compiled anyway."""
        with self._lock:
            self._known[revision.plan_id, revision.number] = board
            self._known.move_to_end((revision.plan_id, revision.number))
            while len(self._known) > KEPT:
                self._known.popitem(last=False)

    def prepared(self, made_from: PlanInput) -> PreparedDay:
        """Prepare the roads of an input as it was asked for."""
        return self._prepare(made_from.request)

    def _opened(self, revision: Revision) -> Board:
        from routing.moves.board import open_board

        with self._database.reading() as connection:
            made_from = store.read_input(connection, revision.tenant_id, revision.input_digest)
            plan = store.read_plan_text(connection, revision)
        prepared = self._prepare(made_from.request)
        return open_board(prepared.request, made_from.travel(prepared.travel), plan)
