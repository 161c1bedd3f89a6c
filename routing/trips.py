"""Sequences of several trips, for Python: order rows with RELOAD between two trips."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from itertools import groupby

from routing.clock import RELOAD, cars_ready_at, load_takes
from routing.problem import Tables


def trips_of(sequence: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Split a sequence into its trips; trips without a car are left out."""
    parts = groupby(sequence, key=lambda entry: entry == RELOAD)
    return tuple(tuple(trip) for reloads, trip in parts if not reloads)


def orders_of(sequence: Sequence[int]) -> tuple[int, ...]:
    """List the order rows of a sequence in the order of service."""
    return tuple(entry for entry in sequence if entry != RELOAD)


def tidied(sequence: Sequence[int]) -> tuple[int, ...]:
    """Drop the reloads after which nothing is delivered before the next, as taking out leaves."""
    joined: list[int] = []
    for trip in trips_of(sequence):
        joined += [RELOAD, *trip] if joined else trip
    return tuple(joined)


def load_seconds(p: Tables, truck: int, cars: int) -> int:
    """Seconds at the bay for so many cars."""
    return int(_load_takes(p, truck, cars))


def ready_second(p: Tables, truck: int, orders: Sequence[int], first: int) -> int:
    """Second at which the last of these cars may be loaded, those before `first` being gone."""
    return int(_cars_ready_at(p, truck, orders, first, len(orders)))


# The clock's own lines, run uncompiled: its inner functions cannot be called from Python, and one
# more compiled entry for each would cost every cold start seconds.
_load_takes = inspect.unwrap(load_takes)
_cars_ready_at = inspect.unwrap(cars_ready_at)
