"""Hypothesis strategies: random small whole days, and single truck runs out of them.

Days are legal requests, not easy ones: some orders fit nowhere, some trucks have no driver, some
roads close at night. Shrinking leads towards one order, one truck, one band and no ban.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from geodata.matrix import TravelMatrix
from geodata.places import Place
from geodata.units import HOUR_S, MINUTE_S, UNREACHABLE_S
from routing.audit.twin.reading import read_route
from routing.audit.twin.values import TwinRoute
from routing.clock import RELOAD
from routing.domain.fleet import DeckTemplate, Specialist, Truck, TruckKind
from routing.domain.orders import Order, Priority, TradeIn
from routing.domain.policy import BufferPolicy, DrivingPolicy, SlotPolicy
from routing.domain.readiness import Precondition, Readiness
from routing.domain.request import PlanRequest, TruckBan
from routing.domain.warehouses import Warehouse
from routing.domain.windows import Window
from routing.problem import Problem
from tests.days import (
    SEDAN,
    SUV,
    at,
    ban,
    flat_deck,
    km,
    order,
    request,
    specialist,
    truck,
    two_level_deck,
    warehouse,
    wheel_lift_deck,
)
from tests.deck_strategies import two_level_decks

SKILLS = ("ev", "luxury", "dialect")
CLASSES = ("small", "large")
TRADE_INS = (
    TradeIn(model_name="旧轿车", model=SEDAN),
    TradeIn(model_name="不认识的旧车"),
)
LOADING_HOURS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("05:00", "20:00"),),
    (("05:00", "08:00"), ("11:00", "15:00")),
    (("06:30", "08:45"),),
)
EVENING_HOURS = (("-1 17:00", "-1 19:00"), ("05:00", "20:00"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A request with the travel matrix that belongs to it."""

    request: PlanRequest
    travel: TravelMatrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One truck and the orders it is to serve, in order; it may well be impossible.

    `reloads` are the numbers of the orders before which it comes home and loads again.
    """

    request: PlanRequest
    travel: TravelMatrix
    truck_id: str
    order_ids: tuple[str, ...]
    reloads: tuple[int, ...] = ()

    def sequence(self, problem: Problem) -> tuple[int, tuple[int, ...]]:
        """The same in rows: the truck, and its orders with RELOAD between two trips."""
        trucks = problem.layout.trucks
        rows = {order.id: row for row, order in enumerate(problem.layout.orders)}
        entries: list[int] = []
        for number, order_id in enumerate(self.order_ids):
            if number in self.reloads:
                entries.append(RELOAD)
            entries.append(rows[order_id])
        truck = next(row for row, each in enumerate(trucks) if each.id == self.truck_id)
        return truck, tuple(entries)

    def twin(self) -> TwinRoute:
        """The same as the auditor's twin reads it."""
        return read_route(
            self.request,
            self.travel,
            truck_id=self.truck_id,
            order_ids=self.order_ids,
            reloads=self.reloads,
        )


def seconds_of_day(first_h: int, last_h: int) -> st.SearchStrategy[int]:
    """Moments of the day, mostly on the quarter hour, sometimes on an odd second."""
    quarters = st.integers(first_h * 4, last_h * 4).map(lambda q: q * 15 * MINUTE_S)
    odd = st.integers(first_h * HOUR_S, last_h * HOUR_S)
    return st.one_of(quarters, quarters, odd)


def clock_text(second_of_day: int) -> str:
    """Write a second of the day as `tests.days.at` reads it."""
    return f"{second_of_day // 3600:02}:{second_of_day // 60 % 60:02}:{second_of_day % 60:02}"


@st.composite
def windows(draw: st.DrawFn, *, first_h: int = 7) -> tuple[tuple[str, str], ...]:
    """One to three windows, ascending and apart, the first from `first_h` on."""
    made: list[tuple[str, str]] = []
    end = 0
    for _ in range(draw(st.sampled_from((1, 1, 1, 2, 3)))):
        start = max(end, draw(seconds_of_day(first_h, first_h + 5))) + bool(end) * HOUR_S
        end = start + draw(seconds_of_day(1, 9))
        made.append((clock_text(start), clock_text(end)))
    return tuple(made)


