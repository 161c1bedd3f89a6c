"""Where one more car would go, exactly: every truck, every position, the whole truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from routing.clock import DEAD, RELOAD
from routing.problem import Tables
from routing.route_cost import deck_fits, route_cost
from routing.schedule import new_scratch
from routing.search.solution import Solution

Routes = Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """One more order on a route, and what the route costs with it in fen; `extra` is the rise."""

    truck: int
    route: tuple[int, ...]
    extra: int


def cost_of(p: Tables, truck: int, route: tuple[int, ...]) -> int | None:
    """Fen of a route's best schedule; None when it has none."""
    scratch = new_scratch(len(route))
    row = np.array(route, dtype=np.int32)
    cost = int(route_cost(p, truck, row, len(route), scratch))
    return None if cost == DEAD else cost


def cost_of_all(p: Tables, solution: Solution) -> int:
    """Fen of all routes, each at its best departure; routes without a schedule count nothing."""
    return sum(cost_of(p, truck, route) or 0 for truck, route in solution.sequences.items())


def fits_deck(p: Tables, truck: int, cars: tuple[int, ...]) -> bool:
    """Tell whether these cars fit together on the truck's deck."""
    return bool(deck_fits(p, truck, np.array(cars, dtype=np.int32), len(cars)))


def widened(p: Tables, truck: int, route: tuple[int, ...], order: int) -> Iterator[tuple[int, ...]]:
    """Put an order everywhere into a route, last places first, and at last on one more trip.

    Where a truck makes several trips the order is only put where the deck has room for it.
    """
    most = int(p.trips_max[truck])
    several = most > 1
    tried = [(*route[:at], order, *route[at:]) for at in range(len(route), -1, -1)]
    if route and route.count(RELOAD) + 1 < most:
        tried.append((*route, RELOAD, order))
    for each in tried:
        if not several or fits_deck(p, truck, each):
            yield each


def best_insertion(
    p: Tables, truck: int, route: tuple[int, ...], order: int
) -> tuple[int, tuple[int, ...]] | None:
    """Cheapest place of an order in a route: (fen of the route, the route with it). Clock only."""
    best: tuple[int, tuple[int, ...]] | None = None
    for each in widened(p, truck, route, order):
        cost = cost_of(p, truck, each)
        if cost is not None and (best is None or cost < best[0]):
            best = cost, each
    return best


def runs_with(p: Tables, truck: int, route: tuple[int, ...], order: int) -> bool:
    """Tell whether the clock allows an order anywhere in a route; quicker than the best place."""
    return any(cost_of(p, truck, each) is not None for each in widened(p, truck, route, order))


def finds_room(p: Tables, truck: int, route: tuple[int, ...], order: int) -> bool:
    """Tell whether the deck has room for an order beside the cars of a route."""
    if int(p.trips_max[truck]) > 1:
        return any(True for _ in widened(p, truck, route, order))
    return fits_deck(p, truck, (*route, order))


def open_trucks(p: Tables, routes: Routes, order: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Trucks whose masks and deck allow an order beside their route; of idle twins, the first."""
    seen: set[int] = set()
    for truck in range(len(p.home)):
        route = routes.get(truck, ())
        if not p.allowed[truck, order] or not finds_room(p, truck, route, order):
            continue
        if not route:
            if int(p.group[truck]) in seen:
                continue
            seen.add(int(p.group[truck]))
        yield truck, route


def fits_somewhere(p: Tables, routes: Routes, order: int) -> bool:
    """Tell whether some truck can take an order beside its route."""
    return any(runs_with(p, truck, route, order) for truck, route in open_trucks(p, routes, order))


def cheapest_insertion(p: Tables, routes: Routes, order: int) -> Insertion | None:
    """Find the cheapest place for an order in the whole plan; shared bays are not looked at."""
    best: Insertion | None = None
    for truck, route in open_trucks(p, routes, order):
        found = best_insertion(p, truck, route, order)
        if found is None:
            continue
        cost, with_it = found
        extra = cost - (cost_of(p, truck, route) or 0)
        if best is None or extra < best.extra:
            best = Insertion(truck=truck, route=with_it, extra=extra)
    return best
