"""A large day planned in parts: in child processes, or on the workers of a Dask scheduler."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest
    from routing.isolate import Job
    from routing.planner import Planned
    from routing.scale.executor import Executor
    from routing.scale.planner import Done


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
    job: Job,
    *,
    executor: Executor,
    cancelled: Callable[[], bool],
    on_done: Callable[[Done], None],
) -> Planned:
    """Plan a day that has its whole matrix in parts, each with its own piece of the matrix.

    Raises:
        BadRequest: the request contradicts itself.
        SolverCrashed: a part could not be planned.
    """
    from routing.explain.standing import travel_of
    from routing.scale.planner import plan_parts

    return plan_parts(
        job.request,
        lambda part: travel_of(job.travel, part),
        executor,
        budget=job.budget,
        seed=job.seed,
        travel=job.travel,
        cancelled=cancelled,
        on_done=on_done,
    ).planned
