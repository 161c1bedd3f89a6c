"""The smallest concession of time with which plain insertion works, in steps of five minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from geodata.units import HOUR_S, MINUTE_S
from routing.explain.change import Change
from routing.explain.effort import STEP_S
from routing.explain.gives import ready_earlier, widen_window, work_longer
from routing.explain.shortfall import smallest
from routing.inserting import Routes, fits_somewhere, open_trucks, runs_with
from routing.problem import Problem, Tables

WIDEST_S: Final = 6 * HOUR_S
OVERTIME_S: Final = 3 * HOUR_S
READY_S: Final = 12 * HOUR_S
"""The most anybody would ask of a buyer, of a crew, of a workshop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A concession of so many minutes, and the change it makes for any number of them."""

    minutes: int
    change: Callable[[int], Change]


def window_amounts(problem: Problem, routes: Routes, order: int) -> list[Amount]:
    """Find how much earlier or later each window would have to open or shut."""
    p = problem.tables
    found = []
    for at in range(len(problem.layout.orders[order].windows)):
        for key in ("later_min", "earlier_min"):
            found += _least(
                WIDEST_S,
                lambda s, key=key, at=at: fits_somewhere(  # type: ignore[misc]  # bound per turn
                    _wider(p, order, key, s, at), routes, order
                ),
                lambda minutes, key=key, at=at: {  # type: ignore[misc]  # bound per turn
                    "window": at + 1, key: minutes,
                },
            )  # fmt: skip
    return found


def overtime_amounts(problem: Problem, routes: Routes, order: int) -> list[Amount]:
    """Find how much longer, or earlier, each open truck would have to work."""
    p = problem.tables
    found = []
    for truck, route in open_trucks(p, routes, order):
        name = problem.layout.trucks[truck].id
        for key in ("overtime_after_min", "overtime_before_min"):
            found += _least(
                OVERTIME_S,
                lambda s, key=key, truck=truck, route=route: runs_with(  # type: ignore[misc]  # bound per turn
                    _longer(p, truck, key, s), truck, route, order
                ),
                lambda minutes, key=key, name=name: {  # type: ignore[misc]  # bound per turn
                    "overtime_truck": name, key: minutes,
                },
            )  # fmt: skip
    return found


def ready_amounts(problem: Problem, routes: Routes, order: int) -> list[Amount]:
    """Find how much earlier the car would have to be ready."""
    p = problem.tables
    if problem.layout.orders[order].readiness.binding_step is None:
        return []
    return _least(
        READY_S,
        lambda s: fits_somewhere(ready_earlier(p, order, s), routes, order),
        lambda minutes: {"ready_earlier_min": minutes},
    )


def _least(
    most_s: int, works: Callable[[int], bool], change: Callable[[int], Change]
) -> list[Amount]:
    steps = smallest(lambda steps: works(steps * STEP_S), most_s // STEP_S)
    return [] if steps is None else [Amount(minutes=steps * STEP_S // MINUTE_S, change=change)]


def _wider(p: Tables, order: int, key: str, seconds: int, at: int) -> Tables:
    if key == "later_min":
        return widen_window(p, order, later_s=seconds, only=at)
    return widen_window(p, order, earlier_s=seconds, only=at)


def _longer(p: Tables, truck: int, key: str, seconds: int) -> Tables:
    if key == "overtime_after_min":
        return work_longer(p, truck, after_s=seconds)
    return work_longer(p, truck, before_s=seconds)
