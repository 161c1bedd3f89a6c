"""The plan as it stands, by names, and the part of a day that concerns one warehouse.

Trucks only carry cars of their own warehouse, so a left-behind order is a matter of one
warehouse. Names survive a change of the request; rows do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from geodata.matrix import TravelMatrix
from routing.clock import RELOAD
from routing.problem import Problem
from routing.search.solution import Solution
from routing.trips import tidied

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest

Standing = Mapping[str, tuple[str, ...]]
"""Order ids in sequence by truck id, "" where the truck reloads."""


def standing_of(problem: Problem, solution: Solution, warehouse_id: str) -> Standing:
    """Name the routes of one warehouse."""
    day = problem.layout
    return {
        day.trucks[truck].id: tuple(
            "" if order == RELOAD else day.orders[order].id for order in orders
        )
        for truck, orders in sorted(solution.sequences.items())
        if day.trucks[truck].warehouse_id == warehouse_id
    }


def in_rows(problem: Problem, standing: Standing) -> Solution:
    """Number a standing plan; orders and trucks the problem does not hold are left out."""
    truck_row = {truck.id: row for row, truck in enumerate(problem.layout.trucks)}
    order_row = {order.id: row for row, order in enumerate(problem.layout.orders)} | {"": RELOAD}
    return Solution(
        sequences=MappingProxyType(
            {
                truck_row[truck]: sequence
                for truck, orders in standing.items()
                if truck in truck_row
                and (sequence := tidied([order_row[name] for name in orders if name in order_row]))
            }
        )
    )


def of_warehouse(request: PlanRequest, warehouse_id: str) -> PlanRequest:
    """Keep what one warehouse has to do with."""
    trucks = tuple(truck for truck in request.trucks if truck.warehouse_id == warehouse_id)
    names = {truck.id for truck in trucks}
    crew = {truck.driver_id for truck in trucks}
    ours = {each.id for each in request.orders if each.warehouse_id == warehouse_id}
    return replace(
        request,
        orders=tuple(each for each in request.orders if each.warehouse_id == warehouse_id),
        trucks=trucks,
        drivers=tuple(each for each in request.drivers if each.id in crew),
        specialists=tuple(
            each for each in request.specialists if each.warehouse_id == warehouse_id
        ),
        warehouses=tuple(each for each in request.warehouses if each.id == warehouse_id),
        bans=tuple(ban for ban in request.bans if ban.truck_id in names),
        locks=request.locks.part(
            orders=ours,
            trucks=names,
        ),
        baseline=tuple(stop for stop in request.baseline if stop.order_id in ours),
    )


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
