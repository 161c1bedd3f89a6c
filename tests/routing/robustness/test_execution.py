"""Days lived through: the compiled driver against the plan, and a driver in plain Python."""

from dataclasses import replace

import numpy as np
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from geodata.matrix import TravelMatrix
from routing.audit.twin.departure import schedule_route
from routing.audit.twin.reading import read_route
from routing.audit.twin.values import TwinMiss
from routing.domain.policy import BufferPolicy, DrivingPolicy
from routing.domain.request import PlanRequest
from routing.plan import Plan, Route, Stop
from routing.robustness.chance import Chances, draws_of, modelled
from routing.robustness.course import course_of
from routing.robustness.execution import Draws, Lived, live
from routing.robustness.journey import journey_of
from tests.days import at, ban, km, matrix_of, order, request, second, specialist, truck
from tests.generated_days import generated_day
from tests.hand_plans import hand_plan
from tests.routing.robustness.driver import Luck, PlainDriver
from tests.solving import solve
from tests.strategies import Run, runs


def paced(route: Route, *factors: float, service: float = 1.0) -> Draws:
    """One day on which all legs (or each, in order) are stretched, and all services."""
    legs = len(route.halts) + 1
    each = factors if len(factors) == legs else factors * legs
    services = np.full((1, len(route.stops)), np.log(service))
    return draws_of(route, Chances(travel=np.log(np.array([each])), handover=services))


def lived(day: PlanRequest, plan: Plan, draws: Draws, travel: TravelMatrix | None = None) -> Lived:
    (route,) = plan.routes
    return live(course_of(day, travel or matrix_of(day), route), draws)


def plan_of(day: PlanRequest, travel: TravelMatrix | None = None) -> Plan:
    """All orders of the day on its one truck, in their order."""
    return hand_plan(day, travel or matrix_of(day), {"T1": [each.id for each in day.orders]})


def planned_run(run: Run) -> Plan:
    twin = read_route(run.request, run.travel, truck_id=run.truck_id, order_ids=run.order_ids)
    assume(not isinstance(schedule_route(twin), TwinMiss))
    return hand_plan(run.request, run.travel, {run.truck_id: run.order_ids})


@settings(max_examples=80, deadline=None)
@given(runs())
def test_a_day_on_which_nothing_strays_is_the_plan(run: Run) -> None:
    """Every begin and the return, to the second, whatever bands, bans and rests there are."""
    plan = planned_run(run)
    (route,) = plan.routes
    event(f"{len(route.stops)} stops")
    found = lived(run.request, plan, paced(route, 1.0), run.travel)
    start = run.request.horizon_start
    assert found.begins[0].tolist() == [
        (stop.begins - start).total_seconds() for stop in route.stops
    ]
    assert found.returns[0] == (route.returns - start).total_seconds()


@settings(max_examples=80, deadline=None)
@given(runs(), st.integers(0, 2**32))
def test_the_plain_driver_lives_the_same_days(run: Run, seed: int) -> None:
    """Two drivers, written apart from docs/robustness.md, agree to the second on wild days."""
    plan = planned_run(run)
    (route,) = plan.routes
    assert_plain_driver_agrees(run.request, run.travel, route, seed=seed, days=6)


def test_the_plain_driver_lives_the_same_days_of_a_whole_plan() -> None:
    """The same for a plan that the search made, with slots it chose."""
    day = generated_day(3)
    for route in solve(day.request, day.travel).plan.routes:
        assert_plain_driver_agrees(day.request, day.travel, route, seed=3, days=20)


def assert_plain_driver_agrees(
    day: PlanRequest, travel: TravelMatrix, route: Route, *, seed: int, days: int
) -> None:
    dice = np.random.default_rng(seed)
    wild = draws_of(
        route,
        Chances(
            travel=dice.normal(0.1, 0.5, (days, len(route.halts) + 1)),
            handover=dice.normal(0.1, 0.5, (days, len(route.stops))),
        ),
    )
    found = live(course_of(day, travel, route), wild)
    for row in range(days):
        luck = Luck(
            pace=wild.pace[row].tolist(),
            unload=wild.unload[row].tolist(),
            handover=wild.handover[row].tolist(),
        )
        begins, returns = PlainDriver(day, travel, route).day(luck)
        assert found.begins[row].tolist() == begins
        assert found.returns[row] == returns


def test_who_comes_early_waits_for_the_slot_and_no_longer() -> None:
    """Half the driving time: the truck is there before the slot opens, and begins when it does."""
    day = request(order(place=km(60), windows=[("09:00", "11:00")]))
    plan = plan_of(day)
    (route,) = plan.routes
    # the plan departs to arrive at nine sharp; half an hour early changes nothing
    assert route.stops[0].begins == at("09:00")
    assert lived(day, plan, paced(route, 0.5)).begins.tolist() == [[second("09:00")]]


