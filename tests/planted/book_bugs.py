"""Bugs of the promise protocol, each a patch of one place, and what in the suite must notice it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from api.kit.db import Database
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
    service,
    store,
    taking_back,
    transactions,
    unit,
)
from api.slots.tables import PROMISE
from tests.api.slots import (
    test_book,
    test_interrupted,
    test_ledger,
    test_plans,
    test_races,
    test_repeats,
)
from tests.api.slots.books import Shop, shop_at, trucks
from tests.planted.book_plants import (
    any_tenant,
    at_risk_for_nothing,
    believe_memory,
    decide_each_alone,
    failed_for_ever,
    flip_only,
    forget_the_chain,
    hold_as_the_order_is,
    legal_from_anywhere,
    lock_nothing,
    look_at_the_key_before_the_day,
    merge_without_news,
    new_before_old,
    nothing,
    present_from_memory,
    remember_at_once,
    stay,
    tell_afterwards,
    trust_early,
)
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
        name="the car of a failed attempt is lost",
        plant=failed_for_ever,
        trial=story(test_plans.test_a_failed_attempt_can_be_given_up_and_its_car_is_sold_again),
    ),
    BookBug(
        name="a failed attempt is moved although its order is booked anew",
        plant=instead(rescheduling, "refuse_second_booking", nothing),
        trial=story(
            test_plans.test_a_failed_attempt_whose_order_is_booked_anew_is_not_moved_as_well
        ),
    ),
    BookBug(
        name="holds are expired before their time",
        plant=both(
            answers(taking_back, "is_late", lambda _: True),
            instead(
                store,
                "overdue",
                lambda connection, now, limit, but=(): [
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
        name="copies of a request in one batch each claim its key",
        plant=instead(hold_desk, "_first_of_each_key", lambda waiting: list(range(len(waiting)))),
        trial=story(test_repeats.test_copies_of_a_request_in_one_batch_get_one_answer),
    ),
    BookBug(
        name="that an order holds another window is told for ever",
        plant=answers(hold_desk, "_is_final", lambda _: True),
        trial=story(test_repeats.test_the_second_ask_of_an_order_hears_which_hold_it_has),
    ),
    BookBug(
        name="a hold of a changed order is another request",
        plant=instead(service.Book, "hold_offer", hold_as_the_order_is),
        trial=story(test_repeats.held_of_a_changed_order),
    ),
    BookBug(
        name="the stored answer is looked for before the day is read",
        plant=instead(hold_desk.HoldDesk, "_early", look_at_the_key_before_the_day),
        trial=test_repeats.test_a_copy_that_comes_while_the_first_is_granted_is_granted_too,
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
        trial=story(test_plans.test_a_plan_is_merged_with_what_came_after_its_snapshot),
    ),
    BookBug(
        name="a plan is published unchecked",
        plant=both(
            instead(publishing, "refuse_faults", nothing), answers(unit, "sound", lambda _: _)
        ),
        trial=story(test_plans.test_a_plan_that_drops_a_promise_is_refused),
    ),
    BookBug(
        name="a plan is published that takes a frozen promise off its truck",
        plant=instead(publishing, "refuse_rerouted", nothing),
        trial=story(test_plans.test_a_plan_leaves_what_is_under_way_on_its_truck),
    ),
    BookBug(
        name="a change of the world does not make plans stale",
        plant=answers(ledger, "_changed", lambda after: replace(after, world_seq=1)),
        trial=story(test_plans.test_a_plan_of_another_world_is_refused),
    ),
    BookBug(
        name="a promise is put at risk that nothing has broken",
        plant=instead(risking, "consequences", at_risk_for_nothing),
        trial=story(test_plans.test_a_lost_truck_puts_its_promises_at_risk_and_nothing_is_deleted),
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
