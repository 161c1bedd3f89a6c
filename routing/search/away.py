"""Tours with nights keep their vehicle and driver from later days: what the master knows of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from routing.rules.nights import kept_off_the_road
from routing.search.columns import Column
from routing.search.loading import LoadOption
from routing.trips import orders_of

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

    from routing.problem import Problem


def keep_off_the_road(
    problem: Problem,
    model: cp_model.CpModel,
    columns: Sequence[Column],
    taken: Sequence[tuple[LoadOption, cp_model.IntVar]],
) -> None:
    """Let no truck go out while a tour with nights has its vehicle or its driver."""
    for row, other, nights in kept_off_the_road(problem.layout):
        tours = [v for each, v in taken if _is_away(columns[each.column], row, nights)]
        kept = [v for each, v in taken if columns[each.column].truck == other]
        if tours and kept:
            model.add(sum(tours) + sum(kept) <= 1)


def may_go_out(
    problem: Problem, columns: Sequence[Column], option: LoadOption, beside: Collection[LoadOption]
) -> bool:
    """Tell whether a route's vehicle and driver are there, beside the routes of others."""
    mine = columns[option.column]
    others = [columns[each.column] for each in beside]
    return not any(
        (_is_away(mine, row, nights) and any(each.truck == other for each in others))
        or (mine.truck == other and any(_is_away(each, row, nights) for each in others))
        for row, other, nights in kept_off_the_road(problem.layout)
    )


def _is_away(column: Column, row: int, nights: int) -> bool:
    return column.truck == row and column.nights.bit_count() >= nights


def on_other_days(
    problem: Problem, routes: Mapping[int, tuple[int, ...]]
) -> list[tuple[int, tuple[int, ...]]]:
    """Offer each route on the vehicle's other days too: the search does not see who is away."""
    p, trucks = problem.tables, problem.layout.trucks
    moving = {row for pair in kept_off_the_road(problem.layout) for row in pair[:2]}
    return [
        (other, orders)
        for row, orders in sorted(routes.items())
        for other in sorted(moving)
        if row in moving
        and other != row
        and trucks[other].vehicle == trucks[row].vehicle
        and p.allowed[other, list(orders_of(orders))].all()
    ]
