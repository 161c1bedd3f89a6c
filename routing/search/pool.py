"""The pool: good routes met during a search, for the master to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from routing.search.kernel.exact import Exact
from routing.search.solution import Solution

KEPT_PER_ORDER: Final = 8
MOST: Final = 50_000


class Pool:
    """Routes by (group of interchangeable trucks, set of orders), latest last.

    Of the sequences of one set the cheapest is kept; a start's sequences are kept besides.
    Bounded: annealing meets its best routes late, so the oldest ones go first.
    """

    def __init__(self, groups: Sequence[int]) -> None:
        self._groups = groups
        self._first_truck = {group: truck for truck, group in reversed(list(enumerate(groups)))}
        self._routes: dict[tuple[int, frozenset[int]], tuple[int, tuple[int, ...]]] = {}
        self._start: list[tuple[int, tuple[int, ...]]] = []
        self._found_by: dict[tuple[int, tuple[int, ...]], str] = {}
        self._seen = 0

    def start_with(self, solution: Solution, *, engine: str = "start") -> None:
        """Add the routes of a start as they are: its trucks can be loaded at the bays there are."""
        for truck, orders in solution.sequences.items():
            self._found_by.setdefault((self._groups[truck], tuple(orders)), engine)
        self._start += [(truck, tuple(orders)) for truck, orders in solution.sequences.items()]

    def take(self, routes: Iterable[tuple[int, int, tuple[int, ...]]]) -> None:
        """Add routes: truck, fen, sequence."""
        for truck, cost, sequence in routes:
            self._add(truck, cost, sequence)

    def absorb(self, other: Pool) -> None:
        """Add the routes of another pool of the same day, as met after ours."""
        for (group, _), (cost, sequence) in other._routes.items():
            self._add(self._first_truck[group], cost, sequence)

    def harvest(self, exact: Exact) -> None:
        """Add what the kernel logged since the last look."""
        total, size = int(exact.met[0]), len(exact.log_truck)
        for number in range(max(self._seen, total - size), total):
            at = number % size
            row = exact.log_rows[at, : exact.log_length[at]]
            self._add(int(exact.log_truck[at]), int(exact.log_cost[at]), tuple(row.tolist()))
        self._seen = total

    def engine_of(self, truck: int, orders: tuple[int, ...]) -> str:
        """Name the engine that found a route first; empty for one that is not in the pool."""
        group = self._groups[truck]
        if (group, orders) in self._found_by:
            return self._found_by[group, orders]
        known = self._routes.get((group, frozenset(orders)))
        return "kernel" if known is not None and known[1] == orders else ""

    def latest(self, orders: int) -> list[tuple[int, tuple[int, ...]]]:
        """List the routes for a day of so many orders, as (some truck of the group, sequence).

        Every group has its share, so that a warehouse that settles early keeps its alternatives.
        """
        quota = max(40, KEPT_PER_ORDER * orders // max(1, len(self._first_truck)))
        by_group: dict[int, list[tuple[int, ...]]] = {group: [] for group in self._first_truck}
        for (group, _), (_, sequence) in self._routes.items():
            by_group[group].append(sequence)
        return self._start + [
            (self._first_truck[group], sequence)
            for group, sequences in sorted(by_group.items())
            for sequence in sequences[-quota:]
        ]

    def _add(self, truck: int, cost: int, sequence: tuple[int, ...]) -> None:
        key = (self._groups[truck], frozenset(sequence))
        known = self._routes.pop(key, None)
        self._routes[key] = min(known, (cost, sequence)) if known else (cost, sequence)
        if len(self._routes) > MOST:
            del self._routes[next(iter(self._routes))]
