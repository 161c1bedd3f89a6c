"""Commitments: a promised window never moves, and breaking it costs more than anything else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.reasons import Reason
from routing.rules.costs import all_routes_at_most
from routing.rules.layout import Layout


class Commitments:
    """What leaving each order behind costs on top of its priority."""

    reason = Reason.PROMISE_BROKEN

    def compile(self, day: Layout) -> NDArray[np.int64]:
        """Extra fen (orders,) for a promised order that stays behind.

        More than every unpromised order and every road of the day together, whatever the policy
        says: no number of others, and no saving, outweighs one promise.
        """
        policy = day.request.policy
        others = sum(policy.left_behind[each.priority] for each in day.orders if not each.promised)
        price = max(int(policy.broken_promise), 1 + others + all_routes_at_most(day))
        return np.array([price if order.promised else 0 for order in day.orders], dtype=np.int64)
