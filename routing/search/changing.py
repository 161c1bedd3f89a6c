"""What a column changes against the baseline, departure by departure: price and number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np

from geodata.units import MINUTE_S
from routing.clock import DEAD, RELOAD
from routing.nights import nights_of
from routing.problem import Problem, Tables
from routing.route_cost import deck_fits, route_cost
from routing.rules.commitments import Commitments
from routing.rules.costs import all_routes_at_most
from routing.rules.stability import NEW
from routing.schedule import new_scratch
from routing.search.columns import Column
from routing.search.loading import LoadOption
from routing.search.solution import Solution
from routing.trips import orders_of
from routing.unpaid import minutes_outside, note_begins

NUDGE_FEN: Final = 1


def baseline_matters(problem: Problem) -> bool:
    """Tell whether changes, or preferred times, are priced or counted on this day."""
    p = problem.tables
    return (
        p.stability.on != 0
        or p.preferences.on != 0
        or problem.layout.request.max_changes is not None
    )


def changes_by_option(
    problem: Problem,
    columns: Sequence[Column],
    options: Mapping[int, Sequence[LoadOption]],
) -> tuple[dict[int, list[LoadOption]], dict[LoadOption, int]]:
    """Price each loading for the begins that follow from it, and count its changes.

    A column's own price holds for its best departure: what another one changes more or less is
    added here, and cheaper ones come first.
    """
    p = problem.tables
    priced: dict[int, list[LoadOption]] = {}
    counts: dict[LoadOption, int] = {}
    for number, its in options.items():
        column = columns[number]
        own = _changes_at(p, column.truck, column.orders, column.departs)[0]
        mine = []
        for option in its:
            fen, count = _changes_at(p, column.truck, column.orders, option.departs(column))
            dearer = replace(option, cost=option.cost + fen - own)
            counts[dearer] = count
            mine.append(dearer)
        priced[number] = sorted(mine, key=lambda option: (option.cost, option.start))
    return priced, counts


def baseline_orders(problem: Problem) -> frozenset[int]:
    """Rows of the orders that the baseline serves."""
    return frozenset(int(row) for row in np.flatnonzero(problem.tables.stability.truck != NEW))


def known_starts(p: Tables, column: Column) -> tuple[int, ...]:
    """Starts of loading with which some service begins when people know it to, or when its buyer
    would like it; none for evenings, where the departure does not follow from it."""
    n = len(column.orders)
    scratch = new_scratch(n)
    row = np.array(column.orders, dtype=np.int32)
    if column.evening:
        return ()
    if note_begins(p, column.truck, row, n, column.departs, column.nights, scratch) == DEAD:
        return ()
    best = column.departs - column.load_s
    starts: list[int] = []
    for at, order in enumerate(column.orders):
        if order == RELOAD:
            continue
        wanted = list(p.preferences.start[p.preferences.ptr[order] : p.preferences.ptr[order + 1]])
        if p.stability.truck[order] != NEW:
            wanted.append(p.stability.begins[order])
        starts += [best + int(moment) - int(scratch.begins[at]) for moment in wanted]
    return tuple(starts)


def price_of_excess(problem: Problem) -> int:
    """Fen for a change beyond the budget: more than every road and every order to which the
    company has not bound itself, less than a promise."""
    p = problem.tables
    bound = Commitments().compile(problem.layout) > 0
    others = int((p.prices.left_behind + p.stability.dropped)[~bound].sum())
    return all_routes_at_most(problem.layout) + others


def changes_of(problem: Problem, timed: Solution, *, outside: str = "") -> int:
    """Count the changes of a timed solution, orders of the baseline that it drops included;
    `outside`: without those of one warehouse."""
    p, day = problem.tables, problem.layout
    moved = sum(
        _changes_at(p, truck, orders, timed.departs[truck])[1]
        for truck, orders in timed.sequences.items()
        if not outside or day.trucks[truck].warehouse_id != outside
    )
    dropped = baseline_orders(problem) - timed.served - timed.outsourced.keys()
    return moved + sum(
        not outside or day.orders[order].warehouse_id != outside for order in dropped
    )


def baseline_start(p: Tables) -> Solution:
    """Set out from the routes of the baseline, as far as they can still be driven as they were."""
    sequences: dict[int, tuple[int, ...]] = {}
    for truck in range(len(p.home)):
        mine = np.flatnonzero((p.stability.truck == truck) & p.allowed[truck])
        row = mine[np.argsort(p.stability.begins[mine], kind="stable")].astype(np.int32)
        n = len(row)
        if not n or not deck_fits(p, truck, row, n):
            continue
        if route_cost(p, truck, row, n, new_scratch(n)) != DEAD:
            sequences[truck] = tuple(int(order) for order in row)
    return Solution(sequences=MappingProxyType(sequences))


def _changes_at(p: Tables, truck: int, orders: tuple[int, ...], departs: int) -> tuple[int, int]:
    """Fen and number of a route's changes when it leaves at this second.

    A fen more for every begun minute: of two departures within the tolerance, the nearer to what
    people know.
    """
    n = len(orders)
    scratch = new_scratch(n)
    row = np.array(orders, dtype=np.int32)
    nights = nights_of(p, truck, row, n, scratch)
    if note_begins(p, truck, row, n, departs, nights, scratch) == DEAD:
        return 0, len(orders_of(orders))
    fen = count = 0
    for at, order in enumerate(orders):
        if order == RELOAD:
            continue
        before = int(p.stability.truck[order])
        fen += p.preferences.per_minute * int(minutes_outside(p, order, int(scratch.begins[at])))
        if before == NEW:
            continue
        moved = abs(int(scratch.begins[at]) - int(p.stability.begins[order]))
        beyond = max(0, moved - p.stability.tolerance)
        other = before != truck
        fen += NUDGE_FEN * -(-moved // MINUTE_S)
        fen += p.stability.per_minute * -(-beyond // MINUTE_S) + other * p.stability.changed
        if beyond > 0 or other:
            fen += p.stability.each
            count += 1
    return fen, count
