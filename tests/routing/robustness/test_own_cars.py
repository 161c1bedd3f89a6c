"""A specialist in an own car who is late at one buyer is late at the next, and the truck waits."""

from __future__ import annotations

from dataclasses import replace
from zlib import crc32

import numpy as np
import pytest

from routing.domain.request import PlanRequest
from routing.domain.uncertainty import TravelSpread
from routing.plan import Plan
from routing.robustness.chance import Chances, modelled
from routing.robustness.journey import Journey
from routing.robustness.outlook import with_outlook
from routing.robustness.simulation import RouteDays, simulate
from tests.calibration import meet, reliability, uncertain
from tests.days import km, matrix_of, order, request, specialist, truck, warehouse
from tests.solving import solve
from tests.strategies import Day
from tests.worlds import heavy_tails

pytestmark = pytest.mark.usefixtures("compiled_search")


def one_person_for_three() -> PlanRequest:
    """Three trucks, three handovers one after the other for one person, half an hour between."""
    return request(
        order("O1", place=km(30), windows=[("08:00", "08:30")], skills=["luxury"]),
        order("O2", place=km(50), windows=[("10:00", "10:30")], skills=["luxury"]),
        order("O3", place=km(70), windows=[("12:00", "12:30")], skills=["luxury"]),
        order("O4", place=km(100), windows=[("08:00", "19:00")]),
        trucks=[truck(f"T{n}", cars=2, driver_id=f"D{n}") for n in (1, 2, 3)],
        specialists=[specialist("S1", skills=["luxury"])],
        warehouses=[warehouse(bays=4)],
    )


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The day planned: everybody served."""
    day = one_person_for_three()
    made = solve(day, matrix_of(day)).plan
    assert [visit.order_id for visit in made.specialists[0].visits] == ["O1", "O2", "O3"]
    return made


def lived(plan: Plan, slow: str = "", factor: float = 1.0) -> dict[str, RouteDays]:
    """One day on which only one truck's handovers, or the person's roads (S1), take longer."""

    def world(request: PlanRequest, journey: Journey, *, days: int, seed: int) -> Chances:
        mine = np.log(factor) if slow and crc32(slow.encode()) in journey.stream else 0.0
        legs = np.full((days, len(journey.bands)), 0.0 if journey.modes else mine)
        return Chances(travel=legs, handover=np.full((days, len(journey.modes)), mine))

    day = one_person_for_three()
    found = simulate(
        day, matrix_of(day), plan.routes, plan.specialists, days=1, seed=1, world=world
    )
    return {route.truck_id: each for route, each in zip(plan.routes, found, strict=True)}


def truck_of(plan: Plan, order_id: str) -> str:
    """Who brings an order."""
    return next(
        route.truck_id
        for route in plan.routes
        if any(stop.order_id == order_id for stop in route.stops)
    )


def home(plan: Plan, days: dict[str, RouteDays], order_id: str) -> int:
    """When the truck that brings an order is home."""
    return int(days[truck_of(plan, order_id)].lived.returns[0])


def test_on_a_day_without_chance_everybody_is_in_time(plan: Plan) -> None:
    """The person drives no longer than the plan allowed: every truck is home as planned."""
    still = lived(plan)
    start = one_person_for_three().horizon_start
    for route in plan.routes:
        found = still[route.truck_id].lived.returns[0]
        assert found == (route.returns - start).total_seconds()


def test_who_is_kept_at_one_buyer_keeps_the_next_truck_waiting(plan: Plan) -> None:
    """The first handover takes four hours instead of one: the second truck, and the third, wait."""
    first = truck_of(plan, "O1")
    still, slow = lived(plan), lived(plan, first, 4.0)
    for name in ("O2", "O3"):
        if truck_of(plan, name) != first:
            assert home(plan, slow, name) > home(plan, still, name)


def test_a_slow_road_of_the_specialist_holds_every_truck(plan: Plan) -> None:
    """Three times as long on the way to the first buyer: 60 minutes more than planned."""
    still, slow = lived(plan), lived(plan, "S1", 3.0)
    assert home(plan, slow, "O1") >= home(plan, still, "O1") + 30 * 60
    assert home(plan, slow, "O3") > home(plan, still, "O3")


def test_who_meets_nobody_is_not_touched(plan: Plan) -> None:
    """Figures of a truck without such a handover are the same, whatever happens to the person."""
    day = one_person_for_three()
    alone = replace(plan, specialists=())
    with_person = with_outlook(day, matrix_of(day), plan, seed=1)
    without = with_outlook(day, matrix_of(day), alone, seed=1)
    for one, other in zip(with_person.routes, without.routes, strict=True):
        if not any(stop.specialist_id for stop in one.stops):
            assert one == other


def test_chances_of_chained_meetings_come_true() -> None:
    """Fresh days of the same model, roads twice as fickle as assumed: told and met agree."""
    bare = one_person_for_three()
    day = uncertain(Day(request=bare, travel=matrix_of(bare)), travel=TravelSpread(cv=0.4))
    told = with_outlook(day.request, day.travel, solve(day.request, day.travel).plan, seed=1)
    found = meet(day, told, world=modelled, seed=77)
    assert max(abs(each.z) for each in found) < 4.5
    assert reliability(found)
    # a world with heavier tails is met, too: it asks for the person's roads as for the trucks'
    assert len(meet(day, told, world=heavy_tails, seed=5)) == len(found)
