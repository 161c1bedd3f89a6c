"""Truck bans by hour: no driving inside a zone; the truck waits outside, or stays until it ends."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.reasons import Reason
from routing.rules.layout import Layout


class BanTable(NamedTuple):
    """Row `id[truck, place]` (-1: none) has hours `ptr[row]` to `ptr[row + 1]`."""

    id: NDArray[np.int32]
    ptr: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    inside: NDArray[np.int64]


class Bans:
    """Hours in which a truck may neither arrive at nor leave a place."""

    reason = Reason.TRUCK_BANNED

    def compile(self, day: Layout) -> BanTable:
        """Bans of the day's trucks in seconds; hours of one pair ascend."""
        row_of_truck = {truck.id: row for row, truck in enumerate(day.trucks)}
        found: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
        for ban in day.request.bans:
            if ban.truck_id in row_of_truck and ban.place_id in day.place_row:
                key = (row_of_truck[ban.truck_id], day.place_row[ban.place_id])
                found.setdefault(key, []).extend(
                    (day.second(hours.start), day.second(hours.end), ban.inside_s)
                    for hours in ban.hours
                )
        ids = np.full((len(day.trucks), len(day.place_row)), -1, dtype=np.int32)
        ptr, start, end, inside = [0], [], [], []
        for row, (key, hours_list) in enumerate(sorted(found.items())):
            ids[key] = row
            for begin, stop, within in sorted(hours_list):
                start.append(begin)
                end.append(stop)
                inside.append(within)
            ptr.append(len(start))
        return BanTable(
            id=ids,
            ptr=np.array(ptr, dtype=np.int64),
            start=np.array(start, dtype=np.int64),
            end=np.array(end, dtype=np.int64),
            inside=np.array(inside, dtype=np.int64),
        )
