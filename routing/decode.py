"""The door out: from rows and seconds to a plan in the words of the trade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from geodata.units import Minor
from routing.bay_numbers import Span, crowded_trip, number_bays
from routing.clock import RELOAD
from routing.deck import DeckPlan, plan_deck, with_deck_work
from routing.giving_up import slotted_route, without, without_later
from routing.moments import Moments
from routing.narrowing import SlottedRoute
from routing.plan import Leg, LoadedCar, Reload, Route, Slot, Stop
from routing.plan_money import Money
from routing.plan_nights import Night
from routing.plan_specialists import SpecialistDay
from routing.problem import Problem
from routing.search.solution import Solution
from routing.trace import TracedStop, bay_spans
from routing.trips import load_seconds, orders_of, trips_of
from routing.visits import missed_meeting, specialist_days, with_specialists
from routing.weighing import weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The routes of a plan, the solution they were made from, and what it lost on the way.

    `unslotted` are order rows for which no slot could be promised on their route, `elsewhere` those
    that another truck brings because of that.
    """

    routes: tuple[Route, ...]
    solution: Solution
    unslotted: tuple[int, ...]
    specialists: tuple[SpecialistDay, ...] = ()
    elsewhere: tuple[int, ...] = ()


def decode(
    problem: Problem, solution: Solution, meets: Mapping[int, int] = MappingProxyType({})
) -> Decoded:
    """Promise slots and write down every route; trucks in the order of the request.

    `meets` says which specialist (row) comes to which order (row) by own car.
    """
    p = problem.tables
    unslotted: list[int] = []
    slotted: dict[int, SlottedRoute] = {}

    def keep(truck: int, sequence: tuple[int, ...]) -> None:
        slotted.pop(truck, None)
        if sequence:
            found = slotted_route(problem, truck, sequence, solution.departs[truck], unslotted)
            if found is not None:
                slotted[truck] = found

    for truck, sequence in sorted(solution.sequences.items()):
        keep(truck, sequence)
    while True:
        spans = {truck: _spans(problem, truck, its, solution) for truck, its in slotted.items()}
        if (missed := missed_meeting(problem, slotted, meets)) is not None:
            truck, order = missed
            keep(truck, without(slotted[truck].sequence, order, unslotted))
        elif (crowded := crowded_trip(p, spans)) is not None:
            truck, trip = crowded
            keep(truck, without_later(slotted[truck].sequence, trip, unslotted))
        else:
            break
    bays = number_bays(p, spans)
    meets = {order: who for order, who in meets.items() if order not in unslotted}
    solution = Solution(
        sequences={truck: found.sequence for truck, found in slotted.items()},
        departs={truck: solution.departs[truck] for truck in slotted},
        loads={truck: spans[truck][0][0] for truck in slotted},
        outsourced=solution.outsourced,
    )
    routes = tuple(
        _route(problem, truck, slotted[truck], solution, spans[truck][0], bays[truck])
        for truck in sorted(slotted)
    )
    return Decoded(
        routes=with_specialists(problem, routes, meets),
        solution=solution,
        unslotted=tuple(unslotted),
        specialists=specialist_days(problem, slotted, meets),
    )


def _spans(
    problem: Problem, truck: int, found: SlottedRoute, solution: Solution
) -> tuple[Span, ...]:
    """When a truck is at a bay, trip by trip.

    A first trip that lost a stop loads later, never beyond its old time.
    """
    p = problem.tables
    takes = load_seconds(p, truck, len(trips_of(found.sequence)[0]))
    evening = p.bays.evening[p.warehouse[truck]]
    start = solution.loads[truck] if evening else solution.departs[truck] - takes
    return ((int(start), int(start) + takes), *bay_spans(found.typical, found.buffered))


