"""Preferred windows: inside what the buyer accepts, the time they would like best has a price."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.units import DAY_S, MINUTE_S
from routing.reasons import Reason
from routing.rules.layout import Layout


class PreferenceTable(NamedTuple):
    """Preferred windows of an order: rows `ptr[order]` to `ptr[order + 1]`, ascending.

    `per_minute` fen for every begun minute outside; `on` is 1 when any of it is priced.
    """

    ptr: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    per_minute: int
    on: int


class Preferences:
    """What it costs to come at another time than the buyer would like."""

    reason = Reason.OUTSIDE_PREFERRED

    def compile(self, day: Layout) -> PreferenceTable:
        """Preferred windows in seconds of the horizon."""
        per_minute = int(day.request.policy.preferences.per_minute)
        ptr, start, end = [0], [], []
        for order in day.orders:
            start += [day.second(window.start) for window in order.preferred]
            end += [day.second(window.end) for window in order.preferred]
            ptr.append(len(start))
        return PreferenceTable(
            ptr=np.array(ptr, dtype=np.int64),
            start=np.array(start, dtype=np.int64),
            end=np.array(end, dtype=np.int64),
            per_minute=per_minute,
            on=int(bool(start) and per_minute > 0),
        )


def preferences_at_most(day: Layout) -> int:
    """Fen that all preferences of a day together never exceed: nobody waits three days."""
    wishing = sum(bool(order.preferred) for order in day.orders)
    return wishing * day.request.policy.preferences.per_minute * (3 * DAY_S // MINUTE_S)
