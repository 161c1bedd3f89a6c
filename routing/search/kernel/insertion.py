"""Where a stop costs least: beside its neighbours, then anywhere, or on a truck of its own.

Candidates are ranked by constant-time deltas. On a plain model the best one is it; on a day the
most promising are put before the exact evaluator.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.clock import DEAD
from routing.compiled import lean, spliced
from routing.search.kernel.exact import NEW_TRIP, Exact, cost_with
from routing.search.kernel.rng import Rng, draw
from routing.search.kernel.state import (
    AFTER,
    ARC,
    BACK,
    BEGIN,
    CLOSES,
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
    MASS_ON_BOARD,
    MAX_DUR,
    MOST_TRIPS,
    NEXT,
    NOWHERE,
    ON_BOARD,
    OPENS,
    PER_DISTANCE,
    PER_DURATION,
    PER_OVERTIME,
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
    WEIGHT,
    Floats,
    Ints,
    Routes,
    Small,
    World,
    free_reload,
    free_truck,
    has_reloads,
    price,
    wide,
)  # fmt: skip

BLINK: Final = 0.01
MOST_CANDIDATES: Final = 12


class Candidates(NamedTuple):
    """Where a stop may go, most promising first: score, truck, position. `found[0]` of them."""

    score: Floats
    bias: Floats
    truck: Ints
    position: Ints
    found: Ints


def new_candidates(*, exact: bool) -> Candidates:
    """Make room for one candidate, or for as many as the exact evaluator may be asked about."""
    room = MOST_CANDIDATES if exact else 1
    return Candidates(
        score=np.zeros(room),
        bias=np.ones(room),
        truck=np.zeros(room, dtype=np.int64),
        position=np.zeros(room, dtype=np.int64),
        found=np.zeros(1, dtype=np.int64),
    )


@spliced
def _offer(
    scores: Floats, d: Candidates, count: int, score: float, bias: float, k: int, at: int
) -> int:
    """Add a candidate that beats the bar; how many there are then."""
    i = min(count, len(scores) - 1)
    biases, trucks, positions = d.bias, d.truck, d.position
    while i > 0 and scores[i - 1] > score:
        scores[i], biases[i] = scores[i - 1], biases[i - 1]
        trucks[i], positions[i] = trucks[i - 1], positions[i - 1]
        i -= 1
    scores[i], biases[i], trucks[i], positions[i] = score, bias, k, at
    return min(count + 1, len(scores))


@spliced
def _bar(scores: Floats, count: int) -> float:
    """Score that a candidate must beat."""
    return scores[len(scores) - 1] if count == len(scores) else FAR


@spliced
def _takes(
    sites: Small, allowed: NDArray[np.bool_], trucks: Ints, stock: Ints, k: int, c: int, row: int
) -> bool:
    """Tell whether a truck may, by room, access and stock, take one more stop."""
    if trucks[k, ON_BOARD] + sites[c, DEMAND] > trucks[k, ROOM]:
        return False
    if not allowed[row, trucks[k, KIND]]:
        return False
    if trucks[k, MASS_ON_BOARD] + sites[c, WEIGHT] > trucks[k, ROOM_MASS]:
        return False
    kind = sites[c, STOCK]
    return bool(kind < 0 or stock[trucks[k, HOME], kind] > 0)


@spliced
def _between(
    arcs: Small, arcs_to: Small, sites: Small, prices: Floats, kinds: Ints, trucks: Ints,
    stops: Small, depots: int, k: int, c: int, p: int, nxt: int, bar: float,
) -> float:  # fmt: skip
    """Money more for a stop between two of a route, FAR when it does not fit or beats no bar."""
    profile, kind = trucks[k, PROFILE], trucks[k, KIND]
    arc = trucks[k, BACK] if nxt < depots else wide(stops[nxt, ARC])
    longer = arcs_to[profile, c, p, DISTANCE] + arcs[profile, c, nxt, DISTANCE] - arc
    delta = prices[kind, PER_DISTANCE] * longer
    if delta >= bar and prices[kind, PER_DURATION] == 0:
        return FAR
    step = arcs_to[profile, c, p, TIME]
    at = (trucks[k, OPENS] if p < depots else wide(stops[p, BEGIN])) + step
    late, early = wide(sites[c, LATE]), wide(sites[c, EARLY])
    if at > late:
        return FAR
    onward = arcs[profile, c, nxt, TIME]
    due = trucks[k, CLOSES] if nxt < depots else wide(stops[nxt, LATEST])
    if max(at, early) + onward > due:
        return FAR
    if trucks[k, TIMED]:
        dur, latest, rest, first = 0, trucks[k, CLOSES], 0, trucks[k, OPENS]
        if p >= depots:
            dur, latest = wide(stops[p, DUR_IN]), wide(stops[p, LAST_IN])
        if nxt >= depots:
            rest, first = wide(stops[nxt, DUR_OUT]), wide(stops[nxt, FIRST_OUT])
        dur += step
        wait = max(early - dur - latest, 0)
        latest = min(late - dur, latest)
        dur += wait + onward
        dur += max(first - dur - latest, 0) + rest
        if dur > trucks[k, MAX_DUR]:
            return FAR
        if prices[kind, PER_DURATION] > 0 or prices[kind, PER_OVERTIME] > 0:
            distance = trucks[k, DIST]
            delta = price(prices, kinds, kind, distance + longer, dur)
            delta -= price(prices, kinds, kind, distance, trucks[k, DUR])
    return delta if delta < bar else FAR


@lean
def _beside_neighbours(w: World, r: Routes, c: int, rng: Rng, d: Candidates) -> int:
    depots, arcs, arcs_to, sites, allowed = w.depots, w.arcs, w.arcs_to, w.sites, w.allowed
    prices, near = w.prices, w.near
    trucks, stops, kinds, stock, scores = r.trucks, r.stops, r.kinds, r.stock, d.score
    row, count = c - depots, 0
    for g in range(near.shape[2]):
        for side in range(2):
            q = near[row, side, g]
            k = stops[q, TRUCK]
            if k < 0 or not _takes(sites, allowed, trucks, stock, k, c, row):
                continue
            p, nxt, at = q, stops[q, NEXT], stops[q, POS] + 1
            if side == AFTER:
                p, nxt, at = stops[q, PREV], q, stops[q, POS]
            delta = _between(
                arcs, arcs_to, sites, prices, kinds, trucks, stops, depots, k, c, p, nxt,
                _bar(scores, count),
            )  # fmt: skip
            if delta < FAR and draw(rng) >= BLINK:
                count = _offer(scores, d, count, delta, 1.0, k, at)
    return count


@lean
def _anywhere(w: World, r: Routes, c: int, rng: Rng, d: Candidates) -> int:
    depots, arcs, arcs_to, sites, allowed = w.depots, w.arcs, w.arcs_to, w.sites, w.allowed
    prices, rows = w.prices, r.rows
    trucks, stops, kinds, stock, scores = r.trucks, r.stops, r.kinds, r.stock, d.score
    row, early, late, count = c - depots, sites[c, EARLY], sites[c, LATE], 0
    for kind in range(len(kinds)):
        if not allowed[row, kind]:
            continue
        for k in range(kinds[kind, FROM], kinds[kind, USED_TO]):
            n = trucks[k, LENGTH]
            if n == 0 or not _takes(sites, allowed, trucks, stock, k, c, row):
                continue
            home, profile = trucks[k, HOME], trucks[k, PROFILE]
            p, begins = home, trucks[k, OPENS]
            for at in range(n + 1):
                if begins + arcs_to[profile, c, p, TIME] > late:
                    break
                nxt = wide(rows[k, at]) if at < n else home
                if at < n and stops[nxt, LATEST] < early:
                    p, begins = nxt, wide(stops[nxt, BEGIN])
                    continue
                delta = _between(
                    arcs, arcs_to, sites, prices, kinds, trucks, stops, depots, k, c, p, nxt,
                    _bar(scores, count),
                )  # fmt: skip
                if delta < FAR and draw(rng) >= BLINK:
                    count = _offer(scores, d, count, delta, 1.0, k, at)
                if at < n:
                    p = nxt
                    begins = wide(stops[p, BEGIN])
    return count


@lean
def _alone(w: World, r: Routes, c: int, rho: float, d: Candidates, count: int) -> int:
    """Offer a truck of each kind; `rho` divides the price of the room it brings along."""
    depots, arcs, sites, allowed, prices = w.depots, w.arcs, w.sites, w.allowed, w.prices
    trucks, kinds, stock, scores = r.trucks, r.kinds, r.stock, d.score
    row, early, late = c - depots, sites[c, EARLY], sites[c, LATE]
    for kind in range(len(kinds)):
        if not allowed[row, kind]:
            continue
        k = free_truck(trucks, kinds, kind)
        if k == NOWHERE or not _takes(sites, allowed, trucks, stock, k, c, row):
            continue
        home, profile = trucks[k, HOME], trucks[k, PROFILE]
        out, back = arcs[profile, home, c, TIME], arcs[profile, c, home, TIME]
        begins = max(early, trucks[k, OPENS] + out)
        if begins > late or begins + back > trucks[k, CLOSES] or out + back > trucks[k, MAX_DUR]:
            continue
        there = arcs[profile, home, c, DISTANCE] + arcs[profile, c, home, DISTANCE]
        money = price(prices, kinds, kind, there, out + back)
        bias = 1.0 + rho * (trucks[k, ROOM] / max(1, sites[c, DEMAND]) - 1.0)
        if money / bias < _bar(scores, count):
            count = _offer(scores, d, count, money / bias, bias, k, 0)
    return count


@lean
def _new_trips(w: World, r: Routes, c: int, d: Candidates, count: int) -> int:
    """Offer trips of their own to trucks in use: first thing, or after all others."""
    depots, arcs, sites, allowed, prices = w.depots, w.arcs, w.sites, w.allowed, w.prices
    rows, trucks, stops, kinds, scores = r.rows, r.trucks, r.stops, r.kinds, d.score
    row, early, late = c - depots, sites[c, EARLY], sites[c, LATE]
    for kind in range(len(kinds)):
        if not allowed[row, kind] or kinds[kind, MOST_TRIPS] == 1:
            continue
        for k in range(kinds[kind, FROM], kinds[kind, USED_TO]):
            n, home, profile = trucks[k, LENGTH], trucks[k, HOME], trucks[k, PROFILE]
            if n == 0 or trucks[k, RELOADS] + 1 >= kinds[kind, MOST_TRIPS]:
                continue
            node = free_reload(w, r, home)
            if node == NOWHERE:
                continue
            out, back = arcs[profile, node, c, TIME], arcs[profile, c, home, TIME]
            there = arcs[profile, home, c, DISTANCE] + arcs[profile, c, home, DISTANCE]
            money = prices[kind, PER_DISTANCE] * there + prices[kind, PER_DURATION] * (out + back)
            if money >= _bar(scores, count):
                continue
            last, first = rows[k, n - 1], rows[k, 0]
            again = stops[last, BEGIN] + arcs[profile, last, home, TIME] + out
            if again <= late and max(again, early) + back <= trucks[k, CLOSES]:
                count = _offer(scores, d, count, money, 1.0, k, NEW_TRIP + n)
            begins = max(early, trucks[k, OPENS] + arcs[profile, home, c, TIME])
            if begins <= late and begins + back + arcs[profile, node, first, TIME] <= wide(
                stops[first, LATEST]
            ):
                count = _offer(scores, d, count, money, 1.0, k, NEW_TRIP)
    return count


@lean
def rank_places(w: World, r: Routes, c: int, rho: float, rng: Rng, d: Candidates) -> bool:
    """List candidates beside neighbours, anywhere if there are none, and on trucks of their own.

    Tells whether neighbours were enough.
    """
    count = _beside_neighbours(w, r, c, rng, d)
    near = count > 0
    if not near:
        count = _anywhere(w, r, c, rng, d)
    count = _alone(w, r, c, rho, d, count)
    if has_reloads(w):
        count = _new_trips(w, r, c, d, count)
    d.found[0] = count
    return near


@lean
def judge_places(
    x: Exact, w: World, r: Routes, c: int, d: Candidates
) -> tuple[int, int, float, float]:
    """Put the candidates before the exact evaluator, until none can be better than the best.

    Scores are made of the shortest times and roads there are, so they promise too much, if
    anything; only with prices of balance or preferred times a place may be better than it looks.

    Truck, position, cost of the route then, and the money more that the stop answers for (a truck
    of its own brings room for others along); truck NOWHERE if none is lawful.
    """
    truck, position, cost, lowest = NOWHERE, 0, 0.0, FAR
    for i in range(d.found[0]):
        if d.score[i] >= lowest:
            break
        k, at = d.truck[i], d.position[i]
        judged = cost_with(x, w, r, k, c, at)
        if judged == DEAD:
            continue
        more = (judged - r.cost[k]) / d.bias[i]
        if more < lowest:
            truck, position, cost, lowest = k, at, float(judged), more
    return truck, position, cost, lowest


@lean
def judge_anywhere(
    x: Exact, w: World, r: Routes, c: int, rng: Rng, d: Candidates
) -> tuple[int, int, float, float]:
    """The same for candidates from all routes."""
    d.found[0] = _anywhere(w, r, c, rng, d)
    return judge_places(x, w, r, c, d)
