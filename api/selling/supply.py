"""How many cars of the stock there are to sell, kind by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from routing.domain.request import PlanRequest
from routing.domain.stock import kind_of
from routing.domain.vehicles import Vehicle
from routing.witness import CountedKey

STOCK = "stock"


def stock_key(warehouse_id: str, vehicle: Vehicle) -> CountedKey:
    """Name what a promise takes that may have any car of a kind."""
    return CountedKey(kind=STOCK, key="/".join((warehouse_id, *kind_of(vehicle))), day="")


def for_sale(
    request: PlanRequest, named: Mapping[str, str], counted: Collection[str]
) -> PlanRequest:
    """Leave the cars out of a day's stock that orders name (`named`: order by VIN).

    The car of an order whose promise has taken one of its kind (`counted`) stays: it is the one
    that was taken.
    """
    return replace(
        request,
        stock=tuple(
            car
            for car in request.stock
            if (order := named.get(car.vehicle.vin)) is None or order in counted
        ),
    )


def stock_counts(
    request: PlanRequest, delivered: Mapping[CountedKey, int], known: Collection[CountedKey]
) -> dict[CountedKey, int]:
    """Count what there is in all: what stands there, and what promises took and handed over.

    Kinds that were counted before and are gone (`known`) have none.
    """
    there = Counter(stock_key(car.warehouse_id, car.vehicle) for car in request.stock)
    return {key: there[key] + delivered.get(key, 0) for key in sorted({*there, *known, *delivered})}
