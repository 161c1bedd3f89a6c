"""The twin's schedules, read back by checks that share none of its reasoning."""

from dataclasses import replace

from hypothesis import HealthCheck, assume, event, given, settings

from routing.audit import audit_plan
from routing.audit.twin.departure import schedule_route
from routing.audit.twin.timing import time_route
from routing.audit.twin.values import TwinMiss, TwinSchedule, TwinTimes
from tests.hand_plans import hand_plan
from tests.strategies import Run, runs

EASY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
LAWS = {"timeline", "travel", "driving", "bans", "bays", "duty", "costs"}


def _schedule(run: Run) -> TwinSchedule | TwinMiss:
    return schedule_route(run.twin())


@EASY
@given(runs())
def test_every_schedule_of_the_twin_is_lawful(run: Run) -> None:
    """Legs, rests, bans, bays, duty and money are checked from the plan's own moments."""
    schedule = _schedule(run)
    event("feasible" if isinstance(schedule, TwinSchedule) else schedule.reason.value)
    assume(isinstance(schedule, TwinSchedule) and not run.reloads)
    plan = hand_plan(run.request, run.travel, {run.truck_id: run.order_ids})
    found = audit_plan(run.request, run.travel, plan).findings
    assert [each.text_en for each in found if each.check in LAWS] == []


@EASY
@given(runs())
def test_a_later_departure_finishes_later(run: Run) -> None:
    """The departure found is the latest one: a second more and the finish moves, or it is lost."""
    schedule = _schedule(run)
    assume(isinstance(schedule, TwinSchedule))
    assert isinstance(schedule, TwinSchedule)
    route = run.twin()
    assume(not any(schedule.departs == end for _, end in route.truck.loading))
    assume(len(route.truck.loading) == 1 or route.truck.evening_loading)
    later = time_route(route.buffered(), departs=schedule.departs + 1)
    assert isinstance(later, TwinMiss) or later.returns > schedule.buffered.returns


@EASY
@given(runs(max_stops=3))
def test_more_buffer_never_finishes_earlier(run: Run) -> None:
    """With one band and no bans, slack costs time and nothing else."""
    calm = replace(run.request, bans=())
    route = replace(run, request=calm).twin()
    assume(len(route.band_starts_s) == 1)
    departs = route.truck.shift_start
    typical, late = (
        time_route(route, departs=departs),
        time_route(route.buffered(), departs=departs),
    )
    if isinstance(late, TwinTimes):
        assert isinstance(typical, TwinTimes)
        assert typical.returns <= late.returns
