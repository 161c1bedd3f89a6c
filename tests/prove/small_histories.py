"""Thousands of small concurrent histories, each through the linearizability checker."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from tests.api.slots.books import DAY, NEXT, shop_at, trucks
from tests.api.slots.linear import NO_ONE, linearizable, places_step
from tests.api.slots.sellers import small_history
from tests.databases import empty_tables, new_database

PLACES = 3
RENEW = 25
"""Histories between two emptyings: each has a day of its own."""


def checked_histories(kind: str, folder: Path, *, histories: int) -> Counter[str]:
    """Run and check; raises at the first history that no order explains."""
    database = new_database(kind, folder)
    counts: Counter[str] = Counter()
    shop = None
    for seed in range(histories):
        if shop is None or seed % RENEW == 0:
            empty_tables(database)
            shop = shop_at(database, trucks(PLACES))
            shops = [shop, *(shop.beside(f"seller-{n}") for n in range(3))]
        day = _day(seed % RENEW)
        if day not in (DAY, NEXT):
            shop.open(day)
        history = small_history(shops, seed, orders=3, day=day)
        if history.errors:
            raise history.errors[0]
        assert linearizable(history.operations, places_step(PLACES), NO_ONE), history.operations
        counts += Counter(histories=1, operations=len(history.operations))
        if (seed + 1) % RENEW == 0:
            shop.assert_sound()
    database.close()
    return counts


def _day(number: int) -> date:
    return DAY + timedelta(days=number)
