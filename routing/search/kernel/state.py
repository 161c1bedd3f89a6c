"""What the kernel works on: a model in packed rows, and a solution in packed rows.

Everything a move looks at for one stop lies in one row of 64 bytes. Rows of stops carry what
concatenation needs (Vidal et al. 2013, doi 10.1016/j.cor.2012.07.018): times from the front and
from the back, and the duration and start range of the route before and after the stop.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.compiled import lean, spliced

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Floats = NDArray[np.float64]

NOWHERE: Final = -1
FAR: Final = 1e300

# Rows of stops.
(
    BEGIN, LATEST, ARC, DUR_IN, FIRST_IN, LAST_IN, DUR_OUT, FIRST_OUT, LAST_OUT,
    CUM, LOAD, MASS, POS, PREV, NEXT, TRUCK, STOP_FIELDS,
) = range(17)  # fmt: skip
"""BEGIN: earliest begin of service. LATEST: latest begin that keeps the rest feasible. ARC:
distance from the stop before. *_IN, *_OUT: duration, earliest and latest start of the route up to,
and from, this stop. CUM, LOAD, MASS: distance and demands up to here."""

# Rows of sites (depots and clients): what never changes.
EARLY, LATE, DEMAND, WEIGHT, STOCK, FIXED, SITE_FIELDS = range(7)

# Rows of trucks.
(
    LENGTH, KIND, HOME, PROFILE, ROOM, ROOM_MASS, OPENS, CLOSES, MAX_DUR, TIMED,
    ON_BOARD, MASS_ON_BOARD, DIST, BACK, DUR, ROW, RELOADS, TRUCK_FIELDS,
) = range(18)  # fmt: skip
"""BACK: distance of the leg home. DIST, DUR: of the whole route. TIMED: duration matters.
ROW: the truck's row for the exact evaluator. RELOADS: visits to the depot between two trips;
with any, ON_BOARD is 0 and only the exact evaluator judges the load."""

# Rows of kinds.
FROM, TO, USED_TO, FREE, OVERTIME_AFTER, MOST_TRIPS, KIND_FIELDS = range(7)
"""Trucks of a kind are rows FROM to TO; those in use lie below USED_TO, none below FREE is free."""

# Fields of arcs, and of what clients are worth.
DISTANCE, TIME, ARC_FIELDS = range(3)
PENALTY, HARDNESS, WORTH_FIELDS = range(3)
BEFORE, AFTER = range(2)

# Prices of kinds.
OPENING, PER_DISTANCE, PER_DURATION, PER_OVERTIME, PRICE_FIELDS = range(5)


class World(NamedTuple):
    """A model for the kernel.

    `arcs` (profiles, nodes, nodes, fields): distance, and time with the service at the origin;
    `arcs_to` the same by (profile, destination, origin), so that arcs into a node lie side by
    side. `near` (clients, 2, neighbours): who may well come before and after; `around` by
    distance alone. `worth` (clients, fields), `allowed` (clients and reloads, kinds). Behind the
    clients lie nodes for reloads, those of depot d from `reloads[d]` to `reloads[d + 1]`; their
    demand is below 0.
    """

    depots: int
    arcs: Small
    arcs_to: Small
    sites: Small
    worth: Floats
    allowed: NDArray[np.bool_]
    prices: Floats
    near: Small
    around: Small
    reloads: Ints


class Routes(NamedTuple):
    """A solution. `rows` (trucks, width) hold nodes; `cost` (trucks,) is what each route costs."""

    rows: Small
    trucks: Ints
    stops: Small
    kinds: Ints
    cost: Floats
    stock: Ints


@spliced
def wide(value: int) -> int:
    """A whole number in 64 bits, so that a variable keeps one type."""
    return np.int64(value)  # type: ignore[return-value]  # as good as an int


@spliced
def price(prices: Floats, kinds: Ints, kind: int, distance: int, duration: int) -> float:
    """Money for a route of a kind by its distance and duration."""
    money: float = prices[kind, OPENING] + prices[kind, PER_DISTANCE] * distance
    if prices[kind, PER_DURATION] > 0 or prices[kind, PER_OVERTIME] > 0:
        over = max(0, duration - kinds[kind, OVERTIME_AFTER])
        money += prices[kind, PER_DURATION] * duration + prices[kind, PER_OVERTIME] * over
    return money


@lean
def refresh(
    arcs: Small,
    sites: Small,
    rows: Small,
    trucks: Ints,
    stops: Small,
    k: int,
    first: int,
    last: int,
) -> None:
    """Bring the rows of a route up to date, of which positions `first` to `last` changed.

    Stops from `first` on get new values from the front, stops up to `last` from the back.
    """
    n, home, profile = trucks[k, LENGTH], trucks[k, HOME], trucks[k, PROFILE]
    if n == 0:
        for field in (DIST, BACK, DUR, ON_BOARD, MASS_ON_BOARD):
            trucks[k, field] = 0
        return
    timed = trucks[k, TIMED]
    opens, closes = trucks[k, OPENS], trucks[k, CLOSES]
    p, t, dur, start, latest, cum, load, mass = home, opens, 0, opens, closes, 0, 0, 0
    if first > 0:
        p = wide(rows[k, first - 1])
        t = wide(stops[p, BEGIN])
        dur, start, latest = (
            wide(stops[p, DUR_IN]),
            wide(stops[p, FIRST_IN]),
            wide(stops[p, LAST_IN]),
        )
        cum, load, mass = (
            wide(stops[p, CUM]),
            wide(stops[p, LOAD]),
            wide(stops[p, MASS]),
        )
    for i in range(first, n):
        c = wide(rows[k, i])
        if i > 0:
            stops[p, NEXT] = c
        arc, step = arcs[profile, p, c, DISTANCE], arcs[profile, p, c, TIME]
        early = sites[c, EARLY]
        t = max(t + step, early)
        cum += arc
        load += sites[c, DEMAND]
        mass += sites[c, WEIGHT]
        if sites[c, DEMAND] < 0:
            load, mass = 0, 0
        stops[c, BEGIN], stops[c, ARC], stops[c, CUM] = t, arc, cum
        stops[c, LOAD], stops[c, MASS] = load, mass
        stops[c, POS], stops[c, PREV], stops[c, TRUCK] = i, p, k
        if timed:
            dur += step
            wait = max(early - dur - latest, 0)
            start = max(early - dur, start) - wait
            latest = min(sites[c, LATE] - dur, latest)
            dur += wait
            stops[c, DUR_IN], stops[c, FIRST_IN], stops[c, LAST_IN] = dur, start, latest
        p = c
    stops[p, NEXT] = home
    trucks[k, BACK] = arcs[profile, p, home, DISTANCE]
    trucks[k, DIST] = cum + trucks[k, BACK]
    if trucks[k, RELOADS] > 0:
        load, mass = 0, 0
    trucks[k, ON_BOARD], trucks[k, MASS_ON_BOARD] = load, mass
    if timed:
        dur += arcs[profile, p, home, TIME]
        trucks[k, DUR] = dur + max(opens - dur - latest, 0)
    following, due, dur, start, latest = home, closes, 0, opens, closes
    last = min(last, n - 1)
    if last < n - 1:
        following = wide(rows[k, last + 1])
        due = wide(stops[following, LATEST])
        dur, start, latest = (
            wide(stops[following, DUR_OUT]),
            wide(stops[following, FIRST_OUT]),
            wide(stops[following, LAST_OUT]),
        )
    for i in range(last, -1, -1):
        c = wide(rows[k, i])
        step, late = arcs[profile, c, following, TIME], sites[c, LATE]
        due = min(due - step, late)
        stops[c, LATEST] = due
        if timed:
            wait = max(start - step - late, 0)
            dur += step + wait
            start = max(start - step, sites[c, EARLY]) - wait
            latest = min(latest - step, late)
            stops[c, DUR_OUT], stops[c, FIRST_OUT], stops[c, LAST_OUT] = dur, start, latest
        following = c


@spliced
def take_stock(sites: Small, trucks: Ints, stock: Ints, k: int, c: int, change: int) -> None:
    """Count the car of a stop out of (or into) the stock of the truck's depot."""
    if sites[c, STOCK] >= 0:
        stock[trucks[k, HOME], sites[c, STOCK]] += change


