"""Readiness: no car is loaded before it is ready (p90), none leaves without its papers."""

import numpy as np
from numpy.typing import NDArray

from geodata.units import UNREACHABLE_S
from routing.reasons import Reason
from routing.rules.layout import Layout


class ReadyToLeave:
    """The earliest second at which each car may be loaded."""

    reason = Reason.NOT_READY

    def compile(self, day: Layout) -> NDArray[np.int64]:
        """Release seconds (orders,); never, for a car with a precondition open."""
        release = np.zeros(len(day.orders), dtype=np.int64)
        for row, order in enumerate(day.orders):
            if order.readiness.missing:
                release[row] = UNREACHABLE_S
            elif (step := order.readiness.binding_step) is not None:
                release[row] = max(0, day.second(step.done_p90))
        return release