def _route(
    problem: Problem,
    row: int,
    found: SlottedRoute,
    solution: Solution,
    load: Span,
    bays: tuple[int, ...],
) -> Route:
    day = problem.layout
    truck = day.trucks[row]
    drivers = {driver.id: driver for driver in day.request.drivers}
    people = {person.id: person.name for person in day.request.specialists}
    moment = Moments(day.request.horizon_start)
    departs = solution.departs[row]
    evening = problem.tables.bays.evening[problem.tables.warehouse[row]]
    on_duty_from = departs if evening else load[0]
    decks = [_deck(problem, row, trip) for trip in trips_of(found.sequence)]
    stops = _stops(problem, row, found, decks, moment)
    home = moment.leg(found.typical.home)
    duties = found.typical.duties(on_duty_from)
    buffered = found.buffered.duties(on_duty_from)
    reloads = _reloads(problem, found, decks, bays, moment)
    legs = [*(moment.leg(traced.leg) for traced in found.typical.stops), home]
    route = Route(
        truck_id=truck.id,
        plate=truck.plate,
        kind=truck.kind.value,
        warehouse_id=truck.warehouse_id,
        driver_id=truck.driver_id,
        driver_name=drivers[truck.driver_id].name,
        specialist_id=truck.specialist_id,
        bay=bays[0],
        load=moment.window(*load),
        departs=moment.at(departs),
        stops=stops,
        home=home,
        returns=home.arrives,
        returns_latest=moment.at(found.buffered.returns),
        duty_s=sum(duties),
        overtime_s=sum(max(0, duty - truck.overtime_after_s) for duty in duties),
        deck=_loaded(problem, trips_of(found.sequence)[0], decks[0]),
        cost=_money(problem, row, stops, legs, buffered),
        specialist_name=people.get(truck.specialist_id, ""),
        reloads=reloads,
        day=truck.shift_start.date(),
        vehicle_id=truck.vehicle,
        nights=tuple(
            Night(
                stop=night.stop,
                before_service=night.before,
                start=moment.at(night.start),
                end=moment.at(night.end),
                start_latest=moment.at(late.start),
                end_latest=moment.at(late.end),
            )
            for night, late in zip(found.typical.nights, found.buffered.nights, strict=True)
        ),
    )
    return weighed(
        route,
        truck,
        orders=[day.orders[order] for order in orders_of(found.sequence)],
        policy=day.request.policy,
        duty_s=sum(buffered),
    )


def _deck(problem: Problem, row: int, trip: tuple[int, ...]) -> DeckPlan:
    """Plan the deck of one trip."""
    truck = problem.layout.trucks[row]
    orders = [problem.layout.orders[order] for order in trip]
    placed = plan_deck(
        truck.deck,
        [order.vehicle.model for order in orders],
        [order.trade_in.model if order.trade_in else None for order in orders],
    )
    if placed is None:
        raise AssertionError(f"truck {truck.id}: the cars of its route do not fit its deck")
    return placed


def _loaded(problem: Problem, trip: tuple[int, ...], placed: DeckPlan) -> tuple[LoadedCar, ...]:
    orders = [problem.layout.orders[order] for order in trip]
    return tuple(
        LoadedCar(position_id=position, order_id=order.id, vin=order.vehicle.vin)
        for position, order in zip(placed.cars, orders, strict=True)
    )


def _stops(
    problem: Problem, row: int, found: SlottedRoute, decks: Sequence[DeckPlan], moment: Moments
) -> tuple[Stop, ...]:
    """All stops of a route, with the work at the deck of the trip each is on."""
    entries = zip(found.typical.stops, found.buffered.stops, found.slots, strict=True)
    bare = iter(
        [
            _stop(problem, row, typical, buffered, slot, moment)
            for typical, buffered, slot in entries
            if typical.order != RELOAD
        ]
    )
    policy = problem.layout.request.policy.deck
    stops: list[Stop] = []
    for trip, placed in zip(trips_of(found.sequence), decks, strict=True):
        orders = [problem.layout.orders[order] for order in trip]
        stops += with_deck_work([next(bare) for _ in trip], orders, placed, policy)
    return tuple(stops)


def _reloads(
    problem: Problem,
    found: SlottedRoute,
    decks: Sequence[DeckPlan],
    bays: Sequence[int],
    moment: Moments,
) -> tuple[Reload, ...]:
    trips = trips_of(found.sequence)
    made: list[Reload] = []
    for at, (typical, buffered) in enumerate(
        zip(found.typical.stops, found.buffered.stops, strict=True)
    ):
        if typical.order == RELOAD:
            trip = len(made) + 1
            made.append(
                Reload(
                    before=at - len(made),
                    leg=moment.leg(typical.leg),
                    bay=bays[trip],
                    load=moment.window(typical.begins, typical.ends),
                    load_latest=moment.window(buffered.begins, buffered.ends),
                    leaves=moment.at(typical.leaves),
                    deck=_loaded(problem, trips[trip], decks[trip]),
                    rests=moment.rests(typical.pauses),
                )
            )
    return tuple(made)


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
    problem: Problem, row: int, stops: Sequence[Stop], legs: Sequence[Leg], duties: Sequence[int]
) -> Money:
    """Bill a route as docs/schedule.md says: typical kilometres, buffered hours of each duty."""
    prices, nights = problem.tables.prices, len(duties) - 1
    after = int(problem.tables.shifts.overtime_after[row])
    overtime = sum(max(0, duty - after) for duty in duties)
    metres = sum(leg.metres for leg in legs)
    return Money(
        km=Minor((int(prices.per_km[row]) * metres + 500) // 1000),
        hours=Minor((int(prices.per_hour[row]) * sum(duties) + 1800) // 3600),
        overtime=Minor((int(prices.per_overtime_hour[row]) * overtime + 1800) // 3600),
        fixed=Minor(int(prices.fixed[row])),
        tolls=Minor(sum(leg.toll_minor for leg in legs)),
        shunts=Minor(problem.tables.deck.shunt_fen * sum(len(stop.shunts) for stop in stops)),
        nights=Minor(int(problem.tables.nights.per_night[row]) * nights),
    )
