"""What the compiled search keeps: a solution, remembered insertions, routes met on the way."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.clock import DEAD, RELOAD
from routing.compiled import inner
from routing.problem import Tables
from routing.route_cost import route_cost
from routing.schedule import Scratch

Row = NDArray[np.int32]
Counts = NDArray[np.int64]
Near = NDArray[np.int64]

FAR: Final = 1 << 60
ABSENT: Final = -1


class Routes(NamedTuple):
    """A solution: rows of orders per truck, RELOAD between two trips, filled to `length`;
    `truck_of` order or ABSENT."""

    rows: NDArray[np.int32]
    length: NDArray[np.int64]
    cost: NDArray[np.int64]
    mark: NDArray[np.uint64]
    truck_of: NDArray[np.int64]


class Memory(NamedTuple):
    """Best insertion by (order, route): key, cost of the route with the order, position."""

    key: NDArray[np.uint64]
    cost: NDArray[np.int64]
    position: NDArray[np.int32]


class Log(NamedTuple):
    """Routes met on the way, for the pool: truck, length, orders; `head[0]` counts them all."""

    truck: NDArray[np.int32]
    length: NDArray[np.int32]
    rows: NDArray[np.int32]
    cost: NDArray[np.int64]
    head: NDArray[np.int64]


def new_memory(bits: int = 18) -> Memory:
    """Make an empty memory of 2**bits insertions."""
    return Memory(
        key=np.zeros(1 << bits, dtype=np.uint64),
        cost=np.zeros(1 << bits, dtype=np.int64),
        position=np.zeros(1 << bits, dtype=np.int32),
    )


def new_log(width: int, size: int = 4096) -> Log:
    """Make an empty ring of routes."""
    return Log(
        truck=np.zeros(size, dtype=np.int32),
        length=np.zeros(size, dtype=np.int32),
        rows=np.zeros((size, width), dtype=np.int32),
        cost=np.zeros(size, dtype=np.int64),
        head=np.zeros(1, dtype=np.int64),
    )


@inner
def mark_of(p: Tables, k: int, row: NDArray[np.int32], n: int) -> np.uint64:
    """Fingerprint of a sequence on a kind of truck (FNV-1a, 64 bit)."""
    h = np.uint64(14695981039346656037)
    prime = np.uint64(1099511628211)
    h = (h ^ np.uint64(p.group[k] + 1)) * prime
    for i in range(n):
        h = (h ^ np.uint64(row[i] + 7)) * prime
        h ^= h >> np.uint64(29)
    return h


@inner
def settle(p: Tables, r: Routes, k: int, scratch: Scratch) -> bool:
    """Bring a changed route's cost and fingerprint up to date; false when no schedule is left."""
    r.mark[k] = mark_of(p, k, r.rows[k], r.length[k])
    r.cost[k] = route_cost(p, k, r.rows[k], r.length[k], scratch)
    return bool(r.cost[k] != DEAD)


@inner
def place(p: Tables, r: Routes, k: int, order: int, cost: int, where: int) -> None:
    """Put an order into a route; beyond its end: on one more trip."""
    n = r.length[k]
    if where > n:
        r.rows[k, n] = RELOAD
        n += 1
    for i in range(n, where, -1):
        r.rows[k, i] = r.rows[k, i - 1]
    r.rows[k, where] = order
    r.length[k] = n + 1
    r.cost[k] = cost
    r.mark[k] = mark_of(p, k, r.rows[k], n + 1)
    r.truck_of[order] = k


@inner
def close_gaps(r: Routes, k: int) -> None:
    """Drop absent orders out of a route, and reloads that no trip is left for."""
    kept, cars = 0, 0
    for i in range(r.length[k]):
        entry = r.rows[k, i]
        if entry == RELOAD:
            if cars == 0:
                continue
            cars = 0
        elif r.truck_of[entry] == ABSENT:
            continue
        else:
            cars += 1
        r.rows[k, kept] = entry
        kept += 1
    if kept > 0 and r.rows[k, kept - 1] == RELOAD:
        kept -= 1
    r.length[k] = kept


@inner
def total_cost(p: Tables, r: Routes) -> int:
    """Fen of a solution: its routes, and what is left behind."""
    total = 0
    for k in range(len(p.home)):
        total += r.cost[k]
    for order in range(len(p.place)):
        if r.truck_of[order] == ABSENT:
            total += p.penalty[order]
    return total


@inner
def copy_routes(a: Routes, b: Routes) -> None:
    for k in range(len(a.length)):
        b.length[k] = a.length[k]
        b.cost[k] = a.cost[k]
        b.mark[k] = a.mark[k]
        for i in range(a.length[k]):
            b.rows[k, i] = a.rows[k, i]
    for order in range(len(a.truck_of)):
        b.truck_of[order] = a.truck_of[order]


@inner
def remember(r: Routes, log: Log, before: Routes) -> None:
    for k in range(len(r.length)):
        if r.length[k] > 0 and r.mark[k] != before.mark[k]:
            at = log.head[0] % len(log.truck)
            log.truck[at] = k
            log.length[at] = r.length[k]
            for i in range(r.length[k]):
                log.rows[at, i] = r.rows[k, i]
            log.cost[at] = r.cost[k]
            log.head[0] += 1


@inner
def settle_all(p: Tables, r: Routes, scratch: Scratch) -> bool:
    """Bring every route up to date; false when one of them has no schedule."""
    good = True
    for k in range(len(p.home)):
        good = settle(p, r, k, scratch) and good
    return good
