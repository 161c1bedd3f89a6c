"""What the bugs of the promise protocol put in the place of what is right."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from api.errors import Refused
from api.events.outbox import emit
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.idempotency import Answer, Request, answered
from api.slots import (
    archive,
    confirming,
    hold_desk,
    holding,
    ledger,
    moving,
    publishing,
    risking,
    service,
    store,
    transactions,
    unit,
)
from api.slots.answers import promise_answer
from api.slots.cache import WitnessCache
from api.slots.placing import slot_taken
from api.slots.states import MOVES, Move, PromiseState
from api.slots.tables import PROMISE
from routing.judge import Judge, Refusal
from routing.witness import Ask, Decision, Told, Witness


def lock_nothing(connection: Connection, pool_day_id: str) -> store.DayRow:
    return store.read_day(connection, pool_day_id)


def believe_memory(connection: Connection, cache: WitnessCache, row: store.DayRow) -> Witness:
    kept = cache.get(row.id)
    return archive.stored_witness(connection, row.id) if kept is None else kept


@contextmanager
def remember_at_once(
    database: Database, cache: WitnessCache, *, clock: Clock, actor: unit.Actor
) -> Iterator[unit.Unit]:
    with database.writing() as connection:
        work = unit.Unit(connection, cache, clock, actor)
        try:
            yield work
        finally:
            work.remember()
        work.close()


@contextmanager
def tell_afterwards(
    database: Database, cache: WitnessCache, *, clock: Clock, actor: unit.Actor
) -> Iterator[unit.Unit]:
    with database.writing() as connection:
        work = unit.Unit(connection, cache, clock, actor)
        yield work
        told, work._told = work._told, {}
        work.close()
    work.remember()
    with database.writing() as connection:
        for tenant_id, events in told.items():
            emit(connection, tenant_id, events, work.now)


def decide_each_alone(
    judge: Judge, witness: Witness, held: Sequence[holding.HoldAsk | Refused]
) -> list[Decision | Refusal | None]:
    return [None if isinstance(each, Refused) else judge.place(witness, each.ask) for each in held]


def trust_early(
    judge: Judge, witness: Witness, held: Sequence[holding.HoldAsk | Refused]
) -> list[Decision | Refusal | None]:
    careless = [
        replace(each, judged=(witness.plan_seq, each.judged[1]))
        if isinstance(each, holding.HoldAsk) and each.judged
        else each
        for each in held
    ]
    return SOUND_DECIDE(judge, witness, careless)


SOUND_DECIDE = holding._decide


def flip_only(held: moving.Moved, judge: Judge, move: Move) -> store.PromiseRow:
    return held.to(move, {})


def stay(judge: Judge, witness: Witness, promise_id: str) -> Decision:
    return Decision(routes={})


def present_from_memory(
    self: hold_desk.HoldDesk, connection: Connection, pool_day_id: str
) -> Witness:
    return self._cache.get(pool_day_id) or SOUND_PRESENT(self, connection, pool_day_id)


SOUND_PRESENT = hold_desk.HoldDesk.present


def hold_as_the_order_is(
    self: service.Book,
    caller: transactions.Caller,
    token: str,
    load: Told,
    *,
    also: Sequence[str] = (),
) -> Answer:
    """The request is what the order is at this moment, and not what was asked."""
    wanted, _ = self._offers.wanted(caller.tenant_id, token, load, also)
    return self.hold(caller, wanted)


def look_at_the_key_before_the_day(
    self: hold_desk.HoldDesk, pool_day_id: str, request: Request, ask: Ask
) -> Answer | hold_desk._Done | tuple[int, Decision]:
    with self._database.reading() as connection:
        before = answered(connection, request)
    if before is not None:
        return before
    with self._database.reading() as connection:
        now = self.present(connection, pool_day_id)
    verdict = self._judge.place(now, ask)
    if isinstance(verdict, Decision):
        return now.plan_seq, verdict
    return hold_desk._Done(outcome=slot_taken(ask, verdict), witness=now)


def any_tenant(connection: Connection, tenant_id: str, promise_id: str) -> store.PromiseRow:
    row = connection.execute(select(PROMISE.c.tenant_id).where(PROMISE.c.id == promise_id)).scalar()
    return store.find_promise(connection, row or tenant_id, promise_id)


def nothing(*_: object, **__: object) -> None:
    pass


def merge_without_news(
    judge: Judge, present: Witness, plan: publishing.NewPlan
) -> publishing.Merged:
    planned = replace(present, routes=dict(plan.routes))
    return publishing.Merged(witness=planned, promises={})


def at_risk_for_nothing(
    judge: Judge, before: Witness, event: risking.OutsideEvent
) -> tuple[tuple[str, ...], Decision]:
    broken, decision = SOUND_CONSEQUENCES(judge, before, event)
    others = [each for each in before.promises if each in before.owed and each not in broken]
    for each in others[:1]:
        decision = decision.then(judge.without(before.decided(decision), each))
    return (*broken, *others[:1]), decision


SOUND_CONSEQUENCES = risking.consequences


def forget_the_chain(previous: str, event: ledger.Event) -> str:
    return ledger.event_hash(ledger.ROOT_HASH, event)


def legal_from_anywhere(patch: pytest.MonkeyPatch) -> None:
    """Let a cancelled promise be confirmed: the table of moves has one row too wide."""
    wider = dict(MOVES)
    sources, goal = wider[Move.CONFIRM]
    wider[Move.CONFIRM] = (sources | {PromiseState.CANCELLED}, goal)
    patch.setattr("api.slots.states.MOVES", wider)


def failed_for_ever(patch: pytest.MonkeyPatch) -> None:
    """Let nobody give up a booking whose attempt failed."""
    narrower = dict(MOVES)
    sources, goal = narrower[Move.CANCEL]
    narrower[Move.CANCEL] = (sources - {PromiseState.FAILED_ATTEMPT}, goal)
    patch.setattr("api.slots.states.MOVES", narrower)


def new_before_old(
    work: unit.Unit,
    judge: Judge,
    tenant_id: str,
    booking_id: str,
    *,
    hold_id: str,
    accepted: Collection[str] = (),
    expected: int | None = None,
) -> Answer:
    """Give the old window up, and then see whether the new one is there; commit in any case."""
    old, new = moving.take_up(work, tenant_id, booking_id, hold_id)
    old.back(Move.RESCHEDULE, judge, moved_to=hold_id)
    try:
        return promise_answer(confirming.confirmed(new, judge))
    except Refused as refused:
        return Answer(status=refused.status, body=refused.body())
