"""The master problem: OR-Tools CP-SAT chooses routes under everything they share.

Set packing over the pooled routes: every order once or left behind at its price, no more routes
than trucks of a kind, no more trucks loading at a time than a warehouse has bays, no car of the
stock twice or before it is ready, no specialist in two places; or with a third-party carrier at its
price, while its places and the budget last. Routes carry a range of departures, not a time; the
master chooses among loading times in that range. Warehouses that share nothing are decided one by
one.
It proves how far it is from the best choice *from this pool*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from ortools.sat.python import cp_model

from routing.problem import Problem, Tables
from routing.search.away import keep_off_the_road, may_go_out, on_other_days
from routing.search.changing import (
    baseline_matters,
    baseline_orders,
    changes_by_option,
    known_starts,
    price_of_excess,
)
from routing.search.columns import Column, price_columns
from routing.search.complete import Whole
from routing.search.lighter import without_meetings, without_offered
from routing.search.loading import LoadOption, all_options, finds_a_bay, time_greedily
from routing.search.meetings import Visitors, assign_greedily, share_people
from routing.search.outsourcing import (
    Offer,
    give_away,
    houses_of_short_carriers,
    offers_of,
    share_carriers,
)
from routing.search.pool import Pool
from routing.search.sharing import (
    hand_out_cars,
    joined_warehouses,
    share_stock,
    starts_of,
    stock_allows,
)
from routing.search.solution import Solution
from routing.trips import orders_of

EFFORT: Final = 6.0
"""Deterministic time per warehouse, about seconds: repeatable, unlike a time limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the master decided: routes with departures and loading, what it cost, what it proved.

    `cost` and `bound` are fen with left-behind orders priced in; the bound holds for the pool
    and its loading times. `given_up` were served by the incumbent and are brought by nobody now.
    `cars` are the VINs of orders that ask for any car of a kind, `meets` the specialists (rows) who
    come by own car. `whole` are the warehouses (rows) for which every route there is was in the
    pool; where these are all, the bound is about the day, and `proved` tells that nothing is
    cheaper.
    """

    solution: Solution
    cost: int
    bound: int
    columns: int
    given_up: frozenset[int]
    cars: Mapping[int, str]
    meets: Mapping[int, int]
    whole: frozenset[int]
    proved: bool
    engines: Mapping[int, str]
    """By truck, which engine found its route."""
    effort: float
    """Deterministic seconds of the solver."""


def choose(
    problem: Problem,
    pool: Pool,
    incumbent: Solution,
    *,
    seed: int,
    effort: float = EFFORT,
    wholes: Sequence[Whole] = (),
) -> Chosen:
    """Choose the plan from the pool, warehouses that share orders together.

    `wholes` take the place of the pool where they have every route.

    Deterministic by seed. The incumbent, its bays timed greedily, is the first guess and what is
    returned should the solver find nothing as good: the result is never worse than that.
    """
    p = problem.tables
    routes = pool.latest(len(p.place)) + list(incumbent.sequences.items())
    routes += on_other_days(problem, incumbent.sequences)
    offers = offers_of(problem)
    lighter = without_offered(incumbent, {offer.order for offer in offers})
    columns = price_columns(problem, [*routes, *without_meetings(problem, routes), *lighter])
    whole = frozenset(house for each in wholes for house in each.houses)
    if wholes:
        columns = _with_wholes(problem, columns, incumbent, wholes)
    sequences: dict[int, tuple[int, ...]] = {}
    departs: dict[int, int] = {}
    loads: dict[int, int] = {}
    cars: dict[int, str] = {}
    meets: dict[int, int] = {}
    outsourced: dict[int, int] = {}
    cost = bound = 0
    spent = 0.0
    somewhere = {order for column in columns for order in orders_of(column.orders)}
    somewhere.update(offer.order for offer in offers)
    budget = problem.layout.request.max_changes
    if budget is not None:
        budget -= len(baseline_orders(problem) - somewhere)
    for houses in joined_warehouses(
        problem,
        columns,
        also=[(offer.house, offer.order) for offer in offers],
        together=houses_of_short_carriers(problem),
    ):
        its = [column for column in columns if int(p.warehouse[column.truck]) in houses]
        picked = _choose_together(
            problem, houses, its, incumbent, budget=budget, seed=seed, effort=effort * len(houses)
        )
        collected = [(each.house, order, each.start) for order, each in picked.given.items()]
        outsourced |= {order: offer.carrier for order, offer in picked.given.items()}
        cost += picked.cost
        bound += picked.bound
        spent += picked.effort
        cars |= hand_out_cars(problem, picked.routes, collected)
        meets |= picked.meets
        for truck, (column, option) in picked.routes.items():
            sequences[truck], loads[truck] = column.orders, option.start
            departs[truck] = option.departs(column)
    solution = Solution(
        sequences=MappingProxyType(sequences),
        departs=MappingProxyType(departs),
        loads=MappingProxyType(loads),
        outsourced=MappingProxyType(dict(sorted(outsourced.items()))),
    )
    lost = sum(int(p.penalty[row]) for row in range(len(p.place)) if row not in somewhere)
    return Chosen(
        solution=solution,
        cost=cost + lost,
        bound=bound + lost,
        columns=len(columns),
        given_up=incumbent.served.difference(solution.served, outsourced),
        cars=MappingProxyType(cars),
        meets=MappingProxyType(meets),
        whole=whole,
        engines=MappingProxyType(
            {
                truck: pool.engine_of(truck, orders)
                or ("complete" if int(p.warehouse[truck]) in whole else "master")
                for truck, orders in sequences.items()
            }
        ),
        effort=spent,
        proved=cost == bound and whole.issuperset(p.warehouse[p.allowed.any(axis=1)].tolist()),
    )


def _with_wholes(
    problem: Problem, columns: Sequence[Column], incumbent: Solution, wholes: Sequence[Whole]
) -> list[Column]:
    """Put complete lists in the place of the pool's routes; the incumbent's own stay."""
    p = problem.tables
    whole = {house for each in wholes for house in each.houses}
    own = {(int(p.group[truck]), orders) for truck, orders in incumbent.sequences.items()}
    kept = [
        column
        for column in columns
        if int(p.warehouse[column.truck]) not in whole or (column.group, column.orders) in own
    ]
    return [*kept, *(column for each in wholes for column in each.columns)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picked:
    routes: dict[int, tuple[Column, LoadOption]]
    given: dict[int, Offer]
    cost: int
    bound: int
    meets: dict[int, int]
    effort: float


def _choose_together(
    problem: Problem,
    houses: Sequence[int],
    columns: Sequence[Column],
    incumbent: Solution,
    *,
    budget: int | None,
    seed: int,
    effort: float,
) -> _Picked:
    """Choose for warehouses that share something; `budget` is how many orders of the baseline may
    change, None: any number."""
    p = problem.tables
    shared = _houses_short_of_bays(problem, houses)
    moves = baseline_matters(problem)
    visitors = Visitors.of(problem)
    options = all_options(
        problem,
        columns,
        visitors,
        shared,
        wanted=(lambda column: known_starts(p, column)) if moves else None,
    )
    changed: dict[LoadOption, int] = {}
    if moves:
        options, changed = changes_by_option(problem, columns, options)
    offers = offers_of(problem, houses)
    orders = sorted(
        {order for column in columns for order in orders_of(column.orders)}
        | {offer.order for offer in offers}
    )
    trucks = _trucks_by_group(problem, houses)
    start = _first_guess(problem, columns, options, incumbent, shared, visitors)
    model = cp_model.CpModel()
    absent = {order: model.new_bool_var(f"left_{order}") for order in orders}
    taken = [(option, model.new_bool_var("")) for i in options for option in options[i]]
    by_order: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    by_group: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for option, chosen in taken:
        by_group[columns[option.column].group].append(chosen)
        for order in orders_of(columns[option.column].orders):
            by_order[order].append(chosen)
        model.add_hint(chosen, start.get(option.column) == option)
    served = {order for i in start for order in orders_of(columns[i].orders)}
    given = give_away(
        problem,
        set(orders) - served,
        given={},
        loaded=starts_of(p, columns, start.values()),
        houses=houses,
    )
    giving = [(offer, model.new_bool_var("")) for offer in offers]
    for offer, gives in giving:
        by_order[offer.order].append(gives)
        model.add_hint(gives, given.get(offer.order) == offer)
    for order in orders:
        model.add_exactly_one([*by_order[order], absent[order]])
        model.add_hint(absent[order], order not in served and order not in given)
    for group, members in by_group.items():
        model.add(cp_model.LinearExpr.sum(members) <= len(trucks[group]))
    for house, bays in shared.items():
        here = [each for each in taken if p.warehouse[columns[each[0].column].truck] == house]
        _share_bays(model, here, bays=bays)
    share_stock(
        problem,
        model,
        columns,
        taken,
        [(offer.house, offer.order, offer.start, gives) for offer, gives in giving],
    )
    share_carriers(problem, model, giving)
    keep_off_the_road(problem, model, columns, taken)
    coming = share_people(model, visitors, [(option.visits, chosen) for option, chosen in taken])
    known = baseline_orders(problem)
    allowed = len(known) if budget is None else max(0, budget)
    too_many: list[cp_model.IntVar] = []
    if budget is not None:
        too_many.append(model.new_int_var(0, len(known), "too_many"))
        spent = cp_model.LinearExpr.weighted_sum(
            [chosen for _, chosen in taken], [changed[option] for option, _ in taken]
        )
        dropped = cp_model.LinearExpr.sum(
            [
                *(absent[order] for order in orders if order in known),
                *(gives for offer, gives in giving if offer.changed),
            ]
        )
        model.add(spent + dropped <= allowed + too_many[0])
    excess_fen = price_of_excess(problem)
    model.minimize(
        cp_model.LinearExpr.weighted_sum(
            [
                *(chosen for _, chosen in taken),
                *(gives for _, gives in giving),
                *absent.values(),
                *too_many,
            ],
            [
                *(columns[option.column].cost + option.cost for option, _ in taken),
                *(offer.price for offer, _ in giving),
                *(int(p.penalty[order]) for order in absent),
                *(excess_fen for _ in too_many),
            ],
        )
    )
    visits = [visit for option in start.values() for visit in option.visits]
    meets = assign_greedily(visitors, visits) or {}
    guess_cost = sum(columns[i].cost + option.cost for i, option in start.items())
    guess_cost += sum(offer.price for offer in given.values())
    guess_cost += sum(
        int(p.penalty[order]) for order in orders if order not in served and order not in given
    )
    guess_cost += excess_fen * max(
        0, _changes(start, changed, known, orders, columns, given) - allowed
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = effort
    # With the whole linear relaxation, and the rows as they are written (presolve substitutes
    # orders into the objective and spoils it), 40 trucks at 2 bays are proved optimal in 2 s; with
    # the defaults there is no bound to speak of after 20 s (docs/benchmarks.md).
    solver.parameters.linearization_level = 2
    solver.parameters.cp_model_presolve = False
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    bound = max(0, round(solver.best_objective_bound)) if found else 0
    if found and round(solver.objective_value) <= guess_cost:
        start = {option.column: option for option, chosen in taken if solver.value(chosen)}
        given = {offer.order: offer for offer, gives in giving if solver.value(gives)}
        guess_cost = round(solver.objective_value)
        meets = {visit.order: who for (visit, who), comes in coming.items() if solver.value(comes)}
    changes = _changes(start, changed, known, orders, columns, given)
    excess = excess_fen * max(0, changes - allowed)
    return _Picked(
        given=given,
        routes=_hand_out(columns, start, trucks, incumbent),
        cost=guess_cost - excess,
        bound=max(0, bound - excess),
        meets=meets,
        effort=solver.response_proto.deterministic_time,
    )


def _changes(
    start: Mapping[int, LoadOption],
    changed: Mapping[LoadOption, int],
    known: frozenset[int],
    orders: Sequence[int],
    columns: Sequence[Column],
    given: Mapping[int, Offer],
) -> int:
    """Count the changes of a choice: those of its routes, and orders of the baseline that are
    dropped or given away."""
    served = {order for i in start for order in orders_of(columns[i].orders)}
    dropped = sum(order in known and order not in served and order not in given for order in orders)
    dropped += sum(offer.changed for offer in given.values())
    return dropped + sum(changed.get(option, 0) for option in start.values())


def _first_guess(
    problem: Problem,
    columns: Sequence[Column],
    options: Mapping[int, Sequence[LoadOption]],
    incumbent: Solution,
    shared: Mapping[int, int],
    visitors: Visitors,
) -> dict[int, LoadOption]:
    """Time the incumbent's own routes, dearest to lose first; always feasible."""
    p = problem.tables
    own: dict[tuple[int, tuple[int, ...]], list[int]] = defaultdict(list)
    for i, column in enumerate(columns):
        own[column.group, column.orders].append(i)
    keys = [(int(p.group[truck]), orders) for truck, orders in incumbent.sequences.items()]
    numbers = sorted(
        (own[key] for key in keys if key in own),
        key=lambda its: (-_worth(p, columns[its[0]]), its[0]),
    )

    def may_load(option: LoadOption, beside: Collection[LoadOption]) -> bool:
        house = int(p.warehouse[columns[option.column].truck])
        here = [each for each in beside if p.warehouse[columns[each.column].truck] == house]
        visits = [visit for each in (option, *here) for visit in each.visits]
        return (
            (house not in shared or finds_a_bay(option, here, bays=shared[house]))
            and stock_allows(p, columns, option, here)
            and may_go_out(problem, columns, option, beside)
            and (not option.visits or assign_greedily(visitors, visits) is not None)
        )

    return time_greedily(
        {its[0]: [option for i in its for option in options[i]] for its in numbers},
        [its[0] for its in numbers],
        may_load=may_load,
    )


