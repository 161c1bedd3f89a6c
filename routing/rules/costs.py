"""Costs: kilometres, hours, overtime, fixed, tolls; and what leaving an order behind costs."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.reasons import Reason
from routing.rules.layout import Layout


class Prices(NamedTuple):
    """Fen per truck (trucks,) and per order left behind (orders,)."""

    per_km: NDArray[np.int64]
    per_hour: NDArray[np.int64]
    per_overtime_hour: NDArray[np.int64]
    fixed: NDArray[np.int64]
    left_behind: NDArray[np.int64]


class Costs:
    """What a route costs, and when an order costs more than it is worth."""

    reason = Reason.COSTS_TOO_MUCH

    def compile(self, day: Layout) -> Prices:
        """All prices in whole fen."""
        prices = day.request.policy.left_behind
        return Prices(
            per_km=np.array([truck.costs.per_km for truck in day.trucks], dtype=np.int64),
            per_hour=np.array([truck.costs.per_hour for truck in day.trucks], dtype=np.int64),
            per_overtime_hour=np.array(
                [truck.costs.per_overtime_hour for truck in day.trucks], dtype=np.int64
            ),
            fixed=np.array([truck.costs.fixed for truck in day.trucks], dtype=np.int64),
            left_behind=np.array([prices[order.priority] for order in day.orders], dtype=np.int64),
        )
