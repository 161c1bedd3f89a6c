"""Where a repair sets out: from the routes of the plan, as far as they can still be driven."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from routing.clock import DEAD, RELOAD
from routing.named_routes import in_rows
from routing.plan import Plan
from routing.problem import Problem
from routing.route_cost import deck_fits, route_cost
from routing.schedule import new_scratch
from routing.search.solution import Solution
from routing.trips import orders_of, tidied


def start_of(problem: Problem, plan: Plan) -> Solution:
    """Set out from the routes of the plan, without the stops that cannot be kept any more."""
    p = problem.tables
    named = {
        route.truck_id: tuple(
            name
            for number, trip in enumerate(route.trips)
            for name in (*([""] if number else []), *(stop.order_id for stop in trip.stops))
        )
        for route in plan.routes
    }
    kept = {
        truck: sequence
        for truck, orders in in_rows(problem, named).sequences.items()
        if (sequence := _lawful(problem, truck, orders))
    }
    placed = {order for sequence in kept.values() for order in orders_of(sequence)}
    for truck in np.flatnonzero(p.locks.ranked):
        fixed = np.flatnonzero((p.locks.truck == truck) & p.locks.fixed)
        if not set(fixed.tolist()) <= placed:
            kept.pop(int(truck), None)
    return Solution(sequences=MappingProxyType(kept))


def _lawful(problem: Problem, truck: int, orders: tuple[int, ...]) -> tuple[int, ...]:
    """Take out as few stops as make a route lawful: one that helps, else the last of all."""
    p = problem.tables
    orders = tidied([o for o in orders if o == RELOAD or p.allowed[truck, o]])
    while orders and not drives(problem, truck, orders):
        open_ = [order for order in orders_of(orders) if not p.locks.fixed[order]]
        if not open_:
            return ()
        without = [tidied([each for each in orders if each != order]) for order in open_]
        orders = next((each for each in without if drives(problem, truck, each)), without[-1])
    return orders


def drives(problem: Problem, truck: int, orders: tuple[int, ...]) -> bool:
    p, n = problem.tables, len(orders)
    if not n:
        return True
    row = np.array(orders, dtype=np.int32)
    if not deck_fits(p, truck, row, n):
        return False
    return bool(route_cost(p, truck, row, n, new_scratch(n)) != DEAD)