def _worth(p: Tables, column: Column) -> int:
    return sum(int(p.penalty[order]) for order in orders_of(column.orders))


def _houses_short_of_bays(problem: Problem, houses: Sequence[int]) -> dict[int, int]:
    """Bays by warehouse row, of those with more trucks than bays."""
    p = problem.tables
    bays = {house: int(p.bays.bays[house]) for house in houses}
    return {house: few for house, few in bays.items() if few < int((p.warehouse == house).sum())}


def _share_bays(
    model: cp_model.CpModel, taken: Sequence[tuple[LoadOption, cp_model.IntVar]], *, bays: int
) -> None:
    """Never more trucks at the bays than there are; it is enough to look whenever one begins."""
    spans = [(at, *span) for at, (option, _) in enumerate(taken) for span in option.spans]
    owner, start, end = np.array(spans, dtype=np.int64).reshape(-1, 3).T
    for moment in np.unique(start):
        loading = np.unique(owner[(start <= moment) & (moment < end)])
        if len(loading) > bays:
            model.add(cp_model.LinearExpr.sum([taken[at][1] for at in loading]) <= bays)


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


def _trucks_by_group(problem: Problem, houses: Sequence[int]) -> dict[int, list[int]]:
    p = problem.tables
    groups: dict[int, list[int]] = defaultdict(list)
    for truck in range(len(p.home)):
        if int(p.warehouse[truck]) in houses:
            groups[int(p.group[truck])].append(truck)
    return groups
