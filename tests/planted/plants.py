"""How to plant a bug: one rule answers wrongly, or does not see something in the day.

Planted in Python, where rules compile themselves and slots are chosen; compiled code stays as it
is, so planting compiles nothing again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from routing import narrowing
from routing import problem as door_in
from routing.domain.fleet import Truck
from routing.domain.orders import Order
from routing.domain.request import PlanRequest
from routing.problem import Problem
from routing.rules.layout import Layout
from tests.days import matrix_of, truck
from tests.strategies import Day

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """A planted bug, a day on which it matters, and the check of the auditor that must name it."""

    name: str
    plant: Plant
    day: Day
    check: str


def answers(owner: object, name: str, change: Callable[[Any], Any]) -> Plant:
    """Let a function of a rule or module answer something else than it would."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        sound = getattr(owner, name)
        patch.setattr(owner, name, lambda *args, **named: change(sound(*args, **named)))

    return plant


def sees(rule: type, change: Callable[[Layout], Layout]) -> Plant:
    """Let a rule compile another day than the one that is."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        sound = rule.compile  # type: ignore[attr-defined]  # every rule has it
        patch.setattr(rule, "compile", lambda self, day: sound(self, change(day)))

    return plant


def both(*plants: Plant) -> Plant:
    """Plant one bug in the two places that know the rule."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        for each in plants:
            each(patch)

    return plant


def instead(owner: object, name: str, other: Callable[..., Any]) -> Plant:
    """Put another function in the place of one."""
    return lambda patch: patch.setattr(owner, name, other)


def tables(**changes: object) -> Plant:
    """Change tables of the problem once it is compiled; a callable gets the old value."""

    def spoiled(sound: Any) -> Any:  # noqa: ANN401  # the NamedTuple of tables
        new = {
            name: change(getattr(sound, name)) if callable(change) else change
            for name, change in changes.items()
        }
        return sound._replace(**new)

    return answers(door_in, "Tables", spoiled)


def orders_seen(change: Callable[[Order], Order]) -> Callable[[Layout], Layout]:
    """Change every order of a day."""
    return lambda day: replace(day, orders=tuple(change(order) for order in day.orders))


def slots_without_promises(patch: pytest.MonkeyPatch) -> None:
    """Let slots be chosen as if nothing had been promised."""
    sound = narrowing._slot_for
    forget = orders_seen(lambda order: replace(order, promised=False))

    def choose(problem: Problem, *args: int) -> tuple[int, int]:
        return sound(replace(problem, layout=forget(problem.layout)), *args)

    patch.setattr(narrowing, "_slot_for", choose)


def on(made: PlanRequest, **line: object) -> Day:
    """A day along the line; `line` goes to `line_matrix`."""
    return Day(request=made, travel=matrix_of(made, **line))


def two_one_car_trucks() -> list[Truck]:
    """Two trucks alike, with a driver each."""
    return [truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)]
