"""Days of trucks that come home to load again, lived through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from routing.domain.policy import DrivingPolicy
from routing.domain.request import PlanRequest
from routing.plan import Plan, Reload, Route
from routing.robustness.chance import Chances, draws_of
from routing.robustness.course import course_of
from routing.robustness.execution import Lived, live
from routing.robustness.outlook import with_outlook
from tests.days import ban, flat_deck, km, matrix_of, order, request, second, truck
from tests.generated_days import generated_day
from tests.routing.robustness.test_execution import assert_plain_driver_agrees
from tests.solving import solve
from tests.strategies import Day

pytestmark = pytest.mark.usefixtures("compiled_search")


def one_car_twice(**more: object) -> PlanRequest:
    """A truck with one position, and two buyers 30 km away: home in between to load the other."""
    return request(
        order("O1", windows=[("08:00", "09:00")]),
        order("O2", windows=[("10:00", "14:00")]),
        trucks=[replace(truck(cars=1), trips_max=2)],
        **more,  # type: ignore[arg-type]  # passed through
    )


def shuttling_day(seed: int) -> Day:
    """A day on which few trucks carry one car each, and may come home for more."""
    day = generated_day(seed)
    fleet = tuple(replace(each, deck=flat_deck(1), trips_max=4) for each in day.request.trucks)
    return replace(day, request=replace(day.request, trucks=fleet[: max(3, len(fleet) // 2)]))


def lived(day: PlanRequest, plan: Plan, *paces: float, service: float = 1.0) -> Lived:
    """One day with these factors on its legs."""
    (route,) = plan.routes
    chances = Chances(
        travel=np.log(np.array([paces])),
        handover=np.full((1, len(route.stops)), np.log(service)),
    )
    return live(course_of(day, matrix_of(day), route), draws_of(route, chances))


def reload_of(route: Route) -> Reload:
    """The only reload of a route."""
    (found,) = route.reloads
    return found


def test_a_late_truck_loads_late_and_is_late_at_the_next_buyer() -> None:
    """An hour more on the way home: what the plan waits before loading is used up first."""
    day = one_car_twice()
    plan = solve(day, matrix_of(day)).plan
    reload = reload_of(plan.routes[0])
    as_planned = lived(day, plan, 1.0, 1.0, 1.0, 1.0)
    late = lived(day, plan, 1.0, 5.0, 1.0, 1.0)
    start = day.horizon_start
    planned = int((reload.load.start - start).total_seconds())
    home = int((reload.leg.arrives - start).total_seconds()) + 4 * 1_800
    # begins: stop, reload, stop. Two hours late at home: loads when there, then 30 km on
    assert as_planned.begins[0, 1] == planned
    assert late.begins[0, 1] == max(home, planned)
    assert late.begins[0, 2] == max(home, planned) + 25 * 60 + 1_800


def test_who_is_home_early_waits_for_the_bay() -> None:
    """It is somebody else's until then; loading takes what is planned, however quick the roads."""
    day = one_car_twice()
    plan = solve(day, matrix_of(day)).plan
    early = lived(day, plan, 1.0, 0.1, 1.0, 1.0)
    planned = lived(day, plan, 1.0, 1.0, 1.0, 1.0)
    assert early.begins.tolist() == planned.begins.tolist()


def test_a_ban_at_the_warehouse_holds_who_is_late() -> None:
    """Home is planned before 10:30, when trucks may not come near until 12."""
    day = one_car_twice(bans=[ban(km(0), ("10:30", "12:00"))])
    plan = solve(day, matrix_of(day)).plan
    late = lived(day, plan, 1.0, 5.0, 1.0, 1.0)
    assert late.begins[0, 1] == second("12:00")


@pytest.mark.parametrize("seed", (4, 9))
def test_nothing_strays_and_the_day_is_the_plan(seed: int) -> None:
    """Every begin, every reload, every return to the second; and the plain driver agrees on wild
    days."""
    day = shuttling_day(seed)
    plan = solve(day.request, day.travel).plan
    reloading = [route for route in plan.routes if route.reloads]
    assert reloading
    start = day.request.horizon_start
    for route in reloading:
        legs = np.zeros((1, len(route.legs)))
        still = Chances(travel=legs, handover=np.zeros((1, len(route.stops))))
        found = live(course_of(day.request, day.travel, route), draws_of(route, still))
        begins = [
            halt.load.start if isinstance(halt, Reload) else halt.begins for halt in route.halts
        ]
        assert found.begins[0].tolist() == [(each - start).total_seconds() for each in begins]
        assert found.returns[0] == (route.returns - start).total_seconds()
        assert_plain_driver_agrees(day.request, day.travel, route, seed=seed, days=12)


def test_later_trips_are_less_sure_than_first_ones() -> None:
    """Two buyers, alike: what goes wrong on the first trip is felt on the second."""
    day = one_car_twice(driving=DrivingPolicy())
    plan = solve(day, matrix_of(day)).plan
    told = with_outlook(day, matrix_of(day), plan, seed=1)
    first, then = told.routes[0].stops
    assert first.eta_from is not None and first.eta_to is not None
    assert then.eta_from is not None and then.eta_to is not None
    assert then.eta_to - then.eta_from > first.eta_to - first.eta_from
    assert "回仓再装车" not in "".join(told.provenance.assumptions)
