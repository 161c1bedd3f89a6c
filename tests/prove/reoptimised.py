"""Sellers, a re-optimiser, planners with old snapshots, lost trucks and repairs, all at once.

Every thread has a book of its own, as processes have. Afterwards the ledger is replayed from its
first event; whatever is promised and was not struck from outside must be on a route.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import select

from api.kit.db import Database
from api.plans.reoptimising import Better, Reoptimiser, Verdict
from api.slots.publishing import NewPlan
from api.slots.risking import OutsideEvent
from api.slots.states import BOOKED
from api.slots.tables import PROMISE
from routing.judge import Refusal
from routing.witness import Decision, Witness
from tests.api.slots.books import DAY, POOL, TENANT, Shop, hold_id, shop_at, trucks
from tests.api.slots.plane import PlaneJudge, World
from tests.databases import empty_tables, new_database

PLACES = 4
CARS = 4
TURNS = 6


@dataclass(slots=True)
class PlaneImproves:
    """Puts everything on the plane anew, in so many other orders; the shortest stays."""

    judge: PlaneJudge
    luck: Random
    tries: int = 1

    def __call__(
        self, witness: Witness, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Better | None:
        found = [made for _ in range(self.tries) if (made := self._anew(witness)) is not None]
        if not found:
            return None
        best = min(found, key=length)
        return Better(routes=best.routes, cost_before=length(witness), cost_after=length(best))

    def _anew(self, witness: Witness) -> Witness | None:
        asks = [witness.promises[name].ask for name in sorted(witness.served)]
        self.luck.shuffle(asks)
        made = Witness(
            pool=witness.pool, day=witness.day, basis=witness.basis, promises=witness.promises
        )
        for ask in asks:
            found = self.judge.place(made, ask)
            if isinstance(found, Refusal):
                return None
            made = made.decided(Decision(routes=found.routes))
        return made


def length(witness: Witness) -> int:
    """Minutes until all trucks are home, added up."""
    return round(sum(float(str(each.told["returns"])) for each in witness.routes.values()) * 100)


@dataclass(slots=True)
class History:
    """What the threads have done."""

    counts: Counter[str] = field(default_factory=Counter)
    struck: set[str] = field(default_factory=set)
    errors: list[BaseException] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str) -> None:
        with self.guard:
            self.counts[what] += 1


def histories(kind: str, folder: Path, *, count: int, seed: int = 1) -> Counter[str]:
    """Play histories; raises at the first promise that is broken by one of ours."""
    database = new_database(kind, folder)
    total: Counter[str] = Counter()
    for number in range(count):
        empty_tables(database)
        total += one_history(database, Random(seed * 1_000_003 + number))
        total["histories"] += 1
    database.close()
    return total


def one_history(database: Database, luck: Random) -> Counter[str]:
    """Let all threads go together, then look at every promise."""
    shop = shop_at(database, trucks(PLACES, cars=CARS))
    history = History()
    parts = [_sells, _sells, _reoptimises, _publishes_late, _is_struck]
    gate = threading.Barrier(len(parts))

    def play(part: Callable[[Shop, Random, History], None], its: Shop, dice: Random) -> None:
        gate.wait()
        try:
            part(its, dice, history)
        except BaseException as error:  # a thread's error must not be lost
            history.errors.append(error)

    threads = [
        threading.Thread(target=play, args=(part, shop.beside(f"part{n}"), Random(luck.random())))
        for n, part in enumerate(parts)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if history.errors:
        raise history.errors[0]
    _judge(database, shop, history)
    return history.counts


def _sells(shop: Shop, luck: Random, history: History) -> None:
    mine: list[str] = []
    for turn in range(TURNS):
        if mine and luck.random() < 0.25:
            gone = mine.pop(luck.randrange(len(mine)))
            if shop.book.cancel(shop.caller(), gone).granted:
                history.note("cancelled")
            continue
        start = luck.randrange(6, 16)
        held = shop.hold(
            f"{shop.client}.{turn}",
            hours=(start, start + luck.choice((2, 4, 8))),
            at=(luck.uniform(-90, 90), luck.uniform(-90, 90)),
        )
        if not held.granted:
            history.note("sold out")
            continue
        if shop.confirm(hold_id(held)).granted:
            history.note("promised")
            mine.append(hold_id(held))


def _reoptimises(shop: Shop, luck: Random, history: History) -> None:
    improve = PlaneImproves(shop.judge, luck, tries=8)
    reoptimiser = Reoptimiser(shop.database, shop.clock, shop.book, improve)
    for _ in range(TURNS):
        done = reoptimiser.improve_day(shop.caller(), pool=POOL, day=DAY)
        history.note(f"reoptimiser {done.verdict.value}")
        if done.verdict is Verdict.IMPROVED:
            assert done.saved_minor > 0


def _publishes_late(shop: Shop, luck: Random, history: History) -> None:
    """A planner that works on an old snapshot while everybody else goes on."""
    base = shop.book.witness(TENANT, pool=POOL, day=DAY)
    for _ in range(TURNS):
        found = PlaneImproves(shop.judge, luck)(base)
        now = shop.book.witness(TENANT, pool=POOL, day=DAY)
        if found is not None:
            plan = NewPlan(plan_id="late", base_plan_seq=base.plan_seq, routes=found.routes)
            answer = shop.book.days.publish(shop.caller(), pool=POOL, day=DAY, plan=plan)
            history.note(f"published {answer.status}")
        base = now


def _is_struck(shop: Shop, luck: Random, history: History) -> None:
    """A truck is lost; another one is hired; what is at risk is put on it."""
    names = [f"T{n}" for n in range(PLACES)]
    for turn in range(2):
        lost = luck.choice(names)
        names.remove(lost)
        names.append(f"H{turn}")
        basis = "-".join(names)
        whole = trucks(PLACES, cars=CARS)
        one = next(iter(whole.trucks.values()))
        shop.judge.worlds[basis] = World(
            trucks={name: type(one)(id=name, cars=CARS) for name in names}
        )
        event = OutsideEvent(
            id=f"event-{turn}", kind="fleet", detail="", basis=basis, lost_trucks=frozenset({lost})
        )
        struck = shop.book.days.happen(shop.caller(), pool=POOL, day=DAY, event=event)
        history.struck |= set(struck.body.get("at_risk", ()))  # type: ignore[call-overload]
        history.note("struck")
        base = shop.book.witness(TENANT, pool=POOL, day=DAY)
        made = base
        for name in sorted(each for each, p in base.promises.items() if p.at_risk_by):
            found = shop.judge.place(made, base.promises[name].ask)
            if isinstance(found, Decision):
                made = made.decided(found)
        plan = NewPlan(plan_id="repair", base_plan_seq=base.plan_seq, routes=made.routes)
        answer = shop.book.days.publish(shop.caller(), pool=POOL, day=DAY, plan=plan)
        history.note(f"repaired {answer.status}")


def _judge(database: Database, shop: Shop, history: History) -> None:
    assert shop.book.faults() == ()
    witness = shop.book.witness(TENANT, pool=POOL, day=DAY)
    with database.reading() as connection:
        rows = connection.execute(select(PROMISE)).all()
    for row in rows:
        if row.status not in BOOKED:
            continue
        if row.at_risk_by:
            assert row.id in history.struck, f"{row.id} is broken, and nobody struck it"
            continue
        assert row.id in witness.served, f"{row.id} was promised, and is on no route"
    history.counts["live"] += sum(row.status in BOOKED for row in rows)
    history.counts["broken"] += 0
