"""What third-party carriers may take: offers, what they share, and who gets the last places."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from routing.problem import Problem
from routing.rules.carriers import NEVER, UNBOUNDED
from routing.search.sharing import Starts, stock_lasts


class Offer(NamedTuple):
    """A carrier (row) would take an order (row) from a warehouse (row): `price` fen as the plan
    weighs it, `bill` fen to be paid, `start` the second at which it collects the car, `changed`
    whether people know the order on something else."""

    order: int
    carrier: int
    house: int
    price: int
    bill: int
    start: int
    changed: bool


def offers_of(problem: Problem, houses: Collection[int] | None = None) -> list[Offer]:
    """List what carriers would take from these warehouses (None: from all), by order."""
    table = problem.carriers
    return [
        Offer(
            order=int(order),
            carrier=int(carrier),
            house=int(house),
            price=int(table.price[order, carrier, house]),
            bill=int(table.bill[order, carrier, house]),
            start=int(table.collects[carrier]),
            changed=bool(table.changed[order, carrier]),
        )
        for order, carrier, house in np.argwhere(table.price < NEVER)
        if houses is None or house in houses
    ]


def houses_of_short_carriers(problem: Problem) -> list[list[int]]:
    """Warehouse rows that share a carrier with too few places for all it could take, or a budget
    that could run out: their orders compete, so they are decided together."""
    table, offers = problem.carriers, offers_of(problem)
    dearest = Counter[int]()
    wanted: dict[int, set[int]] = defaultdict(set)
    houses: dict[int, set[int]] = defaultdict(set)
    for offer in offers:
        dearest[offer.order] = max(dearest[offer.order], offer.bill)
        wanted[offer.carrier].add(offer.order)
        houses[offer.carrier].add(offer.house)
    if sum(dearest.values()) > table.budget:
        return [sorted({offer.house for offer in offers})]
    return [
        sorted(houses[carrier])
        for carrier, orders in sorted(wanted.items())
        if len(orders) > int(table.cars[carrier])
    ]


def share_carriers(
    problem: Problem,
    model: cp_model.CpModel,
    given: Sequence[tuple[Offer, cp_model.IntVar]],
) -> None:
    """No carrier takes more cars than it has places, nor all of them more than the budget."""
    table = problem.carriers
    by_carrier: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for offer, chosen in given:
        by_carrier[offer.carrier].append(chosen)
    for carrier, members in by_carrier.items():
        if len(members) > int(table.cars[carrier]):
            model.add(cp_model.LinearExpr.sum(members) <= int(table.cars[carrier]))
    bills = [offer.bill for offer, _ in given]
    if table.budget < UNBOUNDED and sum(bills) > table.budget:
        model.add(
            cp_model.LinearExpr.weighted_sum([chosen for _, chosen in given], bills) <= table.budget
        )


def give_away(
    problem: Problem,
    orders: Iterable[int],
    *,
    given: Mapping[int, Offer],
    loaded: Starts,
    houses: Collection[int] | None = None,
) -> dict[int, Offer]:
    """Give orders that no truck takes to carriers while places, money and stock last.

    Those that save most go first, each to its cheapest carrier; `given` are with carriers already,
    `loaded` the cars of the stock that trucks load. Answers all that are given, old and new.
    """
    table, waiting = problem.carriers, set(orders)
    left = problem.tables.penalty
    room = table.cars.copy()
    money = table.budget
    taken: dict[tuple[int, int], list[int]] = {key: list(its) for key, its in loaded.items()}
    kinds = problem.tables.stock.kind
    result = dict(given)
    for offer in given.values():
        room[offer.carrier] -= 1
        money -= offer.bill
        if kinds[offer.order] >= 0:
            taken.setdefault((offer.house, int(kinds[offer.order])), []).append(offer.start)
    ranked = sorted(
        (offer for offer in offers_of(problem, houses) if offer.order in waiting),
        key=lambda offer: (offer.price - int(left[offer.order]), offer),
    )
    for offer in ranked:
        if offer.order in result or room[offer.carrier] <= 0 or offer.bill > money:
            continue
        kind = int(kinds[offer.order])
        if kind >= 0:
            starts = [*taken.get((offer.house, kind), ()), offer.start]
            if not stock_lasts(problem.tables, offer.house, kind, starts):
                continue
            taken[offer.house, kind] = starts
        room[offer.carrier] -= 1
        money -= offer.bill
        result[offer.order] = offer
    return result


def priced_in(problem: Problem, orders: Iterable[int] | None = None) -> Problem:
    """Let a search see what staying off our trucks really costs: the cheapest carrier's price.

    Of all orders, or of these alone where places are too few for all.
    """
    p = problem.tables
    cheapest = np.minimum(p.penalty, problem.carriers.cheapest)
    if orders is not None:
        mine = np.zeros(len(cheapest), dtype=np.bool_)
        mine[list(orders)] = True
        cheapest = np.where(mine, cheapest, p.penalty)
    return replace(problem, tables=p._replace(penalty=cheapest))
