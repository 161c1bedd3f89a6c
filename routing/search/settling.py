"""Once the master has chosen: every order from stock gets a car, and the day is compiled again."""

from __future__ import annotations

from collections.abc import Mapping

from routing.domain.orders import Order
from routing.domain.stock import kind_of, with_cars
from routing.domain.warehouses import StockCar
from routing.problem import Problem, build_problem
from routing.search.solution import Solution


def settled(problem: Problem, solution: Solution, cars: Mapping[int, str]) -> Problem:
    """Name the cars: of orders on a route or with a carrier as chosen, of others from what is left.

    An order that stays behind is held a car, promises first, then the dearest to leave, so that
    the plan can say why it stays in spite of it; one for which none is left keeps no warehouse.
    Rows stay what they are.
    """
    day = problem.layout
    vin_of = {day.orders[row].id: vin for row, vin in cars.items()}
    free = [car for car in day.request.stock if car.vehicle.vin not in set(vin_of.values())]
    free.sort(key=lambda car: (len(car.readiness.missing), _ready(problem, car), car.vehicle.vin))
    waiting = [
        row
        for row, order in enumerate(day.orders)
        if order.from_stock and row not in solution.served and row not in cars
    ]
    prices = day.request.policy.left_behind
    waiting.sort(
        key=lambda row: (
            not day.orders[row].promised,
            -prices[day.orders[row].priority],
            day.orders[row].id,
        )
    )
    for row in waiting:
        car = _nearest(problem, row, [car for car in free if _suits(day.orders[row], car)])
        if car is not None:
            vin_of[day.orders[row].id] = car.vehicle.vin
            free.remove(car)
    return build_problem(with_cars(day.request, vin_of), day.travel)


def _suits(order: Order, car: StockCar) -> bool:
    at_home = order.warehouse_id in ("", car.warehouse_id)
    return at_home and kind_of(order.vehicle) == kind_of(car.vehicle)


def _nearest(problem: Problem, order: int, cars: list[StockCar]) -> StockCar | None:
    """Of cars in order of readiness the first at the nearest warehouse."""
    day, p = problem.layout, problem.tables
    legs = p.travel.typical[0, 0]

    def away(car: StockCar) -> int:
        home = day.warehouses[day.warehouse_row[car.warehouse_id]].place.id
        return int(legs[day.place_row[home], p.place[order]])

    return min(cars, key=away, default=None)


def _ready(problem: Problem, car: StockCar) -> int:
    step = car.readiness.binding_step
    return 0 if step is None else problem.layout.second(step.done_p90)
