"""Road access: a place names the largest truck kind that reaches it."""

import numpy as np
from numpy.typing import NDArray

from routing.reasons import Reason
from routing.rules.layout import Layout


class Access:
    """Which trucks fit the road to the door."""

    reason = Reason.ROAD_ACCESS

    def compile(self, day: Layout) -> NDArray[np.bool_]:
        """Mask (trucks, orders)."""
        truck_size = np.array([truck.kind.size for truck in day.trucks], dtype=np.int64)
        place_size = np.array([order.access.size for order in day.orders], dtype=np.int64)
        return truck_size[:, None] <= place_size[None, :]
