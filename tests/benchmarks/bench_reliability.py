"""What it costs to be on time: one day planned with fixed buffers and at four quantiles.

Writes its table into docs/benchmarks.md, between its two markers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.units import Minor
from routing.domain.orders import Priority
from routing.domain.uncertainty import TravelSpread
from routing.explain import Effort
from routing.planner import Planned, plan_day
from routing.robustness.reliability import plan_reliably, with_quantile
from routing.search.budget import Iterations
from routing.warm_up import warm_up
from tests.benchmarks.measurement import Measurement
from tests.calibration import uncertain
from tests.generated_days import generated_day

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest
    from routing.plan import Plan

PAGE: Final = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- reliability: begin -->", "<!-- reliability: end -->"
SEED_OF_DAY: Final = 2
ITERATIONS: Final = 500
QUANTILES: Final = (0.8, 0.9, 0.95, 0.99)
FICKLE: Final = TravelSpread(cv=0.3)


def measure() -> Iterator[Measurement]:
    """Cost with orders left behind priced in, and how many handovers a day miss their slot."""
    warm_up()
    day = uncertain(generated_day(SEED_OF_DAY), travel=FICKLE)

    def once(asked: PlanRequest) -> Planned:
        # Fixes of orders left behind are not what is measured.
        return plan_day(
            asked,
            day.travel,
            budget=Iterations(ITERATIONS),
            seed=1,
            effort=Effort(iterations=0, searches=0, searches_in_all=0, pairs=0),
        )

    lines = [
        f"A made-up day of {len(day.request.orders)} orders (seed {SEED_OF_DAY}), travel cv 0.3, "
        f"{ITERATIONS:,} iterations a plan; `python -m tests.benchmarks reliability`.",
        "",
        "| judged by | driving, service | cost, left-behind orders priced in | left behind "
        "| late a day | worst slot missed | at risk |",
        f"|{'---|' * 7}",
    ]
    plans = [("fixed buffers", day.request, once(day.request).plan)]
    for quantile in QUANTILES:
        planned, asked, _ = plan_reliably(
            with_quantile(day.request, quantile), once, plan_of=lambda planned: planned.plan
        )
        plans.append((f"{quantile:g}", asked, planned.plan))
    for name, asked, plan in plans:
        if plan.outlook is None:
            raise AssertionError("the planner leaves no plan without its outlook")
        buffers = asked.policy.buffers
        cost = _cost(asked, plan)
        late = plan.outlook.expected_late
        worst = max((s.p_late or 0.0 for r in plan.routes for s in r.stops), default=0.0)
        yield Measurement(
            what=f"judged by {name}",
            figure=cost / 100,
            unit="yuan",
            how=f"{late:.2f} late a day, {len(plan.left_behind)} left behind",
        )
        lines.append(
            f"| {name} | {buffers.drive_permille / 10:g} %, {buffers.service_s / 60:.0f} min "
            f"| ¥{cost / 100:,.0f} | {len(plan.left_behind)} | {late:.2f} | {worst:.3f} "
            f"| {len(plan.outlook.at_risk)} |"
        )
    _write("\n".join(lines))


def _cost(asked: PlanRequest, plan: Plan) -> Minor:
    prices = asked.policy.left_behind
    return Minor(plan.cost_minor + sum(prices[Priority(e.priority)] for e in plan.left_behind))


def _write(text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    block = f"{BEGIN}\n{text}\n{END}"
    if BEGIN in page:
        page = re.sub(f"{BEGIN}.*?{END}", lambda _: block, page, flags=re.DOTALL)
    else:
        page = f"{page.rstrip()}\n\n## What it costs to be on time\n{block}\n"
    PAGE.write_text(page, encoding="utf-8")
