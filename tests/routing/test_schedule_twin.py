"""The compiled schedule and the auditor's twin, written apart, agree to the second."""

import numpy as np
from hypothesis import assume, given, settings

from routing.audit.twin.departure import retime, schedule_route
from routing.audit.twin.timing import time_route
from routing.audit.twin.values import TwinMiss, TwinRoute, TwinSchedule
from routing.clock import DEAD
from routing.problem import build_problem
from routing.route_cost import price_route
from routing.schedule import new_scratch
from routing.trace import trace_route
from tests.strategies import Run, runs


@settings(max_examples=300, deadline=None)
@given(runs())
def test_compiled_schedule_equals_the_auditors_twin(run: Run) -> None:
    """Departure, both returns and every begin of service; or both say there is no schedule."""
    # A missing precondition is no matter of time: the twin leaves it to another check.
    assume(not any(order.readiness.missing for order in run.request.orders))
    problem = build_problem(run.request, run.travel)
    truck, orders = run.sequence(problem)
    scratch = new_scratch(len(orders))
    sequence = np.array(orders, dtype=np.int32)
    priced = price_route(problem.tables, truck, sequence, len(orders), scratch)
    departs = priced.departs
    twin = schedule_route(run.twin())
    typical = buffered = None
    if departs != DEAD:
        typical = trace_route(problem.tables, truck, orders, departs, buffered=False)
        buffered = trace_route(problem.tables, truck, orders, departs, buffered=True)
    if isinstance(twin, TwinMiss):
        # The search judges the buffered schedule; slots then ask the typical one as well.
        assert (
            departs == DEAD
            or typical is None
            or buffered is None
            or typical.returns > buffered.returns
        )
        return
    if departs != twin.departs:
        # The return is not monotone here: another last second that returns as early.
        twin = _from_another_departure(run.twin(), twin, departs=departs)
    assert typical is not None and buffered is not None
    assert (buffered.returns, typical.returns) == (twin.buffered.returns, twin.typical.returns)
    for traced, its in ((typical, twin.typical), (buffered, twin.buffered)):
        assert [stop.begins for stop in traced.stops] == [visit.begins for visit in its.visits]
        assert [stop.leaves for stop in traced.stops] == [visit.leaves for visit in its.visits]


def _from_another_departure(route: TwinRoute, found: TwinSchedule, *, departs: int) -> TwinSchedule:
    """The twin's schedule for a departure that is as good as the one it found itself."""
    duty_from = departs - (found.departs - found.duty_from)
    load = found.load if route.truck.evening_loading else (duty_from, departs)
    there, later = (
        time_route(route.buffered(), departs=second) for second in (departs, departs + 1)
    )
    assert not isinstance(there, TwinMiss)
    assert there.returns <= found.buffered.returns
    assert isinstance(later, TwinMiss) or later.returns > found.buffered.returns
    again = retime(route, load=load, departs=departs)
    assert not isinstance(again, TwinMiss)
    return again
