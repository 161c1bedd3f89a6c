"""Columns of the master problem: routes with their price and the range of their departure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from routing.clock import DEAD
from routing.problem import Problem
from routing.route_cost import price_route
from routing.schedule import new_scratch


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A route on an interchangeable truck; seconds of the horizon, fen.

    It stays feasible for every departure in `[first, last]`; leaving at `departs` is cheapest,
    leaving earlier costs `early_fen_per_hour`. Loading takes `load_s` and ends at departure, or,
    with `evening`, lies anywhere in `[ready, load_end]`.
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


def price_columns(problem: Problem, routes: Iterable[tuple[int, tuple[int, ...]]]) -> list[Column]:
    """Price routes; of those with the same orders on the same kind of truck keep the cheapest,
    and the one with the widest range of departures: bays may need it."""
    p = problem.tables
    width = int(p.deck.positions.max()) + 2 if len(p.home) else 2
    scratch = new_scratch(width)
    best: dict[tuple[int, frozenset[int]], Column] = {}
    widest: dict[tuple[int, frozenset[int]], Column] = {}
    for truck, orders in routes:
        n = len(orders)
        sequence = np.zeros(width, dtype=np.int32)
        sequence[:n] = orders
        priced = price_route(p, truck, sequence, n, scratch)
        if priced.cost == DEAD:
            continue
        group = int(p.group[truck])
        key = (group, frozenset(orders))
        house = int(p.warehouse[truck])
        hours = int(p.bays.ptr[house])
        column = Column(
            truck=truck,
            group=group,
            orders=orders,
            cost=int(priced.cost),
            departs=int(priced.departs),
            first=int(priced.first),
            last=int(priced.last),
            early_fen_per_hour=int(p.prices.per_hour[truck] + p.prices.per_overtime_hour[truck]),
            load_s=int(priced.load),
            evening=bool(p.bays.evening[house]),
            ready=max(int(priced.ready), int(p.bays.start[hours])),
            load_end=int(p.bays.end[hours]),
        )
        if key not in best or column.cost < best[key].cost:
            best[key] = column
        if key not in widest or column.last - column.first > widest[key].last - widest[key].first:
            widest[key] = column
    return [*best.values(), *(wide for key, wide in widest.items() if wide is not best[key])]
