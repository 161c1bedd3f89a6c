"""The part of a kept day that one pool plans."""

from __future__ import annotations

from dataclasses import replace

from api.days.request import DayReading
from api.fleet.pools import pool_day, pools_of
from api.plans.errors import NothingToPlan


def in_pool(reading: DayReading, pool_id: str) -> DayReading:
    """Cut a pool's day out of a tenant's. The day of a tenant with one pool stays as it is, so that
    its plan is the one that `flatbed plan` makes of the same rows.

    Raises:
        NothingToPlan: the tenant has no such pool on that day.
    """
    whole = reading.request
    if whole is None:
        return reading
    pools = {each.id: each for each in pools_of(whole, [house.id for house in whole.warehouses])}
    if pool_id not in pools:
        raise NothingToPlan(f"there is no pool {pool_id!r} on {whole.day}", faults=[])
    if len(pools) == 1:
        return reading
    pool = pools[pool_id]
    cut = pool_day(whole, pool)
    houses = frozenset(pool.warehouse_ids)
    # An order for any car in stock anywhere is planned where its kind stands.
    kinds = {car.vehicle.model.id for car in cut.stock}
    orders = tuple(
        order
        for order in whole.orders
        if order.warehouse_id in houses
        or (not order.warehouse_id and order.vehicle.model.id in kinds)
    )
    names, trucks = {order.id for order in orders}, {truck.id for truck in cut.trucks}
    request = replace(
        cut,
        orders=orders,
        assumptions=whole.assumptions,
        locks=whole.locks.part(orders=names, trucks=trucks),
    )
    return replace(reading, request=request)
