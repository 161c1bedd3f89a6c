"""A repair in a sandboxed child: the child plans whatever it is handed that plans itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from routing.isolate import Job, Sandbox

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest
    from routing.plan import Plan
    from routing.planner import News
    from routing.repair.mending import Repaired
    from routing.repair.record import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairJob:
    """What a child is asked to repair; see `routing.repair.mending.repair`. It tells no news, so
    there is no incumbent to finish from: a repair that is lost is done again."""

    request: PlanRequest
    travel: TravelMatrix
    before: Plan
    told: Told
    seed: int
    start: None = None
    searched: int = 0

    def plan(
        self,
        *,
        cancelled: Callable[[], bool] = lambda: False,
        on_news: Callable[[News], None] = lambda news: None,
    ) -> Repaired:
        """Repair it in this process."""
        from routing.repair.mending import repair

        return repair(
            self.request,
            self.travel,
            self.before,
            told=self.told,
            seed=self.seed,
            cancelled=cancelled,
        )


def repair_apart(
    sandbox: Sandbox, job: RepairJob, *, cancelled: Callable[[], bool] = lambda: False
) -> Repaired:
    """Repair in a child.

    Raises:
        BadRequest: events, plan and day do not belong together.
        SolverCrashed: the child died, or did not stop when it was asked to.
    """
    # The sandbox asks of a job that it plans itself, and hands back what that gives.
    return cast("Repaired", sandbox.plan(cast(Job, job), cancelled=cancelled))
