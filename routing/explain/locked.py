"""Refuse locks that no plan can keep, each with the limit it breaks."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from geodata.units import UNREACHABLE_S
from routing.errors import BadRequest
from routing.explain.gives import LIMITS, Trial
from routing.inserting import cost_of, fits_deck
from routing.problem import Problem, Tables
from routing.reasons import Reason
from routing.rules.locks import FREE
from routing.search.locked import locked_sequences

WORDS: Final = {
    Reason.TRUCK_BANNED: "a truck ban",
    Reason.DRIVING_LIMIT: "the driving limit",
    Reason.NOT_READY: "a car that is not ready in time",
    Reason.PROMISE_BROKEN: "a promised window",
    Reason.WINDOW_MISSED: "an order's window",
    Reason.DUTY_EXCEEDED: "shift or duty",
    Reason.BAY_FULL: "the loading hours",
    Reason.LOCKED: "the locked departure or loading",
}


def check_locks(problem: Problem) -> None:
    """Check that every lock can be kept by itself: the locked orders of a truck on it, alone.

    Raises:
        BadRequest: names every lock that cannot, and what it breaks.
    """
    day, p = problem.layout, problem.tables
    faults = [
        f"order {day.orders[order].id} is locked to truck {day.trucks[int(truck)].id}, which stands"
        " where its car is not: unlock it"
        for order, truck in enumerate(p.locks.truck)
        if truck != FREE and not problem.masks[Reason.NO_STOCK][truck, order]
    ]
    for truck, orders in locked_sequences(p).items():
        if why := _why_not(problem, truck, orders):
            names = ", ".join(day.orders[order].id for order in orders)
            faults.append(
                f"truck {day.trucks[truck].id} is locked to {names}, which cannot be: {why}; unlock"
                " one of them, or the truck"
            )
    if faults:
        raise BadRequest(tuple(faults))


def _why_not(problem: Problem, truck: int, orders: tuple[int, ...]) -> str:
    day, p = problem.layout, problem.tables
    for order in orders:
        name = day.orders[order].id
        if not problem.masks[Reason.ROAD_ACCESS][truck, order]:
            return f"the road to {name} does not take it"
        if not problem.masks[Reason.SKILL_MISSING][truck, order]:
            return f"its crew lacks a skill that {name} asks for"
        if day.orders[order].readiness.missing:
            return f"{name} may not leave without its papers"
    if not fits_deck(p, truck, orders):
        return "the cars do not fit its deck together"
    if cost_of(p, truck, orders) is not None:
        return ""
    return f"it breaks {_limit(problem, truck, orders)}"


def _limit(problem: Problem, truck: int, orders: tuple[int, ...]) -> str:
    """Name the limit without which the route goes, or the road that is missing."""
    promised = np.array([each.promised for each in problem.layout.orders], dtype=np.bool_)
    trial = Trial(truck=truck, order=orders[-1], route=orders[:-1], promised=promised)
    for limit in LIMITS:
        loosened = problem.tables
        for each in orders:  # some limits are an order's own: loosen that of every one
            others = tuple(other for other in orders if other != each)
            loosened = limit.off(
                loosened, Trial(truck=truck, order=each, route=others, promised=promised)
            )
        if cost_of(loosened, truck, orders) is not None:
            return WORDS[limit.reason]
    if not _has_roads(problem.tables, truck, orders):
        return "the road: one of these places cannot be reached"
    relaxed = problem.tables
    for limit in LIMITS:
        relaxed = limit.off(relaxed, trial)
        if cost_of(relaxed, truck, orders) is not None:
            return f"{WORDS[limit.reason]}, and others besides"
    return "windows, shift and driving times taken together"


def _has_roads(p: Tables, truck: int, orders: tuple[int, ...]) -> bool:
    legs = p.travel.typical[int(p.layer[truck])]
    stops = [int(p.home[truck]), *(int(p.place[order]) for order in orders), int(p.home[truck])]
    return all(legs[:, a, b].min() < UNREACHABLE_S for a, b in pairwise(stops))
