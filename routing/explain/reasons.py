"""Why an order stays behind: the first limit per truck, and the nearest miss of the fleet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from geodata.units import MINUTE_S
from routing.domain.fleet import TruckKind
from routing.domain.policy import PlanPolicy
from routing.explain.proof import changes_too_many, timed_with
from routing.explain.shortfall import Shortfall, Stage, alone, clock_limit, deck_limit
from routing.inserting import best_insertion, cost_of
from routing.nights import nights_of
from routing.problem import Problem
from routing.reasons import Reason, Unit
from routing.rules.nights import kept_off_the_road
from routing.schedule import new_scratch
from routing.search.solution import Solution
from routing.trips import load_seconds, orders_of, trips_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckShortfall:
    """What keeps an order off one truck (a row)."""

    truck: int
    shortfall: Shortfall


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Why an order stays behind. `misses` has one entry per manned truck of its warehouse, in the
    order of the request; `nearest` is one of them, or None when there is no such truck."""

    order: int
    nearest: TruckShortfall | None
    misses: tuple[TruckShortfall, ...]


def judge(problem: Problem, solution: Solution, order: int, *, seed: int) -> Verdict:
    """Find the limit an order breaks on every truck of its warehouse.

    The nearest miss is on a truck that gets furthest (could take it now, could take it alone,
    only fails the clock, ...); among those, the one that would cost least to put right at the
    policy's prices.
    """
    day = problem.layout
    home = day.orders[order].warehouse_id
    # Trucks of one group that bring the same are alike: idle ones above all.
    known: dict[tuple[int, tuple[int, ...]], Shortfall] = {}
    found = []
    for truck in range(len(day.trucks)):
        if day.trucks[truck].warehouse_id != home:
            continue
        alike = int(problem.tables.group[truck]), solution.sequences.get(truck, ())
        if alike not in known:
            known[alike] = _on_truck(problem, solution, truck, order, seed=seed)
        found.append(TruckShortfall(truck=truck, shortfall=known[alike]))
    misses = tuple(found)
    nearest = min(
        misses,
        key=lambda miss: (
            -miss.shortfall.stage,
            _price(day.request.policy, miss.shortfall, day.trucks[miss.truck].kind),
            miss.truck,
        ),
        default=None,
    )
    return Verdict(order=order, nearest=nearest, misses=misses)


def _on_truck(
    problem: Problem, solution: Solution, truck: int, order: int, *, seed: int
) -> Shortfall:
    route = solution.sequences.get(truck, ())
    broken = alone(problem, truck, order)
    if broken is None and (route or int(problem.tables.locks.ranked[truck]) > 0):
        broken = deck_limit(problem, truck, route, order) or clock_limit(
            problem, truck, route, order
        )
    return broken or _could_go(problem, solution, truck, order, seed=seed)


def _could_go(
    problem: Problem, solution: Solution, truck: int, order: int, *, seed: int
) -> Shortfall:
    """Tell why a truck that can take an order does not: its price, or no bay to load it."""
    p = problem.tables
    route = solution.sequences.get(truck, ())
    found = best_insertion(p, truck, route, order)
    if found is None:
        raise AssertionError(f"truck row {truck} runs with order row {order}, and then does not")
    cost, widened = found
    over = cost - (cost_of(p, truck, route) or 0) - int(p.penalty[order])
    if over > 0:
        return Shortfall(
            stage=Stage.MONEY, reason=Reason.COSTS_TOO_MUCH, short_by=over, unit=Unit.MINOR
        )
    timed = timed_with(problem, solution, truck, widened, seed=seed)
    if timed.served != solution.served | {order}:
        if (nights := _nights_in_the_way(problem, solution, truck, widened)) > 0:
            return Shortfall(
                stage=Stage.MONEY,
                reason=Reason.NIGHTS_EXCEEDED,
                short_by=nights,
                unit=Unit.NIGHTS,
            )
        if _only_people_lack(problem, solution, truck, widened, seed=seed):
            takes = problem.layout.orders[order].handover_s
            return Shortfall(
                stage=Stage.MONEY, reason=Reason.SPECIALIST_BUSY, short_by=takes, unit=Unit.SECONDS
            )
        takes = next(
            load_seconds(p, truck, len(trip)) for trip in trips_of(widened) if order in trip
        )
        return Shortfall(
            stage=Stage.MONEY, reason=Reason.BAY_FULL, short_by=takes, unit=Unit.SECONDS
        )
    if (many := changes_too_many(problem, timed)) > 0:
        return Shortfall(
            stage=Stage.MONEY, reason=Reason.CHANGE_BUDGET, short_by=many, unit=Unit.CHANGES
        )
    return Shortfall(stage=Stage.MONEY, reason=Reason.COSTS_TOO_MUCH, short_by=0, unit=Unit.MINOR)


