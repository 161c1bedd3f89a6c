"""Orders that a carrier would have brought, had it a place left, or were there money for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from routing.domain.carriers import Carrier
from routing.explain.wording import Pair, yuan
from routing.problem import Problem
from routing.reasons import Unit
from routing.search.outsourcing import offers_of
from routing.search.solution import Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class FullCarrier:
    """The cheapest carrier that could bring an order for `bill` fen, and what it lacks for that:
    one car (its places are taken), or so many fen of the day's budget."""

    carrier: Carrier
    bill: int
    short_by: int
    unit: Unit


def full_carrier(problem: Problem, solution: Solution, order: int) -> FullCarrier | None:
    """Find the cheapest carrier that only lacks a place or money; None where there is none."""
    table, day = problem.carriers, problem.layout
    offers = [offer for offer in offers_of(problem) if offer.order == order]
    if not offers:
        return None
    best = min(offers, key=lambda offer: (offer.price, offer))
    carrier = day.request.carriers[best.carrier]
    if Counter(solution.outsourced.values())[best.carrier] >= carrier.cars:
        return FullCarrier(carrier=carrier, bill=best.bill, short_by=1, unit=Unit.CARS)
    spent = sum(int(table.bill[row, given].min()) for row, given in solution.outsourced.items())
    over = spent + best.bill - table.budget
    if over <= 0:
        return None
    return FullCarrier(carrier=carrier, bill=best.bill, short_by=over, unit=Unit.MINOR)


def carrier_full(full: FullCarrier) -> Pair:
    """Say what keeps an order from a carrier."""
    name, bill = full.carrier.name, yuan(full.bill)
    if full.unit is Unit.CARS:
        return (
            f"外协 {name}（{bill}）今天的 {full.carrier.cars} 台已派满",
            f"carrier {name} ({bill}) takes {full.carrier.cars} car(s) today, and they are taken",
        )
    short = yuan(full.short_by)
    return (
        f"外协 {name}（{bill}）能送，但今天的外协预算还差 {short}",
        f"carrier {name} ({bill}) could bring it, but today's budget for carriers lacks {short}",
    )
