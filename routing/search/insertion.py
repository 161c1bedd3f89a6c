"""Greedy insertion with blinks, compiled.

Insertions are remembered per (order, route as a sequence on a kind of truck): most routes do not
change between two looks at them.
"""

from __future__ import annotations

import numpy as np

from routing.clock import DEAD, RELOAD
from routing.compiled import inner
from routing.problem import Tables
from routing.route_cost import deck_fits, route_cost
from routing.schedule import Scratch
from routing.search.state import FAR, Counts, Memory, Routes, Row, place


@inner
def _best_position(
    p: Tables, k: int, order: int, row: Row, n: int, wide: Row, scratch: Scratch
) -> tuple[int, int]:
    """Cheapest feasible position of an order in a route: (cost of the route, position).

    Position n + 1 is a trip of its own after all others.
    """
    best, where = FAR, -1
    if n + 1 >= len(wide):
        return best, where
    for i in range(n):
        wide[i] = row[i]
    if n > 0 and p.trips_max[k] > 1 and n + 2 < len(wide):
        wide[n], wide[n + 1] = RELOAD, order
        if deck_fits(p, k, wide, n + 2):
            cost = route_cost(p, k, wide, n + 2, scratch)
            if cost != DEAD:
                best, where = cost, n + 1
    wide[n] = order
    fits = deck_fits(p, k, wide, n + 1)
    for at in range(n, -1, -1):
        if at < n:
            wide[at + 1] = wide[at]
            wide[at] = order
            if wide[at + 1] == RELOAD:
                fits = deck_fits(p, k, wide, n + 1)
        if not fits:
            continue
        cost = route_cost(p, k, wide, n + 1, scratch)
        if cost != DEAD and cost < best:
            best, where = cost, at
    return best, where


@inner
def _insertion(
    p: Tables, r: Routes, m: Memory, k: int, order: int, wide: Row, scratch: Scratch
) -> tuple[int, int]:
    key = (r.mark[k] ^ (np.uint64(order + 1) * np.uint64(0x9E3779B97F4A7C15))) | np.uint64(1)
    slot = np.int64((key >> np.uint64(20)) & np.uint64(len(m.key) - 1))
    if m.key[slot] == key:
        return m.cost[slot], m.position[slot]
    cost, where = _best_position(p, k, order, r.rows[k], r.length[k], wide, scratch)
    m.key[slot] = key
    m.cost[slot] = cost
    m.position[slot] = where
    return cost, where


@inner
def _in_stock(p: Tables, r: Routes, k: int, order: int) -> bool:
    """Tell whether the truck's warehouse has a car of the order's kind left."""
    kind = p.stock.kind[order]
    if kind < 0:
        return True
    house = p.warehouse[k]
    left = p.stock.left[house, kind]
    for other in range(len(p.place)):
        rides = p.stock.kind[other] == kind and r.truck_of[other] >= 0
        if rides and p.warehouse[r.truck_of[other]] == house:
            left -= 1
    return bool(left > 0)


@inner
def insert_all(
    p: Tables,
    r: Routes,
    m: Memory,
    pending: Counts,
    count: int,
    blink: float,
    rho: float,
    wide: Row,
    scratch: Scratch,
) -> None:
    """Insert orders one after another where they cost least; what does not fit stays absent."""
    trucks = len(p.home)
    for i in range(count):
        order = pending[i]
        best, best_k, best_cost, best_at = FAR, -1, 0, -1
        last_group = -1
        for k in range(trucks):
            if not p.allowed[k, order] or not _in_stock(p, r, k, order):
                continue
            opening = r.length[k] == 0
            if opening:
                if p.group[k] == last_group:
                    continue
                last_group = p.group[k]
            if blink > 0 and np.random.random() < blink:
                continue
            cost, where = _insertion(p, r, m, k, order, wide, scratch)
            if where < 0:
                continue
            gain = cost - r.cost[k]
            if opening and rho > 0:
                gain = np.int64(gain / (1.0 + rho * (p.deck.positions[p.deck.deck_of[k]] - 1.0)))
            if gain < best:
                best, best_k, best_cost, best_at = gain, k, cost, where
        if best_k >= 0 and best_cost - r.cost[best_k] <= p.penalty[order]:
            place(p, r, best_k, order, best_cost, best_at)
