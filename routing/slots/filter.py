"""Necessary conditions, compiled: where an order cannot go is seen without the exact clock.

Each position of each truck is judged by times that nothing can beat: every leg at the best hour
of the day, no ban, no rest, no wait but for windows. It may let too much through, never too
little.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geodata.units import DAY_S
from routing.clock import MOST_ENTRIES, RELOAD, load_takes, place_of, trip_end
from routing.compiled import entry, inner, lean
from routing.problem import Tables
from routing.route_cost import trip_fits
from routing.slots.tables import DECK, DUTY, EXACT, NOBODY, READY, WINDOW, Found, RouteTable


@lean
def _work(p: Tables, order: int) -> int:
    return int(p.unload[order] + p.handover[order] + p.service_buffer)


@lean
def _opens(p: Tables, order: int) -> int:
    return int(p.windows.start[p.windows.ptr[order]])


@lean
def _shuts(p: Tables, order: int) -> int:
    return int(p.windows.end[p.windows.ptr[order + 1] - 1] - 1)


@lean
def _sets_out(p: Tables, k: int, cars: int, ready: int) -> int:
    """Second before which a truck with so many cars cannot leave, if they are ready then."""
    house = p.warehouse[k]
    opens = p.bays.start[p.bays.ptr[house]]
    if p.bays.evening[house]:
        return int(max(p.shifts.start[k], ready + load_takes(p, k, cars)))
    return int(max(p.shifts.start[k], opens, ready) + load_takes(p, k, cars))


@lean
def _home_by(p: Tables, k: int) -> int:
    return int(p.shifts.end[k] + p.nights.most[k] * DAY_S)


@entry
def relax_route(p: Tables, routes: RouteTable, k: int) -> None:
    """Fill in `early`, `late` and `least` of a truck whose `seq` and `n` are set."""
    n, legs = routes.n[k], routes.shortest[p.layer[k]]
    seq = routes.seq[k]
    cars = max(1, trip_end(seq, 0, n))
    house = p.warehouse[k]
    t = _sets_out(p, k, cars, 0)
    least = 0 if p.bays.evening[house] else load_takes(p, k, cars)
    place = p.home[k]
    routes.early[k, 0] = t
    for i in range(n):
        there = place_of(p, k, seq[i])
        if seq[i] == RELOAD:
            takes = load_takes(p, k, trip_end(seq, i + 1, n) - i - 1)
            t += legs[place, there]
        else:
            takes = _work(p, seq[i])
            t = max(t + legs[place, there], _opens(p, seq[i]))
        t += takes
        least += legs[place, there] + takes
        routes.early[k, i + 1] = t
        place = there
    routes.least[k] = least + legs[place, p.home[k]]
    by = _home_by(p, k)
    after = p.home[k]
    routes.late[k, n] = by
    for i in range(n - 1, -1, -1):
        here = place_of(p, k, seq[i])
        if seq[i] == RELOAD:
            by -= legs[here, after] + load_takes(p, k, trip_end(seq, i + 1, n) - i - 1)
        else:
            by = min(by - legs[here, after] - _work(p, seq[i]), _shuts(p, seq[i]))
        routes.late[k, i] = by
        after = here


@lean
def _note(found: Found, w: int, stage: int, guess: int, k: int, position: int) -> None:
    found.stage[w] = max(found.stage[w], stage)
    if stage == EXACT:
        at = found.counts[w]
        found.guess[w, at] = guess
        found.truck[w, at] = k
        found.position[w, at] = position
        found.counts[w] = at + 1


@lean
def _try_position(
    p: Tables,
    routes: RouteTable,
    k: int,
    row: int,
    i: int,
    again: bool,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    windows: int,
    found: Found,
) -> None:
    """Judge one position against all windows; `again`: at the end, after coming home to load."""
    n, seq, legs = routes.n[k], routes.seq[k], routes.shortest[p.layer[k]]
    home, new = p.home[k], p.place[row]
    before = place_of(p, k, seq[i - 1]) if i > 0 else home
    after = place_of(p, k, seq[i]) if i < n else home
    first = not again and trip_end(seq, 0, n) >= i
    leaves = routes.early[k, i]
    if again:
        leaves += legs[before, home] + load_takes(p, k, 1)
        longer = legs[before, home] + load_takes(p, k, 1)
        came = home
    else:
        longer = p.bays.load_per_car[k] if n > 0 else 0
        if first and p.bays.evening[p.warehouse[k]]:
            longer = 0
        came = before
    soonest = leaves
    if first:
        cars = trip_end(seq, 0, n) + 1
        leaves = max(leaves, _sets_out(p, k, cars, p.release[row]))
        soonest = max(soonest, _sets_out(p, k, cars, 0))
    elif again:
        leaves = max(leaves, p.release[row] + load_takes(p, k, 1))
    arrives, sooner = leaves + legs[came, new], soonest + legs[came, new]
    work = _work(p, row)
    latest = routes.late[k, i] - legs[new, after] - work
    drives = legs[came, new] + legs[new, after] - legs[before, after]
    duty = routes.least[k] + longer + drives + work
    if again:
        duty += 0
    tired = p.nights.most[k] == 0 and duty > p.shifts.duty_max[k]
    metres = p.travel.metres[p.layer[k], 0]
    tolls = p.travel.toll[p.layer[k]]
    way = metres[came, new] + metres[new, after] - metres[before, after]
    toll = tolls[came, new] + tolls[new, after] - tolls[before, after]
    if again:
        way += metres[before, home]
        toll += tolls[before, home]
    guess = p.prices.per_km[k] * way // 1000 + toll
    guess += p.prices.per_hour[k] * (drives + work + longer) // 3600
    if n == 0:
        guess += p.prices.fixed[k]
    for w in range(windows):
        if max(sooner, starts[w]) > min(latest, ends[w] - 1):
            _note(found, w, WINDOW, 0, k, i)
        elif tired:
            _note(found, w, DUTY, 0, k, i)
        elif max(arrives, starts[w]) > min(latest, ends[w] - 1):
            _note(found, w, READY, 0, k, i)
        else:
            _note(found, w, EXACT, guess, k, n + 1 if again else i)


@inner
def sift(
    p: Tables,
    routes: RouteTable,
    row: int,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    windows: int,
    found: Found,
) -> None:
    """Note every position of every truck at which the order in `row` may fit, window by window.

    Of idle trucks that are alike only the first is looked at.
    """
    for w in range(windows):
        found.counts[w] = 0
        found.stage[w] = NOBODY
    found.seen[:] = False
    for k in range(len(p.home)):
        n, seq = routes.n[k], routes.seq[k]
        if not p.allowed[k, row]:
            continue
        if n == 0:
            if found.seen[p.group[k]]:
                continue
            found.seen[p.group[k]] = True
        first, trips = 0, 0
        while first <= n:
            last = trip_end(seq, first, n)
            trips += 1
            for i in range(first, last):
                found.trial[i - first] = seq[i]
            found.trial[last - first] = row
            if n < MOST_ENTRIES and trip_fits(p, k, found.trial, 0, last - first + 1):
                for i in range(first, last + 1):
                    _try_position(p, routes, k, row, i, False, starts, ends, windows, found)
            else:
                for w in range(windows):
                    _note(found, w, DECK, 0, k, first)
            first = last + 1
        found.trial[0] = row
        if (
            n > 0
            and trips < p.trips_max[k]
            and n + 2 <= MOST_ENTRIES
            and trip_fits(p, k, found.trial, 0, 1)
        ):
            _try_position(p, routes, k, row, n, True, starts, ends, windows, found)


@entry
def sift_alone(
    p: Tables,
    routes: RouteTable,
    row: int,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    windows: int,
    found: Found,
) -> None:
    """Sift for Python, and confirm nothing: see `sift`."""
    sift(p, routes, row, starts, ends, windows, found)
