"""A horizon of several days: each order goes on a day it accepts, which the plan decides."""

from dataclasses import replace
from datetime import date, timedelta

from routing.domain.horizon import over_days
from routing.domain.orders import Order
from routing.domain.request import PlanRequest
from tests.days import DAY, at, km, order, request, specialist, truck, warehouse, window
from tests.features.stories import planned, route_of

TOMORROW = DAY + timedelta(days=1)


def later(each: Order, days: int) -> Order:
    """The same order some days later."""
    by = timedelta(days=days)
    moved = [replace(one, start=one.start + by, end=one.end + by) for one in each.windows]
    return replace(each, windows=tuple(moved))


def either_day(each: Order) -> Order:
    """The same order for a buyer who is at home tomorrow as well."""
    return replace(each, windows=(*each.windows, *later(each, 1).windows))


def two_orders_one_car() -> PlanRequest:
    """A truck for one car, far enough for one trip a day, and two buyers."""
    return request(
        either_day(order("O1", place=km(200), windows=[("10:00", "16:00")])),
        either_day(order("O2", place=km(-200), windows=[("10:00", "16:00")])),
        trucks=[truck(cars=1)],
    )


def off_on(day: PlanRequest, off: date) -> PlanRequest:
    """The same request with the only driver at home on one day."""
    (only,) = day.drivers
    return replace(day, drivers=(replace(only, days_off=frozenset({off})),))


def test_one_day_leaves_one_behind() -> None:
    """The truck carries one car a day."""
    assert len(planned(two_orders_one_car()).left_behind) == 1


def test_two_days_serve_both_on_different_days() -> None:
    """Which goes when is the plan's to decide; every route tells its day."""
    plan = planned(over_days(two_orders_one_car(), 2))
    assert plan.left_behind == ()
    assert sorted(route.day for route in plan.routes) == [DAY, TOMORROW]
    assert len({route.plate for route in plan.routes}) == 1


def test_a_car_that_is_ready_tomorrow_goes_tomorrow() -> None:
    """Readiness is a moment of the horizon."""
    day = request(either_day(order("O1", ready="17:30")), trucks=[truck(cars=1)])
    plan = planned(over_days(day, 2))
    assert route_of(plan, "O1").day == TOMORROW


def test_a_truck_whose_driver_is_off_stays_at_home() -> None:
    """Days off count day by day."""
    plan = planned(over_days(off_on(two_orders_one_car(), DAY), 2))
    assert [route.day for route in plan.routes] == [TOMORROW]
    assert len(plan.left_behind) == 1


def test_a_late_shift_ends_in_time_for_the_night() -> None:
    """Six to nine at night every day would leave nine hours: the first day ends an hour sooner."""
    made = over_days(request(order(), trucks=[truck(shift=("06:00", "21:00"))]), 2)
    assert [each.shift_end for each in made.trucks] == [
        at("20:00"),
        at("21:00") + timedelta(days=1),
    ]


def test_the_second_day_is_loaded_the_evening_before_it() -> None:
    """Not on the evening before the first one."""
    house = warehouse(loading=[("-1 17:00", "-1 19:00")], evening_loading=True)
    day = request(later(order("O1"), 1), trucks=[truck(cars=1)], warehouses=[house])
    plan = planned(over_days(day, 2))
    (route,) = plan.routes
    assert window("17:00", "19:00").holds(route.load)


def test_a_day_later_is_later_than_the_horizon() -> None:
    """The advice never promises a day that has been planned already."""
    plan = planned(over_days(off_on(two_orders_one_car(), TOMORROW), 2))
    (waiting,) = plan.left_behind
    assert waiting.fix is None or waiting.fix.change.get("days_later", 2) == 2


def test_a_truck_that_is_loaded_in_the_evening_is_home_by_then() -> None:
    """Tomorrow's cars cannot be put on a truck that is still out."""
    house = warehouse(loading=[("-1 17:00", "-1 19:00")], evening_loading=True)
    day = request(order(), trucks=[truck(shift=("06:00", "20:00"))], warehouses=[house])
    made = over_days(day, 2)
    assert [each.shift_end for each in made.trucks] == [
        at("17:00"),
        at("20:00") + timedelta(days=1),
    ]


def test_a_closed_warehouse_loads_nothing_and_sends_nobody() -> None:
    """Its trucks have no driver that day; the next day is as ever."""
    day = request(order(), trucks=[truck()])
    made = over_days(day, 2, closed={"RDC": frozenset({DAY})})
    assert [bool(each.driver_id) for each in made.trucks] == [False, True]
    assert {hours.start.date() for hours in made.warehouses[0].loading} == {TOMORROW}


def test_somebody_in_an_own_car_is_home_every_night() -> None:
    """Two buyers on two days, each of whom needs a skill that no crew has."""
    orders = (
        order("O1", windows=[("10:00", "12:00")], skills=["ev"]),
        later(order("O2", windows=[("10:00", "12:00")], skills=["ev"]), 1),
    )
    expert = specialist("S1", skills=["ev"])
    plan = planned(over_days(request(*orders, trucks=[truck()], specialists=[expert]), 2))
    assert plan.left_behind == ()
    assert [each.leaves.date() for each in plan.specialists] == [DAY, TOMORROW]
    assert {each.name for each in plan.specialists} == {expert.name}
