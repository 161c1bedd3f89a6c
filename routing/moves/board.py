"""A plan compiled, so that one order after the other can be moved on it in milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from routing.bay_numbers import Span
from routing.clock import RELOAD
from routing.domain.stock import with_cars
from routing.errors import BadPlan
from routing.plan import Plan, Route, Stop
from routing.problem import Problem, build_problem
from routing.search.meetings import Visit, Visitors
from routing.search.solution import Solution
from routing.trips import orders_of

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest


@dataclass(frozen=True, kw_only=True, eq=False)
class Board:
    """A plan and its day as numbers. `request` is the day as it was asked for; in `problem` every
    car that the plan took from stock is named. `meets` says which specialist (row) comes to which
    order (row) by own car.

    Never changed: a move gives another board.
    """

    request: PlanRequest
    travel: TravelMatrix
    problem: Problem
    plan: Plan
    solution: Solution
    meets: Mapping[int, int]

    @cached_property
    def order_row(self) -> Mapping[str, int]:
        """Rows of orders by id."""
        return {order.id: row for row, order in enumerate(self.problem.layout.orders)}

    @cached_property
    def truck_row(self) -> Mapping[str, int]:
        """Rows of trucks by id."""
        return {truck.id: row for row, truck in enumerate(self.problem.layout.trucks)}

    @cached_property
    def truck_of(self) -> Mapping[int, int]:
        """Truck of every order that is on one, rows."""
        return {
            order: truck
            for truck, sequence in self.solution.sequences.items()
            for order in orders_of(sequence)
        }

    @cached_property
    def routes(self) -> Mapping[int, Route]:
        """Routes of the plan by truck row."""
        return {self.truck_row[route.truck_id]: route for route in self.plan.routes}

    @cached_property
    def stops(self) -> Mapping[str, Stop]:
        """Stops of the plan by order."""
        return {stop.order_id: stop for route in self.plan.routes for stop in route.stops}

    @cached_property
    def spans(self) -> Mapping[int, tuple[Span, ...]]:
        """For which seconds each truck keeps a bay, load by load."""
        second = self.problem.layout.second
        return {
            truck: tuple(
                (second(kept.start), second(kept.end))
                for kept in (route.load, *(each.kept for each in route.reloads))
            )
            for truck, route in self.routes.items()
        }

    @cached_property
    def visitors(self) -> Visitors:
        """Who may come by own car."""
        return Visitors.of(self.problem)

    @cached_property
    def visits(self) -> Mapping[int, tuple[tuple[int, Visit], ...]]:
        """Who (row) comes to what, by the truck they meet."""
        p, second = self.problem.tables, self.problem.layout.second
        person_row = {each.id: row for row, each in enumerate(self.request.specialists)}
        found: dict[int, list[tuple[int, Visit]]] = {}
        for day in self.plan.specialists:
            for visit in day.visits:
                order = self.order_row[visit.order_id]
                its = Visit(
                    order=order,
                    place=int(p.place[order]),
                    begin=second(visit.begins),
                    end=second(visit.ends_latest),
                    people=(),
                )
                truck = self.truck_row[visit.truck_id]
                found.setdefault(truck, []).append((person_row[day.specialist_id], its))
        return {truck: tuple(each) for truck, each in found.items()}


def open_board(request: PlanRequest, travel: TravelMatrix, plan: Plan) -> Board:
    """Compile a plan and its day.

    Raises:
        BadRequest: the request contradicts itself.
        BadPlan: the plan names orders or trucks that the day does not have.
    """
    problem = build_problem(with_cars(request, _cars(plan)), travel)
    return board_of(request, problem, plan)


def board_of(request: PlanRequest, problem: Problem, plan: Plan) -> Board:
    """Lay a plan on a day that is compiled already.

    Raises:
        BadPlan: the plan names orders or trucks that the day does not have.
    """
    day = problem.layout
    order_row = {order.id: row for row, order in enumerate(day.orders)}
    truck_row = {truck.id: row for row, truck in enumerate(day.trucks)}
    carrier_row = {carrier.id: row for row, carrier in enumerate(day.request.carriers)}
    people = {each.id: row for row, each in enumerate(day.request.specialists)}
    try:
        sequences = {
            truck_row[route.truck_id]: tuple(
                entry
                for number, trip in enumerate(route.trips)
                for entry in (
                    *((RELOAD,) if number else ()),
                    *(order_row[stop.order_id] for stop in trip.stops),
                )
            )
            for route in plan.routes
        }
        solution = Solution(
            sequences=MappingProxyType(sequences),
            departs=MappingProxyType(
                {truck_row[route.truck_id]: day.second(route.departs) for route in plan.routes}
            ),
            loads=MappingProxyType(
                {truck_row[route.truck_id]: day.second(route.load.start) for route in plan.routes}
            ),
            outsourced=MappingProxyType(
                {order_row[each.order_id]: carrier_row[each.carrier_id] for each in plan.outsourced}
            ),
        )
        meets = {
            order_row[stop.order_id]: people[stop.specialist_id]
            for route in plan.routes
            for stop in route.stops
            if stop.specialist_id
        }
    except KeyError as error:
        raise BadPlan(f"the plan names {error.args[0]}, which its day does not have") from error
    return Board(
        request=request,
        travel=day.travel,
        problem=problem,
        plan=plan,
        solution=solution,
        meets=MappingProxyType(meets),
    )


def with_request(board: Board, request: PlanRequest) -> Board:
    """The same plan on a day with other locks."""
    problem = build_problem(with_cars(request, _cars(board.plan)), board.travel)
    made = replace(board.plan.provenance, request_digest=request.digest)
    return board_of(request, problem, replace(board.plan, provenance=made))


def _cars(plan: Plan) -> dict[str, str]:
    """VIN of every order that has one in the plan."""
    cars = {stop.order_id: stop.vin for route in plan.routes for stop in route.stops}
    cars |= {each.order_id: each.vin for each in plan.outsourced}
    return cars | {each.order_id: each.vin for each in plan.left_behind if each.vin}
