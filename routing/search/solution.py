"""A solution in plain rows: which truck serves which orders, in which sequence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from routing.trips import orders_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Sequences of order rows by truck row, with RELOAD between two trips; trucks that stay at
    home are absent.

    `departs` and `loads` hold departures and starts of loading (seconds of the horizon) once the
    master has timed them.
    """

    sequences: Mapping[int, tuple[int, ...]]
    departs: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    loads: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    outsourced: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    """Carrier row by order row, of the orders that another company brings."""

    @property
    def served(self) -> frozenset[int]:
        """Rows of the orders that are on a truck."""
        return frozenset(
            order for sequence in self.sequences.values() for order in orders_of(sequence)
        )


NOTHING = Solution(sequences=MappingProxyType({}))
