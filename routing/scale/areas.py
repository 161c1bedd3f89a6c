"""Areas of one warehouse: petals around it of one size, its trucks shared out to what they reach.

Deterministic: no dice, ties go by id.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import atan2, cos, radians, tau

from geodata.places import Point
from routing.domain.fleet import Specialist, Truck
from routing.domain.orders import Order
from routing.domain.request import PlanRequest
from routing.domain.stock import kind_of
from routing.domain.warehouses import StockCar


def petals(orders: Sequence[Order], centre: Point, number: int) -> dict[str, int]:
    """Give every order an area from 0: cut by bearing from the warehouse, the first cut where the
    map is emptiest. Sizes differ by one order at most."""
    ordered = sorted(orders, key=lambda each: (_bearing(centre, each.place.point), each.id))
    bearings = [_bearing(centre, each.place.point) for each in ordered]
    gaps = [later - before for before, later in pairwise([*bearings, bearings[0] + tau])]
    first = (gaps.index(max(gaps)) + 1) % len(ordered)
    around = [*ordered[first:], *ordered[:first]]
    return {each.id: at * number // len(around) for at, each in enumerate(around)}


def with_locks(
    request: PlanRequest, area: Mapping[str, int]
) -> tuple[dict[str, int], dict[str, int]]:
    """Bring the orders locked to one truck into one area; answers areas of orders and of the
    trucks that are bound to one, by a lock or by most of what people know them to bring."""
    found, trucks = dict(area), dict[str, int]()
    locked = [(lock.truck_id, name) for lock in request.locks.held for name in lock.orders]
    locked += [(lock.truck_id, lock.order_id) for lock in request.locks.orders]
    for truck, name in locked:
        if name in found:
            found[name] = trucks.setdefault(truck, found[name])
    known: dict[str, Counter[int]] = defaultdict(Counter)
    for stop in request.baseline:
        if stop.order_id in found:
            known[stop.truck_id][found[stop.order_id]] += 1
    for truck, counts in sorted(known.items()):
        most = max(counts.values())
        trucks.setdefault(truck, min(area for area, count in counts.items() if count == most))
    return found, trucks


def share_trucks(
    trucks: Sequence[Truck],
    orders: Sequence[Order],
    area: Mapping[str, int],
    bound: Mapping[str, int],
    number: int,
) -> dict[str, int]:
    """Share trucks out, the smallest kind first, each to the area that has the most cars it can
    reach to a position of its kind and skills; then to the one with the fewest positions."""
    reached = {
        kind: Counter(area[each.id] for each in orders if each.access.size >= kind.size)
        for kind in {truck.kind for truck in trucks}
    }
    given: dict[tuple[object, ...], Counter[int]] = defaultdict(Counter)
    room: Counter[int] = Counter()
    found: dict[str, int] = {}

    def give(truck: Truck, to: int) -> None:
        found[truck.id] = to
        given[_sort_of(truck)][to] += len(truck.deck.positions)
        room[to] += len(truck.deck.positions)

    for truck in trucks:
        if bound.get(truck.id, number) < number:
            give(truck, bound[truck.id])
    for truck in sorted(trucks, key=lambda each: (each.kind.size, each.id)):
        if truck.id in found:
            continue
        size, mine = len(truck.deck.positions), given[_sort_of(truck)]
        give(
            truck,
            max(
                range(number),
                key=lambda at: ((reached[truck.kind][at] + 1) / (mine[at] + size), -room[at], -at),
            ),
        )
    return found


def share_own_cars(
    people: Sequence[Specialist], orders: Sequence[Order], area: Mapping[str, int], number: int
) -> dict[str, int]:
    """Share out specialists in own cars, each to the area with the most work of theirs."""
    given: Counter[int] = Counter()
    found: dict[str, int] = {}
    for person in sorted(people, key=lambda each: each.id):
        work = Counter(area[each.id] for each in orders if each.skills & person.skills)
        at = max(range(number), key=lambda at: (work[at] / (given[at] + 1), -at))
        found[person.id] = at
        given[at] += 1
    return found


def share_stock(
    stock: Sequence[StockCar], orders: Sequence[Order], area: Mapping[str, int], number: int
) -> dict[str, int]:
    """Share out the cars in stock of one warehouse by VIN: of every kind to each area as its orders
    ask for, in turns, so that early cars come to all."""
    asked: dict[tuple[str, str, str], Counter[int]] = defaultdict(Counter)
    for each in orders:
        if each.from_stock:
            asked[kind_of(each.vehicle)][area[each.id]] += 1
    found: dict[str, int] = {}
    for car in stock:
        wants = asked[kind_of(car.vehicle)]
        at = max(range(number), key=lambda at: (wants[at], -at))
        wants[at] -= 1
        found[car.vehicle.vin] = at
    return found


def share_bays(bays: int, counts: Sequence[int]) -> list[tuple[int, ...]]:
    """Share bays out by their numbers, at least one to each area, by its orders."""
    given = [1] * len(counts)
    for _ in range(bays - len(counts)):
        given[max(range(len(counts)), key=lambda at: (counts[at] / given[at], -at))] += 1
    ends = [sum(given[: at + 1]) for at in range(len(given))]
    return [tuple(range(end - many + 1, end + 1)) for end, many in zip(ends, given, strict=True)]


def share_changes(budget: int | None, counts: Sequence[int]) -> list[int | None]:
    """Share out a budget of changes by how many known orders a part has; nothing is lost."""
    if budget is None:
        return [None] * len(counts)
    total = max(1, sum(counts))
    given = [budget * count // total for count in counts]
    rest = budget - sum(given)
    by_rest = sorted(range(len(counts)), key=lambda at: (-(budget * counts[at] % total), at))
    for at in by_rest[:rest]:
        given[at] += 1
    return list(given)


def _sort_of(truck: Truck) -> tuple[object, ...]:
    return truck.kind, tuple(sorted(truck.skills)), not truck.driver_id


def _bearing(centre: Point, point: Point) -> float:
    east = (point.lon - centre.lon) * cos(radians(centre.lat))
    return atan2(point.lat - centre.lat, east) % tau
