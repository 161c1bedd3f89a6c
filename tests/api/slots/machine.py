"""Hypothesis plays the seller, the sweeper, the planner and bad luck against the reference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from api.kit.db import Database
from api.kit.idempotency import Answer
from api.slots.publishing import NewPlan
from api.slots.risking import OutsideEvent
from api.slots.states import UNDER_WAY, Move, PromiseState
from api.slots.store import promises_of
from api.slots.tables import COUNTED, POOL_DAY
from api.slots.transactions import Caller
from routing.witness import Decision, RouteRecord, Witness
from tests.api.slots.books import DAY, NEXT, POOL, TENANT, TTL, hold_id, shop_at
from tests.api.slots.plane import PlaneTruck, World
from tests.api.slots.reference import Entry, Reference
from tests.databases import empty_tables

PLACES = 3
ORDERS = st.sampled_from("ABCDE")
DAYS = st.sampled_from((DAY, NEXT))
STOCK = st.sampled_from(("", "", "red"))
WHO = st.integers(0, 1)
PICK = st.integers(0, 30)


class BookMachine(RuleBasedStateMachine):
    """Every answer must be one that the reference gives; after each step the book is sound."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        empty_tables(database)
        self.names = {day: [f"T{n}" for n in range(PLACES)] for day in (DAY, NEXT)}
        self.hired = 0
        self.shops = [shop_at(database, self.world(DAY))]
        self.shops.append(self.shops[0].beside("other"))
        self.model = Reference(places={DAY: PLACES, NEXT: PLACES}, stock={"red": 2})
        self.snapshots: dict[date, Witness] = {}
        self.stale: set[date] = set()
        self.asked: list[tuple[Caller, str, str, Answer]] = []

    def world(self, day: date) -> World:
        return World.of(*(PlaneTruck(id=name) for name in self.names[day]))

    @initialize()
    def stock_up(self) -> None:
        assert self.shops[0].supply("red", 2).status == 200

    def pick(self, number: int) -> str:
        ids = list(self.model.entries)
        return ids[number % len(ids)]

    def is_right(self, answer: Answer, *right: tuple[int, str]) -> None:
        got = (answer.status, "" if answer.granted else str(answer.body["code"]))
        assert got in right, f"answered {got}, right would be {right}"

    def any_promise(self) -> bool:
        return bool(self.model.entries)

    # ---- the seller ---------------------------------------------------------------------------

    @rule(who=WHO, order=ORDERS, day=DAYS, stock=STOCK)
    def hold(self, who: int, order: str, day: date, stock: str) -> None:
        shop = self.shops[who]
        right = self.model.hold(order, day, stock)
        answer = shop.hold(order, day=day, stock=stock)
        self.is_right(answer, *right)
        if answer.granted:
            self.model.entries[hold_id(answer)] = Entry(
                order, day, PromiseState.HELD, stock, shop.clock.now() + TTL
            )

    @rule(
        who=WHO,
        day=DAYS,
        rush=st.lists(st.tuples(ORDERS, STOCK, st.booleans()), min_size=2, max_size=5),
    )
    def rush(self, who: int, day: date, rush: list[tuple[str, str, bool]]) -> None:
        """Several buyers in a row; some of them pay at once."""
        for order, stock, pays in rush:
            self.hold(who, order, day, stock)
            held = self.model.held_by(order)
            if pays and held is not None:
                self.confirm(1 - who, list(self.model.entries).index(held))

    @precondition(any_promise)
    @rule(who=WHO, number=PICK)
    def confirm(self, who: int, number: int) -> None:
        promise_id, caller = self.pick(number), self.shops[who].caller()
        right = self.model.confirm(promise_id)
        answer = self.shops[who].book.confirm(caller, promise_id)
        self.is_right(answer, right)
        self.asked.append((caller, "confirm", promise_id, answer))

    @precondition(any_promise)
    @rule(who=WHO, number=PICK, move=st.sampled_from((Move.RELEASE, Move.CANCEL)))
    def take_back(self, who: int, number: int, move: Move) -> None:
        promise_id, caller = self.pick(number), self.shops[who].caller()
        right = self.model.take_back(promise_id, move)
        book = self.shops[who].book
        ask = book.release if move == Move.RELEASE else book.cancel
        answer = ask(caller, promise_id)
        self.is_right(answer, right)
        self.asked.append((caller, move, promise_id, answer))

    @precondition(any_promise)
    @rule(who=WHO, old=PICK, new=PICK)
    def reschedule(self, who: int, old: int, new: int) -> None:
        old_id = self.pick(old)
        mine = [
            each
            for each, entry in self.model.entries.items()
            if entry.order == self.model.entries[old_id].order and each != old_id
        ]
        if not mine:
            return
        new_id = mine[new % len(mine)]
        again = self.shops[who].book.promise(TENANT, old_id).moved_to == new_id
        right = (200, "") if again else self.model.reschedule(old_id, new_id)
        answer = self.shops[who].book.reschedule(self.shops[who].caller(), old_id, hold_id=new_id)
        self.is_right(answer, right)

    @precondition(lambda self: self.asked)
    @rule(number=PICK)
    def repeat_a_request(self, number: int) -> None:
        """The answer was lost on its way; another process gets the repeated request."""
        caller, what, promise_id, before = self.asked[number % len(self.asked)]
        book = self.shops[number % 2].book
        asks = {"confirm": book.confirm, Move.RELEASE: book.release, Move.CANCEL: book.cancel}
        if before.granted:
            assert asks[what](caller, promise_id) == before  # type: ignore[operator]

    # ---- time, and the day of delivery --------------------------------------------------------

    @rule(minutes=st.sampled_from((1, 10, 20)))
    def time_passes(self, minutes: int) -> None:
        self.shops[0].clock.turn(timedelta(minutes=minutes))

    @rule(who=WHO)
    def sweep(self, who: int) -> None:
        right = self.model.expire(self.shops[who].clock.now())
        assert self.shops[who].book.expire_overdue() == right

    @precondition(any_promise)
    @rule(
        who=WHO,
        number=PICK,
        steps=st.lists(
            st.sampled_from((Move.FREEZE, Move.DISPATCH, Move.ARRIVE, Move.HAND_OVER, Move.FAIL)),
            min_size=1,
            max_size=4,
        ),
    )
    def deliver(self, who: int, number: int, steps: list[Move]) -> None:
        promise_id = self.pick(number)
        for move in steps:
            right = self.model.advance(promise_id, move)
            shop = self.shops[who]
            self.is_right(shop.book.advance(shop.caller(), promise_id, move), right)

    # ---- the planner, and bad luck ------------------------------------------------------------

    @rule(day=DAYS)
    def take_a_snapshot(self, day: date) -> None:
        self.snapshots[day] = self.shops[0].book.witness(TENANT, pool=POOL, day=day)
        self.stale.discard(day)

    def under_way(self, day: date) -> dict[str, str]:
        """The truck of each promise whose papers are printed."""
        present = self.shops[0].book.witness(TENANT, pool=POOL, day=day)
        return {
            each: truck
            for truck, made in present.routes.items()
            for each in made.serves
            if self.model.entries[each].state in UNDER_WAY
        }

    @rule(who=WHO, day=DAYS)
    def publish(self, who: int, day: date) -> None:
        """A plan with the same cars on other trucks: nothing of it may be lost."""
        base = self.snapshots.get(day)
        if base is None:
            return
        names = self.names[day]
        used = sorted(base.routes)
        others = [names[(names.index(n) + 1) % len(names)] for n in used if n in names]
        routes: dict[str, RouteRecord] = {
            new: replace(base.routes[old], truck_id=new)
            for old, new in zip(used, others, strict=False)
        }
        plan = NewPlan(plan_id="p", base_plan_seq=base.plan_seq, routes=routes)
        shop = self.shops[who]
        before = self.under_way(day)
        answer = shop.book.days.publish(shop.caller(), pool=POOL, day=day, plan=plan)
        if day in self.stale:
            self.is_right(answer, (409, "plan-base-stale"))
        elif before:
            self.is_right(answer, (200, ""), (409, "plan-refused"))
        else:
            self.is_right(answer, (200, ""))
        assert self.under_way(day) == before, "on its truck still"

    @rule(day=DAYS, which=st.integers(0, PLACES - 1))
    def lose_a_truck(self, day: date, which: int) -> None:
        if len(self.names[day]) < 2:
            return
        lost = self.names[day].pop(which % len(self.names[day]))
        shop = self.shops[0]
        before = shop.book.witness(TENANT, pool=POOL, day=day)
        made = before.routes.get(lost)
        hit = {each for each in made.serves if each in before.owed} if made else set()
        done = {each for each in made.serves if each not in before.owed} if made else set()
        told = self._world_changes(day, frozenset({lost}))
        assert set(told.body["at_risk"]) == hit, told.body  # type: ignore[call-overload]
        self.model.places[day] -= 1
        for each in hit:
            self.model.entries[each].at_risk = True
        for each in done:  # the truck was there; its place is gone with it
            self.model.entries[each].at_risk = True

    @rule(day=DAYS)
    def hire_a_truck_and_repair(self, day: date) -> None:
        """A new truck takes one promise that is at risk, if there is one."""
        if len(self.names[day]) > PLACES:
            return
        self.hired += 1
        self.names[day].append(f"H{self.hired}")
        told = self._world_changes(day, frozenset())
        assert told.body["at_risk"] == []
        self.model.places[day] += 1
        shop = self.shops[0]
        base = shop.book.witness(TENANT, pool=POOL, day=day)
        lost = sorted(each for each, p in base.promises.items() if p.at_risk_by and not p.done)
        if not lost:
            return
        without = base.forgetting(lost[0])
        placed = shop.judge.place(without, base.promises[lost[0]].ask)
        assert isinstance(placed, Decision)
        plan = NewPlan(
            plan_id="repair",
            base_plan_seq=base.plan_seq,
            routes=without.decided(placed).routes,
        )
        answer = shop.book.days.publish(shop.caller(), pool=POOL, day=day, plan=plan)
        assert answer.body["recovered"] == [lost[0]]
        self.model.entries[lost[0]].at_risk = False

    def _world_changes(self, day: date, lost: frozenset[str]) -> Answer:
        shop = self.shops[0]
        basis = f"{day}-{'-'.join(self.names[day])}"
        shop.judge.worlds[basis] = self.world(day)
        event = OutsideEvent(
            id=f"event-{basis}", kind="fleet", detail="", basis=basis, lost_trucks=lost
        )
        if day in self.snapshots:
            self.stale.add(day)
        return shop.book.days.happen(shop.caller(), pool=POOL, day=day, event=event)

    # ---- always -------------------------------------------------------------------------------

    @invariant()
    def the_book_is_sound(self) -> None:
        self.shops[0].assert_sound()

    @invariant()
    def the_book_is_the_reference(self) -> None:
        with self.database.reading() as connection:
            rows = {
                row.id: row
                for day in connection.execute(select(POOL_DAY.c.id)).scalars().all()
                for row in promises_of(connection, day)
            }
            left = connection.execute(select(COUNTED.c.left)).scalars().all()
        assert {each: row.state for each, row in rows.items()} == {
            each: entry.state for each, entry in self.model.entries.items()
        }
        live = {each for each, entry in self.model.entries.items() if entry.takes_place}
        with_risk = {each for each, row in rows.items() if row.promise.at_risk_by}
        assert not live & with_risk
        assert list(left) in ([], [self.model.left("red")])