@spliced
def emptied(trucks: Ints, kinds: Ints, k: int) -> None:
    """Note that a truck has no stop left."""
    kind = trucks[k, KIND]
    kinds[kind, FREE] = min(kinds[kind, FREE], k)


@spliced
def occupied(trucks: Ints, kinds: Ints, k: int) -> None:
    """Note that a truck has a stop."""
    kind = trucks[k, KIND]
    kinds[kind, USED_TO] = max(kinds[kind, USED_TO], k + 1)


@spliced
def free_truck(trucks: Ints, kinds: Ints, kind: int) -> int:
    """Find the first truck of a kind without a stop; NOWHERE if all are used."""
    k = kinds[kind, FREE]
    while k < kinds[kind, TO] and trucks[k, LENGTH] > 0:
        k += 1
    kinds[kind, FREE] = k
    return k if k < kinds[kind, TO] else NOWHERE


@spliced
def has_reloads(w: World) -> bool:
    """Tell whether any truck may make a second trip."""
    return bool(w.reloads[w.depots] > w.reloads[0])


@lean
def tidy(w: World, r: Routes, k: int) -> None:
    """Give up reloads after which, or before which, nothing is delivered; count the others."""
    sites, rows, trucks, stops = w.sites, r.rows, r.trucks, r.stops
    to, reloads = 0, 0
    for i in range(trucks[k, LENGTH]):
        node = rows[k, i]
        if sites[node, DEMAND] < 0:
            if to == 0 or sites[rows[k, to - 1], DEMAND] < 0:
                stops[node, TRUCK] = NOWHERE
                continue
            reloads += 1
        rows[k, to] = node
        to += 1
    if to > 0 and sites[rows[k, to - 1], DEMAND] < 0:
        to -= 1
        reloads -= 1
        stops[rows[k, to], TRUCK] = NOWHERE
    trucks[k, LENGTH], trucks[k, RELOADS] = to, reloads


@lean
def free_reload(w: World, r: Routes, depot: int) -> int:
    """Find a node for one more reload at a depot; NOWHERE if there is none."""
    for node in range(w.reloads[depot], w.reloads[depot + 1]):
        if r.stops[node, TRUCK] < 0:
            return node
    return NOWHERE
