"""The pool: good routes met during a search, for the master to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from routing.search.solution import Solution
from routing.search.state import Log, Routes

KEPT_PER_ORDER: Final = 8
MOST: Final = 50_000


class Pool:
    """Routes by (group of interchangeable trucks, sequence), latest last.

    Bounded: annealing meets its best routes late, so the oldest ones go first.
    """

    def __init__(self, groups: Sequence[int]) -> None:
        self._groups = groups
        self._first_truck = {group: truck for truck, group in reversed(list(enumerate(groups)))}
        self._routes: dict[tuple[int, tuple[int, ...]], None] = {}
        self._seen = 0

    def start_with(self, solution: Solution) -> None:
        """Add the routes of a start as they are: its trucks can be loaded at the bays there are."""
        for truck, sequence in solution.sequences.items():
            self._add(truck, list(sequence))

    def take(self, routes: Routes) -> None:
        """Add all routes of a solution."""
        for truck in np.flatnonzero(routes.length):
            length = int(routes.length[truck])
            self._add(int(truck), [int(order) for order in routes.rows[truck, :length]])

    def harvest(self, log: Log) -> None:
        """Add what the kernel logged since the last look."""
        total, size = int(log.head[0]), len(log.truck)
        for number in range(max(self._seen, total - size), total):
            at = number % size
            length = int(log.length[at])
            self._add(int(log.truck[at]), [int(order) for order in log.rows[at, :length]])
        self._seen = total

    def latest(self, orders: int) -> list[tuple[int, tuple[int, ...]]]:
        """List the routes for a day of so many orders, as (some truck of the group, sequence)."""
        kept = list(self._routes)[-max(200, KEPT_PER_ORDER * orders) :]
        return [(self._first_truck[group], sequence) for group, sequence in kept]

    def _add(self, truck: int, sequence: list[int]) -> None:
        key = (self._groups[truck], tuple(sequence))
        self._routes.pop(key, None)
        self._routes[key] = None
        if len(self._routes) > MOST:
            del self._routes[next(iter(self._routes))]
