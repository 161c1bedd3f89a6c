"""The real roads behind the slot engine: one book of ways a process, whatever the pool and day."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from threading import Lock

from geodata.errors import UnsnappedPlace
from geodata.matrix import TravelMatrix
from geodata.places import Place
from geodata.travel import Roads
from geodata.truck_classes import load_truck_classes
from geodata.ways import KnownRows, WayBook
from routing.slots.roads import Legs, Ways


class RoadBook:
    """Opens the roads when they are first asked for: that takes seconds. For several threads."""

    def __init__(self, open_roads: Callable[[], Roads]) -> None:
        """`open_roads` is called once."""
        self._open = open_roads
        self._book: WayBook | None = None
        self._digest = ""
        self._lock = Lock()

    @property
    def book(self) -> WayBook:
        """The ways of all shipped truck classes."""
        with self._lock:
            if self._book is None:
                self._book = WayBook(self._open(), tuple(load_truck_classes()))
            return self._book

    @property
    def digest(self) -> str:
        """Name everything that the ways depend on."""
        book = self.book
        with self._lock:
            if not self._digest:
                roads = book.roads
                told = repr((roads.router.name, roads.network.digest, roads.figures, roads.tolls))
                self._digest = hashlib.sha256(f"{told}{book.trucks!r}".encode()).hexdigest()
            return self._digest

    def between(self, places: Sequence[Place]) -> TravelMatrix:
        """Give the matrix of these places, in this order.

        Raises:
            KeyError: one of them lies too far from any road.
        """
        try:
            return self.book.matrix(places)
        except UnsnappedPlace as error:
            raise KeyError(str(error)) from error

    def ways(self, others: Sequence[Place]) -> Ways:
        """Get ready to be asked for the ways between these places and others.

        Raises:
            KeyError: one of them lies too far from any road.
        """
        try:
            return _BookWays(self.book.rows(others))
        except UnsnappedPlace as error:
            raise KeyError(str(error)) from error


class _BookWays:
    """Ways to certain places."""

    def __init__(self, rows: KnownRows) -> None:
        self._rows = rows

    def legs(self, place: Place) -> Legs:
        """Give the ways to and from a place.

        Raises:
            KeyError: it lies too far from any road.
        """
        try:
            return Legs(*self._rows.ways(place))
        except UnsnappedPlace as error:
            raise KeyError(str(error)) from error
