"""Loading bays: loading needs a bay, within the warehouse's loading hours."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.reasons import Reason
from routing.rules.layout import Layout


class BayTable(NamedTuple):
    """Per warehouse: bays, loading hours `ptr[w]` to `ptr[w + 1]`, evening loading.

    Per truck: seconds of loading, for the truck and for each car, and the row of the hours in
    which it is loaded the evening before.
    """

    bays: NDArray[np.int64]
    evening: NDArray[np.bool_]
    ptr: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    load_base: NDArray[np.int64]
    load_per_car: NDArray[np.int64]
    eve: NDArray[np.int64]


class Bays:
    """When and where trucks can be loaded; shared, so the master problem keeps count."""

    reason = Reason.BAY_FULL

    def compile(self, day: Layout) -> BayTable:
        """Loading hours in seconds of the horizon, ascending."""
        ptr, start, end = [0], [], []
        for house in day.warehouses:
            for hours in house.loading:
                start.append(day.second(hours.start))
                end.append(day.second(hours.end))
            ptr.append(len(start))
        return BayTable(
            bays=np.array([house.bays for house in day.warehouses], dtype=np.int64),
            evening=np.array([house.evening_loading for house in day.warehouses], dtype=np.bool_),
            ptr=np.array(ptr, dtype=np.int64),
            start=np.array(start, dtype=np.int64),
            end=np.array(end, dtype=np.int64),
            load_base=np.array([truck.load_base_s for truck in day.trucks], dtype=np.int64),
            load_per_car=np.array([truck.load_per_car_s for truck in day.trucks], dtype=np.int64),
            eve=np.array([_eve(day, row, ptr) for row in range(len(day.trucks))], dtype=np.int64),
        )


def _eve(day: Layout, truck: int, ptr: list[int]) -> int:
    its = day.trucks[truck]
    house = day.warehouse_row[its.warehouse_id]
    loading = day.warehouses[house].loading
    return ptr[house] + loading.index(day.warehouses[house].first_hours(its.shift_start)[0])
