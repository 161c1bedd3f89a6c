"""Routes by names: what stays when a request changes, for rows do not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from routing.clock import RELOAD
from routing.problem import Problem
from routing.search.solution import Solution
from routing.trips import tidied

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
