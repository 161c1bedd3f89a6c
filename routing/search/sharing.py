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
from routing.trips import orders_of

Taken = Sequence[tuple[LoadOption, cp_model.IntVar]]


def joined_warehouses(problem: Problem, columns: Iterable[Column]) -> list[list[int]]:
    """Group warehouse rows that must be decided together: those with an order in common, and all
    of them where changes are on a budget."""
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
    for column in columns:
        house = int(p.warehouse[column.truck])
        seen.add(house)
        for order in orders_of(column.orders):
            one, other = sorted((of(house), of(first.setdefault(order, house))))
            leader[other] = one
    groups: dict[int, list[int]] = defaultdict(list)
    for house in sorted(seen):
        groups[of(house)].append(house)
    return [groups[house] for house in sorted(groups)]


def share_stock(
    problem: Problem, model: cp_model.CpModel, columns: Sequence[Column], taken: Taken
) -> None:
    """Before n + 1 cars of a kind are ready at a warehouse no more than n of them are loaded.

    That is all it takes: loadings in order of time then get the cars in order of readiness.
    """
    p = problem.tables
    using: dict[tuple[int, int], list[tuple[LoadOption, cp_model.IntVar, int]]] = defaultdict(list)
    for option, chosen in taken:
        column = columns[option.column]
        for kind, count in _kinds(p, column).items():
            using[int(p.warehouse[column.truck]), kind].append((option, chosen, count))
    for (house, kind), members in using.items():
        for ready_before, moment in enumerate(_moments(p, house, kind)):
            early = [(chosen, count) for option, chosen, count in members if option.start < moment]
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
    for kind in _kinds(p, column):
        starts = sorted(
            each.start
            for each in (option, *beside)
            if int(p.warehouse[columns[each.column].truck]) == house
            for _ in range(_kinds(p, columns[each.column])[kind])
        )
        ready = _moments(p, house, kind)
        if len(starts) >= len(ready):
            return False
        if any(start < moment for start, moment in zip(starts, ready, strict=False)):
            return False
    return True


def hand_out_cars(
    problem: Problem, routes: Mapping[int, tuple[Column, LoadOption]]
) -> dict[int, str]:
    """Give every order from stock its VIN: who loads first gets the car that is ready first."""
    p = problem.tables
    starts: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for truck, (column, option) in sorted(routes.items()):
        for order in orders_of(column.orders):
            if p.stock.kind[order] >= 0:
                key = int(p.warehouse[truck]), int(p.stock.kind[order])
                starts[key].append((option.start, order))
    vins: dict[int, str] = {}
    for (house, _), wanted in starts.items():
        wanted.sort()
        cars = cars_of(problem.layout, house, wanted[0][1])
        for (_, order), car in zip(wanted, cars, strict=False):
            vins[order] = car.vehicle.vin
    return vins


def _kinds(p: Tables, column: Column) -> Counter[int]:
    kinds = (int(p.stock.kind[order]) for order in orders_of(column.orders))
    return Counter(kind for kind in kinds if kind >= 0)


def _moments(p: Tables, house: int, kind: int) -> list[int]:
    """Seconds at which the cars get ready, ascending, and at last never."""
    left = int(p.stock.left[house, kind])
    return [*map(int, p.stock.ready[house, kind, :left]), UNREACHABLE_S]
