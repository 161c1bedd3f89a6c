"""What a repair weighs: promises, then the number of changes, then money."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geodata.units import Minor
from routing.problem import EXACT_FEN, Problem
from routing.rules.costs import all_routes_at_most
from routing.rules.layout import Layout
from routing.rules.stability import changes_at_most

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest

SEARCHED: Final = 100_000
"""Fen of a change while searching: dear, and yet near enough to money that annealing tells one
road from another. The master weighs what the search has met by the full price."""


def with_changes_weighed(request: PlanRequest, travel: TravelMatrix) -> PlanRequest:
    """Let one change weigh more than all roads of the day and all orders that nobody is bound to.

    A broken promise then weighs more than all changes together, as `Commitments` sees to. On days
    of more than about a thousand orders that is too much to be added up, and a change weighs as
    much as can be.
    """
    day = Layout.of(request, travel)
    prices = request.policy.left_behind
    others = sum(int(prices[order.priority]) for order in request.orders if not order.promised)
    roads = all_routes_at_most(day) - changes_at_most(day)
    most = EXACT_FEN // (4 * (len(request.orders) + 2) ** 2)
    price = max(int(request.policy.stability.per_change), min(1 + roads + others, most))
    stability = replace(request.policy.stability, per_change=Minor(price))
    return replace(request, policy=replace(request.policy, stability=stability))


def as_searched(problem: Problem) -> Problem:
    """The same problem with changes at a price that a search can walk around in."""
    p = problem.tables
    eased = p.stability._replace(each=min(p.stability.each, SEARCHED))
    return replace(problem, tables=p._replace(stability=eased))
