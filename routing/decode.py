"""The door out: from rows and seconds to a plan in the words of the trade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from geodata.units import Minor
from routing.deck import plan_deck, with_deck_work
from routing.moments import Moments
from routing.plan import Leg, LoadedCar, Money, Route, Slot, SpecialistDay, Stop
from routing.problem import Problem
from routing.rules.locks import FREE
from routing.search.solution import Solution
from routing.slots import SlottedRoute, slot_route
from routing.trace import TracedStop
from routing.visits import missed_meeting, specialist_days, with_specialists


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The routes of a plan, the solution they were made from, and what it lost on the way.

    `unslotted` are order rows for which no slot could be promised on their route.
    """

    routes: tuple[Route, ...]
    solution: Solution
    unslotted: tuple[int, ...]
    specialists: tuple[SpecialistDay, ...] = ()


def decode(
    problem: Problem, solution: Solution, meets: Mapping[int, int] = MappingProxyType({})
) -> Decoded:
    """Promise slots and write down every route; trucks in the order of the request.

    `meets` says which specialist (row) comes to which order (row) by own car.
    """
    kept: dict[int, tuple[int, ...]] = {}
    slotted: dict[int, SlottedRoute] = {}
    unslotted: list[int] = []

    def keep(truck: int, rest: tuple[int, ...]) -> None:
        while rest:
            found = slot_route(problem, truck, rest, solution.departs[truck])
            if isinstance(found, SlottedRoute):
                kept[truck], slotted[truck] = rest, found
                break
            given_up = _least_bound(problem, rest, found.stop)
            unslotted.append(rest[given_up])
            rest = rest[:given_up] + rest[given_up + 1 :]

    for truck, orders in sorted(solution.sequences.items()):
        keep(truck, orders)
    while (missed := missed_meeting(problem, slotted, meets)) is not None:
        truck, order = missed
        unslotted.append(order)
        rest = tuple(each for each in kept.pop(truck) if each != order)
        del slotted[truck]
        keep(truck, rest)
    meets = {order: who for order, who in meets.items() if order not in unslotted}
    solution = Solution(
        sequences=kept,
        departs={truck: solution.departs[truck] for truck in kept},
        loads={
            truck: _load_start(problem, truck, len(orders), solution)
            for truck, orders in kept.items()
        },
    )
    bays = _bays(problem, kept, solution)
    routes = tuple(
        _route(problem, truck, slotted[truck], solution, bay=bays[truck]) for truck in sorted(kept)
    )
    return Decoded(
        routes=with_specialists(problem, routes, meets),
        solution=solution,
        unslotted=tuple(unslotted),
        specialists=specialist_days(problem, slotted, meets),
    )


def _least_bound(problem: Problem, orders: tuple[int, ...], blamed: int) -> int:
    """Choose the stop to give up: the blamed one or one before it, a promise or a lock only if all
    are."""
    locked = problem.tables.locks.truck
    stops = [blamed, *range(blamed - 1, -1, -1), *range(blamed + 1, len(orders))]
    unbound = (
        stop
        for stop in stops
        if not problem.layout.orders[orders[stop]].promised and locked[orders[stop]] == FREE
    )
    return next(unbound, blamed)


def _load_start(problem: Problem, truck: int, cars: int, solution: Solution) -> int:
    """When loading begins; a route that lost a stop loads later, never beyond its old time."""
    p = problem.tables
    if p.bays.evening[p.warehouse[truck]]:
        return int(solution.loads[truck])
    return int(solution.departs[truck] - _load_s(problem, truck, cars))


def _bays(problem: Problem, kept: dict[int, tuple[int, ...]], solution: Solution) -> dict[int, int]:
    """Number the bays: the first one free when a truck begins to load."""
    p = problem.tables
    free_at: dict[int, list[int]] = {}
    bays: dict[int, int] = {}
    for truck in sorted(kept, key=lambda truck: (solution.loads[truck], truck)):
        house = int(p.warehouse[truck])
        ends = free_at.setdefault(house, [0] * int(p.bays.bays[house]))
        starts = solution.loads[truck]
        bay = next((b for b, end in enumerate(ends) if end <= starts), None)
        if bay is None:
            raise AssertionError(f"more trucks load at warehouse row {house} than it has bays")
        ends[bay] = starts + _load_s(problem, truck, len(kept[truck]))
        bays[truck] = bay + 1
    return bays


def _load_s(problem: Problem, truck: int, cars: int) -> int:
    bays = problem.tables.bays
    return int(bays.load_base[truck] + bays.load_per_car[truck] * cars)