def _nights_in_the_way(
    problem: Problem, solution: Solution, truck: int, route: tuple[int, ...]
) -> int:
    """Nights of a tour that keeps this route, or that this route is, from going beside the others:
    vehicle or driver are on the road on another of their days; 0: none is in the way."""
    p = problem.tables

    def nights(row: int, orders: tuple[int, ...]) -> int:
        halts, n = np.array(orders, dtype=np.int32), len(orders)
        return nights_of(p, row, halts, n, new_scratch(n)).bit_count()

    routes = solution.sequences
    for row, other, least in kept_off_the_road(problem.layout):
        if row == truck and routes.get(other) and (many := nights(truck, route)) >= least:
            return many
        if other == truck and row in routes and (many := nights(row, routes[row])) >= least:
            return many
    return 0


def _only_people_lack(
    problem: Problem, solution: Solution, truck: int, route: tuple[int, ...], *, seed: int
) -> bool:
    """Tell whether all could load, did nobody have to come by own car."""
    if not problem.meets[truck, list(orders_of(route))].any():
        return False
    alone = replace(problem, meets=np.zeros_like(problem.meets))
    timed = timed_with(alone, solution, truck, route, seed=seed)
    return timed.served == solution.served | frozenset(orders_of(route))


LAW_RATE: Final = 4
"""Giving way at the law's driving limit is no concession anybody can buy: it counts as far."""


def _price(policy: PlanPolicy, shortfall: Shortfall, kind: TruckKind) -> int:
    """Fen to put a shortfall right, for comparing misses only."""
    prices, by = policy.concessions, shortfall.short_by
    minutes = -(-by // MINUTE_S)
    fen: dict[Reason, int] = {
        Reason.WINDOW_MISSED: minutes * prices.window_minute,
        Reason.DUTY_EXCEEDED: minutes * prices.overtime_minute,
        Reason.DRIVING_LIMIT: minutes * prices.overtime_minute * LAW_RATE,
        Reason.NOT_READY: by * prices.precondition
        if shortfall.unit is Unit.NONE
        else minutes * prices.ready_minute,
        Reason.TRUCK_BANNED: prices.ban_permit + minutes,
        Reason.ROAD_ACCESS: prices.meet_point * by,
        Reason.SKILL_MISSING: prices.skilled_crew * by,
        Reason.OWN_CAR_SPECIALIST: prices.skilled_crew * by,
        Reason.SPECIALIST_BUSY: prices.skilled_crew,
        Reason.BAY_FULL: prices.extra_bay,
        Reason.COSTS_TOO_MUCH: by,
        Reason.LOCKED: prices.unlock,
        Reason.CHANGE_BUDGET: by,
        Reason.NIGHTS_EXCEEDED: prices.night_out * by,
        Reason.DECK_NO_FIT: prices.truck_day[kind.value] + by,
        Reason.TRADE_IN_NO_ROOM: prices.truck_day[kind.value] + by,
        Reason.PROMISE_BROKEN: policy.broken_promise + minutes,
    }
    return fen.get(shortfall.reason, policy.broken_promise)
