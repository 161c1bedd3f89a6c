"""What has happened cannot be planned again, and who is not asked does not notice."""

from datetime import datetime

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from routing.errors import BadRequest
from routing.plan import Plan, Stop
from routing.planner import Planned
from routing.repair.events import (
    BuyerAbsent,
    Event,
    OrderCancelled,
    RoadChanged,
    TruckLost,
    VinLate,
)
from routing.repair.mending import repair
from routing.repair.record import Told
from tests.days import moment, second, window
from tests.generated_days import generated_day
from tests.solving import solve
from tests.strategies import Day

PLANS: dict[int, tuple[Day, Planned]] = {}


def planned(seed: int) -> tuple[Day, Plan]:
    """A generated day and its plan, made once."""
    if seed not in PLANS:
        day = generated_day(seed)
        PLANS[seed] = day, solve(day.request, day.travel, iterations=1_000)
    return PLANS[seed][0], PLANS[seed][1].plan


def event_of(plan: Plan, kind: int, pick: int, now: datetime) -> Event:
    """Some event about some stop of the plan."""
    stops = [(route, stop) for route in plan.routes for stop in route.stops]
    route, stop = stops[pick % len(stops)]
    events: list[Event] = [
        OrderCancelled(order_id=stop.order_id),
        TruckLost(truck_id=route.truck_id, since=now),
        RoadChanged(places=frozenset({stop.place_id}), since=now),
        RoadChanged(places=frozenset({stop.place_id}), permille=1_500, since=now),
        VinLate(order_id=stop.order_id, ready=stop.begins),
        BuyerAbsent(order_id=stop.order_id, windows=(window("14:00", "18:00"),)),
    ]
    return events[kind]


def happened(plan: Plan, now: datetime) -> dict[str, tuple[str, datetime, datetime]]:
    """Truck, departure and begin of every stop that has begun."""
    return {
        stop.order_id: (route.truck_id, route.departs, stop.begins)
        for route in plan.routes
        for stop in route.stops
        if stop.begins <= now
    }


def on_board(plan: Plan, now: datetime) -> dict[str, str]:
    """The truck of every car that is on the road and not handed over."""
    return {
        stop.order_id: route.truck_id
        for route in plan.routes
        for stop in route.stops
        if route.departs <= now < stop.begins
    }


@settings(max_examples=6, deadline=None, phases=[Phase.generate])
@given(
    seed=st.integers(1, 3),
    kind=st.integers(0, 5),
    pick=st.integers(0, 40),
    hour=st.integers(6, 15),
)
def test_what_has_happened_stays_and_trucks_outside_the_diff_keep_their_minutes(
    seed: int, kind: int, pick: int, hour: int
) -> None:
    """Cars on a departed truck stay on it or are left; nobody joins them; the audit is clean."""
    day, before = planned(seed)
    now = moment(second(f"{hour:02d}:00"))
    event = event_of(before, kind, pick, now)
    try:
        told = Told(now=now, events=(event,))
        after = repair(day.request, day.travel, before, told=told, seed=1)
    except BadRequest as refused:
        assert all("cannot be" in fault for fault in refused.faults)
        return
    assert after.report.clean, after.report.findings
    done = happened(before, now)
    assert {name: happened(after.plan, now)[name] for name in done} == done
    board, trucks = on_board(before, now), on_truck(after.plan)
    assert all(trucks.get(name, truck) == truck for name, truck in board.items())
    left = {truck for truck, _, _ in done.values()} | set(board.values())
    assert all(name in board or name in done for name, truck in trucks.items() if truck in left)
    changed = {line.change.order_id for line in after.diff.lines}
    touched = {
        truck
        for line in after.diff.lines
        for truck in (line.change.truck_before, line.change.truck_after)
    }
    for name, (truck, stop) in stops_by_name(before).items():
        if truck not in touched:
            assert name not in changed
            again = stops_by_name(after.plan)[name]
            assert again[0] == truck
            assert abs((again[1].begins - stop.begins).total_seconds()) < 60


def on_truck(plan: Plan) -> dict[str, str]:
    """The truck of every order."""
    return {name: truck for name, (truck, _) in stops_by_name(plan).items()}


def stops_by_name(plan: Plan) -> dict[str, tuple[str, Stop]]:
    """Truck and stop of every order."""
    return {stop.order_id: (route.truck_id, stop) for route in plan.routes for stop in route.stops}
