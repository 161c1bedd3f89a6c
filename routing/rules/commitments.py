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
        """Extra fen (orders,) for a promised or locked order that stays behind.

        More than every unpromised order and every road of the day together, whatever the policy
        says: no number of others, and no saving, outweighs one promise.
        """
        policy = day.request.policy
        bound = _bound(day)
        others = sum(
            policy.left_behind[each.priority] + policy.stability.dropped
            for each in day.orders
            if each.id not in bound
        )
        price = max(int(policy.broken_promise), 1 + others + all_routes_at_most(day))
        return np.array([price if each.id in bound else 0 for each in day.orders], dtype=np.int64)


def _bound(day: Layout) -> set[str]:
    """Orders that the company has bound itself to: promised ones, and those locked to a truck or
    given to a carrier for good."""
    locks = day.request.locks
    bound = {order.id for order in day.orders if order.promised}
    bound.update(lock.order_id for lock in locks.orders)
    bound.update(each for lock in locks.held for each in lock.orders)
    bound.update(name for carrier in day.request.carriers for name in carrier.holds)
    return bound
