"""Judgements that are put together from those of the judge."""

from __future__ import annotations

from dataclasses import replace

from api.slots.errors import SlotTaken
from routing.judge import Judge, Refusal
from routing.witness import Ask, Decision, Promise, Witness


def lifted(judge: Judge, witness: Witness, promise_id: str) -> Decision:
    """Take a promise off its route; nothing changes for one that is on none."""
    if promise_id not in witness.served:
        return Decision(routes={})
    return judge.without(witness, promise_id)


def slot_taken(ask: Ask, refusal: Refusal) -> SlotTaken:
    """Say that a window has no room, and why."""
    return SlotTaken(refusal.detail, reason=refusal.reason, order_ref=ask.order_ref)


def placed_again(judge: Judge, witness: Witness, promise: Promise) -> tuple[Decision, Promise]:
    """Find room for a promise that lost its place, or whose window changed.

    Raises:
        SlotTaken: there is none.
    """
    promise_id = promise.ask.promise_id
    before = lifted(judge, witness, promise_id)
    free = witness.decided(before).forgetting(promise_id)
    found = judge.place(free, promise.ask)
    if isinstance(found, Refusal):
        raise slot_taken(promise.ask, found)
    both = before.then(found)
    return both, replace(promise, since=witness.plan_seq + 1, at_risk_by="", took=found.counted)
