"""Routes that a day allows, by the exact evaluator: what a plain model must allow as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from routing.benchmarks.checker import check_routes
from routing.clock import DEAD
from routing.model import ModelRoute
from routing.problem import Tables, build_problem
from routing.route_cost import deck_fits, route_cost
from routing.schedule import new_scratch
from routing.search.relax import Relaxed
from routing.trips import orders_of
from tests.random_routes import random_day


@dataclass(frozen=True, slots=True, kw_only=True)
class LawfulRoutes:
    """A day's tables and routes of one trip: truck row and order rows."""

    tables: Tables
    routes: tuple[tuple[int, tuple[int, ...]], ...]


def lawful_routes(days: range, *, drawn: int) -> list[LawfulRoutes]:
    """Draw routes of random days and keep those that have a schedule."""
    found: list[LawfulRoutes] = []
    for number in days:
        made = random_day(number)
        problem = build_problem(made.day.request, made.day.travel)
        runs = [run.sequence(problem) for run in made.runs(drawn) if not run.reloads]
        kept = tuple(run for run in runs if _lawful(problem.tables, *run))
        found.append(LawfulRoutes(tables=problem.tables, routes=kept))
    return found


def refused(relax: Callable[[Tables], Relaxed], days: Sequence[LawfulRoutes]) -> list[str]:
    """What the plain models find wrong with lawful routes."""
    faults: list[str] = []
    for day in days:
        relaxed = relax(day.tables)
        for truck, orders in day.routes:
            kind = next(at for at, rows in enumerate(relaxed.rows) if truck in rows)
            report = check_routes(relaxed.model, [ModelRoute(kind, (orders_of(orders),))])
            faults += [str(fault) for fault in report.faults]
    return faults


def _lawful(p: Tables, truck: int, orders: tuple[int, ...]) -> bool:
    row = np.array(orders, dtype=np.int32)
    if not p.allowed[truck, list(orders)].all() or not deck_fits(p, truck, row, len(row)):
        return False
    return bool(route_cost(p, truck, row, len(row), new_scratch(len(row))) != DEAD)
