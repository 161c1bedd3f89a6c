"""The part of a day that concerns one warehouse.

Trucks only carry cars of their own warehouse, so a left-behind order is a matter of one
warehouse.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest


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
