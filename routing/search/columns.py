"""Columns of the master problem: routes with their price and the range of their departure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from routing.clock import DEAD, longest_sequence
from routing.problem import Problem, Tables
from routing.route_cost import price_route
from routing.rules.locks import FREE
from routing.schedule import Scratch, new_scratch
from routing.trips import orders_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A route on an interchangeable truck; seconds of the horizon, fen.

    It stays feasible for every departure in `[first, last]`; leaving at `departs` is cheapest,
    leaving earlier costs `early_fen_per_hour`. Loading takes `load_s` and ends at departure, or,
    with `evening`, lies anywhere in `[ready, load_end]`. `orders` is a sequence, with RELOAD
    between two trips; loading is that of the first. `nights` is its set of nights out.
    """

    truck: int
    group: int
    orders: tuple[int, ...]
    cost: int
    departs: int
    first: int
    last: int
    early_fen_per_hour: int
    load_s: int
    evening: bool
    ready: int
    load_end: int
    nights: int = 0


def price_columns(problem: Problem, routes: Iterable[tuple[int, tuple[int, ...]]]) -> list[Column]:
    """Price routes; of those with the same orders on the same kind of truck keep the cheapest,
    and the one with the widest range of departures: bays may need it.

    A route with cars from stock is priced once more for every later moment at which a car of
    theirs is ready: the first ones may be another route's.
    """
    best: dict[tuple[int, frozenset[int], int], Column] = {}
    widest: dict[tuple[int, frozenset[int], int], Column] = {}
    for floor, column in _priced(problem, routes):
        key = (column.group, frozenset(column.orders), floor)
        if key not in best or column.cost < best[key].cost:
            best[key] = column
        if key not in widest or _width(column) > _width(widest[key]):
            widest[key] = column
    return [*best.values(), *(wide for key, wide in widest.items() if wide is not best[key])]


def price_routes(problem: Problem, routes: Iterable[tuple[int, tuple[int, ...]]]) -> list[Column]:
    """Price all routes that have a schedule, and keep them all; see `price_columns`."""
    return [column for _, column in _priced(problem, routes)]


def _priced(
    problem: Problem, routes: Iterable[tuple[int, tuple[int, ...]]]
) -> Iterator[tuple[int, Column]]:
    p = problem.tables
    width = longest_sequence(p) + 2
    scratch = new_scratch(width)
    for truck, orders in routes:
        for floor in (0, *_later_cars(p, truck, orders)):
            column = _price(p, truck, orders, floor, width, scratch)
            if column is not None:
                yield floor, column


def _price(
    p: Tables, truck: int, orders: tuple[int, ...], floor: int, width: int, scratch: Scratch
) -> Column | None:
    """Price a route that is not loaded before `floor`; None when it has no schedule."""
    n = len(orders)
    sequence = np.zeros(width, dtype=np.int32)
    sequence[:n] = orders
    if floor:
        release = p.release.copy()
        release[orders[0]] = max(floor, int(release[orders[0]]))
        p = p._replace(release=release)
    priced = price_route(p, truck, sequence, n, scratch)
    if priced.cost == DEAD:
        return None
    house = int(p.warehouse[truck])
    hours = int(p.bays.eve[truck])
    loads = int(p.locks.loads[truck])
    return Column(
        truck=truck,
        group=int(p.group[truck]),
        orders=orders,
        cost=int(priced.cost),
        departs=int(priced.departs),
        first=int(priced.first),
        last=int(priced.last),
        early_fen_per_hour=int(p.prices.per_hour[truck] + p.prices.per_overtime_hour[truck]),
        load_s=int(priced.load),
        evening=bool(p.bays.evening[house]),
        ready=max(int(priced.ready), int(p.bays.start[hours])) if loads == FREE else loads,
        load_end=int(p.bays.end[hours]) if loads == FREE else loads + int(priced.load),
        nights=int(priced.nights),
    )


def _later_cars(p: Tables, truck: int, orders: tuple[int, ...]) -> list[int]:
    """Moments at which more cars of the route's kinds get ready, once its own could be."""
    house = int(p.warehouse[truck])
    kinds = Counter(
        int(p.stock.kind[order]) for order in orders_of(orders) if p.stock.kind[order] >= 0
    )
    moments: set[int] = set()
    for kind, count in kinds.items():
        ready = p.stock.ready[house, kind, : int(p.stock.left[house, kind])]
        moments.update(int(moment) for moment in ready[count:] if moment > ready[count - 1])
    return sorted(moments)


def _width(column: Column) -> int:
    return column.last - column.first
