"""Promises of chance against days that nobody has seen: pairs of p_late told and share met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import sqrt

import numpy as np

from routing.plan import Plan
from routing.robustness.chance import World
from routing.robustness.simulation import simulate
from tests.strategies import Day

EDGES = (0.0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.4, 0.7, 1.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """One stop: what the plan told, what fresh days met."""

    p_late: float
    late: float
    inside: float
    days: int

    @property
    def z(self) -> float:
        """Difference in standard errors, when both are shares of so many independent days."""
        p = (self.p_late + self.late) / 2
        error = sqrt(2 * p * (1 - p) / self.days)
        return (self.late - self.p_late) / error if error else 0.0


def uncertain(day: Day, **changes: object) -> Day:
    """The same day with other assumptions of chance."""
    policy = day.request.policy
    uncertainty = replace(policy.uncertainty, **changes)  # type: ignore[arg-type]  # passed through
    request = replace(day.request, policy=replace(policy, uncertainty=uncertainty))
    return replace(day, request=request)


def meet(day: Day, plan: Plan, *, world: World, seed: int) -> list[Met]:
    """Live through as many fresh days of a world as the plan was told from."""
    found = []
    days = day.request.policy.uncertainty.days
    lived = simulate(
        day.request, day.travel, plan.routes, plan.specialists, days=days, seed=seed, world=world
    )
    for route, fresh in zip(plan.routes, lived, strict=True):
        for i, stop in enumerate(route.stops):
            if stop.p_late is None or stop.eta_from is None or stop.eta_to is None:
                raise ValueError(f"{stop.order_id} was told nothing")
            start = day.request.horizon_start
            low, high = (stop.eta_from - start, stop.eta_to - start)
            begins = fresh.lived.begins[:, i]
            within = (begins >= low.total_seconds()) & (begins <= high.total_seconds())
            found.append(
                Met(
                    p_late=stop.p_late,
                    late=float(fresh.late[:, i].mean()),
                    inside=float(within.mean()),
                    days=days,
                )
            )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Stops that were told about the same chance: how many, mean told, mean met."""

    low: float
    high: float
    stops: int
    told: float
    met: float


def reliability(found: Sequence[Met]) -> list[Bin]:
    """The reliability table: bins of the chance told, empty ones left out."""
    bins = []
    for low, high in pairwise(EDGES):
        inside = [each for each in found if low <= each.p_late < high]
        if inside:
            bins.append(
                Bin(
                    low=low,
                    high=min(high, 1.0),
                    stops=len(inside),
                    told=float(np.mean([each.p_late for each in inside])),
                    met=float(np.mean([each.late for each in inside])),
                )
            )
    return bins
