"""What one measurement is."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One line of the table: what was measured, the figure, its unit, and how."""

    what: str
    figure: float
    unit: str
    how: str


def median_seconds(action: Callable[[], object], *, repeats: int) -> float:
    """Time an action several times and keep the median: a busy machine spoils the mean."""
    times_s = []
    for _ in range(repeats):
        start_s = time.perf_counter()
        action()
        times_s.append(time.perf_counter() - start_s)
    return statistics.median(times_s)
