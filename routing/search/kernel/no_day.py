"""A day on which nothing happens: the exact evaluator's tables where a plain model is searched."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

import numpy as np

from geodata.matrix import TravelMatrix
from routing.domain.request import PlanRequest
from routing.problem import Tables, build_problem


@cache
def no_day() -> Tables:
    """Tables of an empty day; of use only for their type."""
    request = PlanRequest(
        day=date(2000, 1, 2),
        horizon_start=datetime(2000, 1, 1, tzinfo=UTC),
        orders=(),
        trucks=(),
        drivers=(),
        specialists=(),
        warehouses=(),
    )
    travel = TravelMatrix(
        place_ids=("nowhere",),
        truck_classes=("any",),
        band_starts_s=(0,),
        seconds=np.zeros((1, 1, 1, 1), np.int32),
        metres=np.zeros((1, 1, 1, 1), np.int32),
        toll_minor=np.zeros((1, 1, 1), np.int32),
    )
    return build_problem(request, travel).tables
