"""The loop: ruin and recreate, or exchange tails; accept by annealing; keep the best."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from routing.compiled import entry, lean
from routing.search.kernel.exact import NEW_TRIP, Exact, log_route
from routing.search.kernel.exchange import (
    best_truck,
    change_trucks,
    exchange_tails,
    judge_tails,
    rank_tails,
    reprice,
    reprice_exactly,
)  # fmt: skip
from routing.search.kernel.insertion import (
    Candidates,
    judge_anywhere,
    judge_places,
    rank_places,
)  # fmt: skip
from routing.search.kernel.rng import Rng, below, draw
from routing.search.kernel.ruin import ruin, sort_waiting
from routing.search.kernel.state import (
    DIST,
    DUR,
    FAR,
    HOME,
    KIND,
    LENGTH,
    NOWHERE,
    PENALTY,
    RELOADS,
    TRUCK,
    Floats,
    Ints,
    Routes,
    Small,
    World,
    free_reload,
    occupied,
    price,
    refresh,
    take_stock,
)  # fmt: skip
from routing.search.kernel.undo import Undo, begin_step, take_back, touch

TAILS: Final = 0.3
"""Share of steps that exchange tails."""
OPENING_BIAS: Final = 0.6
"""Share of steps that make larger trucks look cheaper while they are opened."""


class Best(NamedTuple):
    """The best solution met: rows by truck, filled to `length`."""

    rows: Small
    length: Ints


class Tally(NamedTuple):
    """Where a search stands. `cost`: current and best, left-out clients priced in.

    `counts`: trucks used, clients left out now, improvements of the best, steps accepted.
    """

    cost: Floats
    counts: Ints


USED, LEFT_OUT, IMPROVED, ACCEPTED = range(4)


class Room(NamedTuple):
    """Room to work in."""

    undo: Undo
    candidates: Candidates
    out: Ints
    keys: Floats


@lean
def _put(w: World, r: Routes, k: int, c: int, place: int) -> None:
    """Insert a stop at a place: a position, or a trip of its own (see `NEW_TRIP`)."""
    rows, trucks, n = r.rows, r.trucks, r.trucks[k, LENGTH]
    at, more = place % NEW_TRIP, 2 if place >= NEW_TRIP else 1
    for i in range(n - 1, at - 1, -1):
        rows[k, i + more] = rows[k, i]
    rows[k, at] = c
    if more == 2:
        reload = free_reload(w, r, trucks[k, HOME])
        rows[k, at], rows[k, at + 1] = (c, reload) if at == 0 else (reload, c)
        trucks[k, RELOADS] += 1
    trucks[k, LENGTH] = n + more
    occupied(trucks, r.kinds, k)
    take_stock(w.sites, trucks, r.stock, k, c, -1)
    refresh(w.arcs, w.sites, rows, trucks, r.stops, k, at, at + more - 1)


@lean
def _recreate(w: World, r: Routes, room: Room, count: int, rho: float, rng: Rng) -> float:
    """Insert what waits in `room.out`, one after another where it costs least.

    Returns the prices of those that stay out.
    """
    out, d, worth, depots = room.out, room.candidates, w.worth, w.depots
    trucks, costs, left_out = r.trucks, r.cost, 0.0
    for i in range(count):
        c = out[i]
        rank_places(w, r, c, rho, rng, d)
        if d.found[0] == 0 or d.score[0] > worth[c - depots, PENALTY]:
            left_out += worth[c - depots, PENALTY]
            continue
        k = d.truck[0]
        touch(room.undo, r, k)
        _put(w, r, k, c, d.position[0])
        costs[k] = price(w.prices, r.kinds, trucks[k, KIND], trucks[k, DIST], trucks[k, DUR])
    return left_out


@lean
def _recreate_exactly(
    x: Exact, w: World, r: Routes, room: Room, count: int, rho: float, rng: Rng
) -> float:
    """The same on a day: the exact evaluator has the last word on every place."""
    out, d, worth, left_out = room.out, room.candidates, w.worth, 0.0
    for i in range(count):
        c = out[i]
        near = rank_places(w, r, c, rho, rng, d)
        k, at, cost, more = judge_places(x, w, r, c, d)
        if k == NOWHERE and near:
            k, at, cost, more = judge_anywhere(x, w, r, c, rng, d)
        if k == NOWHERE or more > worth[c - w.depots, PENALTY]:
            left_out += worth[c - w.depots, PENALTY]
            continue
        touch(room.undo, r, k)
        _put(w, r, k, c, at)
        r.cost[k] = cost
    return left_out


@lean
def _reprice(x: Exact, w: World, r: Routes, k: int) -> bool:
    """Price a route; false where it has no lawful schedule."""
    if x.on[0] == 1:
        return reprice_exactly(x, w, r, k)
    reprice(w, r, k)
    return True


@lean
def _change_for_better(x: Exact, w: World, r: Routes, u: Undo) -> None:
    """Give each changed route the truck that drives it for least."""
    if len(r.kinds) == 1:
        return
    touched = u.step[1]
    for s in range(touched):
        k = u.truck[s]
        if r.trucks[k, LENGTH] > 0:
            other = best_truck(x, w, r, k)
            if other != NOWHERE:
                change_trucks(w, r, u, k, other)
                _reprice(x, w, r, k)
                _reprice(x, w, r, other)


@lean
def _keep_best(r: Routes, best: Best, t: Tally) -> None:
    if t.cost[0] >= t.cost[1]:
        return
    t.cost[1] = t.cost[0]
    t.counts[IMPROVED] += 1
    rows, trucks, best_rows, length = r.rows, r.trucks, best.rows, best.length
    for k in range(len(trucks)):
        length[k] = trucks[k, LENGTH]
        for i in range(length[k]):
            best_rows[k, i] = rows[k, i]


@lean
def _tail_step(
    x: Exact, w: World, r: Routes, best: Best, t: Tally, warmth: float, rng: Rng
) -> None:
    p = w.depots + below(rng, len(w.worth))
    if r.stops[p, TRUCK] < 0:
        return
    exact = x.on[0] == 1
    q, more = rank_tails(w, r, p, exact)
    bar = -warmth * np.log(draw(rng) + 1e-300)
    if q == NOWHERE or (not exact and more >= bar):
        return
    if exact:
        more = judge_tails(x, w, r, p, q)
        if more >= bar:
            return
    k, j = r.stops[p, TRUCK], r.stops[q, TRUCK]
    t.counts[USED] += exchange_tails(w, r, p, q)
    for route in (k, j):
        _reprice(x, w, r, route)
        if exact and r.trucks[route, LENGTH] > 0:
            log_route(x, w, r, route)
    t.cost[0] += more
    t.counts[ACCEPTED] += 1
    _keep_best(r, best, t)


@lean
def _absent(w: World, r: Routes, out: Ints) -> tuple[int, float]:
    """List the clients on no truck: how many, and their prices together."""
    count, prices = 0, 0.0
    for c in range(w.depots, w.depots + len(w.worth)):
        if r.stops[c, TRUCK] < 0:
            out[count] = c
            count += 1
            prices += w.worth[c - w.depots, PENALTY]
    return count, prices


@lean
def _rebuild(x: Exact, w: World, r: Routes, room: Room, count: int, rng: Rng) -> tuple[float, int]:
    """Price what is left after a ruin, insert what waits: (money more, trucks in use more).

    What stays out is priced in; FAR where what is left has no lawful schedule.
    """
    u = room.undo
    for s in range(u.step[1]):
        if not _reprice(x, w, r, u.truck[s]):
            return FAR, 0
    sort_waiting(w, room.out, room.keys, count, rng)
    rho = draw(rng) if draw(rng) < OPENING_BIAS else 0.0
    if x.on[0] == 1:
        more = _recreate_exactly(x, w, r, room, count, rho, rng)
    else:
        more = _recreate(w, r, room, count, rho, rng)
    _change_for_better(x, w, r, u)
    used = 0
    for s in range(u.step[1]):
        k = u.truck[s]
        more += r.cost[k] - u.cost[s]
        used += int(r.trucks[k, LENGTH] > 0) - int(u.length[s] > 0)
    return more, used


@lean
def _ruin_step(
    x: Exact, w: World, r: Routes, best: Best, t: Tally, room: Room, warmth: float, mean: float,
    longest: float, rng: Rng,
) -> None:  # fmt: skip
    u, out = room.undo, room.out
    begin_step(u)
    absent, before = 0, 0.0
    if t.counts[LEFT_OUT] > 0:
        absent, before = _absent(w, r, out)
    count = ruin(w, r, u, out, absent, t.counts[USED], mean, longest, rng)
    more, used = _rebuild(x, w, r, room, count, rng)
    more -= before
    if more >= 0 and more >= -warmth * np.log(draw(rng) + 1e-300):
        for i in range(count):
            r.stops[out[i], TRUCK] = NOWHERE
        take_back(u, w, r)
        return
    t.cost[0] += more
    t.counts[USED] += used
    t.counts[ACCEPTED] += 1
    left_out = 0
    for i in range(count):
        left_out += int(r.stops[out[i], TRUCK] < 0)
    t.counts[LEFT_OUT] = left_out
    if x.on[0] == 1:
        for s in range(u.step[1]):
            if r.trucks[u.truck[s], LENGTH] > 0:
                log_route(x, w, r, u.truck[s])
    _keep_best(r, best, t)


@entry
def begin(
    x: Exact, w: World, r: Routes, best: Best, t: Tally, room: Room, waiting: Ints, rho: float,
    rng: Rng,
) -> int:  # fmt: skip
    """Price the routes that are set, insert what waits, take the result for the best so far.

    The larger `rho`, the larger the trucks that are opened. Returns the truck of a set
    route that has no lawful schedule, or -1.
    """
    for k in range(len(r.trucks)):
        n = r.trucks[k, LENGTH]
        if n > 0:
            refresh(w.arcs, w.sites, r.rows, r.trucks, r.stops, k, 0, n - 1)
            for i in range(n):
                take_stock(w.sites, r.trucks, r.stock, k, r.rows[k, i], -1)
            if not _reprice(x, w, r, k):
                return k
    begin_step(room.undo)
    for i in range(len(waiting)):
        room.out[i] = waiting[i]
    if x.on[0] == 1:
        t.cost[0] = _recreate_exactly(x, w, r, room, len(waiting), rho, rng)
    else:
        t.cost[0] = _recreate(w, r, room, len(waiting), rho, rng)
    t.counts[USED] = t.counts[LEFT_OUT] = 0
    for k in range(len(r.trucks)):
        t.cost[0] += r.cost[k]
        t.counts[USED] += int(r.trucks[k, LENGTH] > 0)
    for i in range(len(waiting)):
        t.counts[LEFT_OUT] += int(r.stops[waiting[i], TRUCK] < 0)
    t.cost[1] = t.cost[0] + 1.0
    _keep_best(r, best, t)
    return -1


@entry
def anneal(
    x: Exact, w: World, r: Routes, best: Best, t: Tally, room: Room, steps: int, hot: float,
    cold: float, mean: float, longest: float, rng: Rng,
) -> None:  # fmt: skip
    """Take so many steps, cooling geometrically from `hot` to `cold` (money).

    A ruin takes out `mean` stops on average, in strings of at most `longest`.
    """
    cooling = (cold / hot) ** (1.0 / max(1, steps))
    warmth = hot
    for _ in range(steps):
        warmth *= cooling
        if draw(rng) < TAILS:
            _tail_step(x, w, r, best, t, warmth, rng)
        else:
            _ruin_step(x, w, r, best, t, room, warmth, mean, longest, rng)
