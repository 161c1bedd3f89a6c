"""Publish a plan: a solver's routes become the witness, if and only if they keep every promise.

The solver worked for minutes on an old snapshot. Under the lock what died since is taken off,
what came since is put in, and the independent checker has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from api.events.outbox import OutgoingEvent
from api.kit.idempotency import Answer
from api.slots.answers import announcement
from api.slots.counted import change, lock_counted
from api.slots.errors import PlanRefused, SlotTaken, StaleBase
from api.slots.ledger import DayEvent
from api.slots.placing import placed_again
from api.slots.states import UNDER_WAY, PromiseState
from api.slots.store import in_states, promises_of, write_state
from api.slots.unit import OpenDay, Unit
from api.slots.wording import promise_told, routes_told
from routing.judge import Judge
from routing.witness import Promise, RouteRecord, Witness

FAULTS_TOLD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlan:
    """All routes of a pool-day, made on the witness of `base_plan_seq`."""

    plan_id: str
    base_plan_seq: int
    routes: Mapping[str, RouteRecord]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A witness that a plan would lead to, and the promises that it changes."""

    witness: Witness
    promises: Mapping[str, Promise]


def publish(unit: Unit, judge: Judge, tenant_id: str, pool_day_id: str, plan: NewPlan) -> Answer:
    """Put a plan in the place of the present routes.

    Raises:
        StaleBase: a truck was lost, or the basis changed, since the plan's snapshot.
        PlanRefused: a promise would not be kept, or one under way would be on another truck or in
            another order; the present routes stay.
    """
    (day,) = unit.lock(pool_day_id)
    present = day.witness
    merged = merge(judge, present, plan)
    refuse_faults(judge, present, merged.witness)
    under_way = in_states(unit.connection, day.row.id, UNDER_WAY)
    refuse_rerouted(present, merged.witness, under_way)
    gone = dict.fromkeys(present.routes.keys() - merged.witness.routes.keys())
    seq = day.write(
        DayEvent.PUBLISHED,
        {
            "plan_id": plan.plan_id,
            "base_plan_seq": plan.base_plan_seq,
            "routes": routes_told({**gone, **merged.witness.routes}),
            "promises": [promise_told(each) for each in merged.promises.values()],
        },
        replans=True,
    )
    day.row = replace(day.row, plan_id=plan.plan_id)
    recovered = _write_promises(unit, day, merged.promises, seq)
    told = {
        "plan_id": plan.plan_id,
        "pool_day": pool_day_id,
        "seq": seq,
        "plan_seq": day.row.plan_seq,
        "recovered": recovered,
    }
    unit.tell(tenant_id, OutgoingEvent(stream=pool_day_id, topic="plan.published.v1", payload=told))
    return Answer(status=200, body=told)


def merge(judge: Judge, present: Witness, plan: NewPlan) -> Merged:
    """Bring a plan up to the present: without the dead, with those that came since.

    Raises:
        StaleBase, PlanRefused: it cannot be.
    """
    if not present.world_seq <= plan.base_plan_seq <= present.plan_seq:
        raise StaleBase(
            f"the plan was made on {plan.base_plan_seq}; the world changed at "
            f"{present.world_seq}: solve again",
            world_seq=present.world_seq,
        )
    planned = replace(present, routes=dict(plan.routes))
    for dead in sorted(planned.served - present.promises.keys()):
        planned = planned.decided(judge.without(planned, dead))
    changed: dict[str, Promise] = {}
    for promise_id, promise in present.promises.items():
        if promise.since <= plan.base_plan_seq or promise_id not in present.owed:
            continue
        try:
            decision, placed = placed_again(judge, planned, promise)
        except SlotTaken as full:
            raise PlanRefused(
                f"the plan has no room for {promise_id}, which was promised since: {full}",
                faults=[promise_id],
            ) from full
        planned = planned.decided(decision).keeping(placed)
        changed[promise_id] = placed
    for promise_id in sorted(planned.served - planned.owed):
        promise = planned.promises[promise_id]
        if promise.at_risk_by:
            changed[promise_id] = replace(promise, at_risk_by="")
            planned = planned.keeping(changed[promise_id])
    return Merged(witness=planned, promises=changed)


def refuse_faults(judge: Judge, present: Witness, planned: Witness) -> None:
    """Let through what serves all that is owed, and all that the present routes serve anyway.

    Raises:
        PlanRefused: `faults` says what is wrong.
    """
    left = sorted((present.owed | present.served) & planned.promises.keys() - planned.served)
    faults = [f"{each} is not served" for each in left]
    faults += [fault.text for fault in judge.faults(planned)]
    if faults:
        raise PlanRefused(
            f"the plan has {len(faults)} faults: {faults[0]}", faults=faults[:FAULTS_TOLD]
        )


def refuse_rerouted(
    present: Witness, planned: Witness, under_way: Mapping[str, PromiseState]
) -> None:
    """Let through what leaves promises under way on their trucks and in their order.

    Their papers are printed and their cars loaded, last in first out. One that is on no route (at
    risk) may be put on any: somebody has to see to that anyway.

    Raises:
        PlanRefused: `faults` says whose.
    """
    fixed = under_way.keys() & present.served
    faults = []
    for truck, route in present.routes.items():
        before = [each for each in route.serves if each in fixed]
        made = planned.routes.get(truck)
        after = [each for each in made.serves if each in fixed] if made else []
        if before != after:
            changed = [each for each in before if each not in after] or before
            faults += [f"{each} is {under_way[each]} on {truck}" for each in changed]
    if faults:
        raise PlanRefused(
            "the plan changes the truck or the order of promises under way: " + faults[0],
            faults=faults[:FAULTS_TOLD],
        )


def _write_promises(
    unit: Unit, day: OpenDay, changed: Mapping[str, Promise], seq: int
) -> list[str]:
    recovered = []
    rows = promises_of(unit.connection, day.row.id, changed.keys())
    takes = {key for row in rows for key in {*row.promise.took, *changed[row.id].took}}
    lock_counted(unit.connection, day.row.tenant_id, takes)
    for row in rows:
        promise = changed[row.id]
        change(unit.connection, row.tenant_id, row.promise.took, promise.took)
        write_state(unit.connection, row, row.state, seq=seq, at=unit.now, promise=promise)
        if row.promise.at_risk_by:
            recovered.append(row.id)
            after = replace(row, promise=promise, seq=seq)
            unit.tell(row.tenant_id, announcement(after, "booking.recovered.v1"))
    return recovered
