"""How true the chances of a plan are: on fresh days of its own model, and in three other worlds.

Writes the reliability table into docs/benchmarks.md, between its two markers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np

from routing.domain.uncertainty import TravelSpread
from routing.plan import Plan
from routing.robustness.outlook import with_outlook
from routing.warm_up import warm_up
from tests.benchmarks.measurement import Measurement
from tests.calibration import Met, meet, reliability, uncertain
from tests.generated_days import crowded_day
from tests.solving import solve
from tests.strategies import Day
from tests.worlds import WORLDS

PAGE: Final = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- calibration: begin -->", "<!-- calibration: end -->"
DAYS_PLANNED: Final = (1, 2, 3)
FRESH: Final = 90_001
FICKLE: Final = TravelSpread(cv=0.4)
HEAD: Final = (
    "Plans of three made-up days of 150 orders (seeds 1 to 3); travel cv raised to 0.4 so that",
    "chances of all sizes come up. 10,000 days told, 10,000 fresh days of each world met, by",
    "`python -m tests.benchmarks calibration`. At least eight begins of ten should lie",
    "inside the interval (more where the slot's opening is its lower end).",
    "",
    "| world | told late | met late | inside the interval |",
    "|---|---|---|---|",
)


def measure() -> Iterator[Measurement]:
    """Three days of 150 orders, simulated 10,000 times; then met by 10,000 days of each world."""
    warm_up()
    told = [_foretold(seed) for seed in DAYS_PLANNED]
    _, first, seconds = told[0]
    stops = sum(len(route.stops) for route in first.routes)
    yield Measurement(
        what="10,000 days of a plan",
        figure=seconds,
        unit="s",
        how=f"{stops} handovers on {len(first.routes)} trucks, one core, draws included",
    )
    overview, tables = list(HEAD), []
    for name, world in WORLDS.items():
        found = [met for day, plan, _ in told for met in meet(day, plan, world=world, seed=FRESH)]
        late_told, late_met = _means(found)
        inside = float(np.mean([each.inside for each in found]))
        yield Measurement(
            what=f"late, {name}",
            figure=100 * late_met,
            unit="%",
            how=f"told {late_told:.2%}; {inside:.1%} of the begins inside their interval",
        )
        overview.append(f"| {name} | {late_told:.2%} | {late_met:.2%} | {inside:.1%} |")
        tables += ["", f"{name}:", "", "| told from | to | stops | told | met |", f"|{'---|' * 5}"]
        tables += [
            f"| {each.low:g} | {each.high:g} | {each.stops} | {each.told:.4f} | {each.met:.4f} |"
            for each in reliability(found)
        ]
    _write("\n".join([*overview, *tables]))


def _foretold(seed: int) -> tuple[Day, Plan, float]:
    day = uncertain(crowded_day(seed, orders=150, warehouses=3, trucks=40), travel=FICKLE)
    plan = solve(day.request, day.travel, iterations=2_000).plan
    started = perf_counter()
    plan = with_outlook(day.request, day.travel, plan, seed=1)
    return day, plan, perf_counter() - started


def _means(found: list[Met]) -> tuple[float, float]:
    return float(np.mean([e.p_late for e in found])), float(np.mean([e.late for e in found]))


def _write(text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    block = f"{BEGIN}\n{text}\n{END}"
    if BEGIN in page:
        page = re.sub(f"{BEGIN}.*?{END}", lambda _: block, page, flags=re.DOTALL)
    else:
        page = f"{page.rstrip()}\n\n## How true the chances of a plan are\n{block}\n"
    PAGE.write_text(page, encoding="utf-8")
