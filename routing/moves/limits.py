"""Why a route cannot be driven in a given sequence: the first limit that is to blame, measured."""

from __future__ import annotations

import numpy as np

from routing.explain.gives import FOREVER, LIMITS, Limit, Trial
from routing.explain.shortfall import alone, deck_limit, smallest
from routing.inserting import cost_of, fits_deck
from routing.moves.board import Board
from routing.moves.values import Violation
from routing.problem import Tables
from routing.reasons import Reason, Unit


def violation(
    board: Board, truck: int, order: int, reason: Reason, *, short_by: int = 0, unit: Unit
) -> Violation:
    """Word a broken limit."""
    day = board.problem.layout
    return Violation(
        reason=reason,
        truck_id=day.trucks[truck].id,
        order_id=day.orders[order].id,
        short_by=short_by,
        unit=unit,
    )


def barred(board: Board, truck: int, order: int) -> Violation | None:
    """Tell what keeps an order off a truck at any hour; None when nothing does."""
    its, car = board.problem.layout.trucks[truck], board.problem.layout.orders[order]
    if not its.driver_id:
        return violation(board, truck, order, Reason.NO_TRUCK, unit=Unit.NONE)
    if car.warehouse_id != its.warehouse_id:
        return violation(board, truck, order, Reason.NO_STOCK, unit=Unit.NONE)
    if board.problem.tables.allowed[truck, order]:
        return None
    found = alone(board.problem, truck, order)
    if found is None:
        return violation(board, truck, order, Reason.LOCKED, unit=Unit.NONE)
    return violation(board, truck, order, found.reason, short_by=found.short_by, unit=found.unit)


def overfull(
    board: Board, truck: int, before: tuple[int, ...], sequence: tuple[int, ...], order: int
) -> Violation | None:
    """Tell by how much the cars of a sequence are too many for the deck; None when they fit."""
    if fits_deck(board.problem.tables, truck, sequence):
        return None
    found = deck_limit(board.problem, truck, before, order)
    by, unit = (found.short_by, found.unit) if found else (1, Unit.CARS)
    return violation(board, truck, order, Reason.DECK_NO_FIT, short_by=by, unit=unit)


def untimely(board: Board, truck: int, sequence: tuple[int, ...], order: int) -> Violation:
    """Blame the limit of the clock that keeps a route from being driven in this sequence; of
    several the last one that had to be taken away."""
    p = board.problem.tables
    trial = Trial(
        truck=truck,
        order=order,
        route=tuple(each for each in sequence if each != order),
        promised=np.array([each.promised for each in board.problem.layout.orders]),
    )
    for limit in LIMITS:
        if cost_of(limit.off(p, trial), truck, sequence) is not None:
            return _measured(board, limit, p, trial, sequence)
    for limit in LIMITS:
        without = limit.off(p, trial)
        if cost_of(without, truck, sequence) is not None:
            return _measured(board, limit, p, trial, sequence)
        p = without
    # What is left is the windows of the others: they are not the moved order's to widen.
    return violation(board, truck, order, Reason.WINDOW_MISSED, unit=Unit.NONE)


def _measured(
    board: Board, limit: Limit, p: Tables, trial: Trial, sequence: tuple[int, ...]
) -> Violation:
    truck, order = trial.truck, trial.order
    if limit.reason is Reason.LOCKED:
        return violation(board, truck, order, Reason.LOCKED, unit=Unit.NONE)
    needs = [
        smallest(
            lambda d, give=give: cost_of(give(p, trial, d), truck, sequence) is not None,  # type: ignore[misc]  # bound per turn of the loop
            FOREVER,
        )
        for give in limit.gives
    ]
    short_by = min((need for need in needs if need is not None), default=FOREVER)
    return violation(board, truck, order, limit.reason, short_by=short_by, unit=limit.unit)
