"""Hold: the one place where it is decided whether a window can be kept.

Several holds of one day share a transaction when they wait for the same lock: the decision costs
microseconds, the lock and the disk cost milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.errors import Refused
from api.kit.idempotency import Answer
from api.slots.answers import CHINA_ZONE, hold_answer
from api.slots.counted import lock_counted, refuse_missing, take
from api.slots.errors import DayNotOpen, OrderAlreadyHeld, SlotTaken
from api.slots.placing import slot_taken
from api.slots.states import Move
from api.slots.store import DayRow, held_by, insert_promise
from api.slots.unit import Actor, OpenDay, Unit
from api.slots.wording import promise_told, routes_told
from routing.judge import Judge, Refusal
from routing.witness import Ask, Decision, Promise, Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAsk:
    """One hold that is asked for. `judged` is what was decided before the lock, and at which
    plan_seq: it counts if nothing has changed since."""

    ask: Ask
    expires_at: datetime
    actor: Actor
    zone: str = CHINA_ZONE
    conditions: tuple[str, ...] = ()
    """What the buyer must accept before the hold can be confirmed."""
    judged: tuple[int, Decision | Refusal] | None = None


Outcome = Answer | Refused


def hold_together(unit: Unit, judge: Judge, day: OpenDay, asks: Sequence[HoldAsk]) -> list[Outcome]:
    """Hold windows of one locked day, one after the other; one that is refused stops no other."""
    held: list[HoldAsk | Refused] = [_admitted(unit, day.row, each) for each in asks]
    # Decided in memory first, to know which counted rows to lock, all at once and in order.
    decided = _decide(judge, day.witness, held)
    keys = {key for each in decided if isinstance(each, Decision) for key in each.counted}
    left = lock_counted(unit.connection, day.row.tenant_id, keys)
    outcomes: list[Outcome] = []
    granted: dict[str, str] = {}
    as_decided = True
    for each, decision in zip(held, decided, strict=True):
        if isinstance(each, Refused):
            outcomes.append(each)
            continue
        order_ref = each.ask.order_ref
        if order_ref in granted:
            outcomes.append(_already_held(order_ref, granted[order_ref]))
            continue
        if decision is None or not as_decided:
            decision = judge.place(day.witness, each.ask)
        try:
            if isinstance(decision, Refusal):
                raise slot_taken(each.ask, decision)
            # Decided anew, it may need what was not foreseen: locked out of order here, which the
            # database ends, if it must, and the batch is tried again.
            unforeseen = decision.counted.keys() - left.keys()
            left |= lock_counted(unit.connection, day.row.tenant_id, unforeseen)
            refuse_missing(left, decision.counted)
        except Refused as refused:
            # The later ones were decided as if this one had been held.
            as_decided = as_decided and isinstance(refused, SlotTaken)
            outcomes.append(refused)
            continue
        outcomes.append(_hold(unit, day, each, decision))
        granted[order_ref] = each.ask.promise_id
        for key, amount in decision.counted.items():
            left[key] -= amount
    return outcomes


def _admitted(unit: Unit, day: DayRow, each: HoldAsk) -> HoldAsk | Refused:
    if day.status != "open":
        return DayNotOpen(f"{day.pool} sells nothing more on {day.day}")
    if each.ask.window.end <= unit.now:
        return SlotTaken("the window is over", reason="past", order_ref=each.ask.order_ref)
    other = held_by(unit.connection, day.tenant_id, each.ask.order_ref)
    if other is not None:
        return _already_held(each.ask.order_ref, other)
    return each


def _already_held(order_ref: str, hold_id: str) -> OrderAlreadyHeld:
    return OrderAlreadyHeld(f"order {order_ref} holds {hold_id}: release it first", hold_id=hold_id)


def _decide(
    judge: Judge, witness: Witness, held: Sequence[HoldAsk | Refused]
) -> list[Decision | Refusal | None]:
    """Judge each as if all before it were held. None for who is refused already, and for the second
    ask of an order: what it gets depends on what becomes of the first."""
    decided: list[Decision | Refusal | None] = []
    untouched = witness.plan_seq
    orders: set[str] = set()
    for each in held:
        if isinstance(each, Refused) or each.ask.order_ref in orders:
            decided.append(None)
            continue
        if each.judged is not None and each.judged[0] == untouched:
            found = each.judged[1]
        else:
            found = judge.place(witness, each.ask)
        if isinstance(found, Decision):
            witness = witness.decided(found).keeping(_promise(witness, each, found))
            untouched = -1
            orders.add(each.ask.order_ref)
        decided.append(found)
    return decided


def _promise(witness: Witness, each: HoldAsk, decision: Decision) -> Promise:
    return Promise(ask=each.ask, since=witness.plan_seq + 1, took=decision.counted)


def _hold(unit: Unit, day: OpenDay, each: HoldAsk, decision: Decision) -> Answer:
    promise = _promise(day.witness, each, decision)
    told = {
        "promise": promise_told(promise),
        "routes": routes_told(decision.routes),
        "conditions": list(each.conditions),
    }
    seq = day.write(Move.HOLD, told, replans=True, actor=each.actor)
    insert_promise(
        unit.connection,
        day.row,
        promise,
        zone=each.zone,
        hold_expires_at=each.expires_at,
        seq=seq,
        client_id=each.actor.name,
        conditions=each.conditions,
        at=unit.now,
    )
    take(unit.connection, day.row.tenant_id, decision.counted)
    return hold_answer(
        promise,
        zone=each.zone,
        conditions=each.conditions,
        expires_at=each.expires_at,
        pool_day_id=day.row.id,
        seq=seq,
    )
