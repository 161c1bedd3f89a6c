"""Sellers that run at once: threads with books of their own, and a history of what they heard."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from api.kit.idempotency import Answer
from tests.api.slots.books import DAY, Shop, hold_id
from tests.api.slots.linear import Operation


@dataclass(slots=True)
class History:
    """What was asked and answered, by all sellers."""

    operations: list[Operation] = field(default_factory=list)
    answers: list[tuple[str, str, Answer]] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, kind: str, order: str, call: Callable[[], Answer]) -> Answer:
        """Make a call and write down when it was made and what it said."""
        called = time.monotonic()
        answer = call()
        operation = Operation(
            called=called,
            answered=time.monotonic(),
            kind=kind,
            order=order,
            status=answer.status,
        )
        with self._turn:
            self.operations.append(operation)
            self.answers.append((kind, order, answer))
        return answer


def sell_at_once(
    shops: Sequence[Shop], history: History, work: Callable[[int, Shop], None]
) -> None:
    """Run one thread a shop, all let go together; errors end up in the history."""
    gate = threading.Barrier(len(shops))

    def run(number: int, shop: Shop) -> None:
        gate.wait()
        try:
            work(number, shop)
        except BaseException as error:  # a thread's error must not be lost
            history.errors.append(error)

    threads = [
        threading.Thread(target=run, args=(number, shop)) for number, shop in enumerate(shops)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def small_history(shops: Sequence[Shop], seed: int, *, orders: int, day: date = DAY) -> History:
    """Let each shop sell a few orders of its own: hold, then perhaps confirm, cancel, release."""
    history = History()

    def work(number: int, shop: Shop) -> None:
        luck = Random(seed * 1_000 + number)
        for turn in range(orders):
            order = f"{seed}.{number}.{turn}"
            held = history.ask("hold", order, lambda: shop.hold(order, day=day))  # noqa: B023
            if not held.granted:
                continue
            promise = hold_id(held)
            if luck.random() < 0.3:
                release = shop.book.release
                history.ask("release", order, lambda: release(shop.caller(), promise))  # noqa: B023
            if luck.random() < 0.8:
                history.ask("confirm", order, lambda: shop.confirm(promise))  # noqa: B023
            if luck.random() < 0.7:
                cancel = shop.book.cancel
                history.ask("cancel", order, lambda: cancel(shop.caller(), promise))  # noqa: B023

    sell_at_once(shops, history, work)
    return history
