"""Ruin and recreate over the exact schedule, compiled.

Slack induction by string removals (Christiaens and Vanden Berghe 2020, doi
10.1287/trsc.2019.0914): remove strings of stops from neighbouring routes, put them back greedily
with blinks, accept by annealing. Every insertion is judged by `route_cost`, which knows every
rule of one route; what routes share (bays) is the master's.

Insertions are remembered per (order, route as a sequence on a kind of truck): most routes do not
change between two looks at them.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.clock import DEAD
from routing.problem import Tables
from routing.route_cost import deck_fits, route_cost

FAR: Final = 1 << 60
ABSENT: Final = -1
MEAN_STRING: Final = 10.0
LONGEST_STRING: Final = 10.0
BLINK: Final = 0.01
WHOLE_ROUTES: Final = 0.06


class Routes(NamedTuple):
    """A solution: rows of orders per truck, filled to `length`; `truck_of` order or ABSENT."""

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


@njit(cache=True)
def _mark(p: Tables, k: int, row: NDArray[np.int32], n: int) -> np.uint64:
    """Fingerprint of a sequence on a kind of truck (FNV-1a, 64 bit)."""
    h = np.uint64(14695981039346656037)
    prime = np.uint64(1099511628211)
    h = (h ^ np.uint64(p.group[k] + 1)) * prime
    for i in range(n):
        h = (h ^ np.uint64(row[i] + 7)) * prime
        h ^= h >> np.uint64(29)
    return h


@njit(cache=True)
def _best_position(p, k, order, row, n, wide, levels, counts):  # type: ignore[no-untyped-def]  # numba infers the types
    """Cheapest feasible position of an order in a route: (cost of the route, position)."""
    best, where = FAR, -1
    if n + 1 >= len(wide):
        return best, where
    wide[:n] = row[:n]
    wide[n] = order
    if not deck_fits(p, k, wide, n + 1):
        return best, where
    for at in range(n, -1, -1):
        if at < n:
            wide[at + 1] = wide[at]
            wide[at] = order
        cost = route_cost(p, k, wide, n + 1, levels, counts)
        if cost != DEAD and cost < best:
            best, where = cost, at
    return best, where


@njit(cache=True)
def _insertion(p, r, m, k, order, wide, levels, counts):  # type: ignore[no-untyped-def]  # numba infers the types
    key = (r.mark[k] ^ (np.uint64(order + 1) * np.uint64(0x9E3779B97F4A7C15))) | np.uint64(1)
    slot = np.int64((key >> np.uint64(20)) & np.uint64(len(m.key) - 1))
    if m.key[slot] == key:
        return m.cost[slot], m.position[slot]
    cost, where = _best_position(p, k, order, r.rows[k], r.length[k], wide, levels, counts)
    m.key[slot] = key
    m.cost[slot] = cost
    m.position[slot] = where
    return cost, where


@njit(cache=True)
def _settle(p, r, k, levels, counts):  # type: ignore[no-untyped-def]  # numba infers the types
    """Bring a changed route's cost and fingerprint up to date; false when no schedule is left."""
    r.mark[k] = _mark(p, k, r.rows[k], r.length[k])
    r.cost[k] = route_cost(p, k, r.rows[k], r.length[k], levels, counts)
    return r.cost[k] != DEAD


@njit(cache=True)
def _place(p, r, k, order, cost, where):  # type: ignore[no-untyped-def]  # numba infers the types
    n = r.length[k]
    for i in range(n, where, -1):
        r.rows[k, i] = r.rows[k, i - 1]
    r.rows[k, where] = order
    r.length[k] = n + 1
    r.cost[k] = cost
    r.mark[k] = _mark(p, k, r.rows[k], n + 1)
    r.truck_of[order] = k


@njit(cache=True)
def _take_out(r, k, first, count):  # type: ignore[no-untyped-def]  # numba infers the types
    n = r.length[k]
    for i in range(first, first + count):
        r.truck_of[r.rows[k, i]] = ABSENT
    for i in range(first, n - count):
        r.rows[k, i] = r.rows[k, i + count]
    r.length[k] = n - count


