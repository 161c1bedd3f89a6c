"""Driving time: rest at least 20 minutes after at most 4 hours at the wheel."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.reasons import Reason
from routing.rules.layout import Layout


class DriverHours(NamedTuple):
    """Seconds, and which crews (trucks,) have a specialist whose handover rests the driver."""

    drive_max_s: int
    rest_s: int
    handover_rests: NDArray[np.bool_]


class DrivingLimit:
    """道路交通安全法实施条例, Art. 62; the figures are the policy's."""

    reason = Reason.DRIVING_LIMIT

    def compile(self, day: Layout) -> DriverHours:
        """The clock's driving limits."""
        driving = day.request.policy.driving
        return DriverHours(
            drive_max_s=driving.drive_max_s,
            rest_s=driving.rest_s,
            handover_rests=np.array(
                [driving.handover_rests and bool(truck.specialist_id) for truck in day.trucks],
                dtype=np.bool_,
            ),
        )
