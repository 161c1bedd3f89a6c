"""kill -9 in the middle, again and again: what was answered must be so afterwards.

After each kill the book is opened by another process, checked from its first event, and every
request repeated under its key: those that were answered must be answered alike, those whose answer
was lost must turn out to have happened wholly or not at all.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from api.kit.db import Database
from api.slots.states import PromiseState
from tests.api.slots.books import TENANT, hold_id, shop_at, trucks
from tests.databases import empty_tables, empty_url
from tests.prove.victim import Line, carry_out, read_lines, sell_until_killed, shop_of

PLACES = 12
WORLD = trucks(PLACES)

AFTERWARDS = {
    "hold": {PromiseState.HELD},
    "hold-next": {PromiseState.HELD},
    "confirm": {PromiseState.CONFIRMED},
    "cancel": {PromiseState.CANCELLED},
    "move": {PromiseState.RESCHEDULED},
}
"""Where a promise is after the last request of it that was answered."""


def killed_processes(kind: str, folder: Path, *, kills: int, seed: int = 1) -> Counter[str]:
    """Kill that many processes; raises at the first thing that was lost, doubled or invented."""
    from api.migrations.upgrade import upgrade

    url = empty_url(kind, folder)
    database = Database(url)
    upgrade(database)
    counts: Counter[str] = Counter()
    luck = Random(seed)
    for _ in range(kills):
        empty_tables(database)
        shop = shop_at(database, WORLD)
        shop.supply("red", 2 * PLACES)
        database.close()  # no connection is shared with the child
        lines = _sell_and_kill(url, luck)
        counts += judged(database, lines)
        counts["kills"] += 1
    database.close()
    return counts


def _sell_and_kill(url: str, luck: Random) -> list[Line]:
    out, into = os.pipe()
    child = multiprocessing.get_context("fork").Process(
        target=sell_until_killed, args=(url, WORLD, into, luck.randrange(10**6))
    )
    child.start()
    os.close(into)
    text = b""
    for _ in range(luck.randint(2, 60)):
        told = os.read(out, 4096)
        if not told:
            break
        text += told
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    while told := os.read(out, 65_536):
        text += told
    os.close(out)
    return read_lines(text.decode())


def judged(database: Database, lines: Sequence[Line]) -> Counter[str]:
    shop = shop_of(database, WORLD)
    assert shop.book.faults() == ()
    answered = [line for line in lines if line.answer is not None]
    answered_keys = {line.key for line in answered}
    lost = [line for line in lines if line.answer is None and line.key not in answered_keys]
    _expect_states(shop.book.promise, answered, lost)
    for line in answered:
        assert line.answer is not None
        if line.answer.granted:
            assert carry_out(shop, line) == line.answer, line
    for line in lost:
        first = carry_out(shop, line)
        if first.granted:
            assert carry_out(shop, line) == first, line
    assert shop.book.faults() == ()
    return Counter(answered=len(answered), unanswered=len(lost))


def _expect_states(read: object, answered: Sequence[Line], lost: Sequence[Line]) -> None:
    """The last answer about a promise holds, or a later request whose answer was lost."""
    expected: dict[str, set[PromiseState]] = {}
    for line in answered:
        assert line.answer is not None
        if line.answer.granted:
            promise = line.promise or hold_id(line.answer)
            expected[promise] = set(AFTERWARDS[line.kind])
            if line.other:
                expected[line.other] = {PromiseState.CONFIRMED}
    for line in lost:
        for promise, after in (
            (line.promise, AFTERWARDS[line.kind]),
            (line.other, {PromiseState.CONFIRMED}),
        ):
            if promise:
                expected[promise] |= after
    for promise, states in expected.items():
        state = read(TENANT, promise).state  # type: ignore[operator]
        assert state in states, f"{promise} is {state}, answered was {states}"
