"""Ruin and recreate over the exact schedule, compiled.

Slack induction by string removals (Christiaens and Vanden Berghe 2020, doi
10.1287/trsc.2019.0914): remove strings of stops from neighbouring routes, put them back greedily
with blinks, accept by annealing. Every insertion is judged by `route_cost`, which knows every
rule of one route; what routes share (bays) is the master's.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from routing.clock import DEAD, RELOAD
from routing.compiled import entry, inner
from routing.problem import Tables
from routing.route_cost import deck_fits, route_cost
from routing.schedule import Scratch
from routing.search.insertion import insert_all
from routing.search.state import (
    ABSENT,
    Counts,
    Log,
    Memory,
    Near,
    Routes,
    Row,
    close_gaps,
    copy_routes,
    mark_of,
    remember,
    settle,
    settle_all,
    total_cost,
)  # fmt: skip

MEAN_STRING: Final = 10.0
LONGEST_STRING: Final = 10.0
BLINK: Final = 0.01
WHOLE_ROUTES: Final = 0.06
OPENING_BIAS: Final = 0.6


@inner
def _ruin(
    p: Tables,
    r: Routes,
    near: Near,
    pending: Counts,
    seed_order: int,
    scratch: Scratch,
) -> int:
    """Remove strings around an order; returns how many orders wait in `pending`."""
    orders = len(p.place)
    used, on_board = 0, 0
    for k in range(len(p.home)):
        if r.length[k] > 0:
            used += 1
            for i in range(r.length[k]):
                on_board += r.rows[k, i] != RELOAD
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
        count = _take(p, r, k, first, size, pending, count)
        if not settle(p, r, k, scratch):
            count = _take(p, r, k, 0, r.length[k], pending, count)
            settle(p, r, k, scratch)
    return count


@inner
def _take(p: Tables, r: Routes, k: int, first: int, size: int, pending: Counts, count: int) -> int:
    """Take a string off a route, locked orders left where they are; returns the new count."""
    for i in range(first, first + size):
        order = r.rows[k, i]
        if order != RELOAD and not p.locks.fixed[order]:
            pending[count] = order
            count += 1
            r.truck_of[order] = ABSENT
    close_gaps(r, k)
    return count


@inner
def _shuffle(p: Tables, pending: Counts, count: int) -> None:
    """Order what waits: at random, hardest, farthest, nearest, narrowest,
    earliest, or dearest to leave behind first."""
    keys = np.empty(count, dtype=np.float64)
    rule = np.random.randint(0, 17)
    for i in range(count):
        order = pending[i]
        first, last = p.windows.ptr[order], p.windows.ptr[order + 1]
        k = 0
        while k + 1 < len(p.home) and not p.allowed[k, order]:
            k += 1
        away = p.travel.typical[p.layer[k], 0, p.home[k], p.place[order]]
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
    for i in range(1, count):
        key, order = keys[i], pending[i]
        j = i - 1
        while j >= 0 and keys[j] > key:
            keys[j + 1], pending[j + 1] = keys[j], pending[j]
            j -= 1
        keys[j + 1], pending[j + 1] = key, order


@inner
def _change_truck(p: Tables, r: Routes, k: int, scratch: Scratch) -> int:
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
            if r.rows[k, i] != RELOAD and not p.allowed[q, r.rows[k, i]]:
                fits = False
                break
        if not fits or not deck_fits(p, q, r.rows[k], n):
            continue
        cost = route_cost(p, q, r.rows[k], n, scratch)
        if cost != DEAD and cost < best:
            best, to = cost, q
    if to != k:
        for i in range(n):
            r.rows[to, i] = r.rows[k, i]
            if r.rows[k, i] != RELOAD:
                r.truck_of[r.rows[k, i]] = to
        r.length[to], r.cost[to] = n, best
        r.mark[to] = mark_of(p, to, r.rows[to], n)
        r.length[k], r.cost[k] = 0, 0
        r.mark[k] = mark_of(p, k, r.rows[k], 0)
    return to


@entry
def begin(
    p: Tables,
    now: Routes,
    best: Routes,
    m: Memory,
    pending: Counts,
    wide: Row,
    scratch: Scratch,
) -> int:
    """Bring the given routes up to date, insert what is pending, copy to `best`; its cost."""
    settle_all(p, now, scratch)
    insert_all(p, now, m, pending, len(pending), 0.0, 0.0, wide, scratch)
    copy_routes(now, best)
    return total_cost(p, best)


@entry
def anneal(
    p: Tables,
    now: Routes,
    best: Routes,
    spare: Routes,
    m: Memory,
    log: Log,
    near: Near,
    seed: int,
    iterations: int,
    hot: float,
    cold: float,
    wide: Row,
    scratch: Scratch,
) -> int:
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
        copy_routes(now, spare)
        seed_order = np.random.randint(0, orders)
        count = _ruin(p, now, near, pending, seed_order, scratch)
        _shuffle(p, pending, count)
        rho = np.random.random() if np.random.random() < OPENING_BIAS else 0.0
        insert_all(p, now, m, pending, count, BLINK, rho, wide, scratch)
        for k in range(len(p.home)):
            if now.length[k] > 0 and now.mark[k] != spare.mark[k]:
                _change_truck(p, now, k, scratch)
        cost = total_cost(p, now)
        if cost < current - warmth * np.log(np.random.random() + 1e-300):
            remember(now, log, spare)
            current = cost
            if cost < lowest:
                lowest = cost
                copy_routes(now, best)
        else:
            copy_routes(spare, now)
    return lowest
