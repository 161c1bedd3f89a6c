"""The checker by numbers that fit in the head."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from routing.benchmarks.checker import check_routes, time_route
from routing.model import Model, ModelRoute
from tests.routing.benchmarks.models import changed, line_model, without_road

THERE_AND_BACK = (ModelRoute(0, ((0, 1),)),)
"""Clients at 10 and 30 km in one trip: 60 km."""


def two_stops(**changes: object) -> Model:
    return line_model(10, 30, **changes)


def test_a_plain_trip_costs_its_way() -> None:
    """60 km at 1."""
    report = check_routes(two_stops(), THERE_AND_BACK)
    assert (report.cost, report.feasible) == (60.0, True)


def test_money_is_added_up_from_all_its_parts() -> None:
    """7 for the truck, 60 x 2 for the way, 70 x 3 for the time (5 + 5 service), 20 over 50 x 4."""
    model = two_stops(
        service=5, fixed=7, per_distance=2, per_duration=3, overtime_after=50, per_overtime=4
    )
    assert check_routes(model, THERE_AND_BACK).cost == 7 + 120 + 210 + 80


def test_an_unused_truck_costs_nothing() -> None:
    """Engines name trucks that stay at home."""
    model = two_stops(fixed=7)
    idle = (ModelRoute(0, ()), ModelRoute(0, ((),)))
    assert check_routes(model, (*THERE_AND_BACK, *idle)).cost == 67
    assert check_routes(model, (*THERE_AND_BACK, *idle)).feasible


def test_whoever_must_be_served_and_is_not_is_named() -> None:
    """A prize is paid for those who may be left; the others make the plan infeasible."""
    model = two_stops(prize=[0, 9], required=[True, False])
    alone = check_routes(model, (ModelRoute(0, ((0,),)),))
    assert (alone.cost, alone.unserved, alone.feasible) == (20 + 9, (), True)
    nobody = check_routes(model, ())
    assert (nobody.cost, nobody.unserved, nobody.feasible) == (9, (0,), False)


def test_the_departure_is_put_off_as_far_as_windows_allow() -> None:
    """Leaving at 0 the truck waits 90 at the first stop; leaving at 90 it does not wait at all."""
    model = two_stops(earliest=[100, 0], latest=[200, 125])
    timing, faults = time_route(model, THERE_AND_BACK[0])
    assert (timing.returns, timing.duration, faults) == (150, 60, [])


def test_waiting_that_no_departure_avoids_is_part_of_the_day() -> None:
    """The first window closes at 50: it waits from 70 to 100 at the second, whatever it does."""
    model = two_stops(earliest=[0, 100], latest=[50, 200], max_duration=90)
    assert time_route(model, THERE_AND_BACK[0])[0].duration == 60 + 30
    assert check_routes(model, THERE_AND_BACK).feasible
    short = check_routes(changed(model, max_duration=89), THERE_AND_BACK)
    assert short.faults == ("route 0 (kind 0): 1 too long",)


def test_a_later_trip_waits_for_its_cars_and_for_reloading() -> None:
    """Back at 20, released at 50, 5 to reload, back at 115; leaving at 30 saves the wait of 30."""
    model = two_stops(release=[0, 50], reload=5, max_trips=2)
    trips = ModelRoute(0, ((0,), (1,)))
    timing, faults = time_route(model, trips)
    assert (timing.returns, timing.duration, faults) == (115, 85, [])
    assert check_routes(model, (trips,)).cost == 80
    timing, _ = time_route(changed(model, latest=[25, 900]), trips)
    assert timing.duration == 100  # it may leave at 15, no later


def test_the_first_trip_waits_for_its_cars_too() -> None:
    """It leaves when the last of its clients is released, not when the first is."""
    timing, _ = time_route(two_stops(release=[40, 70]), THERE_AND_BACK[0])
    assert (timing.returns, timing.duration) == (130, 60)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"latest": [5, 900]}, "client 0 is 5 late"),
        ({"latest": [900, 29]}, "client 1 is 1 late"),
        ({"closes": 59}, "back 1 late"),
        ({"opens": 31, "closes": 90}, "back 1 late"),
        ({"release": [0, 20], "closes": 79}, "back 1 late"),
        ({"max_duration": 59}, "1 too long"),
        ({"demand": [[1], [2]]}, "trip 0 loads 3 of 2 in dimension 0"),
        ({"allowed": [[True, False]]}, "client 1 is not allowed"),
    ],
)
def test_every_limit_of_a_route_is_checked(changes: dict[str, object], told: str) -> None:
    """One limit at a time, by the least that breaks it."""
    report = check_routes(two_stops(**changes), THERE_AND_BACK)
    assert report.faults == (f"route 0 (kind 0): {told}",)
    assert not report.feasible


def test_every_dimension_of_a_load_is_checked() -> None:
    """Two kinds of room are not one."""
    model = two_stops()
    both = replace(
        model,
        clients=replace(model.clients, demand=np.array([[1, 4], [1, 5]])),
        fleet=replace(model.fleet, capacity=np.array([[2, 8]])),
    )
    assert check_routes(both, THERE_AND_BACK).faults == (
        "route 0 (kind 0): trip 0 loads 9 of 8 in dimension 1",
    )


def test_roads_that_are_not_there_cannot_be_driven() -> None:
    """To a client, and home."""
    model = two_stops()
    gone = check_routes(without_road(model, 0, 1, 2), THERE_AND_BACK)
    assert "route 0 (kind 0): no road to client 1" in gone.faults
    home = check_routes(without_road(model, 0, 2, 0), THERE_AND_BACK)
    assert "route 0 (kind 0): no road home" in home.faults


def test_trucks_and_visits_are_counted_over_all_routes() -> None:
    """One truck drove twice, one client was served three times."""
    alone = ModelRoute(0, ((0,),))
    report = check_routes(two_stops(), (alone, ModelRoute(0, ((1, 0),)), alone))
    assert report.faults == ("client 0 is served 3 times", "3 trucks of kind 0, there are 1")


def test_trips_are_counted() -> None:
    """A truck without a reload goes once."""
    report = check_routes(two_stops(), (ModelRoute(0, ((0,), (1,))),))
    assert report.faults == ("route 0 (kind 0): 2 trips, 1 allowed",)


def test_numbers_that_name_nothing_are_told() -> None:
    """An engine's bug is told in words, not by an index error, and by no negative index."""
    report = check_routes(two_stops(), (ModelRoute(4, ((0,),)), ModelRoute(0, ((-1, 9),))))
    assert report.faults == (
        "route 0: there is no kind 4",
        "route 1: there is no client -1",
        "route 1: there is no client 9",
    )


def brute_duration(model: Model, route: ModelRoute, horizon: int) -> int:
    """Try every departure: the shortest day among those that miss nothing."""
    found = []
    for departure in range(horizon):
        late = changed(model, opens=departure)
        timing, faults = time_route(late, route)
        if not faults:
            found.append(timing.returns - departure)
    return min(found)


@pytest.mark.parametrize("seed", range(20))
def test_the_duration_is_that_of_the_best_of_all_departures(seed: int) -> None:
    """Forward time slack against trying every second."""
    dice = np.random.default_rng(seed)
    earliest = dice.integers(0, 120, 4)
    model = line_model(
        *dice.integers(1, 20, 4).tolist(),
        earliest=earliest,
        latest=earliest + dice.integers(0, 80, 4),
        service=dice.integers(0, 6, 4),
        release=dice.integers(0, 40, 4),
        reload=3,
        max_trips=2,
        closes=400,
    )
    for trips in (((0, 1, 2, 3),), ((0, 1), (2, 3)), ((2,), (3, 0, 1))):
        route = ModelRoute(0, trips)
        timing, faults = time_route(model, route)
        if not faults:
            assert timing.duration == brute_duration(model, route, 300)
