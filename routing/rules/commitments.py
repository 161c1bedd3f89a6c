"""Commitments: a promised window never moves, and breaking it costs more than anything else."""

import numpy as np
from numpy.typing import NDArray

from routing.reasons import Reason
from routing.rules.layout import Layout


class Commitments:
    """What leaving each order behind costs on top of its priority."""

    reason = Reason.PROMISE_BROKEN

    def compile(self, day: Layout) -> NDArray[np.int64]:
        """Extra fen (orders,) for a promised order that stays behind."""
        price = int(day.request.policy.broken_promise)
        return np.array([price if order.promised else 0 for order in day.orders], dtype=np.int64)
