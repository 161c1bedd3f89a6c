"""Loading times to choose from: the starts a route may load at, and a greedy timing of the bays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from routing.clock import RELOAD
from routing.problem import Problem, Tables
from routing.search.columns import Column
from routing.search.meetings import Visit, Visitors, needs_meeting, visits_of
from routing.trace import bay_spans, trace_route
from routing.trips import orders_of

GRID_S: Final = 300
MOST_STARTS: Final = 24
MOST_MEETINGS: Final = 2_400
"""Starts of routes that ask for a specialist, over all of them: each has to be timed."""
LATER_FEN: Final = 1
"""A nudge: evening loading begins as early as it can unless a bay moves it."""


@dataclass(frozen=True, slots=True)
class LoadOption:
    """Loading of column number `column` in `[start, end)`, and what that costs beyond its price.

    `visits` are those of specialists in own cars that the route then asks for, `later` the seconds
    for which its later trips keep a bay.
    """

    column: int
    start: int
    end: int
    cost: int
    visits: tuple[Visit, ...] = ()
    later: tuple[tuple[int, int], ...] = ()

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """All seconds `[start, end)` at a bay."""
        return ((self.start, self.end), *self.later)

    def departs(self, column: Column) -> int:
        """When the truck then leaves."""
        return column.departs if column.evening else self.end


def all_options(
    problem: Problem,
    columns: Sequence[Column],
    visitors: Visitors,
    shared: Collection[int],
    *,
    wanted: Callable[[Column], Iterable[int]] | None,
) -> dict[int, list[LoadOption]]:
    """List the starts of loading of every column; `shared` are the warehouses short of bays.

    `wanted` names starts that people know, where a departure is worth keeping.
    """
    p = problem.tables
    options = {}
    meeting = [
        i for i, each in enumerate(columns) if needs_meeting(problem, each.truck, each.orders)
    ]
    most = min(MOST_STARTS, max(2, MOST_MEETINGS // max(1, len(meeting))))
    for i, column in enumerate(columns):
        known = () if wanted is None else wanted(column)
        free = int(p.warehouse[column.truck]) not in shared and wanted is None
        options[i] = load_options(p, i, column, shared=not free, wanted=known)
    for i in meeting:
        column = columns[i]
        known = () if wanted is None else wanted(column)
        starts = load_options(p, i, column, shared=True, wanted=known)
        options[i] = []
        for option in starts[:: -(-len(starts) // most) or 1]:
            departs = option.departs(column)
            visits = visits_of(problem, visitors, column.truck, column.orders, departs)
            if visits is not None:
                options[i].append(replace(option, visits=tuple(visits)))
    return options


def load_options(
    p: Tables, number: int, column: Column, *, shared: bool, wanted: Iterable[int] = ()
) -> list[LoadOption]:
    """List the starts of loading worth considering, cheapest first; just the best and those
    `wanted` if not shared."""
    if column.evening:
        low = column.ready
        high = min(column.load_end, column.departs) - column.load_s
        best = low
    else:
        low, high = column.first - column.load_s, column.last - column.load_s
        best = column.departs - column.load_s
    starts = {best, *wanted}
    if shared:
        grid = list(range(low + (-low) % GRID_S, high + 1, GRID_S))
        grid.sort(key=lambda start: (abs(start - best), start))
        every = max(1, -(-len(grid) // MOST_STARTS))
        starts.update(grid[::every])
    options = [
        LoadOption(number, start, start + column.load_s, _cost(column, start, best))
        for start in starts
        if low <= start <= high
    ]
    if RELOAD in column.orders and (shared or _takes_stock(p, column)):
        options = [
            replace(option, later=later)
            for option in options
            if (later := _later_spans(p, column, option)) is not None
        ]
    return sorted(options, key=lambda option: (option.cost, option.start))


def _takes_stock(p: Tables, column: Column) -> bool:
    return bool((p.stock.kind[list(orders_of(column.orders))] >= 0).any())


def _later_spans(
    p: Tables, column: Column, option: LoadOption
) -> tuple[tuple[int, int], ...] | None:
    departs = option.departs(column)
    typical = trace_route(p, column.truck, column.orders, departs, buffered=False)
    buffered = trace_route(p, column.truck, column.orders, departs, buffered=True)
    return None if typical is None or buffered is None else bay_spans(typical, buffered)


def _cost(column: Column, start: int, best: int) -> int:
    if column.evening:
        return LATER_FEN * ((start - best) // GRID_S)
    early = max(0, best - start)
    late = max(0, start - best)
    return (early * column.early_fen_per_hour + 1800) // 3600 + LATER_FEN * (late // GRID_S)


def time_greedily(
    options: Mapping[int, Sequence[LoadOption]],
    numbers: Sequence[int],
    *,
    may_load: Callable[[LoadOption, Collection[LoadOption]], bool],
) -> dict[int, LoadOption]:
    """Give columns, dearest first, their cheapest loading that may be beside those given before;
    some may find none. Answers by the option's column."""
    taken: dict[int, LoadOption] = {}
    for number in numbers:
        for option in options[number]:
            if may_load(option, taken.values()):
                taken[option.column] = option
                break
    return taken


def finds_a_bay(option: LoadOption, beside: Collection[LoadOption], *, bays: int) -> bool:
    """Tell whether a loading finds a bay beside others of its warehouse."""
    others = [span for other in beside for span in other.spans]
    return all(
        sum(begin <= t < stop for begin, stop in others) < bays
        for start, end in option.spans
        for t in (start, *(begin for begin, _ in others))
        if start <= t < end
    )