def places() -> st.SearchStrategy[Place]:
    """Places on both sides of the warehouse, several orders often at one of them."""
    near = st.integers(-6, 12).map(lambda step: step * 10)
    far = st.integers(-150, 320)
    return st.builds(
        lambda distance, coarse: km(
            distance,
            radius_m=5_000 if coarse else 0,
            id=f"km{distance}{'-coarse' if coarse else ''}",
        ),
        st.one_of(near, near, far),
        st.sampled_from((False, False, False, True)),
    )


@st.composite
def orders(draw: st.DrawFn, *, number: int, warehouse_ids: Sequence[str]) -> Order:
    """Any order a sheet may hold: promised, not ready, without papers, hard to reach."""
    accepted = draw(windows())
    promised = draw(st.sampled_from((False, False, True)))
    unload_min, handover_min = draw(
        st.sampled_from(((20, 60), (20, 30), (15, 10), (0, 15), (25, 0), (0, 45)))
    )
    return order(
        f"O{number}",
        place=draw(places()),
        windows=accepted[:1] if promised else accepted,
        promised=promised,
        access=draw(st.sampled_from((TruckKind.CARRIER, TruckKind.TWO_CAR, TruckKind.ONE_CAR))),
        model=draw(st.sampled_from((SEDAN, SUV))),
        unload_min=unload_min,
        handover_min=handover_min,
        skills=draw(st.lists(st.sampled_from(SKILLS), max_size=1)),
        trade_in=draw(st.sampled_from((None, None, None, *TRADE_INS))),
        ready=draw(st.one_of(*[st.just("")] * 4, seconds_of_day(4, 11).map(clock_text))),
        missing=draw(st.sampled_from(((), (), (), (), (Precondition.INSURANCE,)))),
        priority=draw(st.sampled_from(tuple(Priority))),
        warehouse_id=draw(st.sampled_from(tuple(warehouse_ids))),
    )


def decks() -> st.SearchStrategy[DeckTemplate]:
    """Flat decks of one to four cars, a bed with a wheel lift, one too weak for its length, and
    decks on which cars stand in each other's way."""
    return st.one_of(
        st.integers(1, 4).map(flat_deck),
        st.just(wheel_lift_deck()),
        st.just(flat_deck(3, payload_kg=5_000)),
        two_level_decks(min_positions=2, max_positions=4),
    )


@st.composite
def trucks(draw: st.DrawFn, *, number: int, warehouse_ids: Sequence[str]) -> Truck:
    """Any truck: short shifts, a second-hand crew, no driver, a specialist on board."""
    start_h = draw(st.integers(5, 9))
    helped = draw(st.booleans())
    return truck(
        f"T{number}",
        deck=draw(decks()),
        kind=draw(st.sampled_from(tuple(TruckKind))),
        shift=(f"{start_h:02}:00", f"{start_h + draw(st.integers(7, 14)):02}:30"),
        duty_max_h=draw(st.sampled_from((14, 14, 10, 6))),
        overtime_after_h=draw(st.sampled_from((10, 8, 4))),
        load_base_min=draw(st.sampled_from((20, 0))),
        load_per_car_min=draw(st.sampled_from((5, 15))),
        driver_id=draw(st.sampled_from((f"D{number}", f"D{number}", f"D{number}", ""))),
        specialist_id=f"S{number}" if helped else "",
        skills=draw(st.lists(st.sampled_from(SKILLS), unique=True)),
        warehouse_id=draw(st.sampled_from(tuple(warehouse_ids))),
        road_class=draw(st.sampled_from(CLASSES)),
    )


@st.composite
def warehouses(draw: st.DrawFn, *, id: str, place: Place) -> Warehouse:
    """One to three bays, open all day, in two shifts, for an hour, or the evening before."""
    evening = draw(st.sampled_from((False, False, True)))
    hours = EVENING_HOURS if evening else draw(st.sampled_from(LOADING_HOURS))
    return warehouse(
        id, place=place, bays=draw(st.integers(1, 3)), loading=hours, evening_loading=evening
    )


