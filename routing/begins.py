"""Prices that hang on when a service begins, compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geodata.units import MINUTE_S
from routing.clock import BEGINS, DEAD, PARENT
from routing.compiled import entry, inner
from routing.problem import Tables
from routing.schedule import Scratch, run_route


@entry
def note_begins(
    p: Tables,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    departs: int,
    scratch: Scratch,
) -> bool:
    """Note in `scratch.begins` when each service of the typical schedule begins; false if none."""
    returns, _, _, _, label = run_route(p, k, seq, n, departs, p.travel.typical, 0, scratch)
    if returns == DEAD:
        return False
    for level in range(n, 0, -1):
        scratch.begins[level - 1] = scratch.levels[level, label, BEGINS]
        label = scratch.levels[level, label, PARENT]
    return True


@inner
def begins_are_priced(p: Tables) -> bool:
    """Tell whether any price of the day hangs on when a service begins, or on its truck."""
    return bool(p.stability.on != 0)


@inner
def price_of_begins(
    p: Tables,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    departs: int,
    scratch: Scratch,
) -> int:
    """Fen for changes against the baseline; DEAD without a typical schedule."""
    if not note_begins(p, k, seq, n, departs, scratch):
        return DEAD
    fen = 0
    for i in range(n):
        order = seq[i]
        if order < 0 or p.stability.truck[order] == -1:
            continue
        if p.stability.truck[order] != k:
            fen += p.stability.changed
        moved = abs(scratch.begins[i] - p.stability.begins[order]) - p.stability.tolerance
        if moved > 0:
            fen += p.stability.per_minute * ((moved + MINUTE_S - 1) // MINUTE_S)
    return int(fen)
