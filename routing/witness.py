"""The witness: routes that prove, for one pool-day, that everything promised fits together.

A value, as all of `routing`. The promise book stores it as decisions and folds them in order: a
fold assigns whole routes and never computes, so that replay cannot end elsewhere than the past did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from routing.domain.windows import Window

Told = Mapping[str, object]
"""A JSON object. A route's is the one of plan.json, which is what the auditor reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRecord:
    """One truck's whole day as it was decided: the route, and the promises in it by their ids."""

    truck_id: str
    serves: tuple[str, ...]
    told: Told

    def __post_init__(self) -> None:
        if len(set(self.serves)) < len(self.serves):
            raise ValueError(f"truck {self.truck_id} serves a promise twice: {self.serves}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What somebody wants served: one order in one window. `load` is what the judge must know of
    the order (place, service time, skills, car), as JSON."""

    promise_id: str
    order_ref: str
    window: Window
    load: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """An ask that was granted. `since` is the plan_seq that last set its window."""

    ask: Ask
    since: int
    at_risk_by: str = ""
    """Id of the outside event that broke it; empty: it holds."""
    took: Mapping[CountedKey, int] = field(default_factory=dict)
    """What it holds of counted things until it is taken back."""
    done: bool = False
    """The truck was there, handed over or not: nothing is owed any more."""


class CountedKey(NamedTuple):
    """Something counted that outlives one day's routes: stock, workshop places, a budget."""

    kind: str
    key: str
    day: str
    """ISO date; empty: not of one day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The difference a judgement makes: whole routes of the trucks that change (None: the truck
    stays at home), and what the promise that is placed takes of counted things."""

    routes: Mapping[str, RouteRecord | None]
    counted: Mapping[CountedKey, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for truck_id, route in self.routes.items():
            if route is not None and route.truck_id != truck_id:
                raise ValueError(f"the route of {route.truck_id} is filed under {truck_id}")

    def then(self, later: Decision) -> Decision:
        """Give the one decision that does this and then the later one."""
        return Decision(routes={**self.routes, **later.routes}, counted=later.counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """The routes of one pool-day and the promises they must keep, after event `seq`.

    `plan_seq` counts the changes of the witness alone; `world_seq` is the plan_seq of the last
    change from outside (a truck lost, another basis): a plan made before it knows another world.
    """

    pool: str
    day: date
    basis: str
    """Which travel times, calendar, fleet, policy and rules hold; the judge knows them by it."""
    seq: int = 0
    plan_seq: int = 0
    world_seq: int = 0
    routes: Mapping[str, RouteRecord] = field(default_factory=dict)
    promises: Mapping[str, Promise] = field(default_factory=dict)
    """By id, in the order in which they were made: all that were not taken back."""

    def decided(self, decision: Decision) -> Witness:
        """Assign the routes of a decision."""
        routes = {**self.routes, **decision.routes}
        return replace(self, routes={truck: made for truck, made in routes.items() if made})

    def keeping(self, promise: Promise) -> Witness:
        """Add a promise, or put the new one in the place of the one with the same id."""
        return replace(self, promises={**self.promises, promise.ask.promise_id: promise})

    def forgetting(self, *promise_ids: str) -> Witness:
        """Leave out promises that were taken back. The routes stay as they are."""
        gone = set(promise_ids)
        kept = {each: made for each, made in self.promises.items() if each not in gone}
        return replace(self, promises=kept)

    @property
    def served(self) -> frozenset[str]:
        """Ids of all promises that are on a route."""
        return frozenset(each for route in self.routes.values() for each in route.serves)

    @property
    def owed(self) -> frozenset[str]:
        """Ids of the promises that the routes must serve: all that are neither at risk nor done."""
        return frozenset(
            each for each, made in self.promises.items() if not (made.at_risk_by or made.done)
        )
