"""The master problem: OR-Tools CP-SAT chooses routes under everything they share.

Set packing over the pooled routes: every order once or left behind at its price, no more routes
than trucks of a kind, no more trucks loading at a time than a warehouse has bays. Routes carry a
range of departures, not a time; the master chooses among loading times in that range. It proves
how far it is from the best choice *from this pool*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ortools.sat.python import cp_model

from routing.problem import Problem
from routing.search.columns import Column, price_columns
from routing.search.loading import LoadOption, load_options, time_greedily
from routing.search.pool import Pool
from routing.search.solution import Solution

EFFORT: Final = 6.0
"""Deterministic time per warehouse, about seconds: repeatable, unlike a time limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the master decided: routes with departures and loading, what it cost, what it proved.

    `cost` and `bound` are fen with left-behind orders priced in; the bound holds for the pool
    and its loading times. `given_up` were served by the incumbent and are not any more.
    """

    solution: Solution
    cost: int
    bound: int
    columns: int
    given_up: frozenset[int]


def choose(
    problem: Problem, pool: Pool, incumbent: Solution, *, seed: int, effort: float = EFFORT
) -> Chosen:
    """Choose the plan from the pool, warehouse by warehouse.

    Deterministic by seed. The incumbent, its bays timed greedily, is the first guess and what is
    returned should the solver find nothing as good: the result is never worse than that.
    """
    p = problem.tables
    routes = pool.latest(len(p.place)) + list(incumbent.sequences.items())
    columns = price_columns(problem, routes)
    by_house: dict[int, list[Column]] = defaultdict(list)
    for column in columns:
        by_house[int(p.warehouse[column.truck])].append(column)
    sequences: dict[int, tuple[int, ...]] = {}
    departs: dict[int, int] = {}
    loads: dict[int, int] = {}
    cost = bound = 0
    for house, its in sorted(by_house.items()):
        picked = _choose_house(problem, house, its, incumbent, seed=seed, effort=effort)
        cost += picked.cost
        bound += picked.bound
        for truck, (column, option) in picked.routes.items():
            sequences[truck], loads[truck] = column.orders, option.start
            departs[truck] = option.departs(column)
    solution = Solution(
        sequences=MappingProxyType(sequences),
        departs=MappingProxyType(departs),
        loads=MappingProxyType(loads),
    )
    nowhere = [row for row in range(len(p.place)) if not _reachable_house(problem, row, by_house)]
    lost = sum(int(p.penalty[row]) for row in nowhere)
    return Chosen(
        solution=solution,
        cost=cost + lost,
        bound=bound + lost,
        columns=len(columns),
        given_up=incumbent.served - solution.served,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picked:
    routes: dict[int, tuple[Column, LoadOption]]
    cost: int
    bound: int


def _choose_house(
    problem: Problem,
    house: int,
    columns: Sequence[Column],
    incumbent: Solution,
    *,
    seed: int,
    effort: float,
) -> _Picked:
    p = problem.tables
    bays = int(p.bays.bays[house])
    shared = bays < int((p.warehouse == house).sum())
    options = {i: load_options(i, column, shared=shared) for i, column in enumerate(columns)}
    orders = sorted({order for column in columns for order in column.orders})
    trucks = _trucks_by_group(problem, house)
    start = _first_guess(problem, columns, options, incumbent, bays=bays if shared else len(p.home))
    model = cp_model.CpModel()
    absent = {order: model.new_bool_var(f"left_{order}") for order in orders}
    taken = [(option, model.new_bool_var("")) for i in options for option in options[i]]
    by_order: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    by_group: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for option, chosen in taken:
        by_group[columns[option.column].group].append(chosen)
        for order in columns[option.column].orders:
            by_order[order].append(chosen)
        model.add_hint(chosen, start.get(option.column) == option)
    served = {order for i in start for order in columns[i].orders}
    for order in orders:
        model.add_exactly_one([*by_order[order], absent[order]])
        model.add_hint(absent[order], order not in served)
    for group, members in by_group.items():
        model.add(cp_model.LinearExpr.sum(members) <= len(trucks[group]))
    if shared:
        _share_bays(model, taken, bays=bays)
    model.minimize(
        cp_model.LinearExpr.weighted_sum(
            [*(chosen for _, chosen in taken), *absent.values()],
            [
                *(columns[option.column].cost + option.cost for option, _ in taken),
                *(int(p.penalty[order]) for order in absent),
            ],
        )
    )
    guess_cost = sum(columns[i].cost + option.cost for i, option in start.items())
    guess_cost += sum(int(p.penalty[order]) for order in orders if order not in served)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    bound = max(0, round(solver.best_objective_bound)) if found else 0
    if found and round(solver.objective_value) <= guess_cost:
        start = {option.column: option for option, chosen in taken if solver.value(chosen)}
        guess_cost = round(solver.objective_value)
    return _Picked(
        routes=_hand_out(columns, start, trucks, incumbent), cost=guess_cost, bound=bound
    )


def _first_guess(
    problem: Problem,
    columns: Sequence[Column],
    options: Mapping[int, Sequence[LoadOption]],
    incumbent: Solution,
    *,
    bays: int,
) -> dict[int, LoadOption]:
    """Time the incumbent's own routes, dearest to lose first; always feasible."""
    p = problem.tables
    own: dict[tuple[int, tuple[int, ...]], int] = {}
    for i, column in enumerate(columns):
        own.setdefault((column.group, column.orders), i)
    numbers = [
        own[key]
        for truck, orders in incumbent.sequences.items()
        if (key := (int(p.group[truck]), orders)) in own
    ]
    numbers.sort(key=lambda i: (-sum(int(p.penalty[order]) for order in columns[i].orders), i))
    return time_greedily(options, numbers, bays=bays)


def _share_bays(
    model: cp_model.CpModel, taken: Sequence[tuple[LoadOption, cp_model.IntVar]], *, bays: int
) -> None:
    """Never more trucks at the bays than there are; it is enough to look whenever one begins."""
    for moment in sorted({option.start for option, _ in taken}):
        loading = [chosen for option, chosen in taken if option.start <= moment < option.end]
        if len(loading) > bays:
            model.add(cp_model.LinearExpr.sum(loading) <= bays)


def _hand_out(
    columns: Sequence[Column],
    chosen: Mapping[int, LoadOption],
    trucks: Mapping[int, Sequence[int]],
    incumbent: Solution,
) -> dict[int, tuple[Column, LoadOption]]:
    """Name a truck for every route: the one that had it, else the next of its kind."""
    free = {group: list(rows) for group, rows in trucks.items()}
    had = {orders: truck for truck, orders in incumbent.sequences.items()}
    routes: dict[int, tuple[Column, LoadOption]] = {}
    for i in sorted(chosen, key=lambda i: (columns[i].orders not in had, i)):
        mine = free[columns[i].group]
        truck = had.get(columns[i].orders, mine[0])
        truck = truck if truck in mine else mine[0]
        mine.remove(truck)
        routes[truck] = (columns[i], chosen[i])
    return routes


def _trucks_by_group(problem: Problem, house: int) -> dict[int, list[int]]:
    p = problem.tables
    groups: dict[int, list[int]] = defaultdict(list)
    for truck in range(len(p.home)):
        if int(p.warehouse[truck]) == house:
            groups[int(p.group[truck])].append(truck)
    return groups


def _reachable_house(problem: Problem, order: int, by_house: dict[int, list[Column]]) -> bool:
    return any(order in column.orders for its in by_house.values() for column in its)
