"""Duty and shift: a truck works within its shift, a duty has an end, overtime is paid."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.reasons import Reason
from routing.rules.layout import Layout


class Shifts(NamedTuple):
    """Seconds per truck (trucks,)."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    duty_max: NDArray[np.int64]
    overtime_after: NDArray[np.int64]


class Shift:
    """When a truck may work, and for how long."""

    reason = Reason.DUTY_EXCEEDED

    def compile(self, day: Layout) -> Shifts:
        """Bounds in seconds of the horizon."""
        rested = {driver.id: driver.rested_at for driver in day.request.drivers}
        start = []
        for truck in day.trucks:
            begin = day.second(truck.shift_start)
            rest_ends = rested.get(truck.driver_id)
            start.append(begin if rest_ends is None else max(begin, day.second(rest_ends)))
        return Shifts(
            start=np.array(start, dtype=np.int64),
            end=np.array([day.second(truck.shift_end) for truck in day.trucks], dtype=np.int64),
            duty_max=np.array([truck.duty_max_s for truck in day.trucks], dtype=np.int64),
            overtime_after=np.array(
                [truck.overtime_after_s for truck in day.trucks], dtype=np.int64
            ),
        )
