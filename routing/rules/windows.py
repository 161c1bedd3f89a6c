"""Windows: service begins inside one of the windows the buyer accepts."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.reasons import Reason
from routing.rules.layout import Layout


class WindowTable(NamedTuple):
    """Windows of all orders in one list; those of order i are `ptr[i]` to `ptr[i + 1]`."""

    ptr: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


class Windows:
    """When a service may begin."""

    reason = Reason.WINDOW_MISSED

    def compile(self, day: Layout) -> WindowTable:
        """Half-open windows in seconds, ascending."""
        ptr, start, end = [0], [], []
        for order in day.orders:
            for window in order.windows:
                start.append(day.second(window.start))
                end.append(day.second(window.end))
            ptr.append(len(start))
        return WindowTable(
            ptr=np.array(ptr, dtype=np.int64),
            start=np.array(start, dtype=np.int64),
            end=np.array(end, dtype=np.int64),
        )
