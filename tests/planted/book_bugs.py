"""Bugs of the promise protocol, each a patch of one place, and what in the suite must notice it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from sqlalchemy import Connection, select

from api.errors import Refused
from api.events.outbox import emit
from api.kit.db import Database
from api.kit.idempotency import Answer
from api.slots import (
    archive,
    confirming,
    counted,
    hold_desk,
    holding,
    ledger,
    moving,
    publishing,
    rescheduling,
    risking,
    store,
    taking_back,
    transactions,
    unit,
)
from api.slots.answers import promise_answer
from api.slots.cache import WitnessCache
from api.slots.states import MOVES, Move, PromiseState
from api.slots.tables import PROMISE
from routing.judge import Judge, Refusal
from routing.witness import Decision, Witness
from tests.api.slots import test_book, test_interrupted, test_ledger, test_races
from tests.api.slots.books import Shop, shop_at, trucks
from tests.planted.plants import Plant, answers, both, instead

Trial = Callable[[Database, pytest.MonkeyPatch], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookBug:
    """A planted bug, and the part of the suite that fails with it."""

    name: str
    plant: Plant
    trial: Trial
    kind: str = "sqlite"


def story(told: Callable[[Shop], None], places: int = 2) -> Trial:
    """A test of `test_book` on a shop like its own."""
    return lambda database, _: told(shop_at(database, trucks(places)))


def race(run: Callable[..., None], **named: int) -> Trial:
    """A test of `test_races`."""
    return lambda database, _: run(database, **named)


def cut(prepare: Callable[[Shop], test_interrupted.Request]) -> Trial:
    """A request of `test_interrupted`."""
    return lambda database, _: test_interrupted.test_a_request_happens_wholly_or_not_at_all(
        database, prepare
    )


def snapshots(database: Database, patch: pytest.MonkeyPatch) -> None:
    """The test of snapshots."""
    shop = shop_at(database, trucks(4))
    for order in "AB":
        shop.booked(order)
    test_ledger.test_a_snapshot_saves_folding_and_changes_nothing(shop, patch)


# ---- the bugs -------------------------------------------------------------------------------


def lock_nothing(connection: Connection, pool_day_id: str) -> store.DayRow:
    return store.read_day(connection, pool_day_id)


def believe_memory(connection: Connection, cache: WitnessCache, row: store.DayRow) -> Witness:
    kept = cache.get(row.id)
    return archive.stored_witness(connection, row.id) if kept is None else kept


@contextmanager
def remember_at_once(
    database: Database, cache: WitnessCache, *, now: datetime, actor: unit.Actor
) -> Iterator[unit.Unit]:
    with database.writing() as connection:
        work = unit.Unit(connection, cache, now, actor)
        try:
            yield work
        finally:
            work.remember()
        work.close()


@contextmanager
def tell_afterwards(
    database: Database, cache: WitnessCache, *, now: datetime, actor: unit.Actor
) -> Iterator[unit.Unit]:
    with database.writing() as connection:
        work = unit.Unit(connection, cache, now, actor)
        yield work
        told, work._told = work._told, {}
        work.close()
    work.remember()
    with database.writing() as connection:
        for tenant_id, events in told.items():
            emit(connection, tenant_id, events, now)


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


def new_before_old(
    work: unit.Unit,
    judge: Judge,
    tenant_id: str,
    booking_id: str,
    *,
    hold_id: str,
    expected: int | None = None,
) -> Answer:
    """Give the old window up, and then see whether the new one is there; commit in any case."""
    old, new = moving.take_up(work, tenant_id, booking_id, hold_id)
    old.back(Move.RESCHEDULE, judge, moved_to=hold_id)
    try:
        return promise_answer(confirming.confirmed(new, judge))
    except Refused as refused:
        return Answer(status=refused.status, body=refused.body())


BOOK_BUGS = (
    BookBug(
        name="a day is not locked",
        plant=instead(unit, "lock_day", lock_nothing),
        trial=race(test_races.test_places_are_sold_once, together=1),
        kind="postgresql",
    ),
    BookBug(
        name="the cache is believed without looking for newer events",
        plant=instead(unit, "present_witness", believe_memory),
        trial=story(test_book.test_another_process_sees_what_was_decided),
    ),
    BookBug(
        name="the cache keeps what was rolled back",
        plant=both(
            instead(transactions, "unit_of_work", remember_at_once),
            instead(hold_desk, "unit_of_work", remember_at_once),
        ),
        trial=cut(test_interrupted.cancelling),
    ),
    BookBug(
        name="the outbox is written after the commit",
        plant=instead(transactions, "unit_of_work", tell_afterwards),
        trial=cut(test_interrupted.confirming),
    ),
    BookBug(
        name="nobody is told",
        plant=instead(unit, "emit", nothing),
        trial=story(test_book.test_what_is_held_and_confirmed_is_booked),
    ),
    BookBug(
        name="holds of one transaction are decided as if each were alone",
        plant=instead(holding, "_decide", decide_each_alone),
        trial=story(test_book.two_in_one_transaction),
    ),
    BookBug(
        name="what was judged before the lock is not judged again",
        plant=instead(holding, "_decide", trust_early),
        trial=story(test_book.test_another_process_sees_what_was_decided),
    ),
    BookBug(
        name="sold out is told from memory",
        plant=instead(hold_desk.HoldDesk, "present", present_from_memory),
        trial=story(test_book.test_a_place_that_another_process_freed_is_sold),
    ),
    BookBug(
        name="an expired hold is confirmed without a place",
        plant=instead(confirming, "_placed", flip_only),
        trial=story(test_book.test_an_expired_hold_frees_its_place),
    ),
    BookBug(
        name="a cancelled promise can be confirmed",
        plant=legal_from_anywhere,
        trial=story(test_book.test_release_and_cancel_free_the_place),
    ),
    BookBug(
        name="holds are expired before their time",
        plant=both(
            answers(taking_back, "is_late", lambda _: True),
            instead(
                store,
                "overdue",
                lambda connection, now, limit: [
                    (row.pool_day_id, row.id)
                    for row in connection.execute(select(PROMISE).where(PROMISE.c.status == "held"))
                ],
            ),
        ),
        trial=story(test_book.test_a_hold_is_not_expired_before_its_time),
    ),
    BookBug(
        name="a promise that is taken back stays on its route",
        plant=instead(moving, "lifted", stay),
        trial=story(test_book.test_release_and_cancel_free_the_place),
    ),
    BookBug(
        name="the old window is given up before the new one is sure",
        plant=instead(rescheduling, "reschedule", new_before_old),
        trial=story(test_book.test_a_booking_stays_when_the_new_window_is_gone),
    ),
    BookBug(
        name="the answer is not kept",
        plant=both(instead(transactions, "settle", nothing), instead(hold_desk, "settle", nothing)),
        trial=story(test_book.test_the_same_key_gets_the_same_answer_and_one_hold),
    ),
    BookBug(
        name="a key is not claimed",
        plant=both(
            instead(hold_desk, "claim", nothing),
            instead(hold_desk, "settle", nothing),
        ),
        trial=story(test_book.test_the_same_key_gets_the_same_answer_and_one_hold),
    ),
    BookBug(
        name="a key stands for any request",
        plant=instead(transactions, "digest", lambda _: "same"),
        trial=story(test_book.test_the_same_key_gets_the_same_answer_and_one_hold),
    ),
    BookBug(
        name="what was taken is not given back",
        plant=instead(moving, "give_back", nothing),
        trial=story(test_book.test_stock_is_taken_by_a_hold_and_returned_when_it_ends),
    ),
    BookBug(
        name="nobody counts",
        plant=both(instead(holding, "take", nothing), instead(counted, "take", nothing)),
        trial=race(test_races.test_the_last_car_is_sold_once_on_many_days),
    ),
    BookBug(
        name="counted rows are not locked",
        plant=instead(
            holding,
            "lock_counted",
            lambda connection, tenant_id, keys: dict.fromkeys(keys, 10**6),
        ),
        trial=race(test_races.test_the_last_car_is_sold_once_on_many_days),
        kind="postgresql",
    ),
    BookBug(
        name="any tenant may touch any promise",
        plant=instead(moving, "find_promise", any_tenant),
        trial=story(test_book.test_another_tenant_finds_nothing),
    ),
    BookBug(
        name="If-Match is not looked at",
        plant=instead(taking_back, "refuse_other_version", nothing),
        trial=story(test_book.test_a_change_of_another_version_is_refused),
    ),
    BookBug(
        name="a plan is published without what came after its snapshot",
        plant=instead(publishing, "merge", merge_without_news),
        trial=story(test_book.test_a_plan_is_merged_with_what_came_after_its_snapshot),
    ),
    BookBug(
        name="a plan is published unchecked",
        plant=both(
            instead(publishing, "refuse_faults", nothing), answers(unit, "sound", lambda _: _)
        ),
        trial=story(test_book.test_a_plan_that_drops_a_promise_is_refused),
    ),
    BookBug(
        name="a change of the world does not make plans stale",
        plant=answers(ledger, "_changed", lambda after: replace(after, world_seq=1)),
        trial=story(test_book.test_a_plan_of_another_world_is_refused),
    ),
    BookBug(
        name="a promise is put at risk that nothing has broken",
        plant=instead(risking, "consequences", at_risk_for_nothing),
        trial=story(test_book.test_a_lost_truck_puts_its_promises_at_risk_and_nothing_is_deleted),
    ),
    BookBug(
        name="events are not chained",
        plant=instead(unit, "event_hash", forget_the_chain),
        trial=story(test_book.test_what_is_held_and_confirmed_is_booked),
    ),
    BookBug(
        name="a snapshot is one event old",
        plant=instead(
            unit,
            "write_snapshot",
            lambda connection, day, witness: archive.write_snapshot(
                connection, day, replace(witness, promises=dict(list(witness.promises.items())[1:]))
            ),
        ),
        trial=snapshots,
    ),
)
