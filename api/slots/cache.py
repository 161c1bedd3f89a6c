"""Witnesses in memory: committed ones, perhaps not the last. The database is the truth."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from routing.witness import Witness

DAYS_MAX: Final = 512
"""Pool-days kept; the one used longest ago goes first."""


class WitnessCache:
    """One per process, shared by its threads. Holds values, so readers need no lock."""

    def __init__(self, days_max: int = DAYS_MAX) -> None:
        self._days_max = days_max
        self._kept: OrderedDict[str, Witness] = OrderedDict()
        self._turn = threading.Lock()

    def get(self, pool_day_id: str) -> Witness | None:
        """Give a witness that was committed once."""
        with self._turn:
            if pool_day_id in self._kept:
                self._kept.move_to_end(pool_day_id)
            return self._kept.get(pool_day_id)

    def put(self, pool_day_id: str, witness: Witness) -> None:
        """Keep a committed witness, unless a newer one is there."""
        with self._turn:
            known = self._kept.get(pool_day_id)
            if known is None or known.plan_seq <= witness.plan_seq:
                self._kept[pool_day_id] = witness
                self._kept.move_to_end(pool_day_id)
            if len(self._kept) > self._days_max:
                self._kept.popitem(last=False)
