"""The routes of a standing day as arrays, for compiled code."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.clock import MOST_ENTRIES

MOST_SPANS: Final = 16
"""Loads of one truck: a sequence of `MOST_ENTRIES` has no more trips."""
MOST_WINDOWS: Final = 64
"""Windows that one question may ask for on one day."""


class RouteTable(NamedTuple):
    """By truck row: `seq` (trucks, entries) and `n` (trucks,), what the route costs in fen and
    emits in grams, and `[start, end)` of the loads that keep a bay, `spans` of them.

    `early` (trucks, entries + 1): second before which it cannot leave what lies before position i
    (0: home); `late`: second after which it may not arrive at entry i (n: at home). `least`: the
    seconds of duty that it cannot do without. All three relaxed: nothing is shorter.
    `shortest` (classes, places, places) are the buffered seconds of each leg at its best hour.
    `meets`: somebody comes to the route by own car, or (trucks, orders) must for an order.
    """

    seq: NDArray[np.int32]
    n: NDArray[np.int64]
    cost: NDArray[np.int64]
    grams: NDArray[np.int64]
    span_start: NDArray[np.int64]
    span_end: NDArray[np.int64]
    spans: NDArray[np.int64]
    early: NDArray[np.int64]
    late: NDArray[np.int64]
    least: NDArray[np.int64]
    shortest: NDArray[np.int32]
    meets: NDArray[np.bool_]


def new_route_table(
    trucks: int, shortest: NDArray[np.int32], meets: NDArray[np.bool_]
) -> RouteTable:
    """Make the table of trucks that all stay at home."""

    def rows(*shape: int) -> NDArray[np.int64]:
        return np.zeros((trucks, *shape), dtype=np.int64)

    return RouteTable(
        seq=np.zeros((trucks, MOST_ENTRIES + 2), dtype=np.int32),
        n=rows(),
        cost=rows(),
        grams=rows(),
        span_start=rows(MOST_SPANS),
        span_end=rows(MOST_SPANS),
        spans=rows(),
        early=rows(MOST_ENTRIES + 3),
        late=rows(MOST_ENTRIES + 3),
        least=rows(),
        shortest=shortest,
        meets=meets,
    )


class Found(NamedTuple):
    """Room for what a question finds, for each of up to `MOST_WINDOWS` windows.

    `counts` candidates with their guessed `guess` in fen, `truck` and `position`; `stage` is how
    far the best of all trucks got. `best` (windows, figures) is the confirmed one, `route`
    (windows, entries) its sequence.
    """

    counts: NDArray[np.int64]
    guess: NDArray[np.int64]
    truck: NDArray[np.int64]
    position: NDArray[np.int64]
    stage: NDArray[np.int64]
    best: NDArray[np.int64]
    route: NDArray[np.int32]
    trial: NDArray[np.int32]
    seen: NDArray[np.bool_]


# Columns of `Found.best`.
TRUCK, ENTRIES, COST, DEPARTS, LOAD, NIGHTS, GRAMS, BEGINS, LATEST, TRIED = range(10)

# How far an order got, the furthest truck counts.
NOBODY, DECK, READY, WINDOW, DUTY, EXACT, BAY, PEOPLE, FITS = range(9)


def new_found(trucks: int, places: int) -> Found:
    """Make room for the answers of a day of so many trucks, with so many positions in all."""
    return Found(
        counts=np.zeros(MOST_WINDOWS, dtype=np.int64),
        guess=np.zeros((MOST_WINDOWS, places), dtype=np.int64),
        truck=np.zeros((MOST_WINDOWS, places), dtype=np.int64),
        position=np.zeros((MOST_WINDOWS, places), dtype=np.int64),
        stage=np.zeros(MOST_WINDOWS, dtype=np.int64),
        best=np.zeros((MOST_WINDOWS, TRIED + 1), dtype=np.int64),
        route=np.zeros((MOST_WINDOWS, MOST_ENTRIES + 2), dtype=np.int32),
        trial=np.zeros(MOST_ENTRIES + 2, dtype=np.int32),
        seen=np.zeros(max(1, trucks), dtype=np.bool_),
    )
