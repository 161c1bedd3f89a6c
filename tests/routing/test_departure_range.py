"""A column's range of departures is feasible all the way, not only at its ends."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from routing.audit.twin.departure import retime
from routing.audit.twin.values import TwinMiss
from routing.clock import DEAD
from routing.problem import build_problem
from routing.route_cost import price_route
from routing.schedule import new_scratch
from routing.trace import trace_route
from tests.strategies import Run, runs


@settings(max_examples=150, deadline=None)
@given(runs(), st.floats(0, 1))
def test_every_departure_of_a_range_keeps_windows_shift_and_duty(run: Run, share: float) -> None:
    """The master picks any of them; the auditor's twin, which never saw the range, must agree."""
    assume(not any(order.readiness.missing for order in run.request.orders))
    problem = build_problem(run.request, run.travel)
    tables = problem.tables
    truck, orders = run.sequence(problem)
    scratch = new_scratch(len(orders))
    sequence = np.array(orders, dtype=np.int32)
    priced = price_route(tables, truck, sequence, len(orders), scratch)
    assume(priced.departs != DEAD)
    assert priced.first <= priced.departs <= priced.last
    departs = round(priced.first + share * (priced.last - priced.first))
    assert trace_route(tables, truck, orders, departs, buffered=True) is not None
    assume(trace_route(tables, truck, orders, departs, buffered=False) is not None)
    found = retime(run.twin(), load=(departs - priced.load, departs), departs=departs)
    assert not isinstance(found, TwinMiss)
