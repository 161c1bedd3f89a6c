"""Moves between whole routes: exchange tails (2-opt*), hand a route to another kind of truck."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.clock import DEAD
from routing.compiled import lean, spliced
from routing.search.kernel.exact import Exact, cost_as_it_is, cost_joined, cost_on
from routing.search.kernel.state import (
    AFTER,
    ARC,
    BACK,
    BEGIN,
    CLOSES,
    CUM,
    DEMAND,
    DIST,
    DISTANCE,
    DUR,
    DUR_IN,
    DUR_OUT,
    EARLY,
    FAR,
    FIRST_OUT,
    FROM,
    HOME,
    KIND,
    LAST_IN,
    LATE,
    LATEST,
    LENGTH,
    LOAD,
    MASS,
    MASS_ON_BOARD,
    MAX_DUR,
    NEXT,
    NOWHERE,
    ON_BOARD,
    OPENING,
    OPENS,
    PER_DISTANCE,
    POS,
    PREV,
    PROFILE,
    RELOADS,
    ROOM,
    ROOM_MASS,
    STOCK,
    TIME,
    TIMED,
    TRUCK,
    USED_TO,
    Ints,
    Routes,
    Small,
    World,
    emptied,
    free_truck,
    has_reloads,
    occupied,
    price,
    refresh,
    tidy,
    wide,
)  # fmt: skip
from routing.search.kernel.undo import Undo, touch


@spliced
def _joined(arcs: Small, trucks: Ints, stops: Small, depots: int, k: int, p: int, nxt: int) -> int:
    """Duration of the front of `k` up to `p` and the back from `nxt` on; -1 if not feasible.

    The depot for `p` or `nxt` means an empty front or back. For routes of one profile; that a
    truck which closes sooner than the back's own is home in time is `_home_in_time`'s to say.
    """
    step = arcs[trucks[k, PROFILE], p, nxt, TIME]
    begins = trucks[k, OPENS] if p < depots else wide(stops[p, BEGIN])
    due = trucks[k, CLOSES] if nxt < depots else wide(stops[nxt, LATEST])
    if begins + step > due:
        return -1
    if not trucks[k, TIMED]:
        return 0
    dur, latest, rest, first = 0, trucks[k, CLOSES], 0, trucks[k, OPENS]
    if p >= depots:
        dur, latest = wide(stops[p, DUR_IN]), wide(stops[p, LAST_IN])
    if nxt >= depots:
        rest, first = wide(stops[nxt, DUR_OUT]), wide(stops[nxt, FIRST_OUT])
    dur += step
    dur += max(first - dur - latest, 0) + rest
    return dur if dur <= trucks[k, MAX_DUR] else -1


@lean
def _tail_allowed(
    allowed: NDArray[np.bool_],
    rows: Small,
    trucks: Ints,
    depots: int,
    j: int,
    first: int,
    kind: int,
) -> bool:
    allowed_so_far = True
    for i in range(first, trucks[j, LENGTH]):
        allowed_so_far = allowed_so_far and allowed[rows[j, i] - depots, kind]
    return allowed_so_far


@lean
def _home_in_time(w: World, r: Routes, k: int, p: int, j: int, first: int) -> bool:
    """Tell whether truck `k`, once at `p`, is home in time with the stops of `j` from `first` on.

    Only a truck that closes sooner than `j` has to drive it all.
    """
    arcs, sites, trucks, stops = w.arcs, w.sites, r.trucks, r.stops
    if trucks[k, CLOSES] >= trucks[j, CLOSES]:
        return True
    profile, at = trucks[k, PROFILE], p
    t = trucks[k, OPENS] if p < w.depots else wide(stops[p, BEGIN])
    for i in range(first, trucks[j, LENGTH]):
        c = wide(r.rows[j, i])
        t = max(t + arcs[profile, at, c, TIME], wide(sites[c, EARLY]))
        if t > sites[c, LATE]:
            return False
        at = c
    return bool(t + arcs[profile, at, trucks[k, HOME], TIME] <= trucks[k, CLOSES])


@lean
def rank_tails(w: World, r: Routes, p: int, exact: bool) -> tuple[int, float]:
    """Of the neighbours of `p` in other routes the best one to drive to next: (stop, money more).

    The tails behind `p` and before that stop change places. With `exact` the money is a guess,
    and routes over different roads are ranked too.
    """
    depots, arcs, allowed, prices, near = w.depots, w.arcs, w.allowed, w.prices, w.near
    rows, trucks, stops, kinds = r.rows, r.trucks, r.stops, r.kinds
    k, nxt = stops[p, TRUCK], stops[p, NEXT]
    best, lowest = NOWHERE, FAR
    home, profile, kind = trucks[k, HOME], trucks[k, PROFILE], trucks[k, KIND]
    leaving = trucks[k, BACK] if nxt < depots else wide(stops[nxt, ARC])
    load_p, mass_p, cum_p = stops[p, LOAD], stops[p, MASS], stops[p, CUM]
    tail_k = trucks[k, DIST] - cum_p - leaving
    for g in range(near.shape[2]):
        q = near[p - depots, AFTER, g]
        j = stops[q, TRUCK]
        if j < 0 or j == k or trucks[j, HOME] != home:
            continue
        alike = trucks[j, PROFILE] == profile
        if not alike and not exact:
            continue
        pq = stops[q, PREV]
        load, mass, cum = 0, 0, 0
        if pq >= depots:
            load, mass = wide(stops[pq, LOAD]), wide(stops[pq, MASS])
            cum = wide(stops[pq, CUM])
        if load_p + trucks[j, ON_BOARD] - load > trucks[k, ROOM]:
            continue
        if load + trucks[k, ON_BOARD] - load_p > trucks[j, ROOM]:
            continue
        if mass_p + trucks[j, MASS_ON_BOARD] - mass > trucks[k, ROOM_MASS]:
            continue
        if mass + trucks[k, MASS_ON_BOARD] - mass_p > trucks[j, ROOM_MASS]:
            continue
        other = trucks[j, KIND]
        dist_k = cum_p + arcs[profile, p, q, DISTANCE]
        dist_k += trucks[j, DIST] - cum - stops[q, ARC]
        empties = nxt < depots and pq < depots
        dist_j = 0 if empties else cum + arcs[profile, pq, nxt, DISTANCE] + tail_k
        more = prices[kind, PER_DISTANCE] * (dist_k - trucks[k, DIST])
        more += prices[other, PER_DISTANCE] * (dist_j - trucks[j, DIST])
        if empties:
            more -= prices[other, OPENING]
        untimed = not (trucks[k, TIMED] or trucks[j, TIMED])
        if untimed and more >= lowest:
            continue
        if alike:
            dur_k = _joined(arcs, trucks, stops, depots, k, p, q)
            if dur_k < 0:
                continue
            dur_j = 0
            if not empties:
                dur_j = _joined(arcs, trucks, stops, depots, j, pq, nxt)
            if dur_j < 0:
                continue
            if not exact and not (
                _home_in_time(w, r, k, p, j, stops[q, POS])
                and _home_in_time(w, r, j, pq, k, stops[p, POS] + 1)
            ):
                continue
            if not untimed:
                more = price(prices, kinds, kind, dist_k, dur_k)
                more -= price(prices, kinds, kind, trucks[k, DIST], trucks[k, DUR])
                more -= price(prices, kinds, other, trucks[j, DIST], trucks[j, DUR])
                if not empties:
                    more += price(prices, kinds, other, dist_j, dur_j)
        if more >= lowest:
            continue
        if kind != other and not (
            _tail_allowed(allowed, rows, trucks, depots, k, stops[p, POS] + 1, other)
            and _tail_allowed(allowed, rows, trucks, depots, j, stops[q, POS], kind)
        ):
            continue
        lowest, best = more, wide(q)
    return best, lowest


@lean
def judge_tails(x: Exact, w: World, r: Routes, p: int, q: int) -> float:
    """Money more after exchanging the tails behind `p` and before `q`; FAR if not lawful."""
    k, j, a, b = r.stops[p, TRUCK], r.stops[q, TRUCK], r.stops[p, POS] + 1, r.stops[q, POS]
    one = cost_joined(x, w, r, k, a, j, b)
    if one == DEAD:
        return FAR
    two = cost_joined(x, w, r, j, b, k, a)
    if two == DEAD:
        return FAR
    return float(one + two - r.cost[k] - r.cost[j])


@lean
def exchange_tails(w: World, r: Routes, p: int, q: int) -> int:
    """Drive from `p` to `q`, and from the stop before `q` to the one behind `p`.

    Returns by how many the trucks in use change: 0 or -1. The routes are to be priced again.
    """
    rows, trucks, stops = r.rows, r.trucks, r.stops
    k, j = wide(stops[p, TRUCK]), wide(stops[q, TRUCK])
    a, b = wide(stops[p, POS]) + 1, wide(stops[q, POS])
    mine, theirs = trucks[k, LENGTH] - a, trucks[j, LENGTH] - b
    for i in range(max(mine, theirs)):
        from_k = rows[k, a + i] if i < mine else 0
        if i < theirs:
            rows[k, a + i] = rows[j, b + i]
        if i < mine:
            rows[j, b + i] = from_k
    trucks[k, LENGTH], trucks[j, LENGTH] = a + theirs, b + mine
    if has_reloads(w):
        tidy(w, r, k)
        tidy(w, r, j)
    refresh(w.arcs, w.sites, rows, trucks, stops, k, 0, trucks[k, LENGTH] - 1)
    refresh(w.arcs, w.sites, rows, trucks, stops, j, 0, trucks[j, LENGTH] - 1)
    if trucks[j, LENGTH] == 0:
        emptied(trucks, r.kinds, j)
        return -1
    return 0


@lean
def reprice(w: World, r: Routes, k: int) -> None:
    """Price a route of a plain model."""
    trucks = r.trucks
    if trucks[k, LENGTH] == 0:
        r.cost[k] = 0.0
    else:
        r.cost[k] = price(w.prices, r.kinds, trucks[k, KIND], trucks[k, DIST], trucks[k, DUR])


@lean
def reprice_exactly(x: Exact, w: World, r: Routes, k: int) -> bool:
    """Price a route of a day; false where it has no lawful schedule."""
    cost = cost_as_it_is(x, w, r, k)
    r.cost[k] = cost
    return bool(cost != DEAD)


@lean
def _measure(w: World, r: Routes, k: int, other: int) -> tuple[int, int]:
    """Distance and shortest duration of route `k` on another truck; distance -1: not feasible.

    Forward time slack (Savelsbergh 1992, doi 10.1287/ijoc.4.2.146).
    """
    arcs, sites, rows, trucks = w.arcs, w.sites, r.rows, r.trucks
    home, profile, opens = trucks[other, HOME], trucks[other, PROFILE], trucks[other, OPENS]
    p, t, waited, slack, distance = home, opens, 0, trucks[other, CLOSES] - opens, 0
    for i in range(trucks[k, LENGTH]):
        c = wide(rows[k, i])
        t += arcs[profile, p, c, TIME]
        distance += arcs[profile, p, c, DISTANCE]
        if t > sites[c, LATE]:
            return -1, 0
        if t < sites[c, EARLY]:
            waited += sites[c, EARLY] - t
            t = wide(sites[c, EARLY])
        slack = min(slack, waited + sites[c, LATE] - t)
        p = c
    t += arcs[profile, p, home, TIME]
    distance += arcs[profile, p, home, DISTANCE]
    duration = t - opens - min(slack, waited)
    if t > trucks[other, CLOSES] or duration > trucks[other, MAX_DUR]:
        return -1, 0
    return distance, duration


@lean
def _may_carry(w: World, r: Routes, k: int, other: int) -> bool:
    """Tell whether another truck may, by access, room and stock, take the stops of route `k`."""
    rows, trucks, sites = r.rows, r.trucks, w.sites
    if trucks[other, ROOM] < trucks[k, ON_BOARD]:
        return False
    if trucks[other, ROOM_MASS] < trucks[k, MASS_ON_BOARD]:
        return False
    if trucks[other, HOME] != trucks[k, HOME]:
        for i in range(trucks[k, LENGTH]):
            if sites[rows[k, i], STOCK] >= 0 or sites[rows[k, i], DEMAND] < 0:
                return False
    return _tail_allowed(w.allowed, rows, trucks, w.depots, k, 0, trucks[other, KIND])


@lean
def _cost_by(x: Exact, w: World, r: Routes, k: int, other: int) -> float:
    """Money for the stops of route `k` on another truck; FAR if it cannot."""
    if r.trucks[k, LENGTH] == 0:
        return 0.0
    if not _may_carry(w, r, k, other):
        return FAR
    if x.on[0] == 1:
        cost = cost_on(x, w, r, k, other)
        return FAR if cost == DEAD else float(cost)
    distance, duration = _measure(w, r, k, other)
    if distance < 0:
        return FAR
    return price(w.prices, r.kinds, r.trucks[other, KIND], distance, duration)


@spliced
def _at_least(w: World, r: Routes, k: int, other: int) -> float:
    """Money that the stops of `k` cost on another truck of a plain model at the least."""
    arcs, rows, trucks = w.arcs, r.rows, r.trucks
    if trucks[other, ROOM] < trucks[k, ON_BOARD]:
        return FAR
    if trucks[other, PROFILE] != trucks[k, PROFILE]:
        return 0.0
    first, last = rows[k, 0], rows[k, trucks[k, LENGTH] - 1]
    home, profile, kind = trucks[other, HOME], trucks[k, PROFILE], trucks[other, KIND]
    distance = trucks[k, DIST] - r.stops[first, ARC] - trucks[k, BACK]
    distance += arcs[profile, home, first, DISTANCE] + arcs[profile, last, home, DISTANCE]
    return float(w.prices[kind, OPENING] + w.prices[kind, PER_DISTANCE] * distance)


@lean
def best_truck(x: Exact, w: World, r: Routes, k: int) -> int:
    """The truck, free or in use, with which to change all stops; NOWHERE if none saves money."""
    trucks, kinds, prices, costs = r.trucks, r.kinds, w.prices, r.cost
    plain = x.on[0] == 0
    best, lowest, mine = NOWHERE, -0.5, trucks[k, KIND]
    for kind in range(len(kinds)):
        if kind == mine:
            continue
        other = free_truck(trucks, kinds, kind)
        if other != NOWHERE and not (plain and _at_least(w, r, k, other) - costs[k] >= lowest):
            more = _cost_by(x, w, r, k, other) - costs[k]
            if more < lowest:
                best, lowest = other, more
        gap = prices[kind, PER_DISTANCE] - prices[mine, PER_DISTANCE]
        if gap == 0:
            continue
        for other in range(kinds[kind, FROM], kinds[kind, USED_TO]):
            if trucks[other, LENGTH] == 0 or trucks[other, HOME] != trucks[k, HOME]:
                continue
            if trucks[other, ON_BOARD] > trucks[k, ROOM]:
                continue
            if gap * (trucks[k, DIST] - trucks[other, DIST]) >= lowest:
                continue
            more = _cost_by(x, w, r, k, other)
            if more < FAR:
                more += _cost_by(x, w, r, other, k) - costs[k] - costs[other]
            if more < lowest:
                best, lowest = other, more
    return best


@lean
def change_trucks(w: World, r: Routes, u: Undo, k: int, other: int) -> None:
    """Let two trucks change all their stops; the routes are to be priced again."""
    touch(u, r, k)
    touch(u, r, other)
    rows, trucks, kinds = r.rows, r.trucks, r.kinds
    n, m = trucks[k, LENGTH], trucks[other, LENGTH]
    for i in range(max(n, m)):
        rows[k, i], rows[other, i] = rows[other, i], rows[k, i]
    trucks[k, LENGTH], trucks[other, LENGTH] = m, n
    reloads = trucks[k, RELOADS]
    trucks[k, RELOADS], trucks[other, RELOADS] = trucks[other, RELOADS], reloads
    for t in (k, other):
        if trucks[t, LENGTH] == 0:
            emptied(trucks, kinds, t)
        else:
            occupied(trucks, kinds, t)
        refresh(w.arcs, w.sites, rows, trucks, r.stops, t, 0, trucks[t, LENGTH] - 1)
