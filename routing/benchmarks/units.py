"""How the decimals of a file become the whole numbers of a model."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.model import Floats, Ints

HUGE: Final = 1e12
"""A number that every limit refuses or takes for unlimited, and that fits 64 bits when scaled."""


class Units(StrEnum):
    """The two conventions of the field (DIMACS challenge 2021; PyVRP's "exact").

    Distances, times, prizes and fixed costs are scaled alike, loads and unit costs are not.
    """

    DIMACS = "dimacs"
    """`int(10 x)`: one decimal, the rest cut off."""
    EXACT = "exact"
    """`round(1000 x)`: three decimals, halves to even."""

    def whole(self, values: Floats) -> Ints:
        """Scale decimals to whole numbers; what is larger than anything allowed is cut off."""
        values = np.minimum(values, HUGE)
        if self is Units.DIMACS:
            return (10 * values).astype(np.int64)
        return np.round(1000 * values).astype(np.int64)


_CUT_TO_ONE_DECIMAL: Final = frozenset({"VRPTW", "MTVRPTWR", "PCVRPTW"})


def units_of(problem_type: str) -> Units:
    """Choose the convention of a TYPE; one that is not known keeps three decimals."""
    return Units.DIMACS if problem_type.upper() in _CUT_TO_ONE_DECIMAL else Units.EXACT


def euclidean(points: Floats) -> NDArray[np.float64]:
    """Measure all pairs, (n, 2) to (n, n), before any rounding."""
    with np.errstate(over="ignore"):  # infinitely far is refused later, like all that is too far
        found = np.subtract.outer(points[:, 0], points[:, 0]) ** 2
        found += np.subtract.outer(points[:, 1], points[:, 1]) ** 2
        return np.asarray(np.sqrt(found, out=found), dtype=np.float64)
