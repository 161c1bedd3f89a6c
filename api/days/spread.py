"""A large day planned in parts: in child processes, or on the workers of a Dask scheduler."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.days.matrix import PreparedDay
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest
    from routing.plan import Plan
    from routing.planner import Planned
    from routing.scale.executor import Executor
    from routing.scale.keeping import Keeping
    from routing.scale.planner import Done
    from routing.search.budget import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Where parts are planned: at a Dask scheduler's address, or in so many processes here."""

    workers: int = 1
    scheduler: str = ""

    def executor(self, cache_dir: Path) -> AbstractContextManager[Executor]:
        """Open the way there.

        Raises:
            BadUsage: Dask is not installed, nobody answers at the address, or no worker is there.
        """
        if self.scheduler:
            from api.days.cluster import Cluster

            return Cluster(self.scheduler)
        from routing.scale.children import Children

        return Children(self.workers, cache_dir=cache_dir)


def is_large(request: PlanRequest) -> bool:
    """Tell whether a day has more than one part."""
    from routing.scale.split import split

    return len(split(request)) > 1


def plan_spread(
    request: PlanRequest,
    *,
    travel_for: Callable[[PlanRequest], TravelMatrix],
    travel: TravelMatrix | None,
    executor: Executor,
    budget: Budget,
    seed: int,
    cancelled: Callable[[], bool],
    on_done: Callable[[Done], None],
) -> Planned:
    """Plan a day in parts, each with a matrix of its own: a piece of the whole day's `travel`, or
    made for it where there is none.

    Raises:
        BadRequest: the request contradicts itself.
        SolverCrashed: a part could not be planned.
    """
    from routing.scale.planner import plan_parts
    from routing.travel_part import travel_of

    return plan_parts(
        request,
        travel_for if travel is None else lambda part: travel_of(travel, part),
        executor,
        budget=budget,
        seed=seed,
        travel=travel,
        cancelled=cancelled,
        on_done=on_done,
    ).planned


def kept_parts(workers: Executor, cache_dir: Path) -> Keeping:
    """Keep finished parts in the user's cache, so that the same command goes on after a crash."""
    from geodata.cache import package_digest
    from routing.scale.keeping import Keeping

    versions = package_digest(("flatbed", "ortools", "numba", "numpy"), recipe="part 1")
    return Keeping(workers, cache_dir / "parts", versions=versions)


def audited_travel(day: PreparedDay, plan: Plan) -> TravelMatrix:
    """Find the roads to audit a plan with: of a day that was prepared apart those of its parts."""
    from routing.scale.leg_book import legs_of

    return legs_of(day.request, day.travel_for, plan) if day.apart else day.travel


def was_spread(plan: Plan) -> bool:
    """Tell whether a plan was made in parts."""
    return bool(re.search(r"; \d+ parts$", plan.provenance.engine))
