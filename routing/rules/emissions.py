"""CO2: grams by the kilometre, more with cars on board, and what the company lets a tonne cost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.reasons import Reason
from routing.rules.layout import Layout


class EmissionTable(NamedTuple):
    """Grams per km by truck (trucks,): `empty`, and `per_car` for each car on board.

    `per_tonne` is in fen; 0: the search need not look.
    """

    empty: NDArray[np.int64]
    per_car: NDArray[np.int64]
    per_tonne: int


class Emissions:
    """What a route emits, and what that is worth: it depends on when the cars leave the deck."""

    reason = Reason.CO2_PRICE

    def compile(self, day: Layout) -> EmissionTable:
        """Factors of the policy by the kind of truck."""
        policy = day.request.policy.emissions
        kinds = [truck.kind for truck in day.trucks]
        return EmissionTable(
            empty=np.array([policy.grams_per_km[kind] for kind in kinds], dtype=np.int64),
            per_car=np.array([policy.grams_per_km_car[kind] for kind in kinds], dtype=np.int64),
            per_tonne=int(policy.per_tonne),
        )
