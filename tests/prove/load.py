"""Many sellers on many days at once; afterwards every answer is looked up in the ledger."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select

from api.kit.db import Database
from api.kit.idempotency import Answer
from api.slots.archive import event_of
from api.slots.tables import EVENT, PROMISE
from tests.api.slots.books import DAY, Shop, hold_id, shop_at, trucks
from tests.databases import new_database

Seen = tuple[str, float, Answer]
"""What was asked, how long it took (seconds), and the answer."""


@dataclass(slots=True)
class Figures:
    """What a load measured."""

    seen: list[Seen] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    wall_s: float = 0.0
    cpu_s: float = 0.0

    def p95_ms(self, kind: str) -> float:
        """The 95th of a hundred answers, in milliseconds."""
        times = sorted(took for asked, took, _ in self.seen if asked == kind)
        return round(1000 * times[int(0.95 * len(times))], 1) if times else 0.0

    def granted(self, kind: str = "") -> int:
        return sum(answer.granted and asked.startswith(kind) for asked, _, answer in self.seen)

    def ask(self, kind: str, call: Callable[[], Answer]) -> Answer:
        started = time.perf_counter()
        answer = call()
        self.seen.append((kind, time.perf_counter() - started, answer))
        return answer


def run_together(
    shops: Sequence[Shop], figures: Figures, work: Callable[[int, Shop, Figures], None]
) -> None:
    """Run a thread a shop, each with figures of its own, and add them up."""
    own = [Figures() for _ in shops]

    def run(number: int, shop: Shop) -> None:
        try:
            work(number, shop, own[number])
        except BaseException as error:  # a thread's error must not be lost
            figures.errors.append(error)

    threads = [
        threading.Thread(target=run, args=(number, shop)) for number, shop in enumerate(shops)
    ]
    wall, cpu = time.perf_counter(), time.process_time()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    figures.wall_s = time.perf_counter() - wall
    figures.cpu_s = time.process_time() - cpu
    for part in own:
        figures.seen += part.seen


def mixed_load(
    kind: str, folder: Path, *, operations: int, sellers: int = 8, days: int = 20, places: int = 40
) -> tuple[Figures, dict[str, object]]:
    """Hold, confirm, cancel, release, move over many days; then check every single answer."""
    database = new_database(kind, folder)
    first = shop_at(database, trucks(places))
    dates = [DAY + timedelta(days=n) for n in range(days)]
    for day in dates[2:]:
        first.open(day)
    # Half of the sellers share a process's book, the others have their own.
    shops = [first.beside("process-2") if n % 2 else first for n in range(sellers)]
    figures = Figures()

    def work(number: int, shop: Shop, mine: Figures) -> None:
        luck = Random(number)
        live: list[tuple[str, str]] = []
        turn = 0
        while len(mine.seen) < operations // sellers:
            turn += 1
            _one_order(shop, mine, luck, f"{number}.{turn}", dates, live)

    run_together(shops, figures, work)
    wrong = answers_not_in_the_ledger(database, figures.seen)
    faults = first.book.faults()
    database.close()
    if figures.errors:
        raise figures.errors[0]
    return figures, {"wrong answers": len(wrong), "faults": len(faults)}


def _one_order(
    shop: Shop,
    mine: Figures,
    luck: Random,
    order: str,
    dates: Sequence[date],
    live: list[tuple[str, str]],
) -> None:
    held = mine.ask("hold", lambda: shop.hold(order, day=luck.choice(dates)))
    if held.granted:
        promise = hold_id(held)
        if luck.random() < 0.1:
            mine.ask("release", lambda: shop.book.release(shop.caller(), promise))
            return
        if mine.ask("confirm", lambda: shop.confirm(promise)).granted:
            live.append((order, promise))
    if live and (luck.random() < 0.75 or not held.granted):
        old_order, old = live.pop(luck.randrange(len(live)))
        if luck.random() < 0.2:
            new = mine.ask("hold", lambda: shop.hold(old_order, day=luck.choice(dates)))
            if new.granted:
                to = hold_id(new)
                mine.ask("reschedule", lambda: shop.book.reschedule(shop.caller(), old, hold_id=to))
                live.append((old_order, to))
                return
        mine.ask("cancel", lambda: shop.book.cancel(shop.caller(), old))


def answers_not_in_the_ledger(database: Database, seen: Sequence[Seen]) -> list[str]:
    """Look every granted answer up by its day and seq: there, of that kind, of that promise, and
    nobody else's."""
    kinds = {
        "hold": "held",
        "confirm": "confirmed",
        "release": "released",
        "cancel": "cancelled",
        "reschedule": "confirmed",
    }
    events: dict[tuple[str, int], tuple[str, str]] = {}
    with database.reading() as connection:
        for row in connection.execute(select(EVENT)):
            body = event_of(row).body
            promise = body.get("promise_id") or body.get("promise", {}).get("promise_id", "")
            events[row.pool_day_id, row.seq] = (row.type, promise)
        known = set(connection.execute(select(PROMISE.c.id)).scalars())
    wrong = []
    claimed: dict[tuple[str, int], str] = defaultdict(str)
    for kind, _, answer in seen:
        if not answer.granted:
            continue
        where = (str(answer.body["pool_day"]), int(str(answer.body["seq"])))
        promise = str(answer.body.get("hold_id") or answer.body["booking_id"])
        if events.get(where) != (kinds[kind], promise) or promise not in known:
            wrong.append(f"lost: {kind} {promise} at {where}")
        if claimed[where]:
            wrong.append(f"doubled: {kind} {promise} at {where}, also {claimed[where]}")
        claimed[where] = promise
    return wrong


def midnight_launch(
    kind: str, folder: Path, *, buyers: int, places: int, sellers: int = 16
) -> tuple[Figures, dict[str, object]]:
    """Everybody wants one Saturday. One-car trucks, so that places count exactly."""
    database = new_database(kind, folder)
    shop = shop_at(database, trucks(places))
    figures = Figures()

    def work(number: int, mine: Shop, own: Figures) -> None:
        luck = Random(number)
        for turn in range(number, buyers, sellers):
            held = own.ask("hold", lambda: mine.hold(f"buyer-{turn}"))  # noqa: B023
            if not held.granted:
                continue
            promise = hold_id(held)
            if luck.random() < 0.1:
                own.ask("release", lambda: mine.book.release(mine.caller(), promise))  # noqa: B023
            else:
                own.ask("confirm", lambda: mine.confirm(promise))  # noqa: B023

    run_together([shop] * sellers, figures, work)
    sold = figures.granted("confirm")
    faults = shop.book.faults()
    wrong = answers_not_in_the_ledger(database, figures.seen)
    database.close()
    if figures.errors:
        raise figures.errors[0]
    return figures, {
        "sold %": round(100 * sold / places, 1),
        "overbooked": max(0, sold - places),
        "wrong answers": len(wrong),
        "faults": len(faults),
    }
