"""Confirm: a state that flips, since the hold has decided; and the two that are not so simple.

A hold whose time is over is held until somebody expires it: the time is a right to reclaim, so
clocks that differ cost room and never a promise. Confirmed late it is checked once more. One that
was expired is placed anew, if there is still room: the buyer has paid.
"""

from __future__ import annotations

from collections.abc import Collection

from api.kit.idempotency import Answer
from api.slots.answers import promise_answer
from api.slots.counted import change
from api.slots.errors import AtRisk, ConditionsMissing, CountedOut, HoldExpired, SlotTaken
from api.slots.moving import (
    Moved,
    is_late,
    legal,
    refuse_second_booking,
    take_up,
)
from api.slots.placing import placed_again
from api.slots.states import BOOKED, Move, PromiseState
from api.slots.store import PromiseRow
from api.slots.unit import Unit
from api.slots.wording import promise_told
from routing.judge import Judge


def confirm(
    unit: Unit, judge: Judge, tenant_id: str, promise_id: str, *, accepted: Collection[str] = ()
) -> Answer:
    """Turn a hold into a booking; one that is booked already is answered alike.

    Raises:
        ConditionsMissing: the offer had conditions that are not among the `accepted` ones.
        HoldExpired: it was expired, and its place is gone.
        PromiseGone: it was released or cancelled.
        OrderAlreadyBooked: the order has another booking.
        AtRisk: an outside event took its place and there is no other.
    """
    (held,) = take_up(unit, tenant_id, promise_id)
    if held.row.state in BOOKED:
        return promise_answer(held.row)
    refuse_unaccepted(held.row, accepted)
    refuse_second_booking(unit, held.row)
    return promise_answer(confirmed(held, judge))


def refuse_unaccepted(row: PromiseRow, accepted: Collection[str]) -> None:
    """Refuse to bind a buyer to what they have not been asked.

    Raises:
        ConditionsMissing: `missing` says what they have to accept.
    """
    missing = sorted(set(row.conditions) - set(accepted))
    if missing:
        raise ConditionsMissing(
            f"the buyer has to accept {', '.join(missing)} first", missing=missing
        )


def confirmed(held: Moved, judge: Judge) -> PromiseRow:
    """Confirm a locked hold, for good reason also a late one."""
    if held.row.state == PromiseState.EXPIRED:
        return _placed(held, judge, Move.REVIVE)
    legal(Move.CONFIRM, held.row)
    late = is_late(held.row, held.unit.now)
    if held.row.promise.at_risk_by or (late and _broken(held, judge)):
        return _placed(held, judge, Move.CONFIRM)
    return held.to(Move.CONFIRM, {})


def _broken(held: Moved, judge: Judge) -> bool:
    """Check once more, as nobody has counted on this hold for a while."""
    witness = held.day.witness
    return held.row.id not in witness.served or any(
        fault.promise_id == held.row.id for fault in judge.faults(witness)
    )


def _placed(held: Moved, judge: Judge, move: Move) -> PromiseRow:
    """Confirm a hold that has lost its place, in another place."""
    row, witness = held.row, held.day.witness
    if held.day.row.status != "open" or row.promise.ask.window.end <= held.unit.now:
        raise HoldExpired(f"{row.id} is expired, and its day sells nothing more")
    kept = row.promise.took if move == Move.CONFIRM else {}
    try:
        decision, promise = placed_again(judge, witness, row.promise)
        change(held.unit.connection, row.tenant_id, kept, promise.took)
    except (SlotTaken, CountedOut) as gone:
        if row.promise.at_risk_by and move == Move.CONFIRM:
            raise AtRisk(
                f"{row.id} lost its place, and there is no other: {gone}",
                cause=row.promise.at_risk_by,
            ) from gone
        raise HoldExpired(f"{row.id} is expired, and its place is gone: {gone}") from gone
    return held.to(move, {"promise": promise_told(promise)}, decision=decision, promise=promise)
