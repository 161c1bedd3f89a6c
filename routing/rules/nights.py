"""Nights: a tour that no day is long enough for stays out, where the company lets it."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.reasons import Reason
from routing.rules.layout import Layout


class NightTable(NamedTuple):
    """Per truck (trucks,): how many nights out at `most`, the second at which the shift of its
    first day begins (`morning`), fen a night; `rest` are the seconds that a night lasts at least.
    """

    most: NDArray[np.int64]
    morning: NDArray[np.int64]
    per_night: NDArray[np.int64]
    rest: int


class Nights:
    """How often a truck may sleep out, and what that costs."""

    reason = Reason.NIGHTS_EXCEEDED

    def compile(self, day: Layout) -> NightTable:
        """Nights of every truck in seconds of the horizon and fen."""
        return NightTable(
            most=np.array([truck.nights_max for truck in day.trucks], dtype=np.int64),
            morning=np.array([day.second(truck.shift_start) for truck in day.trucks], np.int64),
            per_night=np.array([truck.costs.per_night for truck in day.trucks], dtype=np.int64),
            rest=day.request.policy.driving.night_rest_s,
        )


def kept_off_the_road(day: Layout) -> Iterator[tuple[int, int, int]]:
    """List which trucks (rows) a tour keeps at home: the tour's, the other one, from how many
    nights on.

    They share the vehicle, which is away until the end of the shift so many days later, or the
    driver, who then has a night's rest.
    """
    rest = timedelta(seconds=day.request.policy.driving.night_rest_s)
    away = [row for row, truck in enumerate(day.trucks) if truck.nights_max > 0]
    if not away:
        return
    for row, other in permutations(range(len(day.trucks)), 2):
        truck, later = day.trucks[row], day.trucks[other]
        alike = truck.vehicle == later.vehicle
        driver = truck.driver_id != "" and truck.driver_id == later.driver_id
        if not (alike or driver) or later.shift_start <= truck.shift_start:
            continue
        for nights in range(1, truck.nights_max + 1):
            free = truck.shift_end + timedelta(days=nights) + (rest if driver else timedelta(0))
            if later.shift_start < free:
                yield row, other, nights
                break
