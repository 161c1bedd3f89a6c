"""Outside events: a truck is lost, a road closed, the basis another. What they break is at risk.

Only such an event can put a promise at risk, and its id says so for ever. Nothing is deleted: the
promise stays with its order, off its route, until a repair is published.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from api.kit.idempotency import Answer
from api.slots.answers import announcement
from api.slots.errors import BookDamaged
from api.slots.ledger import DayEvent
from api.slots.store import promises_of, write_state
from api.slots.unit import OpenDay, Unit
from api.slots.wording import routes_told
from routing.errors import NoSequence
from routing.judge import Judge
from routing.witness import Decision, Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideEvent:
    """Something that happened to us. `basis` names the world as it is now (the same one, if only
    trucks are lost that it does not list)."""

    id: str
    kind: str
    detail: str
    basis: str
    lost_trucks: frozenset[str] = frozenset()


def happen(
    unit: Unit, judge: Judge, tenant_id: str, pool_day_id: str, event: OutsideEvent
) -> Answer:
    """Check every promise of a day under the world as it is now; mark those that it breaks."""
    (day,) = unit.lock(pool_day_id)
    broken, decision = consequences(judge, day.witness, event)
    seq = day.write(
        DayEvent.AT_RISK,
        {
            "cause": event.id,
            "kind": event.kind,
            "detail": event.detail,
            "basis": event.basis,
            "at_risk": list(broken),
            "routes": routes_told(decision.routes),
        },
        replans=True,
    )
    _mark(unit, day, frozenset(broken), event, seq)
    return Answer(
        status=200,
        body={
            "pool_day": pool_day_id,
            "seq": seq,
            "plan_seq": day.row.plan_seq,
            "at_risk": list(broken),
        },
    )


def consequences(
    judge: Judge, before: Witness, event: OutsideEvent
) -> tuple[tuple[str, ...], Decision]:
    """Say which promises an event breaks, and the routes without them.

    What the checker does not believe is taken off until it believes the rest.
    """
    whole = replace(before, basis=event.basis)
    decision = Decision(routes=dict.fromkeys(sorted(event.lost_trucks & before.routes.keys())))
    decision = decision.then(judge.retimed(whole.decided(decision)))
    now = whole.decided(decision)
    while True:
        broken = tuple(each for each in now.promises if each in now.owed - now.served)
        kept = replace(now, promises={e: p for e, p in now.promises.items() if e not in broken})
        faults = judge.faults(kept)
        if not faults:
            return broken, decision
        blamed = {fault.promise_id for fault in faults} | {
            each
            for fault in faults
            if not fault.promise_id and fault.truck_id in now.routes
            for each in now.routes[fault.truck_id].serves
        }
        doomed = blamed & now.owed & now.served
        if not doomed:
            raise BookDamaged(f"{before.pool} {before.day}: {faults[0].text}")
        for truck_id, route in sorted(now.routes.items()):
            gone = frozenset(doomed).intersection(route.serves)
            if gone:
                decision = decision.then(_lightened(judge, now, truck_id, gone))
                now = whole.decided(decision)


def _lightened(judge: Judge, now: Witness, truck_id: str, gone: frozenset[str]) -> Decision:
    """Take promises off a route, all at once: between two that are late no window can be kept.

    Where what is left cannot be driven in its windows either, the truck stays at home.
    """
    try:
        return judge.without(now, *sorted(gone))
    except NoSequence:
        return Decision(routes={truck_id: None})


def _mark(unit: Unit, day: OpenDay, broken: frozenset[str], event: OutsideEvent, seq: int) -> None:
    for row in promises_of(unit.connection, day.row.id, broken):
        marked = replace(row.promise, at_risk_by=event.id)
        write_state(unit.connection, row, row.state, seq=seq, at=unit.now, promise=marked)
        after = replace(row, promise=marked, seq=seq)
        told = announcement(after, "booking.at_risk.v1", cause=event.kind, detail=event.detail)
        unit.tell(row.tenant_id, told)
