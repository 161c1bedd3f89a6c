"""The connection breaks before every single statement in turn, and before the commit.

Afterwards the book is sound, nothing half is in it, and the same request under the same key does
the whole of it once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import event

from api.kit.db import Database
from api.kit.idempotency import Answer
from tests.api.slots.books import NEXT, Shop, hold_id, shop_at, trucks


class LineCut(Exception):
    """The connection to the database is gone."""


@dataclass(slots=True)
class _Count:
    statements: int = 0
    commits: int = 0


@contextmanager
def cut_before(database: Database, statement: int) -> Iterator[_Count]:
    """Break the connection before the n-th statement or commit, counted from 1; 0 breaks none."""
    seen = _Count()

    def pass_by(*_: object) -> None:
        seen.statements += 1
        if seen.statements == statement:
            raise LineCut

    for name in ("before_cursor_execute", "commit"):
        event.listen(database.engine, name, pass_by)
    try:
        yield seen
    finally:
        for name in ("before_cursor_execute", "commit"):
            event.remove(database.engine, name, pass_by)


Request = Callable[[Shop], Answer]


def holding(shop: Shop) -> Request:
    return lambda shop: shop.hold("B", stock="red", key="once")


def confirming(shop: Shop) -> Request:
    held = hold_id(shop.hold("B", stock="red"))
    return lambda shop: shop.confirm(held, key="once")


def cancelling(shop: Shop) -> Request:
    booking = shop.booked("B", stock="red")
    return lambda shop: shop.book.cancel(shop.caller("once"), booking)


def rescheduling(shop: Shop) -> Request:
    booking = shop.booked("B", stock="red")
    held = hold_id(shop.hold("B", day=NEXT, stock="red"))
    return lambda shop: shop.book.reschedule(shop.caller("once"), booking, hold_id=held)


@pytest.mark.parametrize("prepare", [holding, confirming, cancelling, rescheduling])
def test_a_request_happens_wholly_or_not_at_all(
    database: Database, prepare: Callable[[Shop], Request]
) -> None:
    """Also the cache: a shop that goes on after the cut believes nothing of what was undone."""
    shop = shop_at(database, trucks(4))
    shop.supply("red", 4)
    shop.booked("A")
    request = prepare(shop)
    statement = 0
    while True:
        statement += 1
        with cut_before(database, statement) as seen:
            try:
                answer = request(shop)
            except LineCut:
                answer = None
        shop.assert_sound()
        if seen.statements < statement:
            break
        assert answer is None
    assert statement > 4, "the request must consist of several statements"
    assert answer is not None and answer.granted
    assert request(shop) == answer, "the answer was lost, and asked for again"
    assert shop.hold("Z").status == 201, "the cache must be as the book is"
    shop.assert_sound()