@njit(cache=True)
def insert_all(p, r, m, pending, count, blink, rho, wide, levels, counts):  # type: ignore[no-untyped-def]  # numba infers the types
    """Insert orders one after another where they cost least; what does not fit stays absent."""
    trucks = len(p.home)
    for i in range(count):
        order = pending[i]
        best, best_k, best_cost, best_at = FAR, -1, 0, -1
        last_group = -1
        for k in range(trucks):
            if not p.allowed[k, order]:
                continue
            opening = r.length[k] == 0
            if opening:
                if p.group[k] == last_group:
                    continue
                last_group = p.group[k]
            if blink > 0 and np.random.random() < blink:
                continue
            cost, where = _insertion(p, r, m, k, order, wide, levels, counts)
            if where < 0:
                continue
            gain = cost - r.cost[k]
            if opening and rho > 0:
                gain = np.int64(gain / (1.0 + rho * (p.deck.positions[p.deck.deck_of[k]] - 1.0)))
            if gain < best:
                best, best_k, best_cost, best_at = gain, k, cost, where
        if best_k >= 0 and best_cost - r.cost[best_k] <= p.penalty[order]:
            _place(p, r, best_k, order, best_cost, best_at)


@njit(cache=True)
def _ruin(p, r, near, pending, seed_order, levels, counts):  # type: ignore[no-untyped-def]  # numba infers the types
    """Remove strings around an order; returns how many orders wait in `pending`."""
    orders = len(p.place)
    used, on_board = 0, 0
    for k in range(len(p.home)):
        if r.length[k] > 0:
            used += 1
            on_board += r.length[k]
    mean = on_board / max(1, used)
    whole = np.random.random() < WHOLE_ROUTES
    longest = min(LONGEST_STRING, mean)
    strings = int(np.random.random() * (4.0 * MEAN_STRING / (1.0 + longest) - 1.0) + 1.0)
    if whole:
        strings = 1 + np.random.randint(0, 3)
    touched = np.zeros(len(p.home), dtype=np.bool_)
    count = 0
    for order in range(orders):
        if r.truck_of[order] == ABSENT:
            pending[count] = order
            count += 1
    done = 0
    for j in range(orders):
        if done >= strings:
            break
        order = near[seed_order, j]
        k = r.truck_of[order]
        if k == ABSENT or touched[k]:
            continue
        touched[k] = True
        done += 1
        n = r.length[k]
        size = min(n, int(np.random.random() * min(float(n), longest) + 1.0))
        if whole:
            size = n
        at = 0
        while r.rows[k, at] != order:
            at += 1
        first = max(0, at - np.random.randint(0, size))
        first = min(first, n - size)
        for i in range(first, first + size):
            pending[count] = r.rows[k, i]
            count += 1
        _take_out(r, k, first, size)
        if not _settle(p, r, k, levels, counts):
            for i in range(r.length[k]):
                pending[count] = r.rows[k, i]
                count += 1
            _take_out(r, k, 0, r.length[k])
            _settle(p, r, k, levels, counts)
    return count


@njit(cache=True)
def _shuffle(p, pending, count):  # type: ignore[no-untyped-def]  # numba infers the types
    """Order what waits: at random, hardest, farthest, nearest, narrowest, earliest or latest first."""
    keys = np.empty(count, dtype=np.float64)
    rule = np.random.randint(0, 17)
    for i in range(count):
        order = pending[i]
        first, last = p.windows.ptr[order], p.windows.ptr[order + 1]
        away = p.travel.typical[0, 0, p.home[0], p.place[order]]
        if rule < 4:
            keys[i] = np.random.random()
        elif rule < 8:
            free = 0
            for k in range(len(p.home)):
                free += p.allowed[k, order]
            keys[i] = free + np.random.random() * 0.5
        elif rule < 10:
            keys[i] = -away
        elif rule < 11:
            keys[i] = away
        elif rule < 13:
            keys[i] = p.windows.end[last - 1] - p.windows.start[first]
        elif rule < 15:
            keys[i] = p.windows.start[first]
        else:
            keys[i] = -float(p.penalty[order])
    ranks = np.argsort(keys, kind="mergesort")
    held = pending[:count].copy()
    for i in range(count):
        pending[i] = held[ranks[i]]


