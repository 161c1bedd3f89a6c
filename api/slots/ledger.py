"""The promise ledger: hash-chained events, and the witness that they fold to.

An event carries the decision itself (whole routes of the trucks that changed). Folding assigns and
never computes, so that another version of the judge cannot rewrite what was promised.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from api.kit.canonical import canonical
from api.kit.db import moment_text
from api.slots.errors import BookDamaged
from api.slots.states import Move
from api.slots.wording import decision_read, promise_read
from routing.witness import Witness

ROOT_HASH: Final = "0" * 64
"""What the first event of a day is chained to."""


class DayEvent(StrEnum):
    """Events that are not one promise's move. Never the same word as a `Move`."""

    OPENED = "opened"
    CLOSED = "closed"
    AT_RISK = "at_risk"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the ledger."""

    pool_day_id: str
    seq: int
    plan_seq: int
    type: str
    body: Mapping[str, Any]
    actor: str
    request_id: str
    at: datetime


def event_hash(previous: str, event: Event) -> str:
    """Hash an event together with the hash of the one before, in hex."""
    text = canonical(
        [
            previous,
            event.pool_day_id,
            event.seq,
            event.plan_seq,
            event.type,
            event.body,
            event.actor,
            event.request_id,
            moment_text(event.at),
        ]
    )
    return hashlib.sha256(text.encode()).hexdigest()


def first_witness(event: Event) -> Witness:
    """Give the witness that the opening of a day leads to.

    Raises:
        BookDamaged: the ledger starts otherwise.
    """
    if event.type != DayEvent.OPENED or (event.seq, event.plan_seq) != (1, 1):
        raise BookDamaged(f"{event.pool_day_id}: the ledger starts with {event.type} {event.seq}")
    body = event.body
    empty = Witness(
        pool=body["pool"],
        day=date.fromisoformat(body["day"]),
        basis=body["basis"],
        seq=1,
        plan_seq=1,
        world_seq=1,
    )
    return empty.decided(decision_read(body["routes"]))


def fold(witness: Witness, event: Event) -> Witness:
    """Give the witness after an event; one that leaves the witness alone only moves `seq`.

    Raises:
        BookDamaged: an event that changed the witness is missing in between.
    """
    if event.plan_seq == witness.plan_seq:
        return replace(witness, seq=event.seq)
    if event.plan_seq != witness.plan_seq + 1 or event.seq <= witness.seq:
        raise BookDamaged(
            f"{event.pool_day_id}: event {event.seq} makes plan {event.plan_seq} "
            f"of plan {witness.plan_seq} at {witness.seq}"
        )
    return replace(_changed(witness, event), seq=event.seq, plan_seq=event.plan_seq)


def fold_all(witness: Witness, events: Iterable[Event]) -> Witness:
    """Fold events in their order."""
    for event in events:
        witness = fold(witness, event)
    return witness


def _changed(witness: Witness, event: Event) -> Witness:
    body = event.body
    after = witness.decided(decision_read(body["routes"]))
    match event.type:
        case Move.HOLD | Move.REVIVE | Move.CONFIRM | Move.REFINE:
            return after.keeping(promise_read(body["promise"]))
        case Move.HAND_OVER | Move.FAIL:
            return after.keeping(replace(after.promises[body["promise_id"]], done=True))
        case Move.RELEASE | Move.EXPIRE | Move.CANCEL | Move.RESCHEDULE:
            return after.forgetting(body["promise_id"])
        case DayEvent.AT_RISK:
            for each in body["at_risk"]:
                after = after.keeping(replace(after.promises[each], at_risk_by=body["cause"]))
            return replace(after, basis=body["basis"], world_seq=event.plan_seq)
        case DayEvent.PUBLISHED:
            for each in body["promises"]:
                after = after.keeping(promise_read(each))
            return after
        case _:
            raise BookDamaged(
                f"{event.pool_day_id}: event {event.seq} is a {event.type} that changes the plan"
            )
