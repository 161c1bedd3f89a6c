"""The re-optimiser never drops a promise: the short form of `python -m tests.prove better`, days of
its own, and bugs that must be noticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from api.jobs.worker import Worker
from api.kit.db import Database
from api.plans.reoptimising import REOPTIMISE, Better, Reoptimiser, Verdict
from api.slots import publishing
from api.slots.risking import OutsideEvent
from api.slots.states import Move
from routing.witness import Witness
from tests.api.slots.books import DAY, POOL, TENANT, Shop, shop_at, trucks
from tests.api.slots.plane import PlaneJudge, World
from tests.prove.reoptimised import PlaneImproves, length, one_history

FAR_AND_NEAR = [(-80.0, 0.0), (80.0, 0.0), (-70.0, 1.0), (70.0, 1.0)]


def crooked(shop: Shop) -> list[str]:
    """Four buyers, east and west, sold so that both trucks go both ways."""
    names = [shop.booked(f"O{n}", at=place, hours=(6, 22)) for n, place in enumerate(FAR_AND_NEAR)]
    witness = shop.book.witness(TENANT, pool=POOL, day=DAY)
    made = replace(witness, routes={})
    for pair in ((names[0], names[1]), (names[2], names[3])):
        for name in pair:
            judge = PlaneJudge({"world": trucks(1, cars=4)})
            judge.worlds["world"] = replace_trucks(pair == (names[0], names[1]))
            found = judge.place(made, witness.promises[name].ask)
            made = made.decided(found)  # type: ignore[arg-type]  # there is room
    plan = publishing.NewPlan(plan_id="crooked", base_plan_seq=witness.plan_seq, routes=made.routes)
    assert shop.book.days.publish(shop.caller(), pool=POOL, day=DAY, plan=plan).granted
    return names


def replace_trucks(first: bool) -> World:
    """A world with one truck of the two."""
    whole = trucks(2, cars=4)
    name = "T0" if first else "T1"
    return replace(whole, trucks={name: whole.trucks[name]})


def reoptimiser(shop: Shop, seed: int = 1) -> Reoptimiser:
    improve = PlaneImproves(shop.judge, Random(seed), tries=24)
    return Reoptimiser(shop.database, shop.clock, shop.book, improve)


def test_it_saves_what_it_says(database: Database) -> None:
    """The routes that are in force afterwards are shorter by what it told."""
    shop = shop_at(database, trucks(2, cars=4))
    crooked(shop)
    before = shop.book.witness(TENANT, pool=POOL, day=DAY)
    done = reoptimiser(shop).improve_day(shop.caller(), pool=POOL, day=DAY)
    after = shop.book.witness(TENANT, pool=POOL, day=DAY)
    assert done.verdict is Verdict.IMPROVED
    assert done.saved_minor == length(before) - length(after) > 0
    assert after.served == before.served
    shop.assert_sound()


def test_a_day_whose_routes_are_frozen_rests(database: Database) -> None:
    """Drivers hold the papers of these routes."""
    shop = shop_at(database, trucks(2, cars=4))
    names = crooked(shop)
    assert shop.book.advance(shop.caller(), names[0], Move.FREEZE).granted
    done = reoptimiser(shop).improve_day(shop.caller(), pool=POOL, day=DAY)
    assert done.verdict is Verdict.RESTS


def test_each_state_of_a_day_is_looked_at_once(database: Database) -> None:
    """The same routes are the same job; a promise more is another."""
    shop = shop_at(database, trucks(2, cars=4))
    crooked(shop)
    looks = reoptimiser(shop)
    assert (looks.schedule(), looks.schedule()) == (1, 0)
    worker = Worker(database, shop.clock, {REOPTIMISE: looks}, name="w")
    assert worker.run_one()
    assert looks.schedule() == 1  # it was improved, so its routes are others
    while worker.run_one():
        pass
    shop.assert_sound()
    shop.booked("late", at=(5, 5), hours=(6, 22))
    assert looks.schedule() == 1


@pytest.mark.parametrize("seed", range(3))
def test_no_promise_is_broken_whatever_happens_at_once(database: Database, seed: int) -> None:
    """Sellers, re-optimiser, late plans, lost trucks and repairs, each with a book of its own."""
    counts = one_history(database, Random(seed))
    assert counts["broken"] == 0
    assert counts["promised"] > 0


def test_a_plan_from_before_a_truck_was_lost_is_refused(database: Database) -> None:
    """The re-optimiser began before the breakdown: its routes still use the truck."""
    shop = shop_at(database, trucks(2, cars=4))
    crooked(shop)
    sound = PlaneImproves(shop.judge, Random(1), tries=24)

    def breaks_down_meanwhile(
        witness: Witness, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Better | None:
        found = sound(witness)
        shop.judge.worlds["one"] = replace_trucks(True)
        event = OutsideEvent(
            id="e1", kind="fleet", detail="", basis="one", lost_trucks=frozenset({"T1"})
        )
        assert shop.book.days.happen(shop.caller(), pool=POOL, day=DAY, event=event).granted
        return found

    looks = Reoptimiser(database, shop.clock, shop.book, breaks_down_meanwhile)
    done = looks.improve_day(shop.caller(), pool=POOL, day=DAY)
    assert (done.verdict, done.why) == (Verdict.REFUSED, "plan-base-stale")
    shop.assert_sound()


def _forgets_one(patch: pytest.MonkeyPatch) -> None:
    """The improver leaves a promise out, and nobody counts."""
    sound = PlaneImproves.__call__

    def forgetful(self: PlaneImproves, witness: Witness, **named: Callable[[], bool]) -> object:
        found = sound(self, witness, **named)
        if found is None or not found.routes:
            return found
        last = max(found.routes)
        rest = {truck: made for truck, made in found.routes.items() if truck != last}
        return Better(routes=rest, cost_before=found.cost_before, cost_after=0)

    patch.setattr(PlaneImproves, "__call__", forgetful)
    patch.setattr(publishing, "refuse_faults", lambda *args: None)


def _forgets_the_newcomers(patch: pytest.MonkeyPatch) -> None:
    """What was promised since the snapshot is not put in."""

    def merge(judge: object, present: Witness, plan: publishing.NewPlan) -> publishing.Merged:
        witness = replace(present, routes=dict(plan.routes))
        return publishing.Merged(witness=witness, promises={})

    patch.setattr(publishing, "merge", merge)
    patch.setattr(publishing, "refuse_faults", lambda *args: None)


@pytest.mark.parametrize("bug", [_forgets_one, _forgets_the_newcomers])
def test_a_planted_bug_is_noticed(
    database: Database, bug: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a few histories: a proof that a broken book also passes proves nothing."""
    from tests.databases import empty_tables

    with monkeypatch.context() as patch:
        bug(patch)
        with pytest.raises(Exception, match=r"(?s).*") as noticed:
            for seed in range(12):
                empty_tables(database)
                one_history(database, Random(seed))
    assert not isinstance(noticed.value, (AttributeError, ImportError, NameError, TypeError))
