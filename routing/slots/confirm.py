"""The exact answer, compiled: a candidate runs by the clock, and finds a bay, or is no offer.

What is tried is what will be promised: the same departure, the same schedules, typical and
buffered, with every window hard.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.clock import (
    BEGINS,
    DEAD,
    PARENT,
    RELOAD,
    cars_ready_at,
    load_takes,
    trip_end,
)
from routing.compiled import entry, lean
from routing.nights import Tour
from routing.problem import Tables
from routing.route_cost import judged
from routing.rules.locks import FREE
from routing.schedule import Scratch, departure_range, duty_before_departure, run
from routing.slots import tables as at
from routing.slots.filter import sift
from routing.slots.tables import MOST_SPANS, Found, RouteTable
from routing.unpaid import grams, noted

# Fields of a timed route: see `time_route`.
DEPARTS, LOAD, BEGAN, BEGAN_LATEST, SPANS, FIELDS = range(6)
TIMING = FIELDS + 2 * MOST_SPANS


@lean
def _bay_free(p: Tables, routes: RouteTable, k: int, start: int, end: int) -> bool:
    """Tell whether one bay of the truck's warehouse is free throughout `[start, end)`, the truck's
    own loads apart."""
    house = p.warehouse[k]
    bays = p.bays.bays[house]
    for one in range(-1, len(p.home)):
        loads = 1
        if one >= 0:
            if one == k or p.warehouse[one] != house:
                continue
            loads = routes.spans[one]
        for s in range(loads):
            moment = start
            if one >= 0:
                moment = routes.span_start[one, s]
                if not start < moment < end:
                    continue
            taken = 0
            for other in range(len(p.home)):
                if other == k or p.warehouse[other] != house:
                    continue
                for t in range(routes.spans[other]):
                    if routes.span_start[other, t] <= moment < routes.span_end[other, t]:
                        taken += 1
            if taken >= bays:
                return False
    return True


@lean
def _longest_duty(
    p: Tables,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    row: int,
    departs: int,
    legs: NDArray[np.int32],
    buffer: int,
    buffered: bool,
    scratch: Scratch,
    timing: NDArray[np.int64],
) -> int:
    """Seconds of the duty of a route without nights, DEAD when it has no schedule in the shift;
    notes when the service of `row` begins, and widens the loads of later trips."""
    returns, _, _, _, label = run(p, k, seq, n, departs, 0, legs, buffer, scratch)
    if returns == DEAD or returns > p.shifts.end[k]:
        return DEAD
    reloads = 0
    for i in range(n):
        if seq[i] == RELOAD:
            reloads += 1
    trip = reloads
    for level in range(n, 0, -1):
        begins = scratch.levels[level, label, BEGINS]
        label = scratch.levels[level, label, PARENT]
        if seq[level - 1] == RELOAD:
            takes = load_takes(p, k, trip_end(seq, level, n) - level)
            if buffered:
                timing[FIELDS + 2 * trip] = min(timing[FIELDS + 2 * trip], begins)
                timing[FIELDS + 2 * trip + 1] = max(timing[FIELDS + 2 * trip + 1], begins + takes)
            else:
                timing[FIELDS + 2 * trip] = begins
                timing[FIELDS + 2 * trip + 1] = begins + takes
            trip -= 1
        elif seq[level - 1] == row:
            timing[BEGAN_LATEST if buffered else BEGAN] = begins
    timing[SPANS] = reloads + 1
    return int(returns - departs + duty_before_departure(p, k, seq, n))


@lean
def _runs_from(
    p: Tables,
    routes: RouteTable,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    row: int,
    departs: int,
    load: int,
    scratch: Scratch,
    timing: NDArray[np.int64],
) -> bool:
    """Tell whether a route runs from this departure in both schedules, and has a bay for each
    load; fills in `timing`."""
    takes = load_takes(p, k, trip_end(seq, 0, n))
    if not _bay_free(p, routes, k, load, load + takes):
        return False
    typical = _longest_duty(p, k, seq, n, row, departs, p.travel.typical, 0, False, scratch, timing)
    if typical == DEAD or typical > p.shifts.duty_max[k]:
        return False
    buffered = _longest_duty(
        p, k, seq, n, row, departs, p.travel.buffered, p.service_buffer, True, scratch, timing
    )
    if buffered == DEAD or buffered > p.shifts.duty_max[k]:
        return False
    for trip in range(1, timing[SPANS]):
        start, end = timing[FIELDS + 2 * trip], timing[FIELDS + 2 * trip + 1]
        if not _bay_free(p, routes, k, start, end):
            return False
    timing[DEPARTS], timing[LOAD] = departs, load
    timing[FIELDS], timing[FIELDS + 1] = load, load + takes
    return True


@lean
def _time_in_the_morning(
    p: Tables,
    routes: RouteTable,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    row: int,
    departs: int,
    scratch: Scratch,
    timing: NDArray[np.int64],
) -> bool:
    """Load just before leaving: at the best departure, else as near to it as a bay is free."""
    takes = load_takes(p, k, trip_end(seq, 0, n))
    if _runs_from(p, routes, k, seq, n, row, departs, departs - takes, scratch, timing):
        return True
    first, last = departure_range(p, k, seq, n, departs, scratch)
    tried = 0
    while True:
        # The next nearest departure at which a load of another truck ends or begins.
        nearest = -1
        for other in range(len(p.home)):
            if other == k or p.warehouse[other] != p.warehouse[k]:
                continue
            for s in range(routes.spans[other]):
                for side in range(2):
                    option = routes.span_start[other, s]
                    if side == 1:
                        option = routes.span_end[other, s] + takes
                    away = abs(option - departs)
                    nearer = nearest < 0 or away < abs(nearest - departs)
                    if first <= option <= last and away > tried and nearer:
                        nearest = option
        if nearest < 0:
            return False
        tried = abs(nearest - departs)
        for side in range(2):
            option = departs - tried if side == 0 else departs + tried
            if first <= option <= last and _runs_from(
                p, routes, k, seq, n, row, option, option - takes, scratch, timing
            ):
                return True


@lean
def _time_the_evening_before(
    p: Tables,
    routes: RouteTable,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    row: int,
    departs: int,
    scratch: Scratch,
    timing: NDArray[np.int64],
) -> bool:
    """Load in the hours of the evening, as early as a bay is free; leave at the best departure."""
    cars = trip_end(seq, 0, n)
    takes, hours = load_takes(p, k, cars), p.bays.eve[k]
    ready = max(cars_ready_at(p, k, seq, 0, cars), p.bays.start[hours])
    last = min(p.bays.end[hours], departs) - takes
    tried = ready - 1
    while True:
        # The next moment at which a bay may come free.
        load = ready if tried < ready else -1
        if load < 0:
            for other in range(len(p.home)):
                if other == k or p.warehouse[other] != p.warehouse[k]:
                    continue
                for s in range(routes.spans[other]):
                    option = routes.span_end[other, s]
                    if option > tried and (load < 0 or option < load):
                        load = option
        if load < 0 or load > last:
            return False
        tried = load
        if _runs_from(p, routes, k, seq, n, row, departs, load, scratch, timing):
            return True


@lean
def time_route(
    p: Tables,
    routes: RouteTable,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    row: int,
    tour: Tour,
    scratch: Scratch,
    timing: NDArray[np.int64],
) -> bool:
    """Find a departure and bays for a route that has a schedule; False when there are none.

    `timing` then holds departure, start of loading, the typical and the buffered begin at `row`,
    and the number of loads with `[start, end)` of each. A tour with nights is not timed here.
    """
    if tour.nights != 0:
        return False
    if p.bays.evening[p.warehouse[k]]:
        return _time_the_evening_before(p, routes, k, seq, n, row, tour.departs, scratch, timing)
    return _time_in_the_morning(p, routes, k, seq, n, row, tour.departs, scratch, timing)


@lean
def _insert(routes: RouteTable, k: int, position: int, row: int, trial: NDArray[np.int32]) -> int:
    """Write the route with the order in it; the number of its entries."""
    n = routes.n[k]
    if position > n:
        for i in range(n):
            trial[i] = routes.seq[k, i]
        trial[n] = RELOAD
        trial[n + 1] = row
        return int(n + 2)
    for i in range(n):
        trial[i if i < position else i + 1] = routes.seq[k, i]
    trial[position] = row
    return int(n + 1)


@lean
def _somebody_comes(routes: RouteTable, k: int, seq: NDArray[np.int32], n: int) -> bool:
    found = False
    for i in range(n):
        found = found or (seq[i] != RELOAD and routes.meets[k, seq[i]])
    return bool(found)


@lean
def _confirm(
    p: Tables,
    routes: RouteTable,
    row: int,
    w: int,
    more: int,
    found: Found,
    scratch: Scratch,
    timing: NDArray[np.int64],
) -> None:
    """Confirm the cheapest candidate of a window whose hours the order already has."""
    best = found.best[w]
    best[at.TRUCK], best[at.TRIED] = FREE, 0
    left = more
    for _ in range(found.counts[w]):
        pick = -1
        for each in range(found.counts[w]):
            if found.truck[w, each] >= 0 and (
                pick < 0 or found.guess[w, each] < found.guess[w, pick]
            ):
                pick = each
        k = found.truck[w, pick]
        found.truck[w, pick] = FREE
        n = _insert(routes, k, found.position[w, pick], row, found.trial)
        best[at.TRIED] += 1
        cost, tour = judged(p, k, found.trial, n, scratch)
        if cost == DEAD:
            continue
        if best[at.TRUCK] == FREE or cost - routes.cost[k] < best[at.COST]:
            found.stage[w] = max(found.stage[w], at.BAY)
            if _somebody_comes(routes, k, found.trial, n):
                found.stage[w] = max(found.stage[w], at.PEOPLE)
            elif time_route(p, routes, k, found.trial, n, row, tour, scratch, timing):
                metres = noted(p, k, found.trial, n, timing[DEPARTS], 0, scratch)
                found.stage[w] = at.FITS
                best[at.TRUCK], best[at.ENTRIES] = k, n
                best[at.COST] = cost - routes.cost[k]
                best[at.DEPARTS], best[at.LOAD], best[at.NIGHTS] = timing[DEPARTS], timing[LOAD], 0
                best[at.GRAMS] = grams(p, k, found.trial, n, metres, scratch) - routes.grams[k]
                best[at.BEGINS], best[at.LATEST] = timing[BEGAN], timing[BEGAN_LATEST]
                for i in range(n):
                    found.route[w, i] = found.trial[i]
        if best[at.TRUCK] != FREE:
            if left == 0:
                return
            left -= 1


@entry
def ask(
    p: Tables,
    routes: RouteTable,
    row: int,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    windows: int,
    more: int,
    found: Found,
    scratch: Scratch,
    timing: NDArray[np.int64],
) -> None:
    """Find the best place for the order in `row` in each window: `found.best`, `.route`, `.stage`.

    `more` candidates are confirmed after the first that fits, for one that is cheaper. Leaves the
    order with the last window asked for.
    """
    sift(p, routes, row, starts, ends, windows, found)
    for w in range(windows):
        p.windows.start[p.windows.ptr[row]] = starts[w]
        p.windows.end[p.windows.ptr[row]] = ends[w]
        _confirm(p, routes, row, w, more, found, scratch, timing)


@entry
def appraise(
    p: Tables,
    routes: RouteTable,
    k: int,
    departs: int,
    fresh: bool,
    scratch: Scratch,
    timing: NDArray[np.int64],
) -> int:
    """Price the route of a truck: its fen, DEAD without a schedule or (`fresh`) without a bay.

    A fresh route is timed, see `time_route`; else the loads of its trips stay what they are, and
    only its cost and grams are filled in, for this departure.
    """
    seq, n = routes.seq[k], routes.n[k]
    cost, tour = judged(p, k, seq, n, scratch)
    routes.cost[k] = max(cost, 0)
    routes.grams[k] = 0
    if cost == DEAD or n == 0:
        return int(cost)
    if fresh:
        if not time_route(p, routes, k, seq, n, FREE - 1, tour, scratch, timing):
            return DEAD
        departs = timing[DEPARTS]
    metres = noted(p, k, seq, n, departs, tour.nights, scratch)
    if metres != DEAD:
        routes.grams[k] = grams(p, k, seq, n, metres, scratch)
    return int(cost)
