"""Where a standing day learns how long the roads are: between its places, and to a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from geodata.matrix import TravelMatrix
from geodata.places import Place


class Legs(NamedTuple):
    """Between one place and N others, per road class and band: typical seconds and metres
    (classes, bands, N), toll in fen (classes, N); `there` to the others, `back` from them."""

    there_s: NDArray[np.int32]
    back_s: NDArray[np.int32]
    there_m: NDArray[np.int32]
    back_m: NDArray[np.int32]
    there_toll: NDArray[np.int32]
    back_toll: NDArray[np.int32]


class Ways(Protocol):
    """Ways between certain places and any other."""

    def legs(self, place: Place) -> Legs:
        """Give the ways to and from a place.

        Raises:
            KeyError: these roads do not reach it.
        """
        ...


class Roads(Protocol):
    """Travel times of one basis. Same places, same answer.

    Raises, both of them:
        KeyError: a place that these roads do not reach.
    """

    def between(self, places: Sequence[Place]) -> TravelMatrix:
        """Give the matrix of these places, in this order."""
        ...

    def ways(self, others: Sequence[Place]) -> Ways:
        """Get ready to be asked for the ways between these places and others."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class MatrixRoads:
    """Roads cut out of one matrix that holds every place there is."""

    matrix: TravelMatrix
    _row: dict[str, int]

    @classmethod
    def of(cls, matrix: TravelMatrix) -> MatrixRoads:
        """Number the places once."""
        return cls(matrix, {name: row for row, name in enumerate(matrix.place_ids)})

    def between(self, places: Sequence[Place]) -> TravelMatrix:
        """Cut the matrix."""
        rows = np.array([self._row[place.id] for place in places], dtype=np.int64)
        whole = self.matrix
        return TravelMatrix(
            place_ids=tuple(place.id for place in places),
            truck_classes=whole.truck_classes,
            band_starts_s=whole.band_starts_s,
            seconds=np.ascontiguousarray(whole.seconds[:, :, rows[:, None], rows]),
            metres=np.ascontiguousarray(whole.metres[:, :, rows[:, None], rows]),
            toll_minor=np.ascontiguousarray(whole.toll_minor[:, rows[:, None], rows]),
            assumptions=whole.assumptions,
            sources=whole.sources,
        )

    def ways(self, others: Sequence[Place]) -> MatrixWays:
        """Look up the rows once."""
        rows = np.array([self._row[other.id] for other in others], dtype=np.int64)
        return MatrixWays(self.matrix, self._row, rows)


@dataclass(frozen=True, slots=True, eq=False)
class MatrixWays:
    """Rows and columns of a matrix."""

    matrix: TravelMatrix
    _row: dict[str, int]
    _others: NDArray[np.int64]

    def legs(self, place: Place) -> Legs:
        """Cut one row and one column."""
        whole, here, rows = self.matrix, self._row[place.id], self._others
        return Legs(
            there_s=whole.seconds[:, :, here].take(rows, axis=2),
            back_s=whole.seconds[:, :, :, here].take(rows, axis=2),
            there_m=whole.metres[:, :, here].take(rows, axis=2),
            back_m=whole.metres[:, :, :, here].take(rows, axis=2),
            there_toll=whole.toll_minor[:, here].take(rows, axis=1),
            back_toll=whole.toll_minor[:, :, here].take(rows, axis=1),
        )
