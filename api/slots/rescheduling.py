"""Reschedule: the new window is confirmed and the old one given up in one transaction.

The new window was held before, so the buyer never stands without one. Both days are locked, in the
order of their ids; until the commit everybody else sees the old promise, and afterwards the new.
"""

from __future__ import annotations

from collections.abc import Collection

from api.kit.idempotency import Answer
from api.slots.answers import promise_answer
from api.slots.confirming import confirmed, refuse_unaccepted
from api.slots.counted import lock_counted
from api.slots.errors import PromiseGone
from api.slots.moving import legal, refuse_other_version, refuse_second_booking, take_up
from api.slots.states import BOOKED, Move, PromiseState
from api.slots.unit import Unit
from routing.judge import Judge


def reschedule(
    unit: Unit,
    judge: Judge,
    tenant_id: str,
    booking_id: str,
    *,
    hold_id: str,
    accepted: Collection[str] = (),
    expected: int | None = None,
) -> Answer:
    """Move a booking to the window that `hold_id` holds; the answer is the new booking.

    Raises:
        PromiseGone: the booking cannot be moved any more, or the hold is another order's.
        HoldExpired: the new window is gone; the old one stays.
        ConditionsMissing: the new window has conditions that are not among the `accepted` ones.
        OrderAlreadyBooked: the attempt failed, and the order was booked anew since.
        VersionConflict: the caller looked at an older version of the booking.
    """
    old, new = take_up(unit, tenant_id, booking_id, hold_id)
    if old.row.state == PromiseState.RESCHEDULED and old.row.moved_to == new.row.id:
        return promise_answer(new.row)
    refuse_other_version(old.row, expected)
    legal(Move.RESCHEDULE, old.row)
    if new.row.promise.ask.order_ref != old.row.promise.ask.order_ref:
        raise PromiseGone(f"{hold_id} is a hold of another order", state=new.row.state)
    refuse_unaccepted(new.row, accepted)
    if old.row.state not in BOOKED:
        refuse_second_booking(unit, new.row)
    took = old.row.promise.took.keys() | new.row.promise.took.keys()
    lock_counted(unit.connection, tenant_id, took)
    # The old one first: an order has one booking at a time, also inside the transaction.
    old.back(Move.RESCHEDULE, judge, moved_to=new.row.id)
    return promise_answer(confirmed(new, judge))
