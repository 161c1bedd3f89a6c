"""The travel matrix of a part of a day: a piece of the matrix of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geodata.matrix import TravelMatrix

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest


def travel_of(travel: TravelMatrix, request: PlanRequest) -> TravelMatrix:
    """Keep the places of a request; every truck class stays."""
    sites = [house.place.id for house in request.warehouses]
    wanted = dict.fromkeys([*sites, *(order.place.id for order in request.orders)])
    row = {place: at for at, place in enumerate(travel.place_ids)}
    rows = np.array([row[place] for place in wanted], dtype=np.int64)
    grid = np.ix_(rows, rows)
    return TravelMatrix(
        place_ids=tuple(wanted),
        truck_classes=travel.truck_classes,
        band_starts_s=travel.band_starts_s,
        seconds=np.ascontiguousarray(travel.seconds[:, :, grid[0], grid[1]]),
        metres=np.ascontiguousarray(travel.metres[:, :, grid[0], grid[1]]),
        toll_minor=np.ascontiguousarray(travel.toll_minor[:, grid[0], grid[1]]),
    )
