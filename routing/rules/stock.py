"""Stock: an order for any car of a kind takes one that is there, from a warehouse that has it."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.units import UNREACHABLE_S
from routing.domain.stock import kind_of
from routing.domain.warehouses import StockCar
from routing.reasons import Reason
from routing.rules.layout import Layout

NAMED: Final = -1
"""The kind of an order that names its car."""


class StockTable(NamedTuple):
    """`kind` of each order, NAMED for one with a VIN. Per (warehouse, kind) the cars `left`.

    `ready[warehouse, kind, n]` is the second at which n + 1 cars are ready: ascending, and never
    (`UNREACHABLE_S`) beyond those there are.
    """

    kind: NDArray[np.int64]
    left: NDArray[np.int64]
    ready: NDArray[np.int64]


class Stock:
    """How many cars of a kind a warehouse has, and when; shared, so the master keeps count."""

    reason = Reason.NO_STOCK

    def compile(self, day: Layout) -> StockTable:
        """Number the kinds that orders ask for, and count the cars that may leave."""
        wanted = [kind_of(order.vehicle) for order in day.orders if order.from_stock]
        row = {kind: at for at, kind in enumerate(dict.fromkeys(wanted))}
        cars = _cars(day)
        most = max((len(each) for each in cars.values()), default=0)
        shape = (len(day.warehouses), len(row))
        left = np.zeros(shape, dtype=np.int64)
        ready = np.full((*shape, most + 1), UNREACHABLE_S, dtype=np.int64)
        for (house, kind), each in cars.items():
            if kind in row:
                left[house, row[kind]] = len(each)
                ready[house, row[kind], : len(each)] = [ready_second(day, car) for car in each]
        kinds = [row[kind_of(order.vehicle)] if order.from_stock else NAMED for order in day.orders]
        return StockTable(kind=np.array(kinds, dtype=np.int64), left=left, ready=ready)

    def mask(self, day: Layout) -> NDArray[np.bool_]:
        """Mask (trucks, orders): which trucks stand where the car does, or one of the kind."""
        homes = [day.warehouse_row[truck.warehouse_id] for truck in day.trucks]
        return self.sources(day)[np.array(homes, dtype=np.int64)]

    def sources(self, day: Layout) -> NDArray[np.bool_]:
        """Mask (warehouses, orders): where the car of an order stands, or one of the kind."""
        has = {(house, kind) for (house, kind), each in _cars(day).items() if each}
        return np.array(
            [
                [
                    order.warehouse_id in ("", house.id)
                    and (not order.from_stock or (row, kind_of(order.vehicle)) in has)
                    for order in day.orders
                ]
                for row, house in enumerate(day.warehouses)
            ],
            dtype=np.bool_,
        ).reshape(len(day.warehouses), len(day.orders))


def cars_of(day: Layout, house: int, order: int) -> list[StockCar]:
    """List the cars of an order's kind at a warehouse row, the first ready first."""
    return _cars(day).get((house, kind_of(day.orders[order].vehicle)), [])


def ready_second(day: Layout, car: StockCar) -> int:
    """Second from which a car in stock may be loaded."""
    step = car.readiness.binding_step
    return 0 if step is None else max(0, day.second(step.done_p90))


def _cars(day: Layout) -> dict[tuple[int, tuple[str, str, str]], list[StockCar]]:
    cars: dict[tuple[int, tuple[str, str, str]], list[StockCar]] = {}
    for car in day.request.stock:
        if not car.readiness.missing:
            key = day.warehouse_row[car.warehouse_id], kind_of(car.vehicle)
            cars.setdefault(key, []).append(car)
    for each in cars.values():
        each.sort(key=lambda car: (ready_second(day, car), car.vehicle.vin))
    return cars