@njit(cache=True)
def _change_truck(p, r, k, levels, counts):  # type: ignore[no-untyped-def]  # numba infers the types
    """Hand a whole route to a free truck that drives it for less; returns the truck it is on."""
    n = r.length[k]
    best, to = r.cost[k], k
    last_group = p.group[k]
    for q in range(len(p.home)):
        if r.length[q] > 0 or p.group[q] == last_group or p.group[q] == p.group[k]:
            continue
        last_group = p.group[q]
        fits = True
        for i in range(n):
            if not p.allowed[q, r.rows[k, i]]:
                fits = False
                break
        if not fits or not deck_fits(p, q, r.rows[k], n):
            continue
        cost = route_cost(p, q, r.rows[k], n, levels, counts)
        if cost != DEAD and cost < best:
            best, to = cost, q
    if to != k:
        for i in range(n):
            r.rows[to, i] = r.rows[k, i]
            r.truck_of[r.rows[k, i]] = to
        r.length[to], r.cost[to] = n, best
        r.mark[to] = _mark(p, to, r.rows[to], n)
        r.length[k], r.cost[k] = 0, 0
        r.mark[k] = _mark(p, k, r.rows[k], 0)
    return to


@njit(cache=True)
def total_cost(p: Tables, r: Routes) -> int:
    """Fen of a solution: its routes, and what is left behind."""
    total = 0
    for k in range(len(p.home)):
        total += r.cost[k]
    for order in range(len(p.place)):
        if r.truck_of[order] == ABSENT:
            total += p.penalty[order]
    return total


@njit(cache=True)
def _copy(a, b):  # type: ignore[no-untyped-def]  # numba infers the types
    b.rows[:] = a.rows
    b.length[:] = a.length
    b.cost[:] = a.cost
    b.mark[:] = a.mark
    b.truck_of[:] = a.truck_of


@njit(cache=True)
def _remember(r, log, before):  # type: ignore[no-untyped-def]  # numba infers the types
    for k in range(len(r.length)):
        if r.length[k] > 0 and r.mark[k] != before.mark[k]:
            at = log.head[0] % len(log.truck)
            log.truck[at] = k
            log.length[at] = r.length[k]
            log.rows[at, : r.length[k]] = r.rows[k, : r.length[k]]
            log.cost[at] = r.cost[k]
            log.head[0] += 1


@njit(cache=True)
def anneal(  # type: ignore[no-untyped-def]  # numba infers the types
    p, now, best, spare, m, log, near, seed, iterations, hot, cold, wide, levels, counts
):
    """Ruin and recreate so many times from `now`, cooling from hot to cold fen.

    `now` and `best` are updated in place; returns the cost of `best`.
    """
    np.random.seed(seed)
    orders = len(p.place)
    pending = np.empty(orders, dtype=np.int64)
    current = total_cost(p, now)
    lowest = total_cost(p, best)
    for step in range(iterations):
        warmth = hot * (cold / hot) ** (step / iterations)
        _copy(now, spare)
        seed_order = np.random.randint(0, orders)
        count = _ruin(p, now, near, pending, seed_order, levels, counts)
        _shuffle(p, pending, count)
        rho = np.random.random() if np.random.random() < 0.6 else 0.0
        insert_all(p, now, m, pending, count, BLINK, rho, wide, levels, counts)
        for k in range(len(p.home)):
            if now.length[k] > 0 and now.mark[k] != spare.mark[k]:
                _change_truck(p, now, k, levels, counts)
        cost = total_cost(p, now)
        if cost < current - warmth * np.log(np.random.random() + 1e-300):
            _remember(now, log, spare)
            current = cost
            if cost < lowest:
                lowest = cost
                _copy(now, best)
        else:
            _copy(spare, now)
    return lowest
