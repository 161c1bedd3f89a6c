"""Solve a day as the planner does: tests that solve go through here, so each of them audits."""

from __future__ import annotations

from geodata.matrix import TravelMatrix
from routing.audit import report_text
from routing.domain.request import PlanRequest
from routing.planner import Planned, plan_day
from routing.search.budget import Iterations


def solve(
    request: PlanRequest, travel: TravelMatrix, *, iterations: int = 250, seed: int = 1
) -> Planned:
    """Plan a day, repeatably and in a moment; the auditor must find nothing.

    The search looks at its budget every 250 iterations, so less saves no time.
    """
    planned = plan_day(request, travel, budget=Iterations(iterations), seed=seed)
    assert planned.report.clean, report_text(planned.report, "en")
    return planned
