"""Stock: an order for any car of a kind takes one that is there, from a warehouse that has it."""

from __future__ import annotations

from dataclasses import replace

from routing.plan import NOTHING_TO_CONCEDE
from routing.problem import build_problem
from routing.reasons import Reason, Unit
from routing.search.budget import Iterations
from routing.search.master import choose
from routing.search.ruin_recreate import search
from tests.days import (
    SUV,
    any_car,
    at,
    in_stock,
    km,
    matrix_of,
    order,
    request,
    truck,
    vin_of,
    warehouse,
)
from tests.features.stories import left, planned, route_of, stop_of

WEST, EAST = warehouse("WEST", place=km(0)), warehouse("EAST", place=km(200))


def a_truck_each() -> list:  # type: ignore[type-arg]  # trucks of either warehouse
    """Two two-car trucks, one at each warehouse."""
    return [
        truck("T1", warehouse_id="WEST", driver_id="D1"),
        truck("T2", warehouse_id="EAST", driver_id="D2"),
    ]


def test_the_source_is_the_warehouse_that_makes_the_day_cheapest() -> None:
    """Both warehouses have the car; the buyer lives beside the eastern one."""
    day = request(
        any_car(order("O1", place=km(170))),
        trucks=a_truck_each(),
        warehouses=[WEST, EAST],
        stock=[in_stock(901, warehouse_id="WEST"), in_stock(902, warehouse_id="EAST")],
    )
    plan = planned(day)
    assert route_of(plan, "O1").warehouse_id == "EAST"
    assert stop_of(plan, "O1").vin == vin_of(902)


def test_a_car_comes_from_far_where_the_near_warehouse_has_none() -> None:
    """The truck in the east has nothing to load: there are cars, but of another model."""
    day = request(
        any_car(order("O1", place=km(170))),
        trucks=a_truck_each(),
        warehouses=[WEST, EAST],
        stock=[in_stock(901, warehouse_id="WEST"), in_stock(902, model=SUV, warehouse_id="EAST")],
    )
    plan = planned(day)
    assert route_of(plan, "O1").warehouse_id == "WEST"
    assert stop_of(plan, "O1").vin == vin_of(901)


def test_the_last_car_goes_to_the_dearer_order_and_the_other_says_so() -> None:
    """Trucks there are enough; cars not."""
    day = request(
        any_car(order("O1", windows=[("09:00", "11:00")])),
        any_car(order("O2", windows=[("09:00", "11:00")], promised=True)),
        stock=[in_stock(901)],
    )
    plan = planned(day)
    assert stop_of(plan, "O2").vin == vin_of(901)
    entry = left(plan, "O1")
    assert entry.reason is Reason.NO_STOCK
    assert (entry.short_by, entry.unit) == (1, Unit.CARS)
    assert (entry.vin, entry.warehouse_id, entry.nearest) == ("", "", None)
    assert entry.fix is None
    assert entry.fix_tried == (NOTHING_TO_CONCEDE,)


def test_a_car_of_another_colour_is_another_car() -> None:
    """The buyer ordered red; white is what stands there."""
    day = request(
        any_car(order("O1"), colour="red"),
        stock=[in_stock(901, colour="white")],
    )
    assert left(planned(day), "O1").reason is Reason.NO_STOCK


def test_an_order_may_name_the_warehouse_and_leave_the_car_open() -> None:
    """Its buyer was told the car comes from the west; the east, though nearer, does not count."""
    day = request(
        any_car(order("O1", place=km(170)), warehouse_id="WEST"),
        trucks=a_truck_each(),
        warehouses=[WEST, EAST],
        stock=[in_stock(901, warehouse_id="WEST"), in_stock(902, warehouse_id="EAST")],
    )
    assert route_of(planned(day), "O1").warehouse_id == "WEST"


def test_who_loads_first_gets_the_car_that_is_ready_first() -> None:
    """Two trucks, two cars, one of them ready at noon: only the early buyer needs the early car."""
    day = request(
        any_car(order("O1", windows=[("14:00", "16:00")])),
        any_car(order("O2", windows=[("08:00", "09:00")])),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)],
        stock=[in_stock(901, ready="12:00"), in_stock(902)],
    )
    plan = planned(day)
    assert stop_of(plan, "O2").vin == vin_of(902)
    assert stop_of(plan, "O1").vin == vin_of(901)
    assert route_of(plan, "O1").load.start >= at("12:00")


def test_the_search_alone_gives_one_early_car_twice_and_the_master_does_not() -> None:
    """Both routes could load the one early car; of two early buyers only one can be served.

    A greedy choice keeps the first; the master keeps the urgent one, and says what it gave up.
    """
    day = request(
        *(any_car(order(f"O{n}", windows=[("08:00", "09:00")], promised=n == 2)) for n in (1, 2)),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)],
        stock=[in_stock(901, ready="12:00"), in_stock(902)],
    )
    problem = build_problem(day, matrix_of(day))
    found = search(problem, Iterations(250), seed=1)
    assert len(found.best.served) == 2
    chosen = choose(problem, found.pool, found.best, seed=1)
    assert chosen.solution.served == {1}
    assert chosen.given_up == {0}
    assert dict(chosen.cars) == {1: vin_of(902)}


def test_an_order_that_stays_behind_beside_a_free_car_says_what_else_is_wrong() -> None:
    """A car is there, but the way is too long for its window: that is the reason, not the stock."""
    day = request(
        any_car(order("O1", place=km(300), windows=[("06:00", "07:00")])), stock=[in_stock(901)]
    )
    entry = left(planned(day), "O1")
    assert entry.reason is Reason.WINDOW_MISSED
    assert (entry.vin, entry.warehouse_id) == (vin_of(901), "RDC")


def test_a_car_that_is_ready_at_noon_goes_on_the_second_trip() -> None:
    """One car stands there in the morning; the order of the afternoon, though first in the sheet,
    gets the other one, and its trip is loaded when that is ready."""
    day = request(
        any_car(order("O1", place=km(10), windows=[("13:00", "17:00")])),
        any_car(order("O2", place=km(10), windows=[("08:00", "10:00")])),
        trucks=[replace(truck(cars=1), trips_max=2)],
        stock=[in_stock(901), in_stock(902, ready="12:30")],
    )
    plan = planned(day)
    assert plan.left_behind == ()
    assert stop_of(plan, "O2").vin == vin_of(901)
    assert stop_of(plan, "O1").vin == vin_of(902)
    (route,) = plan.routes
    assert route.reloads[0].load.start >= at("12:30")
