"""Small days completely: every route there is, so that the master's bound is about the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from geodata.units import DAY_S
from routing.clock import DEAD
from routing.problem import Problem, Tables
from routing.rules.locks import FREE
from routing.schedule import new_scratch
from routing.search.changing import baseline_matters
from routing.search.columns import Column, price_routes
from routing.search.enumeration import enumerate_routes

MOST_ORDERS: Final = 20
MOST_NODES: Final = 150_000
"""Beginnings of routes looked at for warehouses that share orders: seconds, and repeatable."""
MOST_ROUTES: Final = 40_000
PATIENCE_S: Final = 3 * DAY_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """All that can be driven from some warehouses (rows), as columns; `nodes` were looked at."""

    houses: frozenset[int]
    columns: tuple[Column, ...]
    nodes: int


def complete_columns(problem: Problem, *, most_nodes: int = MOST_NODES) -> list[Whole]:
    """List every route of the warehouses that have few enough orders; the others are left out.

    Of routes with the same orders on the same kind of truck those stay that no other beats at
    every departure. Days with several trips, locks, a baseline or preferred times are not.
    """
    p = problem.tables
    found = []
    for houses in _joined(p):
        orders = np.flatnonzero(p.allowed[np.isin(p.warehouse, houses)].any(axis=0))
        if len(orders) and len(orders) <= MOST_ORDERS and _is_plain(problem, houses):
            whole = _complete(problem, houses, orders.astype(np.int64), most_nodes)
            if whole is not None:
                found.append(whole)
    return found


def _complete(
    problem: Problem, houses: Sequence[int], orders: np.ndarray, most_nodes: int
) -> Whole | None:
    p = problem.tables
    patient = _patient(p)
    rows = np.zeros((MOST_ROUTES, len(orders)), dtype=np.int32)
    length = np.zeros(MOST_ROUTES, dtype=np.int64)
    scratch = new_scratch(len(orders) + 1)
    seen: set[int] = set()
    columns: list[Column] = []
    nodes = 0
    for truck in np.flatnonzero(np.isin(p.warehouse, houses)):
        if int(p.group[truck]) in seen:
            continue
        seen.add(int(p.group[truck]))
        head = np.zeros(1, dtype=np.int64)
        looked = enumerate_routes(
            p, patient, int(truck), orders, most_nodes - nodes, rows, length, head, scratch
        )
        if looked == DEAD:
            return None
        nodes += int(looked)
        routes = [
            (int(truck), tuple(int(order) for order in rows[at, : length[at]]))
            for at in range(int(head[0]))
        ]
        columns += _undominated(problem, price_routes(problem, routes))
    return Whole(houses=frozenset(houses), columns=tuple(columns), nodes=nodes)


def _undominated(problem: Problem, columns: Sequence[Column]) -> list[Column]:
    """Leave out columns that another with the same orders beats at every departure.

    Where somebody has to meet the truck, no sequence is like another: all stay.
    """
    by_set: dict[tuple[frozenset[int], int], list[Column]] = {}
    for column in sorted(columns, key=lambda each: (each.cost, each.first, -each.last)):
        kept = by_set.setdefault((frozenset(column.orders), column.ready), [])
        meets = problem.meets[column.truck, list(column.orders)].any()
        if meets or not any(_beats(each, column) for each in kept):
            kept.append(column)
    return [column for kept in by_set.values() for column in kept]


def _beats(one: Column, other: Column) -> bool:
    """Tell whether one costs no more at every departure that the other has."""
    early_s = max(0, one.departs - other.departs)
    dearer = (early_s * one.early_fen_per_hour + 3599) // 3600
    return (
        one.cost + dearer <= other.cost
        and one.departs >= other.departs
        and one.first <= other.first
        and one.last >= other.last
    )


def _patient(p: Tables) -> Tables:
    """The day with shifts without end: a beginning that misses a window even so is hopeless,
    whereas a way home that is too long may be shorter from a later stop."""
    shifts = p.shifts._replace(
        end=p.shifts.end + PATIENCE_S, duty_max=p.shifts.duty_max + PATIENCE_S
    )
    return p._replace(shifts=shifts)


def _is_plain(problem: Problem, houses: Sequence[int]) -> bool:
    p = problem.tables
    here = np.isin(p.warehouse, houses)
    return bool(
        (p.trips_max[here] == 1).all()
        and (p.nights.most[here] == 0).all()
        and (p.locks.truck == FREE).all()
        and not p.locks.frozen.any()
        and not baseline_matters(problem)
    )


def _joined(p: Tables) -> list[list[int]]:
    """Group warehouse rows that could serve the same order."""
    houses = len(p.bays.bays)
    serves = np.array([p.allowed[p.warehouse == house].any(axis=0) for house in range(houses)])
    near = (serves.astype(np.int64) @ serves.T.astype(np.int64)) > 0
    left, groups = set(range(houses)), []
    while left:
        group, edge = set(), [min(left)]
        while edge:
            house = edge.pop()
            if house not in group:
                group.add(house)
                edge += [int(other) for other in np.flatnonzero(near[house])]
        left -= group
        groups.append(sorted(group))
    return groups
