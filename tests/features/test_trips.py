"""Several trips a day: home, load again, and out once more."""

from dataclasses import replace
from itertools import pairwise

from routing.domain.request import PlanRequest
from routing.reasons import Reason
from tests.days import any_car, at, in_stock, km, order, request, truck, warehouse
from tests.features.stories import planned, route_of


def four_cars_near_by(trips_max: int, *, bays: int = 2) -> PlanRequest:
    """Four buyers around the warehouse and one truck that carries two cars."""
    return request(
        *(order(f"O{n}", place=km(10 * n), handover_min=30) for n in (1, 2, 3, 4)),
        trucks=[replace(truck(cars=2), trips_max=trips_max)],
        warehouses=[warehouse(bays=bays)],
    )


def test_a_truck_of_one_trip_leaves_what_its_deck_does_not_hold() -> None:
    """As it was before there were several trips."""
    plan = planned(four_cars_near_by(trips_max=1))
    (route,) = plan.routes
    assert len(route.stops) == 2
    assert route.reloads == ()
    assert len(plan.left_behind) == 2


def test_a_second_trip_takes_the_rest() -> None:
    """The second load begins after the truck is back, and each trip shows its own deck."""
    plan = planned(four_cars_near_by(trips_max=2))
    assert plan.left_behind == ()
    (route,) = plan.routes
    first, second = route.trips
    assert len(first.stops) == len(second.stops) == 2
    assert first.back.arrives <= second.load.start
    # 20 minutes for the truck, 5 for each car.
    assert (second.load.end - second.load.start).total_seconds() == 30 * 60
    assert {car.order_id for car in second.deck} == {stop.order_id for stop in second.stops}
    assert route.cost.fixed == truck().costs.fixed


def test_an_order_left_beside_two_trips_says_why() -> None:
    """The deck is full on both trips; what would help is found beside the trips as they are."""
    day = request(
        *(order(f"O{n}", place=km(10), handover_min=30) for n in (1, 2, 3)),
        trucks=[replace(truck(cars=1), trips_max=2)],
    )
    plan = planned(day)
    (route,) = plan.routes
    assert len(route.trips) == 2
    (waiting,) = plan.left_behind
    assert waiting.reason is Reason.DECK_NO_FIT
    assert waiting.fix is not None


def test_an_order_too_late_for_the_second_trip_says_so() -> None:
    """There would be room on a second trip, but the buyer is at home in the morning only."""
    day = request(
        order("O1", place=km(60), windows=[("08:00", "10:00")], promised=True),
        order("O2", place=km(-60), windows=[("08:00", "09:00")]),
        trucks=[replace(truck(cars=1), trips_max=2)],
    )
    plan = planned(day)
    (waiting,) = plan.left_behind
    assert waiting.order_id == "O2"
    assert waiting.reason is Reason.WINDOW_MISSED


def test_a_car_that_gets_ready_at_noon_goes_on_the_second_trip() -> None:
    """The first trip does not wait for it, the second is loaded when it is ready."""
    day = request(
        order("O1", windows=[("07:00", "09:30")]),
        order("O2", windows=[("13:00", "18:00")], ready="12:30"),
        trucks=[replace(truck(cars=2), trips_max=2)],
    )
    plan = planned(day)
    assert plan.left_behind == ()
    _, second = route_of(plan, "O2").trips
    assert second.load.start >= at("12:30")


def test_the_second_trip_waits_for_the_loading_hours() -> None:
    """Between eight and eleven nobody loads."""
    day = request(
        order("O1", place=km(10), windows=[("07:00", "09:00")], handover_min=10),
        order("O2", place=km(10), windows=[("09:00", "18:00")]),
        trucks=[replace(truck(cars=1), trips_max=2)],
        warehouses=[warehouse(loading=[("05:00", "08:00"), ("11:00", "15:00")])],
    )
    plan = planned(day)
    (route,) = plan.routes
    assert [reload.load.start >= at("11:00") for reload in route.reloads] == [True]


def test_one_bay_serves_second_trips_one_after_another() -> None:
    """Two trucks, two trips each, one bay: no two loads meet (the auditor sees to that)."""
    day = request(
        *(order(f"O{n}", place=km(10), handover_min=30) for n in (1, 2, 3, 4)),
        trucks=[replace(truck(f"T{n}", cars=1, driver_id=f"D{n}"), trips_max=2) for n in (1, 2)],
        warehouses=[warehouse(bays=1)],
    )
    plan = planned(day)
    kept = sorted(
        [route.load for route in plan.routes]
        + [reload.kept for route in plan.routes for reload in route.reloads]
    )
    assert len(kept) == 4
    assert all(one.end <= other.start for one, other in pairwise(kept))


def test_a_car_from_stock_goes_on_the_trip_for_which_it_is_ready() -> None:
    """Two cars in stock, the second ready at noon: it leaves with the second load."""
    day = request(
        *(any_car(order(f"O{n}", place=km(20 + n))) for n in (1, 2)),
        trucks=[replace(truck(cars=1), trips_max=2)],
        stock=[in_stock(900), in_stock(901, ready="12:00")],
    )
    plan = planned(day)
    assert plan.left_behind == ()
    (route,) = plan.routes
    first, second = route.trips
    assert first.deck[0].vin == day.stock[0].vehicle.vin
    assert second.deck[0].vin == day.stock[1].vehicle.vin
    assert second.load.start >= at("12:00")
