"""Third-party carriers: what giving an order to one costs, and how many they take."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.units import UNREACHABLE_S
from routing.domain.carriers import Carrier
from routing.domain.orders import Order
from routing.reasons import Reason
from routing.rules.layout import Layout
from routing.rules.locks import FREE, LockTable

NEVER: Final = 2**62
"""Fen for what cannot be had."""
UNBOUNDED: Final = 2**62
"""A budget that nobody has set."""


class CarrierTable(NamedTuple):
    """Per (orders, carriers, warehouses): `price` fen as the plan weighs it, `bill` fen to be paid;
    NEVER where the carrier may not take it, or for no less than leaving it behind costs.

    `cars` and `collects` (second) per carrier; `changed` (orders, carriers) whether people know the
    order on something else; `budget` fen for all bills of the day.
    """

    price: NDArray[np.int64]
    bill: NDArray[np.int64]
    cars: NDArray[np.int64]
    collects: NDArray[np.int64]
    changed: NDArray[np.bool_]
    budget: int

    @property
    def cheapest(self) -> NDArray[np.int64]:
        """Price (orders,) of the cheapest carrier of each order, NEVER where there is none."""
        cheapest: NDArray[np.int64] = self.price.min(axis=(1, 2), initial=NEVER)
        return cheapest


class Carriers:
    """Who else may bring an order; how many cars and how much money, the master counts."""

    reason = Reason.CARRIER_FULL

    def compile(
        self,
        day: Layout,
        penalty: NDArray[np.int64],
        locks: LockTable,
        in_stock: NDArray[np.bool_],
    ) -> CarrierTable:
        """Price every order with every carrier; `penalty` (orders,) is what leaving it costs.

        `in_stock` (warehouses, orders) says where the car of an order may stand. A locked order
        is never given away.
        """
        carriers = day.request.carriers
        shape = (len(day.orders), len(carriers), len(day.warehouses))
        bill = np.full(shape, NEVER, dtype=np.int64)
        changed = np.zeros(shape[:2], dtype=np.bool_)
        known = {stop.order_id: stop.truck_id for stop in day.request.baseline}
        held = {name: carrier.id for carrier in carriers for name in carrier.holds}
        for column, carrier in enumerate(carriers):
            for row, order in enumerate(day.orders):
                changed[row, column] = known.get(order.id, carrier.id) != carrier.id
                if held.get(order.id, carrier.id) != carrier.id:
                    continue
                if locks.truck[row] == FREE and may_take(carrier, order):
                    for name in carrier.warehouse_ids:
                        house = day.warehouse_row[name]
                        metres = _road(day, house, order) if in_stock[house, row] else None
                        if metres is not None:
                            bill[row, column, house] = carrier.price(metres)
        stability = day.request.policy.stability
        extra = int(stability.truck_changed + stability.per_change) * changed
        price = np.where(bill == NEVER, NEVER, bill + extra[:, :, None])
        dear = price >= penalty[:, None, None]
        budget = day.request.policy.outsourcing.budget
        return CarrierTable(
            price=np.where(dear, NEVER, price),
            bill=np.where(dear, NEVER, bill),
            cars=np.array([carrier.cars for carrier in carriers], dtype=np.int64),
            collects=np.array([day.second(each.collects) for each in carriers], dtype=np.int64),
            changed=changed,
            budget=UNBOUNDED if budget is None else int(budget),
        )

    def mask(self, day: Layout) -> NDArray[np.bool_]:
        """Mask (trucks, orders): what a carrier has been given for good is no truck's any more."""
        held = {name for carrier in day.request.carriers for name in carrier.holds}
        free = np.array([order.id not in held for order in day.orders], dtype=np.bool_)
        return np.tile(free, (len(day.trucks), 1))


def may_take(carrier: Carrier, order: Order) -> bool:
    """Tell whether a carrier can do what an order asks for, wherever the car stands."""
    step = order.readiness.binding_step
    return (
        carrier.window_within(order.windows) is not None
        and carrier.kind.size <= order.access.size
        and order.skills <= carrier.skills
        and (order.trade_in is None or carrier.trade_ins)
        and not order.readiness.missing
        and (step is None or step.done_p90 <= carrier.collects)
    )


def road_metres(day: Layout, house: int, place: int) -> int | None:
    """Length of the shortest road there is from a warehouse to a place, None without any.

    Whatever the class of truck and the hour: what is paid for is the distance, not the way taken.
    """
    home = day.place_row[day.warehouses[house].place.id]
    is_open = day.travel.seconds[:, :, home, place] < UNREACHABLE_S
    if home == place:
        return 0
    if not is_open.any():
        return None
    return int(day.travel.metres[:, :, home, place][is_open].min())


def _road(day: Layout, house: int, order: Order) -> int | None:
    return road_metres(day, house, day.place_row[order.place.id])
