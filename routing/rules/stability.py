"""Stability: every change against the plan that people know has its price, and a budget."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.units import DAY_S, MINUTE_S
from routing.reasons import Reason
from routing.rules.layout import Layout

NEW: Final = -1
"""Stands for the truck of an order that the baseline does not hold."""
GONE: Final = -2
"""Stands for a truck that is not there any more."""
LONGEST_MOVE_S: Final = 3 * DAY_S
"""No begin moves by more: a horizon is shorter."""


class StabilityTable(NamedTuple):
    """The baseline by order: `truck` (NEW, GONE or a row) and `begins` (seconds, typical).

    `changed` fen for another truck, `per_minute` fen for every begun minute by which the typical
    begin moves beyond `tolerance` seconds, `each` fen once for an order with either, `dropped`
    (orders,) fen for leaving it behind.
    `on` is 1 when a route's price depends on any of it.
    """

    truck: NDArray[np.int64]
    begins: NDArray[np.int64]
    dropped: NDArray[np.int64]
    changed: int
    per_minute: int
    each: int
    tolerance: int
    on: int


class Stability:
    """What changing the plan that people know costs."""

    reason = Reason.CHANGE_BUDGET

    def compile(self, day: Layout) -> StabilityTable:
        """The baseline in rows and seconds."""
        policy = day.request.policy.stability
        truck_row = {truck.id: row for row, truck in enumerate(day.trucks)}
        known = {stop.order_id: stop for stop in day.request.baseline}
        truck = np.full(len(day.orders), NEW, dtype=np.int64)
        begins = np.zeros(len(day.orders), dtype=np.int64)
        dropped = np.zeros(len(day.orders), dtype=np.int64)
        for row, order in enumerate(day.orders):
            if order.id in known:
                stop = known[order.id]
                truck[row] = truck_row.get(stop.truck_id, GONE)
                begins[row] = day.second(stop.begins)
                dropped[row] = policy.dropped + policy.per_change
        prices = (policy.truck_changed, policy.per_minute, policy.per_change)
        return StabilityTable(
            truck=truck,
            begins=begins,
            dropped=dropped,
            changed=int(policy.truck_changed),
            per_minute=int(policy.per_minute),
            each=int(policy.per_change),
            tolerance=policy.tolerance_s,
            on=int(bool(known) and max(prices) > 0),
        )


def changes_at_most(day: Layout) -> int:
    """Fen that all changes of a day together never exceed, orders left behind apart."""
    policy = day.request.policy.stability
    moved = policy.per_minute * (LONGEST_MOVE_S // MINUTE_S)
    return len(day.request.baseline) * int(policy.truck_changed + moved + policy.per_change)
