"""Locks: what a dispatcher has fixed stays as it is, whatever else would be cheaper."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.domain.locks import SequenceLock, TruckLock
from routing.reasons import Reason
from routing.rules.layout import Layout

FREE = -1
"""Stands for: no truck, no rank, no fixed moment."""


class LockTable(NamedTuple):
    """Locks as the search reads them.

    Per order: `truck`, the only one it may ride on (FREE: any); `rank`, its place in the locked
    sequence of that truck (FREE: none); `fixed`, the search never takes it off its truck.
    Per truck: `ranked`, how many orders its sequence has; `prefix`, how many of them are its first
    stops; `frozen`, it carries those and no other; `departs` and `loads`, seconds (FREE: open).
    """

    truck: NDArray[np.int64]
    rank: NDArray[np.int64]
    fixed: NDArray[np.bool_]
    ranked: NDArray[np.int64]
    prefix: NDArray[np.int64]
    frozen: NDArray[np.bool_]
    departs: NDArray[np.int64]
    loads: NDArray[np.int64]


class Locking:
    """Who may ride where at all, and what must be on a truck, in which sequence."""

    reason = Reason.LOCKED

    def compile(self, day: Layout) -> LockTable:
        """Locks by row; `validate` has seen to it that they do not contradict each other."""
        orders, trucks = len(day.orders), len(day.trucks)
        order_row = {order.id: row for row, order in enumerate(day.orders)}
        truck_row = {truck.id: row for row, truck in enumerate(day.trucks)}
        table = LockTable(
            truck=np.full(orders, FREE, dtype=np.int64),
            rank=np.full(orders, FREE, dtype=np.int64),
            fixed=np.zeros(orders, dtype=np.bool_),
            ranked=np.zeros(trucks, dtype=np.int64),
            prefix=np.zeros(trucks, dtype=np.int64),
            frozen=np.zeros(trucks, dtype=np.bool_),
            departs=np.full(trucks, FREE, dtype=np.int64),
            loads=np.full(trucks, FREE, dtype=np.int64),
        )
        locks = day.request.locks
        for lock in locks.orders:
            table.truck[order_row[lock.order_id]] = truck_row[lock.truck_id]
        for held in locks.held:
            if held.truck_id not in truck_row:  # locked to stay at home, where it is anyway
                continue
            row = truck_row[held.truck_id]
            table.ranked[row] = len(held.orders)
            for rank, name in enumerate(held.orders):
                table.truck[order_row[name]] = row
                table.rank[order_row[name]] = rank
                table.fixed[order_row[name]] = True
            _hold(day, table, row, held)
        return table

    def mask(self, day: Layout, table: LockTable) -> NDArray[np.bool_]:
        """Mask (trucks, orders): a locked order has one truck, a closed truck its own orders."""
        rows = np.arange(len(day.trucks))[:, None]
        mine = table.truck[None, :] == rows
        closed = {lock.truck_id for lock in day.request.locks.sequences if lock.closed}
        shut = table.frozen | np.array([truck.id in closed for truck in day.trucks], dtype=np.bool_)
        mask: NDArray[np.bool_] = mine | ((table.truck[None, :] == FREE) & ~shut[:, None])
        return mask


def _hold(day: Layout, table: LockTable, row: int, held: TruckLock | SequenceLock) -> None:
    if isinstance(held, TruckLock):
        table.frozen[row] = True
        return
    if held.first:
        table.prefix[row] = len(held.orders)
    if held.departs is not None:
        table.departs[row] = day.second(held.departs)
    if held.loads is not None:
        table.loads[row] = day.second(held.loads)
