"""Routes without some of their orders, for the master: nobody may have the time to come, or a
carrier may bring them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

from routing.problem import Problem
from routing.search.meetings import needs_meeting
from routing.search.solution import Solution
from routing.trips import orders_of, tidied


def without_meetings(
    problem: Problem, routes: Sequence[tuple[int, tuple[int, ...]]]
) -> list[tuple[int, tuple[int, ...]]]:
    """Offer routes without the handovers that somebody must come for: nobody may have the time."""
    plain: dict[tuple[int, tuple[int, ...]], None] = {}
    for truck, orders in routes:
        meeting = needs_meeting(problem, truck, orders)
        for left in (*([order] for order in meeting), meeting):
            rest = tuple(order for order in orders if order not in left)
            if left and rest:
                plain.setdefault((truck, rest))
    return list(plain)


def without_offered(
    incumbent: Solution, offered: Collection[int]
) -> list[tuple[int, tuple[int, ...]]]:
    """Offer the incumbent's routes without orders that a carrier could bring: without each, each
    two, and all of them."""
    lighter: dict[tuple[int, tuple[int, ...]], None] = {}
    for truck, orders in incumbent.sequences.items():
        given = [order for order in orders_of(orders) if order in offered]
        for left in (*((order,) for order in given), *combinations(given, 2), tuple(given)):
            rest = tidied([order for order in orders if order not in left])
            if left and rest:
                lighter.setdefault((truck, rest))
    return list(lighter)
