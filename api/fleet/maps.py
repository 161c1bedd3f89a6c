"""The map behind all readings of one process: opened when first asked, answers remembered."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import Final

from api.days.intake.locating import CountyName, Located, Locator
from geodata.places import Point

REMEMBERED: Final = 50_000
"""Addresses, and points: some 500 bytes each."""


class SharedMap:
    """A locator for many threads that asks another one once per address and point."""

    def __init__(self, open_map: Callable[[], Locator]) -> None:
        """`open_map` is called once: it reads the register of counties, which takes a second."""
        self._open = open_map
        self._inner: Locator | None = None
        self._lock = Lock()
        self.locate: Callable[[str], Located] = lru_cache(REMEMBERED)(self._locate)
        self.county_at: Callable[[Point], CountyName | None] = lru_cache(REMEMBERED)(
            self._county_at
        )

    def _map(self) -> Locator:
        with self._lock:
            if self._inner is None:
                self._inner = self._open()
            return self._inner

    def _locate(self, text: str) -> Located:
        return self._map().locate(text)

    def _county_at(self, point: Point) -> CountyName | None:
        return self._map().county_at(point)
