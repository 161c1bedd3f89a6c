"""One promise in one transaction: the steps that every move shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from api.orders.store import handed_over
from api.slots.answers import TOPICS, announcement
from api.slots.counted import give_back
from api.slots.errors import Frozen, OrderAlreadyBooked, PromiseGone, VersionConflict
from api.slots.placing import lifted
from api.slots.states import FROZEN_OUT, TAKEN_BACK, UNDER_WAY, Move, PromiseState, target
from api.slots.store import PromiseRow, booked_by, find_promise, write_state
from api.slots.unit import OpenDay, Unit
from api.slots.wording import routes_told
from routing.judge import Judge
from routing.witness import Decision, Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A promise whose day is locked: no other transaction can change it now."""

    unit: Unit
    day: OpenDay
    row: PromiseRow

    def to(
        self,
        move: Move,
        body: Mapping[str, object],
        *,
        decision: Decision | None = None,
        promise: Promise | None = None,
        moved_to: str = "",
    ) -> PromiseRow:
        """Write the move: event, row and announcement; with the decision, if it changes the plan.

        Raises:
            PromiseGone: the move is not one from this state.
        """
        goal = legal(move, self.row)
        told = {"promise_id": self.row.id, **body}
        if decision is not None:
            told["routes"] = routes_told(decision.routes)
        seq = self.day.write(move, told, replans=decision is not None)
        write_state(
            self.unit.connection,
            self.row,
            goal,
            seq=seq,
            at=self.unit.now,
            promise=promise,
            moved_to=moved_to,
        )
        after = replace(
            self.row,
            state=goal,
            seq=seq,
            promise=promise or self.row.promise,
            hold_expires_at=None,
            moved_to=moved_to,
            updated_at=self.unit.now,
        )
        if goal is PromiseState.HANDED_OVER:
            order_ref = self.row.promise.ask.order_ref
            handed_over(self.unit.connection, self.row.tenant_id, order_ref, self.unit.now)
        self.unit.tell(self.row.tenant_id, announcement(after, TOPICS[goal]))
        return after

    def back(self, move: Move, judge: Judge, *, moved_to: str = "") -> PromiseRow:
        """Take the promise back: off its route, and what it took of counted things returned."""
        assert target(move, self.row.state) in {*TAKEN_BACK, None}, move
        legal(move, self.row)
        decision = lifted(judge, self.day.witness, self.row.id)
        after = self.to(move, {}, decision=decision, moved_to=moved_to)
        give_back(self.unit.connection, self.row.tenant_id, self.row.promise.took)
        return after


def legal(move: Move, row: PromiseRow) -> PromiseState:
    """Give the state that a move leads to.

    Raises:
        Frozen: the day of delivery has begun for it.
        PromiseGone: it may not be made from where the promise is.
    """
    goal = target(move, row.state)
    if goal is None and move in FROZEN_OUT and row.state in UNDER_WAY:
        raise Frozen(
            f"{row.id} is {row.state}: it cannot be {move} any more",
            state=row.state,
            promise_id=row.id,
        )
    if goal is None:
        raise PromiseGone(
            f"{row.id} is {row.state}: it cannot be {move}", state=row.state, promise_id=row.id
        )
    return goal


def take_up(unit: Unit, tenant_id: str, *promise_ids: str) -> tuple[Moved, ...]:
    """Lock the days of promises and read them under the locks.

    Raises:
        UnknownPromise: the tenant has no such promise.
    """
    before = [find_promise(unit.connection, tenant_id, each) for each in promise_ids]
    days = unit.lock(*(row.pool_day_id for row in before))
    return tuple(
        Moved(unit=unit, day=day, row=find_promise(unit.connection, tenant_id, row.id))
        for day, row in zip(days, before, strict=True)
    )


def refuse_other_version(row: PromiseRow, expected: int | None) -> None:
    """Refuse what was asked of an older version of the promise.

    Raises:
        VersionConflict: it changed since.
    """
    if expected is not None and expected != row.seq:
        raise VersionConflict(
            f"{row.id} is at {row.seq}, not at {expected}: read it again", seq=row.seq
        )


def refuse_second_booking(unit: Unit, row: PromiseRow) -> None:
    """Refuse to confirm for an order that has a booking already.

    Raises:
        OrderAlreadyBooked: it has; `booking_id` says which.
    """
    other = booked_by(unit.connection, row.tenant_id, row.promise.ask.order_ref)
    if other is not None and other != row.id:
        raise OrderAlreadyBooked(
            f"order {row.promise.ask.order_ref} has booking {other}: reschedule that one",
            booking_id=other,
        )


def is_late(row: PromiseRow, now: datetime) -> bool:
    """Tell whether the time of a hold is over. It is still held until it is expired."""
    return row.hold_expires_at is not None and row.hold_expires_at <= now
