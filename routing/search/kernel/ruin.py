"""Ruin: take strings of stops out of neighbouring routes.

Christiaens and Vanden Berghe 2020, doi 10.1287/trsc.2019.0914, with whole routes now and then.
"""

from __future__ import annotations

from typing import Final

from routing.compiled import lean
from routing.search.kernel.rng import Rng, below, draw
from routing.search.kernel.state import (
    DISTANCE,
    EARLY,
    FIXED,
    HARDNESS,
    LATE,
    LENGTH,
    POS,
    RELOADS,
    TRUCK,
    Floats,
    Ints,
    Routes,
    World,
    emptied,
    refresh,
    take_stock,
    tidy,
    wide,
)  # fmt: skip
from routing.search.kernel.undo import Undo, touch

WHOLE_ROUTES: Final = 0.06
LONGEST_WHOLE: Final = 20
SPLIT: Final = 0.5
GROW: Final = 0.5


@lean
def ruin(
    w: World, r: Routes, u: Undo, out: Ints, absent: int, used: int, mean: float, longest: float,
    rng: Rng,
) -> int:  # fmt: skip
    """Remove strings around some stop; `out` holds `absent` stops already, returns how many then.

    `mean` is the mean number of stops removed, `longest` bounds a string.
    """
    depots, around, stops, clients = w.depots, w.around, r.stops, len(w.worth)
    size = min(longest, (clients - absent) / max(1, used))
    strings = max(1, int(draw(rng) * (4.0 * mean / (1.0 + size) - 1.0) + 1.0))
    whole = draw(rng) < WHOLE_ROUTES
    if whole:
        strings = 1 + below(rng, 3)
    middle = below(rng, clients)
    if absent > 0 and draw(rng) < 0.5:
        middle = out[below(rng, absent)] - depots
    count, done = absent, 0
    for g in range(-1, around.shape[1]):
        if done >= strings:
            break
        c = middle + depots if g < 0 else wide(around[middle, g])
        k = stops[c, TRUCK]
        if k < 0 or not touch(u, r, k):
            continue
        done += 1
        count = _take_string(w, r, out, count, k, c, size, whole, rng)
    return count


@lean
def _take_string(
    w: World, r: Routes, out: Ints, count: int, k: int, c: int, size: float, whole: bool, rng: Rng
) -> int:
    """Take a string that holds `c` out of a route, perhaps sparing a part in its middle."""
    sites, rows, trucks, stops, stock = w.sites, r.rows, r.trucks, r.stops, r.stock
    n = trucks[k, LENGTH]
    take = min(n, int(draw(rng) * min(float(n), size) + 1.0))
    if whole and n <= LONGEST_WHOLE:
        take = n
    spare = 0
    if 1 < take < n and draw(rng) < SPLIT:
        spare = 1
        while take + spare < n and draw(rng) < GROW:
            spare += 1
    at, span = stops[c, POS], take + spare
    low, high = max(0, at - span + 1), min(at, n - span)
    first = low + below(rng, high - low + 1)
    spared = first + below(rng, take + 1)
    kept, to = 0, first
    for i in range(first, n):
        q = rows[k, i]
        leaves = i < first + span and not sites[q, FIXED]
        if leaves and q != c and spared <= i < spared + spare:
            leaves = False
        if leaves:
            out[count] = q
            count += 1
            stops[q, TRUCK] = -1
            take_stock(sites, trucks, stock, k, q, 1)
        else:
            if i < first + span:
                kept += 1
            rows[k, to] = q
            to += 1
    trucks[k, LENGTH] = to
    if trucks[k, RELOADS] > 0:
        tidy(w, r, k)
        to, first, kept = trucks[k, LENGTH], 0, trucks[k, LENGTH]
    if to == 0:
        emptied(trucks, r.kinds, k)
    refresh(w.arcs, sites, rows, trucks, stops, k, first, first + kept - 1)
    return count


@lean
def sort_waiting(w: World, out: Ints, keys: Floats, count: int, rng: Rng) -> None:
    """Order what waits: at random, hardest, farthest, nearest, narrowest, earliest or latest."""
    depots, arcs, sites, worth = w.depots, w.arcs, w.sites, w.worth
    rule = below(rng, 17)
    for i in range(count):
        c = out[i]
        if rule < 4:
            keys[i] = draw(rng)
        elif rule < 8:
            keys[i] = -worth[c - depots, HARDNESS] + 1e-9 * draw(rng)
        elif rule < 10:
            keys[i] = -arcs[0, 0, c, DISTANCE]
        elif rule < 11:
            keys[i] = arcs[0, 0, c, DISTANCE]
        elif rule < 13:
            keys[i] = sites[c, LATE] - sites[c, EARLY]
        elif rule < 15:
            keys[i] = sites[c, EARLY]
        else:
            keys[i] = -sites[c, LATE]
    for i in range(1, count):
        key, c = keys[i], out[i]
        j = i - 1
        while j >= 0 and keys[j] > key:
            keys[j + 1], out[j + 1] = keys[j], out[j]
            j -= 1
        keys[j + 1], out[j + 1] = key, c
