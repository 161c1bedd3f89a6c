"""Prices as whole numbers, for engines that count in integers."""

from __future__ import annotations

from typing import Final

import numpy as np

from routing.model import NO_ROAD, Floats, Ints, Model

SCALES: Final = (1, 10, 100, 1_000, 3_600, 9_000, 10_000, 18_000, 36_000, 100_000, 1_000_000)
"""Tried in this order: with 18,000, fen per kilometre and fen per hour are both whole."""
EXACT: Final = 2.0**53
"""Sums beyond this lose units in engines that pass through floating point."""


def money_scale(model: Model, *, limit: float = EXACT) -> int:
    """Find the smallest factor that makes every price whole; if none does, the largest that fits.

    With the largest, a price is off by at most half a unit in `price x factor`. It fits when the
    dearest plan imaginable stays below `limit`.
    """
    prices = _prices(model)
    fitting = [scale for scale in SCALES if worst_cost(model) * scale <= limit] or [SCALES[0]]
    for scale in fitting:
        scaled = prices * scale
        if np.abs(scaled - np.rint(scaled)).max(initial=0.0) <= 1e-9 * scale:
            return scale
    return fitting[-1]


def whole(prices: Floats, scale: int) -> Ints:
    """Scale prices and round them to the nearest whole number."""
    return np.rint(prices * scale).astype(np.int64)


def _prices(model: Model) -> Floats:
    fleet = model.fleet
    prizes = model.clients.prize[~model.clients.required]
    return np.concatenate(
        [fleet.fixed, fleet.per_distance, fleet.per_duration, fleet.per_overtime, prizes]
    )


def worst_cost(model: Model) -> float:
    """Bound what serving costs: every client on a truck of its own, far away and all day."""
    fleet, clients = model.fleet, len(model.clients)
    roads = model.distance[model.distance < NO_ROAD]
    far = 2 * float(roads.max(initial=0)) * clients
    hours = np.minimum(fleet.max_duration, fleet.closes - fleet.opens).astype(np.float64)
    pay = (fleet.per_duration + fleet.per_overtime) * hours
    per_truck = float((fleet.fixed + pay).max(initial=0.0)) * clients
    return (
        far * float(fleet.per_distance.max(initial=0.0))
        + per_truck
        + float(model.clients.prize[~model.clients.required].sum())
    )
