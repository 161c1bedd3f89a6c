"""Release, cancel, expire: the promise leaves the witness, and what it took is free again."""

from __future__ import annotations

from collections.abc import Sequence

from api.kit.idempotency import Answer
from api.slots.answers import promise_answer
from api.slots.counted import lock_counted
from api.slots.moving import Moved, is_late, refuse_other_version, take_up
from api.slots.states import MOVES, Move, PromiseState
from api.slots.store import find_promise
from api.slots.unit import Unit
from routing.judge import Judge


def take_back(
    unit: Unit,
    judge: Judge,
    tenant_id: str,
    promise_id: str,
    *,
    move: Move,
    expected: int | None = None,
) -> Answer:
    """Release a hold or cancel a booking; one that is so already is answered alike.

    Raises:
        PromiseGone: it is neither.
        VersionConflict: the caller looked at an older version.
    """
    (taken,) = take_up(unit, tenant_id, promise_id)
    if taken.row.state == MOVES[move][1]:
        return promise_answer(taken.row)
    refuse_other_version(taken.row, expected)
    return promise_answer(taken.back(move, judge))


def expire_day(
    unit: Unit, judge: Judge, tenant_id: str, pool_day_id: str, promise_ids: Sequence[str]
) -> int:
    """Expire those of a day's holds that are still held and overdue; return how many."""
    (day,) = unit.lock(pool_day_id)
    # Read again under the lock: it may have been confirmed since it was listed.
    rows = [find_promise(unit.connection, tenant_id, each) for each in promise_ids]
    due = [row for row in rows if row.state == PromiseState.HELD and is_late(row, unit.now)]
    lock_counted(unit.connection, tenant_id, {key for row in due for key in row.promise.took})
    for row in due:
        Moved(unit=unit, day=day, row=row).back(Move.EXPIRE, judge)
    return len(due)
