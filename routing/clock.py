"""The clock's smallest steps, compiled: a drive, a ban, a window, the labels of one stop.

docs/schedule.md defines every one of them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.units import DAY_S, UNREACHABLE_S
from routing.compiled import lean
from routing.problem import Tables

DEAD: Final = -1
RELOAD: Final = -1
"""Stands in a sequence of order rows between two trips: home, load, and out again."""
MOST_ENTRIES: Final = 31
"""Longest sequence, reloads included: the chosen rests lie in one word, two bits an entry."""
MAX_LABELS: Final = 48
TIME, DRIVEN, STILL, WAITED, SLACK, METRES, PARENT, CHOSEN, RESTS, BEGINS, FIELDS = range(11)
"""RESTS is the set of chosen rests: bit 2i before the service of stop i, bit 2i + 1 after it.
BEGINS is when the service of the stop begins."""


@lean
def _band_at(band_start: NDArray[np.int64], t: int) -> tuple[int, int]:
    """Band of a moment, and the moment at which that band ends."""
    tod = t % DAY_S
    band = len(band_start) - 1
    while band_start[band] > tod:
        band -= 1
    end = band_start[band + 1] if band + 1 < len(band_start) else DAY_S
    return band, t - tod + end


@lean
def drive(
    p: Tables,
    legs: NDArray[np.int32],
    k: int,
    a: int,
    b: int,
    t: int,
    d: int,
    still: int,
) -> tuple[int, int, int, int]:
    """Drive from a to b: (arrival, driving since rest, stillness, metres); arrival DEAD if shut."""
    if a == b:
        return t, d, still, 0
    layer = p.layer[k]
    bands = len(p.travel.band_start)
    left, base, shut, metres = -1, 1, 0, 0
    if d >= p.drive_max and legs[layer, _band_at(p.travel.band_start, t)[0], a, b] > 0:
        t += p.rest
        still = p.rest
        d = 0
    while True:
        if left > 0 and d >= p.drive_max:
            t += p.rest
            still = p.rest
            d = 0
        band, band_end = _band_at(p.travel.band_start, t)
        whole = legs[layer, band, a, b]
        if whole >= UNREACHABLE_S:
            shut += 1
            if shut > bands:
                return DEAD, d, still, 0
            still += band_end - t
            if still >= p.rest:
                d = 0
            t = band_end
            continue
        shut = 0
        if left < 0:
            left = whole
            metres = p.travel.metres[layer, band, a, b]
        elif whole != base:
            left = (left * whole + base - 1) // base
        base = max(whole, 1)
        if left == 0:
            return t, d, still, metres
        step = min(left, band_end - t, p.drive_max - d)
        t += step
        d += step
        left -= step
        still = 0
        if left == 0:
            return t, d, still, metres


@lean
def arrival_allowed(p: Tables, k: int, place: int, t: int) -> int:
    """First moment at or after t at which the truck may arrive at the place."""
    row = p.bans.id[k, place]
    if row < 0:
        return t
    moved = True
    while moved:
        moved = False
        for i in range(p.bans.ptr[row], p.bans.ptr[row + 1]):
            if p.bans.start[i] <= t < p.bans.end[i] + p.bans.inside[i]:
                t = p.bans.end[i] + p.bans.inside[i]
                moved = True
    return t


@lean
def leaving_allowed(p: Tables, k: int, place: int, t: int) -> int:
    """First moment at or after t at which the truck may leave the place."""
    row = p.bans.id[k, place]
    if row < 0:
        return t
    moved = True
    while moved:
        moved = False
        for i in range(p.bans.ptr[row], p.bans.ptr[row + 1]):
            if p.bans.start[i] - p.bans.inside[i] < t < p.bans.end[i]:
                t = p.bans.end[i]
                moved = True
    return t


@lean
def night_too_late(p: Tables, k: int, t: int, spent: int) -> bool:
    """Tell whether a night that begins at t, after so many others, begins after the shift."""
    return bool(t > p.shifts.end[k] + spent * DAY_S)


@lean
def morning_after(p: Tables, k: int, t: int, spent: int) -> int:
    """First second of duty after a night that begins at t, after so many others."""
    return max(t + p.nights.rest, int(p.nights.morning[k]) + (spent + 1) * DAY_S)


@lean
def open_window(p: Tables, order: int, t: int) -> tuple[int, int]:
    """Earliest begin of service at or after t, and the end of its window; DEAD if none."""
    for w in range(p.windows.ptr[order], p.windows.ptr[order + 1]):
        if p.windows.end[w] > t:
            return max(t, p.windows.start[w]), p.windows.end[w]
    return DEAD, 0


def longest_sequence(p: Tables) -> int:
    """Entries of the longest sequence a truck of this day may have, reloads included."""
    if not len(p.home):
        return 0
    cars = p.deck.positions[p.deck.deck_of]
    return int(min(MOST_ENTRIES, (p.trips_max * (cars + 1) - 1).max()))


@lean
def load_takes(p: Tables, k: int, cars: int) -> int:
    """Seconds at the bay for so many cars."""
    return int(p.bays.load_base[k] + p.bays.load_per_car[k] * cars)


@lean
def trip_end(seq: NDArray[np.int32], first: int, n: int) -> int:
    """Number of the entry that ends the trip whose first stop is `first`: its reload, or n."""
    last = first
    while last < n and seq[last] != RELOAD:
        last += 1
    return last


@lean
def cars_ready_at(p: Tables, k: int, seq: NDArray[np.int32], first: int, last: int) -> int:
    """Second at which the last car of the trip `[first, last)` may be loaded.

    Of the stock, the first ready go with the first stops of the route.
    """
    ready = 0
    for i in range(first, last):
        ready = max(ready, p.release[seq[i]])
        kind = p.stock.kind[seq[i]]
        if kind >= 0:
            alike = 0
            for j in range(i):
                if seq[j] != RELOAD and p.stock.kind[seq[j]] == kind:
                    alike += 1
            cars = p.stock.ready[p.warehouse[k], kind]
            ready = max(ready, cars[min(alike, len(cars) - 1)])
    return ready


@lean
def place_of(p: Tables, k: int, entry: int) -> int:
    """Where an entry of a sequence takes place: at the buyer's, or at home to reload."""
    return int(p.home[k] if entry == RELOAD else p.place[entry])


