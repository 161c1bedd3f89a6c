"""What a step has changed, so that it can be taken back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.compiled import lean, spliced
from routing.search.kernel.state import (
    LENGTH,
    RELOADS,
    TRUCK,
    Floats,
    Ints,
    Routes,
    Small,
    World,
    emptied,
    occupied,
    refresh,
    take_stock,
)  # fmt: skip


class Undo(NamedTuple):
    """Routes as they were before the step that is numbered `step[0]`; `step[1]` of them."""

    step: Ints
    seen: Ints
    truck: Ints
    length: Ints
    reloads: Ints
    rows: Small
    cost: Floats


def new_undo(trucks: int, width: int) -> Undo:
    """Make room for every route."""
    return Undo(
        step=np.zeros(2, dtype=np.int64),
        seen=np.zeros(trucks, dtype=np.int64),
        truck=np.zeros(trucks, dtype=np.int64),
        length=np.zeros(trucks, dtype=np.int64),
        reloads=np.zeros(trucks, dtype=np.int64),
        rows=np.zeros((trucks, width), dtype=np.int32),
        cost=np.zeros(trucks),
    )


@spliced
def begin_step(u: Undo) -> None:
    """Forget the step before."""
    u.step[0] += 1
    u.step[1] = 0


@lean
def touch(u: Undo, r: Routes, k: int) -> bool:
    """Keep a route as it is, once a step; false if it was kept before."""
    step, seen = u.step, u.seen
    if seen[k] == step[0]:
        return False
    seen[k] = step[0]
    s = step[1]
    step[1] = s + 1
    n = r.trucks[k, LENGTH]
    u.truck[s], u.length[s], u.cost[s] = k, n, r.cost[k]
    u.reloads[s] = r.trucks[k, RELOADS]
    before, rows = u.rows, r.rows
    for i in range(n):
        before[s, i] = rows[k, i]
    return True


@lean
def take_back(u: Undo, w: World, r: Routes) -> None:
    """Restore every route the step has touched."""
    arcs, sites, stock = w.arcs, w.sites, r.stock
    rows, trucks, stops, kinds, before = r.rows, r.trucks, r.stops, r.kinds, u.rows
    touched, lengths = u.truck, u.length
    for s in range(u.step[1]):
        k = touched[s]
        for i in range(trucks[k, LENGTH]):
            stops[rows[k, i], TRUCK] = -1
            take_stock(sites, trucks, stock, k, rows[k, i], 1)
    for s in range(u.step[1]):
        k, n = touched[s], lengths[s]
        trucks[k, LENGTH], trucks[k, RELOADS] = n, u.reloads[s]
        r.cost[k] = u.cost[s]
        for i in range(n):
            rows[k, i] = before[s, i]
            take_stock(sites, trucks, stock, k, rows[k, i], -1)
        if n == 0:
            emptied(trucks, kinds, k)
        else:
            occupied(trucks, kinds, k)
        refresh(arcs, sites, rows, trucks, stops, k, 0, n - 1)
