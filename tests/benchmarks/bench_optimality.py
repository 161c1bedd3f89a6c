"""How far the search and its master are from the best plan there is: small rich days, proved.

Every day is a warehouse of a generated day (`tests.generated_days`), cut to so many orders and
trucks. The best is the complete model's: every route by the exact evaluator, CP-SAT over all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import mean
from typing import Final

from routing.domain.request import PlanRequest
from routing.explain.one_warehouse import of_warehouse
from routing.problem import build_problem
from routing.search.budget import Iterations, default_iterations
from routing.search.complete import complete_columns
from routing.search.master import choose
from routing.search.ruin_recreate import search
from routing.travel_part import travel_of
from tests.benchmarks.measurement import Measurement
from tests.generated_days import generated_day
from tests.strategies import Day

DAYS: Final = 200
ORDERS: Final = 10
TRUCKS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One day: fen found, fen of the best plan, and whether that one is proved."""

    found: int
    best: int
    proved: bool

    @property
    def permille(self) -> float:
        """How much dearer what was found is."""
        return 1000 * (self.found - self.best) / max(1, self.best)


def small_day(seed: int) -> Day:
    """Cut the first warehouse of a generated day to a few orders and trucks."""
    whole = generated_day(seed)
    part = of_warehouse(whole.request, whole.request.warehouses[0].id)
    trucks = part.trucks[:TRUCKS]
    names = {truck.id for truck in trucks}
    made: PlanRequest = replace(
        part,
        orders=part.orders[:ORDERS],
        trucks=trucks,
        bans=tuple(ban for ban in part.bans if ban.truck_id in names),
    )
    return Day(request=made, travel=travel_of(whole.travel, made))


def gap_of(seed: int) -> Gap | None:
    """Search a day as the planner does, without the complete model; None if it is not complete."""
    day = small_day(seed)
    problem = build_problem(day.request, day.travel)
    budget = Iterations(default_iterations(len(day.request.orders)))
    found = search(problem, budget, seed=1)
    pooled = choose(problem, found.pool, found.best, seed=1)
    wholes = complete_columns(problem)
    best = choose(problem, found.pool, found.best, seed=1, wholes=wholes)
    return Gap(found=pooled.cost, best=best.cost, proved=best.proved) if wholes else None


def measure(days: int = DAYS) -> Iterator[Measurement]:
    """Days proved, days at the optimum, mean and largest gap."""
    gaps = [gap for seed in range(1, days + 1) if (gap := gap_of(seed)) is not None]
    proved = [gap for gap in gaps if gap.proved]
    yield Measurement(
        what="small rich days proved optimal",
        figure=len(proved),
        unit="days",
        how=f"of {days}, {len(gaps)} of them completely listed; up to {ORDERS} orders, "
        f"{TRUCKS} trucks",
    )
    if not proved:
        return
    at_best = sum(gap.found == gap.best for gap in proved)
    yield Measurement(
        what="of these, search and master found the best",
        figure=at_best,
        unit="days",
        how="without the complete model",
    )
    yield Measurement(
        what="mean gap to the best plan",
        figure=mean(gap.permille for gap in proved) / 10,
        unit="%",
        how=f"largest {max(gap.permille for gap in proved) / 10:.3f} %; orders left behind count",
    )
