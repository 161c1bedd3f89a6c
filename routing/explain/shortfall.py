"""The first limit an order breaks on one truck, and by how much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

import numpy as np

from geodata.units import UNREACHABLE_S
from routing.domain.fleet import DeckTemplate, SpecialistTravel
from routing.domain.vehicles import Model
from routing.explain.gives import FOREVER, LIMITS, Limit, Trial, without_locks
from routing.inserting import finds_room, fits_deck, runs_with
from routing.problem import Problem, Tables
from routing.reasons import Reason, Unit
from routing.rules.layout import Layout
from routing.trips import trips_of


class Stage(IntEnum):
    """How far an order gets with a truck before it is turned away."""

    ROAD = 0
    ACCESS = 1
    CREW = 2
    DECK = 3
    READY = 4
    LOCK = 5
    """A lock keeps it off, and nothing that needs no clock."""
    CLOCK = 6
    COMPANY = 7
    """The truck could take it, were it not for the cars it already has."""
    MONEY = 8
    """The truck can take it now; that costs too much, or no bay is free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A limit that is broken, by how much, and how far the order got before."""

    stage: Stage
    reason: Reason
    short_by: int
    unit: Unit


LOCKED: Final = Shortfall(stage=Stage.LOCK, reason=Reason.LOCKED, short_by=0, unit=Unit.NONE)


def alone(problem: Problem, truck: int, order: int) -> Shortfall | None:
    """Find the first limit that keeps an order off an empty truck; None when nothing does."""
    free = replace(problem, tables=without_locks(problem.tables, truck))
    return _at_home(problem, truck, order) or clock_limit(free, truck, (), order)


def clock_limit(
    problem: Problem, truck: int, route: tuple[int, ...], order: int
) -> Shortfall | None:
    """Find the limit of the clock that keeps an order out of a route, by relaxing one at a time.

    Where no single one is to blame, they are taken away one after the other: to blame is the
    last, measured without those before it.
    """
    p = problem.tables
    if runs_with(p, truck, route, order):
        return None
    promised = np.array([each.promised for each in problem.layout.orders], dtype=np.bool_)
    trial = Trial(truck=truck, order=order, route=route, promised=promised)
    stage = Stage.COMPANY if route else Stage.CLOCK
    for limit in LIMITS:
        if runs_with(limit.off(p, trial), truck, route, order):
            return _measured(stage, limit, p, trial)
    for limit in LIMITS:
        without = limit.off(p, trial)
        if runs_with(without, truck, route, order):
            return _measured(stage, limit, p, trial)
        p = without
    return Shortfall(stage=stage, reason=Reason.UNREACHABLE, short_by=0, unit=Unit.NONE)


def smallest(works: Callable[[int], bool], most: int) -> int | None:
    """Find the smallest whole number from 1 to `most` that works, by bisection.

    None when not even the largest does. Where what works is not monotone, the number found
    works and the one before it does not.
    """
    if not works(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        if works(middle):
            high = middle
        else:
            low = middle
    return high


def _measured(stage: Stage, limit: Limit, p: Tables, trial: Trial) -> Shortfall:
    """Measure in seconds: the least of what any one way of giving would need."""
    if limit.reason is Reason.LOCKED:
        return LOCKED
    needs = [
        smallest(
            lambda d, give=give: runs_with(  # type: ignore[misc]  # bound per turn of the loop
                give(p, trial, d), trial.truck, trial.route, trial.order
            ),
            FOREVER,
        )
        for give in limit.gives
    ]
    found = [need for need in needs if need is not None]
    return Shortfall(
        stage=stage,
        reason=limit.reason,
        short_by=min(found, default=FOREVER),
        unit=limit.unit,
    )


def deck_limit(
    problem: Problem, truck: int, route: tuple[int, ...], order: int
) -> Shortfall | None:
    """Tell why a car does not fit on a deck beside the cars of a route; None when it does."""
    if finds_room(problem.tables, truck, route, order):
        return None
    deck = problem.layout.trucks[truck].deck
    last_trip = trips_of(route)[-1] if route else ()
    models = [problem.layout.orders[row].vehicle.model for row in (*last_trip, order)]
    over_kg = sum(model.mass_kg for model in models) - deck.payload_kg
    if len(models) <= len(deck.positions) and over_kg > 0:
        short_by, unit = over_kg, Unit.KILOGRAMS
    else:
        short_by, unit = 1, Unit.CARS
    return Shortfall(stage=Stage.COMPANY, reason=Reason.DECK_NO_FIT, short_by=short_by, unit=unit)


def _at_home(problem: Problem, truck: int, order: int) -> Shortfall | None:
    """Check what needs no clock: road, access, crew, deck, papers."""
    p, day = problem.tables, problem.layout
    its, car = day.trucks[truck], day.orders[order]
    ends = int(p.home[truck]), int(p.place[order])
    legs = p.travel.typical[int(p.layer[truck])]
    if any(legs[:, a, b].min() >= UNREACHABLE_S for a, b in (ends, ends[::-1])):
        return Shortfall(stage=Stage.ROAD, reason=Reason.UNREACHABLE, short_by=0, unit=Unit.NONE)
    if not problem.masks[Reason.ROAD_ACCESS][truck, order]:
        over = its.kind.size - car.access.size
        return Shortfall(
            stage=Stage.ACCESS, reason=Reason.ROAD_ACCESS, short_by=over, unit=Unit.SIZES
        )
    if not problem.masks[Reason.SKILL_MISSING][truck, order]:
        missing = car.skills - its.skills
        return Shortfall(
            stage=Stage.CREW,
            reason=Reason.OWN_CAR_SPECIALIST
            if _comes_by_own_car(day, its.warehouse_id, missing)
            else Reason.SKILL_MISSING,
            short_by=len(missing),
            unit=Unit.SKILLS,
        )
    if not fits_deck(p, truck, (order,)):
        short_by, unit = deck_shortfall(car.vehicle.model, its.deck)
        return Shortfall(stage=Stage.DECK, reason=Reason.DECK_NO_FIT, short_by=short_by, unit=unit)
    if car.readiness.missing:
        return Shortfall(
            stage=Stage.READY,
            reason=Reason.NOT_READY,
            short_by=len(car.readiness.missing),
            unit=Unit.NONE,
        )
    if not problem.masks[Reason.LOCKED][truck, order]:
        return LOCKED
    return None


def _comes_by_own_car(day: Layout, warehouse_id: str, missing: frozenset[str]) -> bool:
    return any(
        person.travel is SpecialistTravel.OWN_CAR
        and person.warehouse_id == warehouse_id
        and missing <= person.skills
        for person in day.request.specialists
    )


def deck_shortfall(model: Model, deck: DeckTemplate) -> tuple[int, Unit]:
    """Measure by how much a car alone misses a deck: its best position, the worst dimension.

    `(0, NONE)` when only a wheel lift is left and the car must not be lifted.
    """
    best: tuple[float, int, Unit] | None = None
    for position in deck.positions:
        over = [
            (model.length_mm - position.length_mm, position.length_mm, Unit.MILLIMETRES),
            (model.height_mm - position.height_mm, position.height_mm, Unit.MILLIMETRES),
            (model.mass_kg - position.mass_kg, position.mass_kg, Unit.KILOGRAMS),
            (model.mass_kg - deck.payload_kg, deck.payload_kg, Unit.KILOGRAMS),
        ]
        share, by, unit = max((by / limit, by, unit) for by, limit, unit in over)
        if by <= 0:
            share, by, unit = 0.0, 0, Unit.NONE
        if best is None or share < best[0]:
            best = share, by, unit
    if best is None:
        raise AssertionError(f"deck {deck.id} has no positions")
    return best[1], best[2]
