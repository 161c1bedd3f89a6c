"""When a car that still needs work is fit to leave: the chain's p50 and p90, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil, hypot
from typing import Final

from routing.domain.readiness import ReadinessStep, StepKind

LONGEST_CHAIN_DAYS: Final = 366
"""Further away than this no plan of a day cares when the car is ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkHours:
    """The workshop's hours, the same every day: `[opens, closes)` in local time."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise ValueError(f"work hours end {self.closes} before they start {self.opens}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWork:
    """How much working time one step takes, in seconds: half the cars by p50, nine in ten by
    p90."""

    kind: StepKind
    p50_s: int
    p90_s: int

    def __post_init__(self) -> None:
        if not 0 <= self.p50_s <= self.p90_s:
            raise ValueError(f"{self.kind}: work must be 0 <= p50 <= p90")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """When the car reaches the warehouse."""

    p50: datetime
    p90: datetime

    def __post_init__(self) -> None:
        if self.p90 < self.p50:
            raise ValueError("arrival: p90 is before p50")


def chain_steps(
    works: Sequence[StepWork],
    *,
    begins: datetime,
    arrival: Arrival | None,
    hours: WorkHours,
) -> tuple[ReadinessStep, ...]:
    """Lay the open steps one after another and say when each is over.

    Work starts at `begins` or at the arrival, whichever is later, and goes on only within
    `hours`. Steps are independent, so their spreads add like standard deviations: the p90 of the
    sum is `sum(p50) + sqrt(sum((p90 - p50)^2))` (exact for normal steps). Adding p90 to p90 would
    assume that everything is late on the same day, and the car would stand ready for hours. The
    arrival's spread is one more term, counted in the working time it covers.
    """
    steps: list[ReadinessStep] = []
    start, spread_s, latest = begins, 0.0, begins
    if arrival is not None:
        steps.append(
            ReadinessStep(kind=StepKind.ARRIVAL, done_p50=arrival.p50, done_p90=arrival.p90)
        )
        start = max(begins, arrival.p50)
        latest = max(begins, arrival.p90)
        spread_s = float(work_between_s(start, latest, hours=hours))
    done_s = 0
    for work in works:
        done_s += work.p50_s
        spread_s = hypot(spread_s, work.p90_s - work.p50_s)
        typical = after_work(start, done_s, hours=hours)
        # Later steps are never done before earlier ones, whatever rounding and closing time do.
        latest = max(latest, typical, after_work(start, done_s + ceil(spread_s), hours=hours))
        steps.append(ReadinessStep(kind=work.kind, done_p50=typical, done_p90=latest))
    return tuple(steps)


def after_work(start: datetime, work_s: int, *, hours: WorkHours) -> datetime:
    """Return the moment `work_s` seconds of work are over; no work is over at once.

    Raises:
        ValueError: the work would last longer than a year of working days.
    """
    if work_s == 0:
        return start
    moment, left_s = start, work_s
    for _ in range(LONGEST_CHAIN_DAYS):
        opens = max(moment, _at(moment, hours.opens))
        open_s = int((_at(moment, hours.closes) - opens).total_seconds())
        if left_s <= open_s:
            return opens + timedelta(seconds=left_s)
        left_s -= max(open_s, 0)
        moment = _at(moment, time()) + timedelta(days=1)
    raise ValueError(f"{work_s} s of work last longer than {LONGEST_CHAIN_DAYS} days")


def work_between_s(start: datetime, end: datetime, *, hours: WorkHours) -> int:
    """Count the working seconds in `[start, end)`; 0 when `end` is not later."""
    total_s, day = 0, start
    while day < end:
        opens = max(start, _at(day, hours.opens))
        closes = min(end, _at(day, hours.closes))
        total_s += max(0, int((closes - opens).total_seconds()))
        day = _at(day, time()) + timedelta(days=1)
    return total_s


def _at(day: datetime, clock: time) -> datetime:
    return datetime.combine(day.date(), clock, tzinfo=day.tzinfo)
