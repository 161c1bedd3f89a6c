"""The exact word on a route: every rule of the day, remembered by sequence.

Annealing meets the same sequences again and again: their costs are kept in a table addressed by
a fingerprint of the sequence and the kind of truck.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.clock import DEAD, RELOAD
from routing.compiled import lean, spliced
from routing.route_cost import deck_fits, judged
from routing.search.kernel.parcel import Day, parcel, unpack
from routing.search.kernel.state import DEMAND, LENGTH, ROW, Ints, Routes, Small, World

MEMORY_BITS = 19
LOG_SIZE = 4096
NEW_TRIP = 1 << 30
"""A place of NEW_TRIP and more: a trip for this stop alone, before position 0 or at the end."""


class Exact(NamedTuple):
    """The exact evaluator, its room and its memory; `on[0]` is 0 where the plain model is exact.

    `day` is a parcel of the tables, `group` (trucks,) theirs. `log_*` is a ring of routes met on
    the way, `met[0]` counts them all.
    """

    on: Ints
    day: Ints
    group: Ints
    wide: Small
    key: NDArray[np.uint64]
    cost: Ints
    met: Ints
    log_truck: Small
    log_length: Small
    log_rows: Small
    log_cost: Ints


def no_exact() -> Exact:
    """Make none: the plain model is exact."""
    return _room(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), 0, 1, 1)


def new_exact(day: Day, *, width: int) -> Exact:
    """Make an evaluator of routes of up to `width` entries. Keep the day as long as it is used."""
    return _room(parcel(day), day.tables.group, MEMORY_BITS, LOG_SIZE, width)


def _room(day: Ints, group: Ints, bits: int, log: int, width: int) -> Exact:
    return Exact(
        on=np.array([int(len(day) > 0)]),
        day=day,
        group=group,
        wide=np.zeros(width + 1, dtype=np.int32),
        key=np.zeros(1 << bits, dtype=np.uint64),
        cost=np.zeros(1 << bits, dtype=np.int64),
        met=np.zeros(1, dtype=np.int64),
        log_truck=np.zeros(log, dtype=np.int32),
        log_length=np.zeros(log, dtype=np.int32),
        log_rows=np.zeros((log, width + 1), dtype=np.int32),
        log_cost=np.zeros(log, dtype=np.int64),
    )


@lean
def judge(x: Exact, row: int, n: int) -> int:
    """Fen of the orders in `x.wide` on a truck row; DEAD where no lawful schedule exists."""
    if n == 0:
        return 0
    prime = np.uint64(1099511628211)
    mark = (np.uint64(14695981039346656037) ^ np.uint64(x.group[row] + 1)) * prime
    for i in range(n):
        mark = (mark ^ np.uint64(x.wide[i] + 7)) * prime
        mark ^= mark >> np.uint64(29)
    mark |= np.uint64(1)
    slot = np.int64((mark >> np.uint64(20)) & np.uint64(len(x.key) - 1))
    if x.key[slot] == mark:
        return int(x.cost[slot])
    cost = DEAD
    day = unpack(x.day)
    if deck_fits(day.tables, row, x.wide, n):
        cost, _ = judged(day.tables, row, x.wide, n, day.scratch)
    x.key[slot] = mark
    x.cost[slot] = cost
    return cost


@spliced
def _note(w: World, entries: Small, n: int, node: int) -> int:
    """Write a node behind `n` entries, a reload only after a delivery; how many there are then."""
    if w.sites[node, DEMAND] < 0:
        if n == 0 or entries[n - 1] == RELOAD:
            return n
        entries[n] = RELOAD
    else:
        entries[n] = node - w.depots
    return n + 1


@spliced
def _ended(entries: Small, n: int) -> int:
    """Leave out a reload at the end."""
    return n - 1 if n > 0 and entries[n - 1] == RELOAD else n


@lean
def _copy(x: Exact, w: World, r: Routes, k: int) -> int:
    """Write a route into `x.wide`; its entries."""
    entries, rows, n = x.wide, r.rows, 0
    for i in range(r.trucks[k, LENGTH]):
        n = _note(w, entries, n, rows[k, i])
    return _ended(entries, n)


@lean
def cost_as_it_is(x: Exact, w: World, r: Routes, k: int) -> int:
    """Fen of a route."""
    return judge(x, r.trucks[k, ROW], _copy(x, w, r, k))


@lean
def cost_on(x: Exact, w: World, r: Routes, k: int, other: int) -> int:
    """Fen of the stops of route `k` on another truck."""
    return judge(x, r.trucks[other, ROW], _copy(x, w, r, k))


@lean
def cost_with(x: Exact, w: World, r: Routes, k: int, c: int, place: int) -> int:
    """Fen of a route with one more stop at a place: a position, or a trip of its own (see
    `NEW_TRIP`)."""
    entries, rows, length = x.wide, r.rows, r.trucks[k, LENGTH]
    if length + 2 >= len(entries):
        return DEAD
    at, alone, n = place % NEW_TRIP, place >= NEW_TRIP, 0
    for i in range(length + 1):
        if i == at:
            if alone and at > 0:
                entries[n] = RELOAD
                n += 1
            n = _note(w, entries, n, c)
            if alone and at == 0:
                entries[n] = RELOAD
                n += 1
        if i < length:
            n = _note(w, entries, n, rows[k, i])
    return judge(x, r.trucks[k, ROW], _ended(entries, n))


@lean
def cost_joined(x: Exact, w: World, r: Routes, k: int, front: int, j: int, back: int) -> int:
    """Fen, on truck `k`, of its first `front` stops and those of `j` from position `back` on."""
    entries, rows, n = x.wide, r.rows, 0
    if front + r.trucks[j, LENGTH] - back >= len(entries):
        return DEAD
    for i in range(front):
        n = _note(w, entries, n, rows[k, i])
    for i in range(back, r.trucks[j, LENGTH]):
        n = _note(w, entries, n, rows[j, i])
    return judge(x, r.trucks[k, ROW], _ended(entries, n))


@lean
def log_route(x: Exact, w: World, r: Routes, k: int) -> None:
    """Write a route into the ring, for the pool."""
    at = x.met[0] % len(x.log_truck)
    n = _copy(x, w, r, k)
    x.log_truck[at], x.log_length[at] = r.trucks[k, ROW], n
    for i in range(n):
        x.log_rows[at, i] = x.wide[i]
    x.log_cost[at] = int(r.cost[k])
    x.met[0] += 1
