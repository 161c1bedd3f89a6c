"""Nights out: the duties of a tour, and where its nights are best spent, compiled.

docs/schedule.md defines them. A set of nights is one word, two bits a stop, as chosen rests are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.units import DAY_S
from routing.clock import (
    BEGINS,
    DEAD,
    DRIVEN,
    PARENT,
    RELOAD,
    STILL,
    TIME,
    arrival_allowed,
    drive,
    place_of,
)
from routing.compiled import entry, lean
from routing.problem import Tables
from routing.schedule import Scratch, best_departure, duty_before_departure, run


class Tour(NamedTuple):
    """The best schedule of a route: seconds of the horizon, metres, and its set of nights.

    `returns`, `metres`, `duty` (of all duties) and `overtime` are buffered. `departs` is DEAD when
    there is no schedule.
    """

    departs: int
    returns: int
    metres: int
    duty: int
    overtime: int
    nights: int


class Duties(NamedTuple):
    """Seconds on duty in all, beyond what is paid as overtime, and of the longest duty."""

    total: int
    overtime: int
    longest: int


@lean
def _with_duty(p: Tables, k: int, so_far: Duties, seconds: int) -> Duties:
    return Duties(
        so_far.total + seconds,
        so_far.overtime + max(0, seconds - p.shifts.overtime_after[k]),
        max(so_far.longest, seconds),
    )


@lean
def duties_of(
    p: Tables,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    departs: int,
    nights: int,
    legs: NDArray[np.int32],
    buffer: int,
    scratch: Scratch,
) -> Duties:
    """Measure the duties of a departure; `longest` DEAD where that has no schedule in the shift."""
    returns, _, _, _, label = run(p, k, seq, n, departs, nights, legs, buffer, scratch)
    found = Duties(0, 0, 0)
    if returns == DEAD or returns > p.shifts.end[k] + count_nights(nights) * DAY_S:
        return Duties(0, 0, DEAD)
    until = returns
    for i in range(n - 1, -1, -1):
        here = scratch.levels[i + 1, label]
        label = here[PARENT]
        if nights >> 2 * i + 1 & 1:
            found = _with_duty(p, k, found, until - here[TIME])
            work = p.unload[seq[i]] + buffer + p.handover[seq[i]]
            until = here[BEGINS] + work + (0 if p.deck.plain else scratch.deck_s[i])
        if nights >> 2 * i & 1:
            found = _with_duty(p, k, found, until - here[BEGINS])
            before = scratch.levels[i, label]
            there = place_of(p, k, seq[i])
            place = place_of(p, k, seq[i - 1]) if i > 0 else p.home[k]
            until, _, _, _ = drive(
                p, legs, k, place, there, before[TIME], before[DRIVEN], before[STILL]
            )
            if place != there:
                until = arrival_allowed(p, k, there, until)
    return _with_duty(p, k, found, until - departs + duty_before_departure(p, k, seq, n))


@lean
def count_nights(nights: int) -> int:
    """How many nights a set has."""
    count = 0
    while nights:
        nights &= nights - 1
        count += 1
    return count


@lean
def _spent(
    p: Tables, k: int, seq: NDArray[np.int32], n: int, nights: int, scratch: Scratch
) -> Tour:
    """The best schedule with just these nights."""
    departs, returns, metres = best_departure(p, k, seq, n, nights, scratch)
    if departs == DEAD:
        return Tour(DEAD, 0, 0, 0, 0, 0)
    typical = duties_of(p, k, seq, n, departs, nights, p.travel.typical, 0, scratch)
    if typical.longest == DEAD or typical.longest > p.shifts.duty_max[k]:
        return Tour(DEAD, 0, 0, 0, 0, 0)
    found = duties_of(p, k, seq, n, departs, nights, p.travel.buffered, p.service_buffer, scratch)
    if found.longest == DEAD or found.longest > p.shifts.duty_max[k]:
        return Tour(DEAD, 0, 0, 0, 0, 0)
    return Tour(departs, returns, metres, found.total, found.overtime, nights)


@lean
def _overnight(p: Tables, k: int, seq: NDArray[np.int32], n: int, scratch: Scratch) -> Tour:
    """The best schedule with the fewest nights, at least one."""
    best = Tour(DEAD, 0, 0, 0, 0, 0)
    for i in range(n):
        if seq[i] == RELOAD:
            return best
    for last in range(2 * n):
        found = _spent(p, k, seq, n, 1 << last, scratch)
        if found.departs != DEAD and (best.departs == DEAD or found.duty <= best.duty):
            best = found
    if best.departs != DEAD or p.nights.most[k] < 2:
        return best
    for last in range(2 * n):
        for first in range(last):
            found = _spent(p, k, seq, n, 1 << last | 1 << first, scratch)
            if found.departs != DEAD and (best.departs == DEAD or found.duty <= best.duty):
                best = found
    return best


@lean
def best_tour(p: Tables, k: int, seq: NDArray[np.int32], n: int, scratch: Scratch) -> Tour:
    """The schedule that counts: without a night where there is one, else with the fewest."""
    if p.nights.most[k] > 0:
        found = _spent(p, k, seq, n, 0, scratch)
        return found if found.departs != DEAD else _overnight(p, k, seq, n, scratch)
    departs, returns, metres = best_departure(p, k, seq, n, 0, scratch)
    if departs == DEAD or returns > p.shifts.end[k]:
        return Tour(DEAD, 0, 0, 0, 0, 0)
    duty = returns - departs + duty_before_departure(p, k, seq, n)
    if duty > p.shifts.duty_max[k]:
        return Tour(DEAD, 0, 0, 0, 0, 0)
    return Tour(departs, returns, metres, duty, max(0, duty - p.shifts.overtime_after[k]), 0)


@entry
def nights_of(p: Tables, k: int, seq: NDArray[np.int32], n: int, scratch: Scratch) -> int:
    """Set of nights of a route's best schedule; none where it has no schedule."""
    if p.nights.most[k] == 0:
        return 0
    return int(best_tour(p, k, seq, n, scratch).nights)