def _route(
    problem: Problem, row: int, found: SlottedRoute, solution: Solution, *, bay: int
) -> Route:
    day = problem.layout
    truck = day.trucks[row]
    drivers = {driver.id: driver for driver in day.request.drivers}
    people = {person.id: person.name for person in day.request.specialists}
    moment = Moments(day.request.horizon_start)
    cars = len(found.typical.stops)
    loads = solution.loads[row]
    departs = solution.departs[row]
    on_duty_from = departs if problem.tables.bays.evening[problem.tables.warehouse[row]] else loads
    orders = [day.orders[traced.order] for traced in found.typical.stops]
    placed = plan_deck(
        truck.deck,
        [order.vehicle.model for order in orders],
        [order.trade_in.model if order.trade_in else None for order in orders],
    )
    if placed is None:
        raise AssertionError(f"truck {truck.id}: the cars of its route do not fit its deck")
    stops = with_deck_work(
        [
            _stop(problem, row, traced, found.buffered.stops[i], found.slots[i], moment)
            for i, traced in enumerate(found.typical.stops)
        ],
        orders,
        placed,
        day.request.policy.deck,
    )
    home = moment.leg(found.typical.home)
    duty = found.typical.returns - on_duty_from
    return Route(
        truck_id=truck.id,
        plate=truck.plate,
        kind=truck.kind.value,
        warehouse_id=truck.warehouse_id,
        driver_id=truck.driver_id,
        driver_name=drivers[truck.driver_id].name,
        specialist_id=truck.specialist_id,
        bay=bay,
        load=moment.window(loads, loads + _load_s(problem, row, cars)),
        departs=moment.at(departs),
        stops=stops,
        home=home,
        returns=home.arrives,
        returns_latest=moment.at(found.buffered.returns),
        duty_s=duty,
        overtime_s=max(0, duty - truck.overtime_after_s),
        deck=tuple(
            LoadedCar(position_id=position, order_id=order.id, vin=order.vehicle.vin)
            for position, order in zip(placed.cars, orders, strict=True)
        ),
        cost=_money(problem, row, stops, home, found.buffered.returns - on_duty_from),
        specialist_name=people.get(truck.specialist_id, ""),
    )


def _stop(
    problem: Problem,
    truck: int,
    typical: TracedStop,
    buffered: TracedStop,
    slot: tuple[int, int],
    moment: Moments,
) -> Stop:
    order = problem.layout.orders[typical.order]
    place = order.place
    coarse = place.radius_m > problem.layout.request.policy.slots.coarse_radius_m
    return Stop(
        order_id=order.id,
        vin=order.vehicle.vin,
        model_name=order.vehicle.model.name,
        place_id=place.id,
        address=order.address,
        mode=order.mode.value,
        lat=place.point.lat,
        lon=place.point.lon,
        radius_m=place.radius_m,
        county_code=place.county_code,
        leg=moment.leg(typical.leg),
        begins=moment.at(typical.begins),
        begins_latest=moment.at(buffered.begins),
        ends=moment.at(typical.ends),
        leaves=moment.at(typical.leaves),
        unload_s=order.unload_s,
        handover_s=order.handover_s,
        slot=Slot(
            window=moment.window(*slot),
            promised=order.promised,
            required_fields=("pin",) if coarse else (),
        ),
        accepted=order.windows,
        rests=moment.rests(typical.pauses),
        note=order.note,
    )


def _money(
    problem: Problem, row: int, stops: Sequence[Stop], home: Leg, duty_buffered: int
) -> Money:
    """Bill a route as docs/schedule.md says: typical kilometres, buffered hours."""
    prices = problem.tables.prices
    overtime = max(0, duty_buffered - int(problem.tables.shifts.overtime_after[row]))
    legs = [*(stop.leg for stop in stops), home]
    metres = sum(leg.metres for leg in legs)
    return Money(
        km=Minor((int(prices.per_km[row]) * metres + 500) // 1000),
        hours=Minor((int(prices.per_hour[row]) * duty_buffered + 1800) // 3600),
        overtime=Minor((int(prices.per_overtime_hour[row]) * overtime + 1800) // 3600),
        fixed=Minor(int(prices.fixed[row])),
        tolls=Minor(sum(leg.toll_minor for leg in legs)),
        shunts=Minor(problem.tables.deck.shunt_fen * sum(len(stop.shunts) for stop in stops)),
    )
