"""Skills: the crew of the truck must know all that the handover asks for."""

import numpy as np
from numpy.typing import NDArray

from routing.reasons import Reason
from routing.rules.layout import Layout


class Skills:
    """Which crews may serve which orders."""

    reason = Reason.SKILL_MISSING

    def compile(self, day: Layout) -> NDArray[np.bool_]:
        """Mask (trucks, orders)."""
        return np.array(
            [[order.skills <= truck.skills for order in day.orders] for truck in day.trucks],
            dtype=np.bool_,
        ).reshape(len(day.trucks), len(day.orders))