@lean
def bay_open(p: Tables, k: int, takes: int, t: int) -> tuple[int, int]:
    """Earliest begin of so long a loading at or after t, and the end of its window; DEAD if
    none."""
    house = p.warehouse[k]
    for hours in range(p.bays.ptr[house], p.bays.ptr[house + 1]):
        begins = max(t, p.bays.start[hours])
        if begins + takes <= p.bays.end[hours]:
            return begins, p.bays.end[hours] - takes + 1
    return DEAD, 0


@lean
def keep_label(level: NDArray[np.int64], count: int, label: NDArray[np.int64]) -> int:
    """Add a label unless another is as good; drop those it beats. Time and driving decide, then
    fewer chosen rests, then later ones."""
    kept = 0
    for i in range(count):
        no_better = level[i, TIME] >= label[TIME] and level[i, DRIVEN] >= label[DRIVEN]
        no_worse = level[i, TIME] <= label[TIME] and level[i, DRIVEN] <= label[DRIVEN]
        if no_worse and (
            not no_better
            or level[i, CHOSEN] < label[CHOSEN]
            or (level[i, CHOSEN] == label[CHOSEN] and level[i, RESTS] >= label[RESTS])
        ):
            return count
        if not no_better:
            if kept != i:
                for field in range(FIELDS):
                    level[kept, field] = level[i, field]
            kept += 1
    if kept == level.shape[0]:
        kept -= 1
    for field in range(FIELDS):
        level[kept, field] = label[field]
    return kept + 1
