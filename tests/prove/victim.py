"""A process that sells until it is killed. Every answer goes down a pipe the moment it is known."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from api.kit.db import Database
from api.kit.idempotency import Answer
from api.slots.service import Book
from api.slots.transactions import Caller
from tests.api.slots.books import NEXT, SIGNER, TENANT, TTL, HandClock, Shop, hold_id
from tests.api.slots.plane import PlaneJudge, World

SELLERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One request of the victim: what it asked under which key, and the answer, if one came."""

    kind: str
    key: str
    order: str
    promise: str = ""
    other: str = ""
    answer: Answer | None = None


def caller(key: str) -> Caller:
    return Caller(tenant_id=TENANT, client_id="victim", key=key)


def carry_out(book_of: Shop, line: Line) -> Answer:
    """Make the request that a line tells of; by the same key it is the same request."""
    book, who = book_of.book, caller(line.key)
    calls: Mapping[str, Callable[[], Answer]] = {
        "hold": lambda: book_of.hold(line.order, stock="red", key=line.key),
        "hold-next": lambda: book_of.hold(line.order, day=NEXT, stock="red", key=line.key),
        "confirm": lambda: book.confirm(who, line.promise),
        "cancel": lambda: book.cancel(who, line.promise),
        "move": lambda: book.reschedule(who, line.promise, hold_id=line.other),
    }
    return calls[line.kind]()


def shop_of(database: Database, world: World) -> Shop:
    """Give the victim's shop: its keys are its own to choose, so that they can be repeated."""
    judge, clock = PlaneJudge({"world": world}), HandClock()
    book = Book(database, judge, clock, signer=SIGNER, hold_ttl=TTL)
    return Shop(database, judge, clock, book, client="victim")


def sell_until_killed(url: str, world: World, pipe: int, seed: int) -> None:
    """Run in a child process of its own. Never returns while it has something to sell."""
    shop = shop_of(Database(url), world)
    threads = [
        threading.Thread(target=sell, args=(shop, pipe, Random(seed * 10 + n), n))
        for n in range(SELLERS)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def sell(shop: Shop, pipe: int, luck: Random, number: int) -> None:
    for turn in range(200):
        order = f"{number}.{turn}"

        def ask(kind: str, promise: str = "", other: str = "") -> Answer:
            line = Line(
                kind=kind,
                key=f"{order}-{kind}",  # noqa: B023
                order=order,  # noqa: B023
                promise=promise,
                other=other,
            )
            _write(pipe, line)
            answer = carry_out(shop, line)
            _write(pipe, line, answer)
            return answer

        held = ask("hold")
        if not held.granted:
            continue
        promise = hold_id(held)
        ask("confirm", promise)
        fate = luck.random()
        if fate < 0.4:
            ask("cancel", promise)
        elif fate < 0.7:
            new = ask("hold-next")
            if new.granted:
                ask("move", promise, hold_id(new))
                ask("cancel", hold_id(new))


def _write(pipe: int, line: Line, answer: Answer | None = None) -> None:
    told = {
        "kind": line.kind,
        "key": line.key,
        "order": line.order,
        "promise": line.promise,
        "other": line.other,
    }
    if answer is not None:
        told |= {"status": answer.status, "body": answer.body}  # type: ignore[dict-item]
    # Shorter than PIPE_BUF, so lines of several threads do not mix.
    os.write(pipe, (json.dumps(told) + "\n").encode())


def read_lines(text: str) -> list[Line]:
    """Read what came down the pipe; a line cut by the kill was never told."""
    lines = []
    for raw in text.split("\n")[:-1]:
        told = json.loads(raw)
        answer = None
        if "status" in told:
            answer = Answer(status=told.pop("status"), body=told.pop("body"))
        lines.append(Line(**told, answer=answer))
    return lines
