"""A day is cut so that nothing is in two parts and nothing in none."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import pytest

from routing.benchmarks.national import national_day
from routing.domain.locks import Locks, OrderLock
from routing.domain.request import PlanRequest
from routing.scale.areas import share_bays, share_changes
from routing.scale.borders import neighbours
from routing.scale.parts import Part
from routing.scale.split import split

SIZES = [(40, 3, 300), (120, 2, 25), (90, 1, 30), (64, 64, 5)]


def once(parts: tuple[Part, ...], request: PlanRequest) -> None:
    """Assert that every order, truck, driver, specialist and bay is in exactly one part."""
    for name in ("orders", "trucks", "drivers", "specialists"):
        cut = Counter(each.id for part in parts for each in getattr(part.request, name))
        assert cut == Counter(each.id for each in getattr(request, name)), name
    bays = Counter(
        (house, bay) for part in parts for house, its in part.bays.items() for bay in its
    )
    whole = [(house.id, bay) for house in request.warehouses for bay in range(1, house.bays + 1)]
    assert bays == Counter(whole)
    banned = chain.from_iterable(part.request.bans for part in parts)
    assert Counter(banned) == Counter(request.bans)


@pytest.mark.parametrize(("orders", "warehouses", "most"), SIZES)
def test_every_thing_is_in_one_part(orders: int, warehouses: int, most: int) -> None:
    """What two parts both had could be promised twice; what none has would be forgotten."""
    day = national_day(orders, warehouses, 1)
    once(split(day.request, most_orders=most), day.request)


def test_areas_are_of_one_size_and_have_bays_and_trucks_of_their_own() -> None:
    """An area without a bay or trucks could do nothing."""
    day = national_day(120, 1, 1)
    parts = split(day.request, most_orders=30)
    assert [len(part.request.orders) for part in parts] == [30] * 4
    assert all(part.request.warehouses[0].bays == len(part.bays["RDC01"]) > 0 for part in parts)
    assert all(part.request.trucks for part in parts)
    assert neighbours(parts) == [(0, 1), (2, 3)]


def test_there_are_no_more_areas_than_bays() -> None:
    """A bay cannot be cut in two."""
    request = national_day(120, 1, 1).request
    assert request.warehouses[0].bays == 6
    assert len(split(request, most_orders=2)) == 6


def test_orders_locked_to_one_truck_stay_with_it() -> None:
    """A lock across parts would be lost."""
    request = national_day(120, 1, 1).request
    truck, names = request.trucks[3].id, [order.id for order in request.orders[:40:10]]
    locks = Locks(orders=tuple(OrderLock(order_id=name, truck_id=truck) for name in names))
    locked = PlanRequest(
        **{
            name: getattr(request, name)
            for name in ("day", "horizon_start", "orders", "trucks", "drivers", "specialists")
        },
        warehouses=request.warehouses,
        bans=request.bans,
        locks=locks,
    )
    parts = split(locked, most_orders=30)
    once(parts, locked)
    assert [part.request.locks for part in parts if part.request.locks.orders] == [locks]


def test_small_shares_add_up() -> None:
    """Bays and the budget of changes are shared out, all of each."""
    assert share_bays(5, [10, 50]) == [(1,), (2, 3, 4, 5)]
    assert share_changes(7, [1, 1, 2]) == [2, 2, 3]
    assert share_changes(None, [1, 2]) == [None, None]
