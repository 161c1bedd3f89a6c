"""Which bay each load of the day gets, and the trip to drop where there are too few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from routing.problem import Tables

Span = tuple[int, int]
"""`[start, end)` in seconds of the horizon."""


def crowded_trip(p: Tables, spans: Mapping[int, Sequence[Span]]) -> tuple[int, int] | None:
    """Find a later trip that finds no bay: (truck, number of the trip); None when all find one.

    `spans` are the loads of each truck, trip by trip. Choosing slots may move a reload by minutes
    after the master has shared out the bays. The latest of the loads that meet gives way.

    Raises:
        AssertionError: first loads alone need more bays than there are: the master's fault.
    """
    for house, loads in _by_house(p, spans).items():
        for start, *_ in sorted(loads):
            meeting = [each for each in loads if each[0] <= start < each[1]]
            if len(meeting) <= int(p.bays.bays[house]):
                continue
            later = [each for each in meeting if each[3] > 0]
            if not later:
                raise AssertionError(f"more trucks load at warehouse row {house} than it has bays")
            _, _, truck, trip = max(later)
            return truck, trip
    return None


def number_bays(p: Tables, spans: Mapping[int, Sequence[Span]]) -> dict[int, tuple[int, ...]]:
    """Number the bays of each truck's loads, from 1: the first one free when a load begins."""
    bays: dict[int, list[int]] = {truck: [0] * len(loads) for truck, loads in spans.items()}
    for house, loads in _by_house(p, spans).items():
        free_at = [0] * int(p.bays.bays[house])
        for start, end, truck, trip in sorted(loads, key=lambda load: (load[0], *load[2:])):
            bay = next(bay for bay, free in enumerate(free_at) if free <= start)
            free_at[bay] = end
            bays[truck][trip] = bay + 1
    return {truck: tuple(numbers) for truck, numbers in bays.items()}


def _by_house(
    p: Tables, spans: Mapping[int, Sequence[Span]]
) -> dict[int, list[tuple[int, int, int, int]]]:
    loads: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for truck, its in spans.items():
        for trip, (start, end) in enumerate(its):
            loads[int(p.warehouse[truck])].append((start, end, truck, trip))
    return loads