@st.composite
def bans(draw: st.DrawFn, *, fleet: Sequence[Truck], sites: Sequence[Place]) -> TruckBan:
    """A ban of one truck at one place of the day, of one or two intervals."""
    return ban(
        draw(st.sampled_from(tuple(sites))),
        *draw(windows(first_h=5))[:2],
        truck_id=draw(st.sampled_from(tuple(each.id for each in fleet))),
        inside_min=draw(st.sampled_from((0, 5, 20))),
    )


@st.composite
def matrices(draw: st.DrawFn, *, sites: Sequence[Place]) -> TravelMatrix:
    """Roads along the line: slow hours, detours, night closures, islands, tolls; not symmetric."""
    unique = tuple({place.id: place for place in sites}.values())
    starts = draw(st.sampled_from(((0,), (0,), (0, 7, 9), (0, 6, 10, 17), (0, 12))))
    at_m = np.array([round((place.point.lon - 113.6) * 91_500) for place in unique])
    apart_m = np.abs(at_m[:, None] - at_m[None, :])
    noise = np.random.default_rng(draw(st.integers(0, 10)))
    detours = noise.integers(100, 130, size=apart_m.shape)
    road_m = apart_m * detours // 100 + (apart_m == 0) * 400
    shape = (len(CLASSES), len(starts), len(unique), len(unique))
    seconds, metres = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    for layer in range(len(CLASSES)):
        for band in range(len(starts)):
            pace = draw(st.sampled_from((60, 60, 45, 75, 110, 0)))
            if pace == 0 and band > 0:
                seconds[layer, band] = metres[layer, band] = UNREACHABLE_S
            else:
                seconds[layer, band] = -(-road_m * (pace or 60) // 1000)
                metres[layer, band] = road_m
    if len(unique) > 3 and draw(st.sampled_from((False, False, False, True))):
        island = draw(st.integers(1, len(unique) - 1))
        for grid in (seconds, metres):
            grid[:, :, island, :] = grid[:, :, :, island] = UNREACHABLE_S
    for grid in (seconds, metres):
        for index in range(len(unique)):
            grid[:, :, index, index] = 0
    per_km = draw(st.sampled_from((0, 45)))
    tolls = np.broadcast_to(road_m * per_km // 1000, (shape[0], *shape[2:])).astype(np.int32)
    return TravelMatrix(
        place_ids=tuple(place.id for place in unique),
        truck_classes=CLASSES,
        band_starts_s=tuple(hour * HOUR_S for hour in starts),
        seconds=seconds,
        metres=metres,
        toll_minor=tolls,
    )


@st.composite
def days(draw: st.DrawFn, *, max_orders: int = 10, max_trucks: int = 5) -> Day:
    """A whole day: 1-2 warehouses, up to 5 trucks, up to 10 orders, and what goes wrong.

    On half of the days cars are ready and trucks manned all day: what fails there fails on the
    road, and several trucks go out.
    """
    homes = [draw(warehouses(id="RDC", place=km(0)))]
    if draw(st.sampled_from((False, False, True))):
        homes.append(draw(warehouses(id="HUB", place=km(70))))
    ids = [home.id for home in homes]
    fleet = [
        draw(trucks(number=number, warehouse_ids=ids))
        for number in range(1, 1 + draw(st.integers(1, max_trucks)))
    ]
    sheet = [
        draw(orders(number=number, warehouse_ids=ids))
        for number in range(1, 1 + draw(st.integers(1, max_orders)))
    ]
    if draw(st.booleans()):
        fleet, sheet = [_calm_truck(each) for each in fleet], [_calm_order(each) for each in sheet]
    sites = [*(home.place for home in homes), *(each.place for each in sheet)]
    limits = draw(st.lists(bans(fleet=fleet, sites=sites), max_size=3))
    made = request(
        *sheet,
        trucks=fleet,
        specialists=draw(crews(fleet=fleet)),
        warehouses=homes,
        bans=limits,
        driving=draw(driving_policies()),
        slots=draw(st.sampled_from((SlotPolicy(), SlotPolicy(width_s=HOUR_S)))),
        buffers=draw(
            st.sampled_from((BufferPolicy(), BufferPolicy(drive_permille=0, service_s=0)))
        ),
    )
    return Day(request=made, travel=draw(matrices(sites=sites)))


@st.composite
def crews(draw: st.DrawFn, *, fleet: Sequence[Truck]) -> tuple[Specialist, ...]:
    """The specialists who ride with the trucks, and now and then one with a car of their own."""
    riders = tuple(
        specialist(
            each.specialist_id,
            truck_id=each.id,
            skills=tuple(sorted(each.skills)),
            warehouse_id=each.warehouse_id,
        )
        for each in fleet
        if each.specialist_id
    )
    apart = specialist("S99", skills=("luxury",), warehouse_id=fleet[0].warehouse_id)
    return (*riders, apart) if draw(st.sampled_from((False, False, True))) else riders


def driving_policies() -> st.SearchStrategy[DrivingPolicy]:
    """The law, and stricter rules that make rests frequent on short days."""
    return st.builds(
        lambda hours, minutes, handover_rests: DrivingPolicy(
            drive_max_s=int(hours * HOUR_S),
            rest_s=minutes * MINUTE_S,
            handover_rests=handover_rests,
        ),
        st.sampled_from((4.0, 4.0, 2.0, 1.0, 0.55)),
        st.sampled_from((20, 20, 30, 45)),
        st.booleans(),
    )


@st.composite
def runs(draw: st.DrawFn, *, max_stops: int = 5) -> Run:
    """One truck of a random day with some orders of its warehouse, in any order.

    Decks are wide enough for the run; skills, access and papers are not looked at. Most have
    ready cars and a long shift: they fail, if at all, for what happens on the road.
    """
    day = draw(days(max_orders=max_stops + 2, max_trucks=1))
    (only,) = day.request.trucks
    ours = [each.id for each in day.request.orders if each.warehouse_id == only.warehouse_id]
    if not ours:
        first = replace(day.request.orders[0], warehouse_id=only.warehouse_id)
        made = replace(day.request, orders=(first, *day.request.orders[1:]))
        day, ours = Day(request=made, travel=day.travel), [first.id]
    order_ids = draw(st.permutations(ours))[: draw(st.integers(1, max_stops))]
    several = draw(st.booleans())
    reloads = [n for n in range(1, len(order_ids)) if several and draw(st.booleans())]
    deck = draw(st.sampled_from((flat_deck(max_stops), two_level_deck(max_stops))))
    manned = replace(only, deck=deck, driver_id="D1", trips_max=max_stops if several else 1)
    sheet = day.request.orders
    if reloads and draw(st.sampled_from((True, True, False))):
        order_ids, reloads = order_ids[:3], [n for n in reloads if n < 3]
        sheet = tuple(_patient_order(each) for each in sheet)
    if draw(st.booleans()):
        manned, sheet = _calm_truck(manned), tuple(_calm_order(each) for each in sheet)
    staffed = request(
        *sheet,
        trucks=[manned],
        specialists=day.request.specialists,
        warehouses=day.request.warehouses,
        bans=day.request.bans,
        driving=day.request.policy.driving,
        slots=day.request.policy.slots,
        buffers=day.request.policy.buffers,
    )
    return Run(
        request=staffed,
        travel=day.travel,
        truck_id=manned.id,
        order_ids=tuple(order_ids),
        reloads=tuple(reloads),
    )


def _calm_truck(hard: Truck) -> Truck:
    """The same truck with a driver and a day long enough for almost anything."""
    return replace(
        hard,
        driver_id=hard.driver_id or hard.id.replace("T", "D"),
        shift_start=at("05:00"),
        shift_end=at("23:30"),
        duty_max_s=16 * HOUR_S,
    )


def _patient_order(hard: Order) -> Order:
    """The same order for a buyer who waits all day: time enough for several trips."""
    return replace(hard, windows=(Window(start=at("07:00"), end=at("21:00")),), promised=False)


def _calm_order(hard: Order) -> Order:
    """The same order with its car ready and its papers there."""
    return replace(hard, readiness=Readiness())
