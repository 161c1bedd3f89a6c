"""The legs that the auditor of a whole day reads, so that nobody makes a matrix of all its places.

Of every part: what its trucks and specialists drive, and from the warehouse to each buyer and back.
Memory is linear in the number of orders.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import chain, pairwise, repeat
from typing import TYPE_CHECKING, Final, cast

import numpy as np
from numpy.typing import NDArray

from routing.errors import BadRequest
from routing.scale.borders import neighbours, pair_of
from routing.scale.split import MOST_ORDERS, split

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest
    from routing.plan import Plan

Leg = tuple[int, int]


class LegBook:
    """Collects legs from the matrices of parts; `as_travel` is read as a `TravelMatrix` is."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._head: tuple[tuple[str, ...], tuple[int, ...]] | None = None
        self._seconds: dict[Leg, NDArray[np.int32]] = {}
        self._metres: dict[Leg, NDArray[np.int32]] = {}
        self._tolls: dict[Leg, NDArray[np.int32]] = {}
        self._digests: set[str] = set()
        self._assumptions: set[str] = set()
        self._sources: set[str] = set()

    def take(
        self, request: PlanRequest, travel: TravelMatrix, plan: Plan, *, named: bool = True
    ) -> None:
        """Note the legs of one planned part. The digest of the whole is of those `named`: the parts
        of the split, which an auditor finds again.

        Raises:
            BadRequest: the matrix has other truck classes or bands than those before.
        """
        head = travel.truck_classes, travel.band_starts_s
        if self._head not in (None, head):
            raise BadRequest(("the travel matrices of two parts differ in truck classes or bands",))
        self._head = head
        if named:
            self._digests.add(travel.digest)
        self._assumptions |= set(travel.assumptions)
        self._sources |= set(travel.sources)
        row = {place: at for at, place in enumerate(travel.place_ids)}
        for start, end in _legs(request, plan):
            if start in row and end in row:
                leg = self._row(start), self._row(end)
                a, b = row[start], row[end]
                self._seconds[leg] = travel.seconds[:, :, a, b].copy()
                self._metres[leg] = travel.metres[:, :, a, b].copy()
                self._tolls[leg] = travel.toll_minor[:, a, b].copy()

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the matrices assume, in an order that does not depend on who came first."""
        return tuple(sorted(self._assumptions))

    @property
    def sources(self) -> tuple[str, ...]:
        """What the matrices were made from, in the same kind of order."""
        return tuple(sorted(self._sources))

    def as_travel(self) -> TravelMatrix:
        """Show the legs as a matrix that is read entry by entry; an entry it does not hold is a
        KeyError, as a place is that a matrix does not hold."""
        classes, bands = self._head or ((), (0,))
        read = _Legs(
            rows=self._rows,
            truck_classes=classes,
            band_starts_s=bands,
            arrays=(self._seconds, self._metres, self._tolls),
            digest=hashlib.sha256("".join(sorted(self._digests)).encode()).hexdigest(),
        )
        # The auditor names places and classes and reads single entries, as `_Legs` answers them.
        return cast("TravelMatrix", read)

    def _row(self, place: str) -> int:
        return self._rows.setdefault(place, len(self._rows))


class _Entries:
    """Entries `[class, band, start, end]`, or `[class, start, end]` for tolls."""

    def __init__(self, legs: dict[Leg, NDArray[np.int32]]) -> None:
        self._legs = legs

    def __getitem__(self, at: tuple[int, ...]) -> int:
        *column, start, end = at
        return int(self._legs[start, end][tuple(column)])


class _Legs:
    def __init__(
        self,
        *,
        rows: dict[str, int],
        truck_classes: tuple[str, ...],
        band_starts_s: tuple[int, ...],
        arrays: tuple[dict[Leg, NDArray[np.int32]], ...],
        digest: str,
    ) -> None:
        self._rows = rows
        self.truck_classes: Final = truck_classes
        self.band_starts_s: Final = band_starts_s
        self.seconds, self.metres, self.toll_minor = map(_Entries, arrays)
        self.digest: Final = digest

    def index_of(self, place_id: str) -> int:
        return self._rows[place_id]

    def class_of(self, truck_class: str) -> int:
        if truck_class not in self.truck_classes:
            raise KeyError(f"truck class {truck_class} is not in the travel matrix")
        return self.truck_classes.index(truck_class)


def legs_of(
    request: PlanRequest,
    travel_for: Callable[[PlanRequest], TravelMatrix],
    plan: Plan,
    *,
    most_orders: int = MOST_ORDERS,
) -> TravelMatrix:
    """Collect the legs of a plan that was made in parts, from matrices of the same parts.

    Raises:
        BadRequest: the matrices have other truck classes or bands than one another.
    """
    parts = split(request, most_orders=most_orders)
    book = LegBook()
    for part in parts:
        book.take(part.request, travel_for(part.request), plan)
    for pair in neighbours(parts):
        both = pair_of(request, parts, pair)
        book.take(both.request, travel_for(both.request), plan, named=False)
    return book.as_travel()


def _legs(request: PlanRequest, plan: Plan) -> Iterator[tuple[str, str]]:
    home = {house.id: house.place.id for house in request.warehouses}
    for route in plan.routes:
        if route.warehouse_id not in home:
            continue
        base = home[route.warehouse_id]
        trips = ((base, *(stop.place_id for stop in trip.stops), base) for trip in route.trips)
        yield from chain.from_iterable(map(pairwise, trips))
    for day in plan.specialists:
        if day.warehouse_id not in home:
            continue
        base = home[day.warehouse_id]
        yield from pairwise((base, *(visit.place_id for visit in day.visits), base))
    for base in home.values():
        there = [order.place.id for order in request.orders]
        yield from zip(repeat(base), there, strict=False)
        yield from zip(there, repeat(base), strict=False)
