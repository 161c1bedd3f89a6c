"""Days of a route lived through, compiled. docs/robustness.md defines every step."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.units import DAY_S, UNREACHABLE_S
from routing.compiled import entry, inner
from routing.robustness.course import Course

MILLION: Final = 1_000_000
"""Factors are millionths: whole numbers, so that every reader of them gets the same seconds."""
NEVER: Final = -1

Ints = NDArray[np.int64]


class Draws(NamedTuple):
    """What chance gives to a route: one row a day.

    `pace` (days, legs) stretches driving times, in millionths; `unload` (the work at the deck
    included; at a reload, loading) and `handover` (days, halts) are the seconds that the parts of
    the service take.
    """

    pace: Ints
    unload: Ints
    handover: Ints


class Lived(NamedTuple):
    """Seconds of the horizon: `begins` of service (days, halts), `returns` (days,); and how long
    the `longest` duty was (days,)."""

    begins: Ints
    returns: Ints
    longest: Ints


def live(course: Course, draws: Draws) -> Lived:
    """Live through one day per row of the draws."""
    begins = np.zeros(draws.unload.shape, dtype=np.int64)
    returns, longest = np.zeros((2, len(draws.pace)), dtype=np.int64)
    run_days(course, draws, begins, returns, longest)
    return Lived(begins, returns, longest)


@entry
def run_days(c: Course, draws: Draws, begins: Ints, returns: Ints, longest: Ints) -> None:
    """Fill `begins`, `returns` and `longest`; NEVER from a leg on that no band has a road for."""
    stops = len(c.opens)
    for day in range(len(draws.pace)):
        t, driven, still = c.departs, 0, c.rest
        duty_from, most = c.duty_from, 0
        known = day if len(c.met_from) > 1 else 0
        if not c.stays[0]:
            t = _leaving_allowed(c, 0, t)
        for i in range(stops):
            if t != NEVER:
                t, driven, still = _drive(c, i, draws.pace[day, i], t, driven, still)
            if t == NEVER:
                begins[day, i] = NEVER
                continue
            arrived = t if c.stays[i] else _arrival_allowed(c, i + 1, t)
            ready = arrived
            if c.rest_before[i] and driven > 0 and still < c.rest:
                ready = max(arrived, t + c.rest - still)
            if c.night_before[i] > 0:
                ready = max(arrived + c.night_rest, c.night_before[i])
            begin = max(ready, c.opens[i])
            begins[day, i] = begin
            if c.night_before[i] > 0:
                most, duty_from = max(most, arrived - duty_from), begin
            pause = still + begin - t
            if pause >= c.rest:
                driven = 0
            own, handover = draws.unload[day, i], draws.handover[day, i]
            waits = max(0, c.met_from[known, i] - begin - own)
            ends = begin + own + waits + handover
            if own > 0:
                pause = 0
            pause += waits
            if pause >= c.rest:
                driven = 0
            if c.handover_rests:
                pause += handover
            elif handover > 0:
                pause = 0
            if pause >= c.rest:
                driven = 0
            leaves = ends
            if c.rest_after[i] and driven > 0 and pause < c.rest:
                leaves = ends + c.rest - pause
            if c.night_after[i] > 0:
                leaves = max(ends + c.night_rest, c.night_after[i])
            if not c.stays[i + 1]:
                leaves = _leaving_allowed(c, i + 1, leaves)
            if c.night_after[i] > 0:
                most, duty_from = max(most, ends - duty_from), leaves
            still = pause + leaves - ends
            if still >= c.rest:
                driven = 0
            t = leaves
        if t != NEVER:
            t, driven, still = _drive(c, stops, draws.pace[day, stops], t, driven, still)
        if t != NEVER and not c.stays[stops]:
            t = _arrival_allowed(c, 0, t)
        returns[day], longest[day] = t, max(most, t - duty_from)


@inner
def _band_at(starts: Ints, t: int) -> tuple[int, int]:
    clock = t % DAY_S
    band = len(starts) - 1
    while starts[band] > clock:
        band -= 1
    end = starts[band + 1] if band + 1 < len(starts) else DAY_S
    return band, t - clock + end


@inner
def _drive(c: Course, leg: int, pace: int, t: int, driven: int, still: int) -> tuple[int, int, int]:
    """Drive a leg whose times in all bands are stretched by `pace`: rule 2 and 3 of the page."""
    if c.stays[leg]:
        return t, driven, still
    left, base, shut = -1, 1, 0
    if driven >= c.drive_max and c.legs[leg, _band_at(c.band_start, t)[0]] > 0:
        t, driven, still = t + c.rest, 0, c.rest
    while True:
        if left > 0 and driven >= c.drive_max:
            t, driven, still = t + c.rest, 0, c.rest
        band, band_end = _band_at(c.band_start, t)
        typical = c.legs[leg, band]
        if typical >= UNREACHABLE_S:
            shut += 1
            if shut > len(c.band_start):
                return NEVER, driven, still
            still += band_end - t
            if still >= c.rest:
                driven = 0
            t = band_end
            continue
        shut = 0
        whole = (typical * pace + MILLION - 1) // MILLION
        if left < 0:
            left = whole
        elif whole != base:
            left = (left * whole + base - 1) // base
        base = max(whole, 1)
        if left == 0:
            return t, driven, still
        step = min(left, band_end - t, c.drive_max - driven)
        t, driven, left, still = t + step, driven + step, left - step, 0
        if left == 0:
            return t, driven, still


@inner
def _arrival_allowed(c: Course, place: int, t: int) -> int:
    moved = True
    while moved:
        moved = False
        for i in range(c.ban_ptr[place], c.ban_ptr[place + 1]):
            if c.ban_start[i] <= t < c.ban_end[i] + c.ban_inside[i]:
                t = c.ban_end[i] + c.ban_inside[i]
                moved = True
    return t


@inner
def _leaving_allowed(c: Course, place: int, t: int) -> int:
    moved = True
    while moved:
        moved = False
        for i in range(c.ban_ptr[place], c.ban_ptr[place + 1]):
            if c.ban_start[i] - c.ban_inside[i] < t < c.ban_end[i]:
                t = c.ban_end[i]
                moved = True
    return t
