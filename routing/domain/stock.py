"""Stock: cars that stand at a warehouse and are not yet any order's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from routing.domain.readiness import Readiness
from routing.domain.request import PlanRequest
from routing.domain.vehicles import Vehicle

CarKind = tuple[str, str, str]
"""Model, edition and colour: what a buyer has ordered. No colour is a kind of its own."""


def kind_of(vehicle: Vehicle) -> CarKind:
    """Name what may be swapped: two cars of one kind are the same to the buyer."""
    return vehicle.model.id, vehicle.edition.id, vehicle.colour.casefold()


def with_cars(request: PlanRequest, vin_of: Mapping[str, str]) -> PlanRequest:
    """Name the car of orders that ask for any of a kind: VINs by order id.

    Such an order then stands at the warehouse of its car and is ready when the car is; an order
    that is given none stays as it is, and nothing is left in stock for it. VINs that are not in
    stock are left out.
    """
    stock = {car.vehicle.vin: car for car in request.stock}
    orders = []
    for order in request.orders:
        car = stock.get(vin_of.get(order.id, "")) if order.from_stock else None
        if car is not None:
            readiness = Readiness(
                steps=(*order.readiness.steps, *car.readiness.steps),
                missing=tuple(dict.fromkeys((*order.readiness.missing, *car.readiness.missing))),
            )
            order = replace(
                order, vehicle=car.vehicle, warehouse_id=car.warehouse_id, readiness=readiness
            )
        orders.append(order)
    return replace(request, orders=tuple(orders), stock=())
