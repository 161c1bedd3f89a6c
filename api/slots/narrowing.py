"""Refine a window, and the steps of the day of delivery: windows only narrow, states only go on."""

from __future__ import annotations

from dataclasses import replace

from api.kit.idempotency import Answer
from api.slots.answers import promise_answer
from api.slots.counted import change
from api.slots.errors import NotNarrower
from api.slots.moving import legal, refuse_other_version, take_up
from api.slots.placing import placed_again
from api.slots.states import MOVES, Move
from api.slots.unit import Unit
from api.slots.wording import promise_told
from routing.domain.windows import Window
from routing.judge import Judge
from routing.witness import Decision


def refine(
    unit: Unit,
    judge: Judge,
    tenant_id: str,
    booking_id: str,
    window: Window,
    *,
    expected: int | None = None,
) -> Answer:
    """Narrow a booking's window, moving its stop if that is needed.

    Raises:
        NotNarrower: the new window does not lie inside the old one.
        SlotTaken: the plan has no room for the narrow window; the wide one stays.
        PromiseGone: the booking is not one whose window may change.
        VersionConflict: the caller looked at an older version.
    """
    (booked,) = take_up(unit, tenant_id, booking_id)
    row = booked.row
    refuse_other_version(row, expected)
    legal(Move.REFINE, row)
    if not row.promise.ask.window.holds(window):
        raise NotNarrower(f"{window.start} to {window.end} is not inside the promised window")
    narrow = replace(row.promise, ask=replace(row.promise.ask, window=window))
    decision, promise = placed_again(judge, booked.day.witness, narrow)
    change(unit.connection, tenant_id, row.promise.took, promise.took)
    told = {"promise": promise_told(promise)}
    return promise_answer(booked.to(Move.REFINE, told, decision=decision, promise=promise))


def advance(unit: Unit, tenant_id: str, booking_id: str, *, move: Move) -> Answer:
    """Freeze, dispatch, arrive, hand over, fail: the routes stay as they are.

    Raises:
        PromiseGone: the step does not follow on where the booking is.
    """
    (booked,) = take_up(unit, tenant_id, booking_id)
    if booked.row.state == MOVES[move][1]:
        return promise_answer(booked.row)
    # Once the truck was there, nothing is owed any more: the witness must know.
    decision = Decision(routes={}) if move in {Move.HAND_OVER, Move.FAIL} else None
    return promise_answer(booked.to(move, {}, decision=decision))
