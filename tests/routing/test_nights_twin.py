"""Nights out: the compiled schedule and the auditor's twin agree on where they are spent."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geodata.units import HOUR_S
from routing.audit.twin.departure import schedule_route
from routing.audit.twin.values import TwinMiss
from routing.clock import DEAD
from routing.domain.fleet import Truck
from routing.domain.orders import Order
from routing.domain.windows import Window
from routing.problem import build_problem
from routing.route_cost import price_route
from routing.schedule import new_scratch
from routing.trace import trace_route
from tests.strategies import Run, runs


@st.composite
def tours(draw: st.DrawFn) -> Run:
    """A run of a truck that may stay out, short of hours, for buyers at home on later days."""
    run = draw(runs(max_stops=3))
    (only,) = run.request.trucks
    shorter = replace(
        only,
        nights_max=draw(st.sampled_from((1, 1, 2))),
        duty_max_s=min(only.duty_max_s, draw(st.sampled_from((14, 8, 5))) * HOUR_S),
        trips_max=1,
    )
    sheet = tuple(_on_days(each, draw(st.sets(st.integers(0, 2)))) for each in run.request.orders)
    driving = replace(
        run.request.policy.driving, night_rest_s=draw(st.sampled_from((10, 10, 8, 13))) * HOUR_S
    )
    policy = replace(run.request.policy, driving=driving)
    made = replace(run.request, orders=sheet, trucks=(_early(shorter),), policy=policy)
    return replace(run, request=made, reloads=())


def _early(truck: Truck) -> Truck:
    return replace(truck, shift_end=min(truck.shift_end, truck.shift_start + timedelta(hours=14)))


def _on_days(order: Order, days: set[int]) -> Order:
    """The windows of an order on these days instead; what reaches into the next day is left out."""
    windows: list[Window] = []
    for by in (timedelta(days=number) for number in sorted(days or {0})):
        for each in order.windows:
            moved = replace(each, start=each.start + by, end=each.end + by)
            if not windows or moved.start >= windows[-1].end:
                windows.append(moved)
    return replace(order, windows=tuple(windows), promised=False)


@settings(max_examples=60, deadline=None)
@given(tours())
def test_nights_are_spent_where_the_auditors_twin_spends_them(run: Run) -> None:
    """Departure, nights, both returns and every begin of service; or no schedule, say both."""
    assume(not any(order.readiness.missing for order in run.request.orders))
    problem = build_problem(run.request, run.travel)
    truck, orders = run.sequence(problem)
    scratch = new_scratch(len(orders))
    row = np.array(orders, dtype=np.int32)
    priced = price_route(problem.tables, truck, row, len(orders), scratch)
    twin = schedule_route(run.twin())
    if isinstance(twin, TwinMiss):
        assert priced.departs == DEAD
        return
    assert [int(place) for place in range(62) if priced.nights >> place & 1] == [*twin.nights]
    if priced.nights == 0 and priced.departs != twin.departs:
        # Another last second that returns as early: test_schedule_twin looks at those.
        return
    assert priced.departs == twin.departs
    for buffered, its in ((False, twin.typical), (True, twin.buffered)):
        traced = trace_route(
            problem.tables, truck, orders, priced.departs, buffered=buffered, nights=priced.nights
        )
        assert traced is not None
        assert traced.returns == its.returns
        assert [stop.begins for stop in traced.stops] == [visit.begins for visit in its.visits]
        assert [(night.start, night.end) for night in traced.nights] == [*its.nights]
