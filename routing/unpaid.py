"""What is priced and paid by nobody, compiled: changes, preferred times, CO2, balance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geodata.units import HOUR_S, MINUTE_S
from routing.clock import BEGINS, DEAD, METRES, PARENT, RELOAD, trip_end
from routing.compiled import entry, lean
from routing.nights import Tour
from routing.problem import Tables
from routing.schedule import Scratch, run


@entry
def note_begins(
    p: Tables,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    departs: int,
    nights: int,
    scratch: Scratch,
) -> int:
    """Note the begins of a schedule for Python: see `noted`."""
    return int(noted(p, k, seq, n, departs, nights, scratch))


@lean
def noted(
    p: Tables,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    departs: int,
    nights: int,
    scratch: Scratch,
) -> int:
    """Note when each service of the typical schedule begins (`scratch.begins`), and the metres
    driven until then (`scratch.metres`); returns the metres of the whole route, DEAD if none."""
    returns, metres, _, _, label = run(p, k, seq, n, departs, nights, p.travel.typical, 0, scratch)
    if returns == DEAD:
        return DEAD
    for level in range(n, 0, -1):
        scratch.begins[level - 1] = scratch.levels[level, label, BEGINS]
        scratch.metres[level - 1] = scratch.levels[level, label, METRES]
        label = scratch.levels[level, label, PARENT]
    return metres


@lean
def typical_metres(
    p: Tables, k: int, seq: NDArray[np.int32], n: int, tour: Tour, scratch: Scratch
) -> int:
    """Metres of a tour's typical schedule, its begins and metres by stop noted on days that ask
    for them; DEAD without such a schedule. Where no leg's metres depend on the hour, and nothing
    is asked, those of the buffered schedule are the same for less."""
    if (
        p.travel.metres_vary == 0
        and p.stability.on == 0
        and p.preferences.on == 0
        and p.emissions.per_tonne == 0
    ):
        return int(tour.metres)
    return int(noted(p, k, seq, n, tour.departs, tour.nights, scratch))


@lean
def unpaid(
    p: Tables,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    tour: Tour,
    metres: int,
    scratch: Scratch,
) -> int:
    """Fen of a route beside its bill, from `typical_metres` and what that noted."""
    fen, duty = 0, tour.duty
    if p.balance.on != 0:
        fen += (p.balance.above * max(0, duty - p.balance.target) + HOUR_S // 2) // HOUR_S
        fen += (p.balance.below * max(0, p.balance.target - duty) + HOUR_S // 2) // HOUR_S
    if p.stability.on != 0 or p.preferences.on != 0:
        for i in range(n):
            if seq[i] != RELOAD:
                if p.stability.on != 0:
                    fen += _change(p, k, seq[i], scratch.begins[i])
                if p.preferences.on != 0:
                    fen += p.preferences.per_minute * _minutes_outside(p, seq[i], scratch.begins[i])
    if p.emissions.per_tonne != 0:
        fen += (p.emissions.per_tonne * grams(p, k, seq, n, metres, scratch) + 500_000) // 1_000_000
    return int(fen)


@lean
def _change(p: Tables, k: int, order: int, begins: int) -> int:
    if p.stability.truck[order] == -1:
        return 0
    other = p.stability.truck[order] != k
    fen = p.stability.changed if other else 0
    moved = abs(begins - p.stability.begins[order]) - p.stability.tolerance
    if moved > 0:
        fen += p.stability.per_minute * ((moved + MINUTE_S - 1) // MINUTE_S)
    if other or moved > 0:
        fen += p.stability.each
    return int(fen)


@entry
def minutes_outside(p: Tables, order: int, begins: int) -> int:
    """Count minutes for Python: see `_minutes_outside`."""
    return int(_minutes_outside(p, order, begins))


@lean
def _minutes_outside(p: Tables, order: int, begins: int) -> int:
    """Begun minutes between a begin and the nearest second inside a preferred window."""
    least = -1
    for w in range(p.preferences.ptr[order], p.preferences.ptr[order + 1]):
        away = max(0, p.preferences.start[w] - begins, begins - p.preferences.end[w] + 1)
        if least < 0 or away < least:
            least = away
    return int((max(0, least) + MINUTE_S - 1) // MINUTE_S)


@lean
def grams(p: Tables, k: int, seq: NDArray[np.int32], n: int, metres: int, scratch: Scratch) -> int:
    """Grams of CO2 of a route whose metres are noted: whole, rounded half up once."""
    cars = trip_end(seq, 0, n)
    driven, total = 0, 0
    for i in range(n):
        leg = scratch.metres[i] - driven
        driven = scratch.metres[i]
        total += leg * (p.emissions.empty[k] + p.emissions.per_car[k] * cars)
        if seq[i] == RELOAD:
            cars = trip_end(seq, i + 1, n) - i - 1
        else:
            cars += p.trade_ins.taken[seq[i]] - 1
    total += (metres - driven) * (p.emissions.empty[k] + p.emissions.per_car[k] * cars)
    return int((total + 500) // 1000)
