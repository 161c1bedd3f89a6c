"""How hard the explanation tries before it says that nothing helps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from geodata.units import MINUTE_S

STEP_S: Final = 5 * MINUTE_S
"""Concessions of time are asked for in steps of five minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Bounds for one left-behind order, counted and not timed, so that answers repeat.

    A proof may search `iterations` iterations where plain insertion fails. `searches` of them are
    allowed per order, `searches_in_all` for a whole list, but one for each. `pairs` first halves
    are tried where no single concession works. With `fixes` one is looked for only for so many
    orders, the first in line; the others get their reason.
    """

    iterations: int = 500
    searches: int = 6
    searches_in_all: int = 120
    pairs: int = 6
    fixes: int | None = None

    def __post_init__(self) -> None:
        bounds = (self.iterations, self.searches, self.searches_in_all, self.pairs)
        if min(*bounds, self.fixes or 0) < 0:
            raise ValueError("effort: no bound may be negative")

    def shared_by(self, orders: int) -> Effort:
        """Share the searches of the whole list among so many orders."""
        each = max(1, self.searches_in_all // max(1, orders))
        return replace(self, searches=min(self.searches, each))