def test_who_comes_late_hands_over_all_the_same() -> None:
    """Late by its own delay: 60 km at two and a half times the minute a kilometre, plus nothing."""
    day = request(order(place=km(60), windows=[("09:00", "10:00")]))
    plan = plan_of(day)
    (route,) = plan.routes
    found = lived(day, plan, paced(route, 2.5))
    # planned 08:00 to 09:00; 150 minutes instead of 60 end at 10:30, half an hour too late
    assert found.begins.tolist() == [[second("10:30")]]


def test_a_slow_day_meets_the_driving_limit_that_the_plan_did_not() -> None:
    """230 km planned in 3 h 50; a tenth longer is 4 h 13, so a rest of 20 minutes is owed."""
    day = request(order(place=km(230)), trucks=[truck(shift=("04:00", "23:00"), duty_max_h=19)])
    plan = plan_of(day)
    (route,) = plan.routes
    typical = lived(day, plan, paced(route, 1.0)).begins[0, 0]
    slow = lived(day, plan, paced(route, 1.1)).begins[0, 0]
    assert slow - typical == 23 * 60 + 20 * 60


def test_a_ban_is_met_at_the_real_hour() -> None:
    """Late into a ban: the truck that the plan brings in before seven waits until nine."""
    site = km(30)
    day = request(
        order(place=site, windows=[("06:30", "09:30")]), bans=[ban(site, ("07:00", "09:00"))]
    )
    plan = plan_of(day)
    (route,) = plan.routes
    assert route.stops[0].begins < at("07:00")
    late = lived(day, plan, paced(route, 3.0)).begins[0, 0]
    assert late == second("09:00")


def test_a_longer_service_is_passed_on_and_waiting_swallows_it() -> None:
    """80 minutes become 120: the second stop begins 40 minutes later, less what it had to wait."""
    day = request(
        order("O1", place=km(30), windows=[("08:00", "10:00")]),
        order("O2", place=km(60), windows=[("10:30", "13:00")]),
    )
    plan = plan_of(day)
    (route,) = plan.routes
    typical = lived(day, plan, paced(route, 1.0)).begins[0]
    slow = lived(day, plan, paced(route, 1.0, service=1.5)).begins[0]
    waits = route.stops[1].waits_s
    assert slow[0] == typical[0]
    assert slow[1] - typical[1] == 40 * 60 - waits


def test_every_buffer_used_up_is_a_day_like_any_other() -> None:
    """A tenth on every leg, with the buffers of the policy alike: the latest begins of the plan."""
    day = request(
        order("O1", place=km(30)),
        order("O2", place=km(90)),
        buffers=BufferPolicy(drive_permille=100, service_s=0),
        driving=DrivingPolicy(),
        specialists=[specialist(truck_id="T1")],
        trucks=[truck(specialist_id="S1")],
    )
    plan = plan_of(day)
    (route,) = plan.routes
    found = lived(day, plan, paced(route, 1.1))
    start = day.horizon_start
    assert found.begins[0].tolist() == [
        (stop.begins_latest - start).total_seconds() for stop in route.stops
    ]


def test_a_route_draws_its_days_whatever_the_others_do() -> None:
    """Each truck has its stream: a repaired neighbour leaves the figures of this one alone."""
    day = request(
        order("O1"), order("O2"), trucks=[truck("T1", cars=1), truck("T2", cars=1, driver_id="D2")]
    )
    travel = matrix_of(day)
    both = hand_plan(day, travel, {"T1": ["O1"], "T2": ["O2"]})
    alone = hand_plan(day, travel, {"T2": ["O2"]})
    first, again = (
        modelled(day, journey_of(day, travel, plan.routes[-1]), days=50, seed=4)
        for plan in (both, alone)
    )
    other = modelled(day, journey_of(day, travel, both.routes[0]), days=50, seed=4)
    assert (first.travel == again.travel).all() and (first.handover == again.handover).all()
    assert (first.travel != other.travel).any()
    assert abs(np.median(first.travel)) < np.log(2)


def test_the_handover_waits_for_who_comes_in_an_own_car() -> None:
    """Half an hour early, the truck unloads at once; the specialist comes when the plan says."""
    # loaded from 06:00, at km 60 from 07:30: well inside the promise
    first = order("O1", place=km(60), windows=[("06:30", "12:00")], promised=True)
    day = request(first, order("O2", place=km(120), windows=[("08:00", "18:00")], promised=True))
    plan = plan_of(day)
    (route,) = plan.routes
    met = replace(route.stops[0], specialist_id="S9")
    course = course_of(day, matrix_of(day), replace(route, stops=(met, *route.stops[1:])))
    plain = course_of(day, matrix_of(day), route)
    early = paced(route, 0.5, 1.0, 1.0)
    alone, waited = live(plain, early).begins[0], live(course, early).begins[0]
    assert alone[0] == waited[0]
    # the first begins as early as its slot lets it; the second as if the first had been in time
    gained = second_of(day, route.stops[0]) - alone[0]
    assert gained > 0
    assert waited[1] - alone[1] == gained


def second_of(day: PlanRequest, stop: Stop) -> int:
    return int((stop.begins - day.horizon_start).total_seconds())
