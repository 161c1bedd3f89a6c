"""The readiness chain: working hours, independent spreads, order of steps."""

from datetime import datetime, time, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from routing.domain.readiness import StepKind
from routing.domain.readiness_chain import (
    Arrival,
    StepWork,
    WorkHours,
    after_work,
    chain_steps,
    work_between_s,
)

ZONE = timezone(timedelta(hours=8))
HOURS = WorkHours(opens=time(8, 0), closes=time(18, 0))
HOUR_S = 3_600


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def test_spreads_of_independent_steps_add_like_standard_deviations() -> None:
    """Two steps of 1 h typical and +30 and +40 min at p90 together vary by 50, not 70 min."""
    works = (
        StepWork(kind=StepKind.PDI, p50_s=HOUR_S, p90_s=HOUR_S + 30 * 60),
        StepWork(kind=StepKind.CHARGE, p50_s=HOUR_S, p90_s=HOUR_S + 40 * 60),
    )
    _, last = chain_steps(works, begins=at(22, 9), arrival=None, hours=HOURS)
    assert last.done_p50 == at(22, 11)
    assert last.done_p90 == at(22, 11, 50)  # 3-4-5: sqrt(30^2 + 40^2) = 50


def test_work_stops_when_the_workshop_closes() -> None:
    """Three hours begun at 16:00 are over next morning at 09:00."""
    assert after_work(at(22, 16), 3 * HOUR_S, hours=HOURS) == at(23, 9)


def test_a_car_that_arrives_at_night_waits_for_the_morning_once() -> None:
    """p50 and p90 of arrival both lie after closing: the night absorbs the difference."""
    pdi = StepWork(kind=StepKind.PDI, p50_s=HOUR_S, p90_s=HOUR_S)
    arrival = Arrival(p50=at(22, 20), p90=at(22, 23))
    came, done = chain_steps((pdi,), begins=at(22, 9), arrival=arrival, hours=HOURS)
    assert (came.kind, came.done_p90) == (StepKind.ARRIVAL, at(22, 23))
    assert (done.done_p50, done.done_p90) == (at(23, 9), at(23, 9))


def test_nothing_open_is_an_empty_chain() -> None:
    """A car in stock with all work done is ready now."""
    assert chain_steps((), begins=at(22, 9), arrival=None, hours=HOURS) == ()


MOMENTS = st.integers(0, 3 * 86_400).map(lambda s: at(20, 0) + timedelta(seconds=s))


@given(start=MOMENTS, work_s=st.integers(1, 5 * 86_400))
def test_the_hours_worked_are_the_hours_asked_for(start: datetime, work_s: int) -> None:
    """`after_work` and `work_between_s` are each other's inverse."""
    end = after_work(start, work_s, hours=HOURS)
    assert work_between_s(start, end, hours=HOURS) == work_s


@given(
    begins=MOMENTS,
    arrives=st.none() | st.tuples(MOMENTS, st.integers(0, 86_400)),
    durations=st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, 40_000)), max_size=4),
)
def test_steps_follow_each_other_and_p90_is_never_before_p50(
    begins: datetime,
    arrives: tuple[datetime, int] | None,
    durations: list[tuple[int, int]],
) -> None:
    """Whatever the times, the chain is in order at p50 and at p90."""
    kinds = (StepKind.PDI, StepKind.EDITION, StepKind.CHARGE, StepKind.WASH)
    works = [
        StepWork(kind=kind, p50_s=p50, p90_s=p50 + more)
        for kind, (p50, more) in zip(kinds, durations, strict=False)
    ]
    arrival = (
        Arrival(p50=arrives[0], p90=arrives[0] + timedelta(seconds=arrives[1])) if arrives else None
    )
    steps = chain_steps(works, begins=begins, arrival=arrival, hours=HOURS)
    assert len(steps) == len(works) + (arrival is not None)
    assert [step.done_p50 for step in steps] == sorted(step.done_p50 for step in steps)
    assert [step.done_p90 for step in steps] == sorted(step.done_p90 for step in steps)
