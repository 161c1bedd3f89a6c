"""Orders that found no slot on their route, tried on other trucks before they are left behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from routing.decode import Decoded, decode
from routing.giving_away import topped_up
from routing.inserting import Insertion, best_insertion, cost_of, open_trucks
from routing.narrowing import slot_route
from routing.problem import Problem
from routing.rules.nights import kept_off_the_road
from routing.search.changing import changes_of
from routing.search.columns import price_routes
from routing.search.loading import LoadOption, finds_a_bay, load_options
from routing.search.meetings import Visitors, visits_of
from routing.search.solution import Solution

MOST_TRUCKS: Final = 8
"""Trucks on which an order is tried, the cheapest first: counted, so that plans repeat."""
MOST_STARTS: Final = 6
"""Starts of loading tried on each, the cheapest first; all there are where somebody must come."""

Meets = Mapping[int, int]


def tried_elsewhere(problem: Problem, decoded: Decoded, meets: Meets) -> Decoded:
    """Bring orders that found no slot on the truck on which they cost least, where one can.

    Every other order keeps its truck, and has a slot; bays, people in own cars, vehicles that are
    out overnight and the budget of changes are kept. An order is not brought dearer than leaving
    it costs, or the carrier that has a place for it. Promises come first, then the dearest.
    """
    meets = {order: who for order, who in meets.items() if order not in decoded.unslotted}
    penalty, orders = problem.tables.penalty, problem.layout.orders
    for order in sorted(
        decoded.unslotted, key=lambda row: (not orders[row].promised, -int(penalty[row]), row)
    ):
        for trial, people in _trials(problem, decoded, order, meets):
            found = decode(problem, trial, people)
            if not found.unslotted and _is_allowed(problem, found, decoded):
                meets = people
                decoded = replace(
                    found,
                    unslotted=tuple(row for row in decoded.unslotted if row != order),
                    elsewhere=(*decoded.elsewhere, order),
                )
                break
    return decoded


def _trials(
    problem: Problem, decoded: Decoded, order: int, meets: Meets
) -> Iterator[tuple[Solution, Meets]]:
    """Put an order on a truck and load it at a bay that is free; with who then meets whom."""
    solution = decoded.solution
    for place in _places(problem, solution, order):
        meeting = bool(problem.meets[place.truck, order])
        for option, departs in _loadings(
            problem, decoded, place, most=None if meeting else MOST_STARTS
        ):
            if slot_route(problem, place.truck, place.route, departs) is None:
                continue
            trial = replace(
                solution,
                sequences={**solution.sequences, place.truck: place.route},
                departs={**solution.departs, place.truck: departs},
                loads={**solution.loads, place.truck: option.start},
            )
            if not meeting:
                yield trial, meets
                continue
            visits = visits_of(problem, Visitors.of(problem), place.truck, place.route, departs)
            for visit in visits or ():
                if visit.order == order:
                    yield from ((trial, {**meets, order: person}) for person in visit.people)


def _places(problem: Problem, solution: Solution, order: int) -> list[Insertion]:
    """Where an order could go for less than it costs not to bring it, cheapest first."""
    p = problem.tables
    worth = int(p.penalty[order])
    carrier = topped_up(problem, solution).outsourced.get(order)
    if carrier is not None:
        worth = min(worth, int(problem.carriers.price[order, carrier].min()))
    found = []
    for truck, route in open_trucks(p, solution.sequences, order):
        best = best_insertion(p, truck, route, order)
        if best is not None:
            cost, longer = best
            extra = cost - ((cost_of(p, truck, route) or 0) if route else 0)
            if extra < worth:
                found.append(Insertion(truck=truck, route=longer, extra=extra))
    return sorted(found, key=lambda each: (each.extra, each.truck))[:MOST_TRUCKS]


def _loadings(
    problem: Problem, decoded: Decoded, place: Insertion, *, most: int | None
) -> Iterator[tuple[LoadOption, int]]:
    """Loadings of a route, and its departures, beside those of all others of its warehouse."""
    p = problem.tables
    house = int(p.warehouse[place.truck])
    beside = _loads_beside(problem, decoded, place.truck)
    for column in price_routes(problem, [(place.truck, place.route)]):
        options = load_options(p, 0, column, shared=True)
        free = [each for each in options if finds_a_bay(each, beside, bays=p.bays.bays[house])]
        yield from ((each, each.departs(column)) for each in free[:most])


def _loads_beside(problem: Problem, decoded: Decoded, truck: int) -> list[LoadOption]:
    """When the other trucks of a truck's warehouse are at a bay."""
    day = problem.layout
    mine = day.trucks[truck]
    return [
        LoadOption(
            column=0,
            start=day.second(route.load.start),
            end=day.second(route.load.end),
            cost=0,
            later=tuple(
                (day.second(each.load.start), day.second(each.load_latest.end))
                for each in route.reloads
            ),
        )
        for route in decoded.routes
        if route.truck_id != mine.id and route.warehouse_id == mine.warehouse_id
    ]


def _is_allowed(problem: Problem, found: Decoded, before: Decoded) -> bool:
    """Tell whether no vehicle is wanted while it is out, and no more orders change than may."""
    row_of = {truck.id: row for row, truck in enumerate(problem.layout.trucks)}
    nights = {row_of[route.truck_id]: len(route.nights) for route in found.routes}
    if any(
        nights.get(row, 0) >= away and other in nights
        for row, other, away in kept_off_the_road(problem.layout)
    ):
        return False
    budget = problem.layout.request.max_changes
    if budget is None:
        return True
    return changes_of(problem, found.solution) <= max(budget, changes_of(problem, before.solution))
