"""What a route gives up when a slot, a person or a bay is not to be had: the least bound."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.clock import RELOAD
from routing.decode import Decoded, decode
from routing.domain.locks import Locks, OrderLock
from routing.domain.request import PlanRequest
from routing.problem import build_problem
from routing.search.solution import Solution
from tests.days import km, matrix_of, order, request, second, specialist, truck, warehouse

pytestmark = pytest.mark.usefixtures("compiled_search")


def written(
    day: PlanRequest,
    routes: dict[int, tuple[int, ...]],
    departs: dict[int, str],
    meets: dict[int, int] | None = None,
) -> Decoded:
    """Write down these routes (rows of trucks and orders), whatever the master would say."""
    solution = Solution(
        sequences=routes, departs={row: second(text) for row, text in departs.items()}
    )
    return decode(build_problem(day, matrix_of(day)), solution, meets or {})


def brought(found: Decoded) -> dict[str, list[str]]:
    """Orders of every truck."""
    return {route.truck_id: [stop.order_id for stop in route.stops] for route in found.routes}


def three_in_a_row(*, promised: tuple[str, ...]) -> PlanRequest:
    """Three buyers on one way, 80 minutes each: the last is at home until ten past ten, which is
    too early for a truck that leaves at 07:30 and serves both others first."""
    day = request(
        order("O1", place=km(30)),
        order("O2", place=km(40)),
        order("O3", place=km(50), windows=[("08:00", "10:10")]),
        trucks=[truck(cars=3)],
    )
    return replace(
        day, orders=tuple(replace(each, promised=each.id in promised) for each in day.orders)
    )


def test_of_stops_before_a_missed_window_the_free_one_is_given_up() -> None:
    """Without either of the first two the last is served in time; the first is promised."""
    found = written(three_in_a_row(promised=("O1", "O3")), {0: (0, 1, 2)}, {0: "07:30"})
    assert found.unslotted == (1,)
    assert brought(found) == {"T1": ["O1", "O3"]}
    assert found.solution.sequences == {0: (0, 2)}


def test_a_lock_binds_like_a_promise() -> None:
    """Who locked an order to its truck expects it there."""
    day = three_in_a_row(promised=("O3",))
    locks = Locks(orders=(OrderLock(order_id="O1", truck_id="T1"),))
    found = written(replace(day, locks=locks), {0: (0, 1, 2)}, {0: "07:30"})
    assert brought(found) == {"T1": ["O1", "O3"]}


def test_where_all_are_promised_the_one_that_saves_most_goes() -> None:
    """One promise is broken, not all: without the farthest the truck turns round 10 km sooner."""
    found = written(three_in_a_row(promised=("O1", "O2", "O3")), {0: (0, 1, 2)}, {0: "07:30"})
    assert found.unslotted == (2,)
    assert brought(found) == {"T1": ["O1", "O2"]}


@pytest.mark.parametrize("late", ((2,), (1, 2), (0, 2)))
def test_who_cannot_be_served_in_time_goes_and_nobody_else(late: tuple[int, ...]) -> None:
    """The route has no schedule from its first second on; that is not its first stop's fault."""
    day = request(
        *(
            order(
                f"O{row + 1}",
                place=km(30 + 10 * row),
                windows=[("06:00", "07:40")] if row in late else [("08:00", "18:00")],
            )
            for row in range(3)
        ),
        trucks=[truck(cars=3)],
    )
    found = written(day, {0: (0, 1, 2)}, {0: "07:30"})
    assert set(found.unslotted) == set(late)


def test_a_promise_that_no_free_order_could_save_goes_alone() -> None:
    """Its window is over before the truck could be there: giving up others would save nothing."""
    day = request(
        order("O1"),
        order("O2", place=km(40)),
        order("O3", place=km(50), windows=[("06:00", "07:40")], promised=True),
        trucks=[truck(cars=3)],
    )
    found = written(day, {0: (0, 1, 2)}, {0: "07:30"})
    assert found.unslotted == (2,)


def test_a_route_that_keeps_nothing_is_not_written() -> None:
    """The truck stays at home, and every order is told to be without a slot."""
    day = request(order("O1", windows=[("08:00", "09:00")]))
    found = written(day, {0: (0,)}, {0: "12:00"})
    assert (found.routes, found.unslotted) == ((), (0,))
    assert not found.solution.sequences


def two_trips(*orders: int) -> PlanRequest:
    """A truck that makes two trips, and orders that ask for a specialist in an own car."""
    return request(
        *(order(f"O{n}", skills=["luxury"] if n in orders else []) for n in (1, 2, 3)),
        trucks=[replace(truck(cars=2), trips_max=2)],
        specialists=[specialist("S1", skills=["luxury"])],
    )


def test_a_trip_that_loses_its_only_car_is_not_made() -> None:
    """Nobody comes for the second trip's: the truck does not go home to load nothing."""
    found = written(two_trips(3), {0: (0, 1, RELOAD, 2)}, {0: "07:30"})
    assert found.unslotted == (2,)
    assert brought(found) == {"T1": ["O1", "O2"]}
    assert found.routes[0].reloads == ()


def test_a_route_that_loses_its_first_trip_is_given_up_whole() -> None:
    """It was loaded, and timed, for that trip."""
    found = written(two_trips(1), {0: (0, RELOAD, 1, 2)}, {0: "07:30"})
    assert found.unslotted == (0, 1, 2)
    assert found.routes == ()


def test_a_first_trip_that_keeps_a_car_is_made() -> None:
    """The other goes, the second trip stays."""
    found = written(two_trips(1), {0: (0, 1, RELOAD, 2)}, {0: "07:30"})
    assert found.unslotted == (0,)
    assert brought(found) == {"T1": ["O2", "O3"]}
    assert [each.before for each in found.routes[0].reloads] == [1]


def test_a_reload_that_finds_no_bay_gives_up_its_trip_and_those_after_it() -> None:
    """One bay, taken from 12:15 to 12:40 by a truck that sets out; the other is back at 12:20."""
    day = request(
        *(order(f"O{n}") for n in (1, 2, 3, 4)),
        trucks=[
            truck("T1", cars=1, driver_id="D1"),
            replace(truck("T2", cars=1, driver_id="D2"), trips_max=3),
        ],
        warehouses=[warehouse(bays=1)],
    )
    routes = {0: (0,), 1: (1, RELOAD, 2, RELOAD, 3)}
    found = written(day, routes, {0: "12:40", 1: "10:00"})
    assert found.unslotted == (2, 3)
    assert brought(found) == {"T1": ["O1"], "T2": ["O2"]}
