"""What routes share beside bays and trucks: cars in stock, and through them whole warehouses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from ortools.sat.python import cp_model

from geodata.units import UNREACHABLE_S
from routing.problem import Problem, Tables
from routing.rules.stock import cars_of
from routing.search.columns import Column
from routing.search.loading import LoadOption
from routing.trips import orders_of, trips_of

Taken = Sequence[tuple[LoadOption, cp_model.IntVar]]
Starts = Mapping[tuple[int, int], Sequence[int]]
"""Seconds at which cars of the stock leave it, by (warehouse, kind)."""
Collected = Sequence[tuple[int, int, int, cp_model.IntVar]]
"""Cars that somebody else may collect: (warehouse, order, second, whether)."""


def joined_warehouses(
    problem: Problem,
    columns: Iterable[Column],
    *,
    also: Iterable[tuple[int, int]] = (),
    together: Iterable[Sequence[int]] = (),
) -> list[list[int]]:
    """Group warehouse rows that must be decided together: those with an order in common, and all
    of them where changes are on a budget.

    `also` are orders (rows) that others may collect there, as (warehouse, order); `together` are
    warehouses that share something else.
    """
    p = problem.tables
    leader = list(range(len(p.bays.bays)))

    def of(house: int) -> int:
        while leader[house] != house:
            house = leader[house]
        return house

    if problem.layout.request.max_changes is not None:
        leader = [0] * len(leader)
    first: dict[int, int] = {}
    seen: set[int] = set()

    def join(house: int, other: int) -> None:
        one, two = sorted((of(house), of(other)))
        leader[two] = one

    for column in columns:
        house = int(p.warehouse[column.truck])
        seen.add(house)
        for order in orders_of(column.orders):
            join(house, first.setdefault(order, house))
    for house, order in also:
        seen.add(house)
        join(house, first.setdefault(order, house))
    for houses in together:
        for house in houses:
            join(house, houses[0])
    groups: dict[int, list[int]] = defaultdict(list)
    for house in sorted(seen):
        groups[of(house)].append(house)
    return [groups[house] for house in sorted(groups)]


def share_stock(
    problem: Problem,
    model: cp_model.CpModel,
    columns: Sequence[Column],
    taken: Taken,
    collected: Collected = (),
) -> None:
    """Before n + 1 cars of a kind are ready at a warehouse no more than n of them leave it.

    That is all it takes: loadings in order of time then get the cars in order of readiness.
    """
    p = problem.tables
    using: dict[tuple[int, int], list[tuple[int, cp_model.IntVar, int]]] = defaultdict(list)
    for option, chosen in taken:
        column = columns[option.column]
        for (start, kind), count in Counter(_leaving(p, column, option)).items():
            using[int(p.warehouse[column.truck]), kind].append((start, chosen, count))
    for house, order, start, chosen in collected:
        if p.stock.kind[order] >= 0:
            using[house, int(p.stock.kind[order])].append((start, chosen, 1))
    for (house, kind), members in using.items():
        for ready_before, moment in enumerate(_moments(p, house, kind)):
            early = [(chosen, count) for start, chosen, count in members if start < moment]
            if sum(count for _, count in early) > ready_before:
                model.add(
                    cp_model.LinearExpr.weighted_sum(
                        [chosen for chosen, _ in early], [count for _, count in early]
                    )
                    <= ready_before
                )


def stock_allows(
    p: Tables, columns: Sequence[Column], option: LoadOption, beside: Collection[LoadOption]
) -> bool:
    """Tell whether a loading finds its cars in stock beside others."""
    column = columns[option.column]
    house = int(p.warehouse[column.truck])
    starts = starts_of(p, columns, (option, *beside))
    return all(
        stock_lasts(p, house, kind, starts[house, kind])
        for kind in {kind for _, kind in _leaving(p, column, option)}
    )


def stock_lasts(p: Tables, house: int, kind: int, starts: Sequence[int]) -> bool:
    """Tell whether cars of a kind that leave a warehouse at these seconds are there and ready."""
    ready = _moments(p, house, kind)
    return len(starts) < len(ready) and all(
        start >= moment for start, moment in zip(sorted(starts), ready, strict=False)
    )


def starts_of(
    p: Tables, columns: Sequence[Column], chosen: Iterable[LoadOption]
) -> dict[tuple[int, int], list[int]]:
    """When trucks load cars of the stock, by (warehouse, kind)."""
    starts: dict[tuple[int, int], list[int]] = defaultdict(list)
    for option in chosen:
        column = columns[option.column]
        for start, kind in _leaving(p, column, option):
            starts[int(p.warehouse[column.truck]), kind].append(start)
    return starts


def hand_out_cars(
    problem: Problem,
    routes: Mapping[int, tuple[Column, LoadOption]],
    collected: Iterable[tuple[int, int, int]] = (),
) -> dict[int, str]:
    """Give every order from stock its VIN: who loads first gets the car that is ready first.

    `collected` are orders that others collect: (warehouse, order, second).
    """
    p = problem.tables
    starts: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for house, order, start in collected:
        if p.stock.kind[order] >= 0:
            starts[house, int(p.stock.kind[order])].append((start, order))
    for truck, (column, option) in sorted(routes.items()):
        for start, order in _loadings(p, column, option):
            key = int(p.warehouse[truck]), int(p.stock.kind[order])
            starts[key].append((start, order))
    vins: dict[int, str] = {}
    for (house, _), wanted in starts.items():
        wanted.sort()
        cars = cars_of(problem.layout, house, wanted[0][1])
        for (_, order), car in zip(wanted, cars, strict=False):
            vins[order] = car.vehicle.vin
    return vins


def _loadings(p: Tables, column: Column, option: LoadOption) -> list[tuple[int, int]]:
    """Seconds at which orders from stock are loaded, trip by trip: (second, order)."""
    return [
        (start, order)
        for trip, (start, _) in zip(trips_of(column.orders), option.spans, strict=False)
        for order in trip
        if p.stock.kind[order] >= 0
    ]


def _leaving(p: Tables, column: Column, option: LoadOption) -> list[tuple[int, int]]:
    """The same as (second, kind of car)."""
    return [(start, int(p.stock.kind[order])) for start, order in _loadings(p, column, option)]


def _moments(p: Tables, house: int, kind: int) -> list[int]:
    """Seconds at which the cars get ready, ascending, and at last never."""
    left = int(p.stock.left[house, kind])
    return [*map(int, p.stock.ready[house, kind, :left]), UNREACHABLE_S]
