"""The proof that the day has a good plan, on the real roads and by the auditor's own clock."""

from collections.abc import Callable

import pytest

from routing.audit.twin.departure import schedule_route
from routing.audit.twin.reading import read_route
from routing.audit.twin.values import TwinSchedule
from tests.api.demo.conftest import SEED, DayRead


@pytest.mark.parametrize("seed", [SEED, 1, 2, 3])
def test_every_tour_can_be_driven(read_demo: Callable[[int], DayRead], seed: int) -> None:
    """139 of 150 can be served; else nobody could tell a poor plan from a poor day."""
    read = read_demo(seed)
    prepared = read.prepared()
    for truck_id, order_ids in read.demo.tours.items():
        if not order_ids:
            continue
        route = read_route(
            prepared.request, prepared.travel, truck_id=truck_id, order_ids=list(order_ids)
        )
        schedule = schedule_route(route)
        assert isinstance(schedule, TwinSchedule), (truck_id, schedule)


def test_tours_go_as_far_as_the_last_mile_does(day_read: DayRead) -> None:
    """40 to 250 km from the warehouse: neither a town round nor a trunk haul."""
    prepared = day_read.prepared()
    orders = {order.id: order for order in prepared.request.orders}
    homes = {house.id: house.place.id for house in prepared.request.warehouses}
    trucks = {truck.id: truck for truck in prepared.request.trucks}
    row = {place: index for index, place in enumerate(prepared.travel.place_ids)}
    far_km = []
    for truck_id, order_ids in day_read.demo.tours.items():
        if not order_ids:
            continue
        truck = trucks[truck_id]
        layer = prepared.travel.class_of(truck.road_class)
        home = row[homes[truck.warehouse_id]]
        metres = (
            prepared.travel.metres[layer, 0, home, row[orders[one].place.id]] for one in order_ids
        )
        far_km.append(max(metres) / 1_000)
    assert min(far_km) >= 40
    assert max(far_km) <= 250
