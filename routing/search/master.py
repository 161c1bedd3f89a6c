"""The master problem: OR-Tools CP-SAT chooses routes under everything they share.

Set packing over the pooled routes: every order once or left behind at its price, no more routes
than trucks of a kind, no more trucks loading at a time than a warehouse has bays. Routes carry a
range of departures, not a time; the master sets the time. It proves how far it is from the best
choice *from this pool*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ortools.sat.python import cp_model

from routing.problem import Problem
from routing.search.columns import Column, price_columns
from routing.search.pool import Pool
from routing.search.solution import Solution

EFFORT: Final = 6.0
"""Deterministic time per warehouse, about seconds: repeatable, unlike a time limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the master decided: routes with departures and loading, what it cost, what it proved.

    `cost` and `bound` are fen with left-behind orders priced in; the bound holds for the pool.
    """

    solution: Solution
    cost: int
    bound: int
    columns: int
    left_for_bays: frozenset[int]


def choose(problem: Problem, pool: Pool, incumbent: Solution, *, seed: int) -> Chosen:
    """Choose the plan from the pool, warehouse by warehouse.

    Deterministic by seed. The incumbent's routes are in the pool and are the first guess, so the
    result is never worse than the incumbent, unless its trucks cannot all be loaded in time.
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
        picked = _choose_house(problem, house, its, incumbent, seed=seed)
        cost += picked.cost
        bound += picked.bound
        for truck, (column, leaves, load) in picked.routes.items():
            sequences[truck], departs[truck], loads[truck] = column.orders, leaves, load
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
        left_for_bays=incumbent.served - solution.served,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picked:
    routes: dict[int, tuple[Column, int, int]]
    cost: int
    bound: int


def _choose_house(
    problem: Problem, house: int, columns: Sequence[Column], incumbent: Solution, *, seed: int
) -> _Picked:
    p = problem.tables
    model = cp_model.CpModel()
    taken = [model.new_bool_var(f"route_{i}") for i in range(len(columns))]
    orders = sorted({order for column in columns for order in column.orders})
    absent = {order: model.new_bool_var(f"left_{order}") for order in orders}
    by_order: dict[int, list[int]] = defaultdict(list)
    by_group: dict[int, list[int]] = defaultdict(list)
    for i, column in enumerate(columns):
        by_group[column.group].append(i)
        for order in column.orders:
            by_order[order].append(i)
    for order in orders:
        model.add_exactly_one([taken[i] for i in by_order[order]] + [absent[order]])
    trucks_of_group = _trucks_by_group(problem, house)
    for group, members in by_group.items():
        model.add(sum(taken[i] for i in members) <= len(trucks_of_group[group]))
    starts, early = _share_bays(problem, house, model, columns, taken)
    model.minimize(
        cp_model.LinearExpr.weighted_sum(
            [*taken, *absent.values(), *(minutes for minutes, _ in early)],
            [
                *(column.cost for column in columns),
                *(int(p.penalty[order]) for order in absent),
                *(rate for _, rate in early),
            ],
        )
    )
    first_guess = set(incumbent.sequences.values())
    for i, column in enumerate(columns):
        model.add_hint(taken[i], column.orders in first_guess)
        if starts:
            model.add_hint(starts[i], column.departs - column.load_s)
    for order in orders:
        model.add_hint(absent[order], order not in incumbent.served)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = EFFORT
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise AssertionError(
            f"the master of warehouse {house} ended {solver.status_name(status)}: leaving every "
            "order behind is always feasible"
        )
    routes: dict[int, tuple[Column, int, int]] = {}
    free = {group: list(trucks) for group, trucks in trucks_of_group.items()}
    kept = {sequence: truck for truck, sequence in incumbent.sequences.items()}
    chosen = [i for i in range(len(columns)) if solver.value(taken[i])]
    for i in sorted(chosen, key=lambda i: columns[i].orders not in kept):
        column = columns[i]
        mine = free[column.group]
        truck = kept.get(column.orders, mine[0])
        truck = truck if truck in mine else mine[0]
        mine.remove(truck)
        load = solver.value(starts[i]) if starts else _natural_load(column)
        leaves = column.departs if column.evening else load + column.load_s
        routes[truck] = (column, leaves, load)
    return _Picked(
        routes=routes,
        cost=round(solver.objective_value),
        bound=round(solver.best_objective_bound),
    )


def _share_bays(
    problem: Problem,
    house: int,
    model: cp_model.CpModel,
    columns: Sequence[Column],
    taken: Sequence[cp_model.IntVar],
) -> tuple[list[cp_model.IntVar], list[tuple[cp_model.IntVar, int]]]:
    """Let the chosen routes share the bays; returns load starts, and minutes of leaving
    early with their fen.

    Where there is a bay for every truck nothing is shared and nothing is added.
    """
    p = problem.tables
    bays = int(p.bays.bays[house])
    if bays >= int((p.warehouse == house).sum()):
        return [], []
    starts: list[cp_model.IntVar] = []
    early: list[tuple[cp_model.IntVar, int]] = []
    intervals = []
    for i, column in enumerate(columns):
        if column.evening:
            low, high = column.ready, column.load_end - column.load_s
        else:
            low, high = column.first - column.load_s, column.last - column.load_s
        start = model.new_int_var(low, high, f"load_{i}")
        starts.append(start)
        intervals.append(
            model.new_optional_fixed_size_interval_var(start, column.load_s, taken[i], f"bay_{i}")
        )
        best = column.departs - column.load_s
        if not column.evening and low < best and column.early_fen_per_hour:
            rate = max(1, column.early_fen_per_hour // 60)
            minutes = model.new_int_var(0, (best - low) // 60 + 1, f"early_{i}")
            model.add(60 * minutes >= best - start).only_enforce_if(taken[i])
            early.append((minutes, rate))
    model.add_cumulative(intervals, [1] * len(intervals), bays)
    return starts, early


def _natural_load(column: Column) -> int:
    return column.ready if column.evening else column.departs - column.load_s


def _trucks_by_group(problem: Problem, house: int) -> dict[int, list[int]]:
    p = problem.tables
    groups: dict[int, list[int]] = defaultdict(list)
    for truck in range(len(p.home)):
        if int(p.warehouse[truck]) == house:
            groups[int(p.group[truck])].append(truck)
    return groups


def _reachable_house(problem: Problem, order: int, by_house: dict[int, list[Column]]) -> bool:
    return any(order in column.orders for its in by_house.values() for column in its)
