"""A third-party carrier as the fix of a left-behind order: who would bring it, and for how much."""

from __future__ import annotations

from collections import Counter
from types import MappingProxyType

from geodata.units import Minor
from routing.domain.orders import Priority
from routing.explain.change import Change, apply_change
from routing.explain.fix_wording import fix_text
from routing.explain.wording import yuan
from routing.giving_away import topped_up
from routing.plan import Fix, FixKind
from routing.problem import Problem, build_problem
from routing.rules.carriers import UNBOUNDED, may_take, road_metres
from routing.search.solution import Solution


def carrier_fix(problem: Problem, solution: Solution, order: int) -> Fix | None:
    """Find the carrier that would bring an order for the least concession; None where none may.

    It may ask for one more car of a carrier, for more money in the day's budget, or for more than
    the order is worth; its price is the car asked for, and what the bill is above that worth.
    Proved by giving the order away in the changed day: it goes to that carrier, and nobody who is
    served loses truck or carrier.
    """
    asked = [
        (*_asked(problem, solution, order, row, metres), row, metres)
        for row, metres in _who_may(problem, order)
    ]
    for fen, change, row, _ in sorted(asked, key=lambda each: (each[0], each[2])):
        car = problem.layout.orders[order]
        request = apply_change(problem.layout.request, change, car.id)
        given = topped_up(build_problem(request, problem.layout.travel), solution)
        if not {**solution.outsourced, order: row}.items() <= given.outsourced.items():
            continue
        text, text_en = fix_text(request, car, change)
        return Fix(
            kind=FixKind.CARRIER,
            cost_minor=Minor(fen),
            change=MappingProxyType({"order_id": car.id, **change}),
            text=text,
            text_en=text_en,
            proved=True,
            proof=_proof(problem, solution, int(change["carrier_minor"])),
        )
    return None


def _who_may(problem: Problem, order: int) -> list[tuple[int, int]]:
    """List carriers (row) that could bring an order had they the room, with the metres of road."""
    day = problem.layout
    car = day.orders[order]
    house = day.warehouse_row[car.warehouse_id]
    metres = road_metres(day, house, day.place_row[car.place.id])
    if metres is None:
        return []
    return [
        (row, metres)
        for row, carrier in enumerate(day.request.carriers)
        if car.warehouse_id in carrier.warehouse_ids and may_take(carrier, car)
    ]


def _asked(
    problem: Problem, solution: Solution, order: int, row: int, metres: int
) -> tuple[int, Change]:
    """Say what a carrier needs to bring an order: fen of the concession, and the change."""
    day, policy = problem.layout, problem.layout.request.policy
    carrier = day.request.carriers[row]
    bill, worth = int(carrier.price(metres)), int(problem.tables.penalty[order])
    change: dict[str, str | int] = {"carrier": carrier.id, "carrier_minor": bill}
    fen = over = max(0, bill - worth)
    if Counter(solution.outsourced.values())[row] >= carrier.cars:
        change["carrier_cars"] = carrier.cars + 1
        fen += policy.concessions.carrier_car
    bills = bill + _spent(problem, solution)
    if problem.carriers.budget < UNBOUNDED and bills > problem.carriers.budget:
        change["carrier_budget"] = bills
    if bill >= worth:
        first = max(Priority, key=lambda each: policy.left_behind[each])
        change["priority"] = first.value
        change["priority_fen"] = bill + 1 + policy.left_behind[first]
        if over:
            change["extra_minor"] = over
    return fen, change


def _spent(problem: Problem, solution: Solution) -> int:
    bills = problem.carriers.bill
    return sum(int(bills[order, row].min()) for order, row in solution.outsourced.items())


def _proof(problem: Problem, solution: Solution, bill: int) -> str:
    total = yuan(_spent(problem, solution) + bill)
    return (
        f"在现计划上直接交给外协：此单送到，其他订单不变；外协费用 +{yuan(bill)}，共 {total}"
        f" / given to the carrier beside the plan as it is: served, nothing else changes; carriers"
        f" then cost {total} (+{yuan(bill)})"
    )
