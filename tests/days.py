"""Tiny days for tests: every builder makes a sound value, and a test says only what matters to it.

Places lie on a line: `km(30)` is 30 km from the warehouse at `km(0)`; a truck drives 60 km/h, so a
kilometre is a minute. Moments are local times of the planned day, "09:00", or of the evening
before, "-1 18:00".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from geodata.matrix import TravelMatrix
from geodata.places import Place, Point
from geodata.units import DAY_S, HOUR_S, MINUTE_S, UNREACHABLE_S, Minor
from routing.domain.carriers import Carrier
from routing.domain.fleet import (
    DeckPosition,
    DeckTemplate,
    Driver,
    Specialist,
    SpecialistTravel,
    Truck,
    TruckCosts,
    TruckKind,
)
from routing.domain.orders import DeliveryMode, Order, Priority, TradeIn
from routing.domain.policy import (
    BufferPolicy,
    DrivingPolicy,
    OutsourcingPolicy,
    PlanPolicy,
    SlotPolicy,
)
from routing.domain.readiness import Precondition, Readiness, ReadinessStep, StepKind
from routing.domain.request import PlanRequest, TruckBan
from routing.domain.vehicles import Edition, Model, Vehicle, vin_check_digit
from routing.domain.warehouses import StockCar, Warehouse
from routing.domain.windows import Window

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 23)
HORIZON = datetime(2026, 11, 22, tzinfo=ZONE)
ALL_DAY = (("08:00", "18:00"),)
CLASS = "truck"

SEDAN = Model(
    id="sedan", name="启明 E5", length_mm=4_700, width_mm=1_850, height_mm=1_480, mass_kg=1_750,
    wheel_lift_ok=True,
)  # fmt: skip
SUV = Model(
    id="suv", name="远山 X7", length_mm=5_050, width_mm=1_980, height_mm=1_760, mass_kg=2_450
)
STANDARD = Edition(id="standard", name="标准版")
COSTS = TruckCosts(
    per_km=Minor(200), per_hour=Minor(4_000), per_overtime_hour=Minor(6_000), fixed=Minor(20_000)
)
NO_BUFFERS = BufferPolicy(drive_permille=0, service_s=0)


def at(text: str) -> datetime:
    """Read "09:00" as that local time of the day, "-1 18:00" as the evening before."""
    day, _, clock = text.rpartition(" ")
    parts = [int(part) for part in clock.split(":")]
    hours, minutes, seconds = (*parts, 0)[:3]
    start = HORIZON + timedelta(days=1 + int(day or 0))
    return start + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def second(text: str) -> int:
    """Count seconds from the horizon's start to a moment written as for `at`."""
    return int((at(text) - HORIZON).total_seconds())


def moment(seconds: int) -> datetime:
    """Turn seconds since the horizon's start into local time."""
    return HORIZON + timedelta(seconds=seconds)


def window(start: str, end: str) -> Window:
    """`[start, end)`, each written as for `at`."""
    return Window(start=at(start), end=at(end))


def vin_of(number: int) -> str:
    """Make an invented VIN with its right check digit."""
    draft = f"LFBE5EV0{0}T1{number:06d}"
    return draft[:8] + vin_check_digit(draft) + draft[9:]


def km(distance: float, *, radius_m: int = 0, id: str = "") -> Place:
    """A place that many kilometres along the line (its id says how many)."""
    return Place(
        id=id or f"km{distance:g}",
        label=f"{distance:g} km",
        point=Point(lat=34.7, lon=113.6 + distance / 91.5),
        county_code="410122",
        radius_m=radius_m,
    )


def line_matrix(
    places: Sequence[Place],
    *,
    band_starts: Sequence[str] = ("00:00",),
    seconds_per_km: Sequence[int | None] = (60,),
    toll_per_km: int = 0,
    truck_classes: Sequence[str] = (CLASS,),
) -> TravelMatrix:
    """Travel along the line, per band so many seconds per km; None: no road in that band."""
    unique = tuple({place.id: place for place in places}.values())
    at_km = np.array([round((place.point.lon - 113.6) * 91.5 * 1000) for place in unique])
    metres = np.abs(at_km[:, None] - at_km[None, :])
    layers = [
        np.full_like(metres, UNREACHABLE_S) if pace is None else -(-metres * pace // 1000)
        for pace in seconds_per_km
    ]
    lengths = [
        np.full_like(metres, UNREACHABLE_S) if pace is None else metres for pace in seconds_per_km
    ]
    for blocked in (*layers, *lengths):
        np.fill_diagonal(blocked, 0)
    shape = (len(truck_classes), len(band_starts), len(unique), len(unique))
    return TravelMatrix(
        place_ids=tuple(place.id for place in unique),
        truck_classes=tuple(truck_classes),
        band_starts_s=tuple(second(text) - DAY_S for text in band_starts),
        seconds=np.broadcast_to(np.array(layers), shape).astype(np.int32),
        metres=np.broadcast_to(np.array(lengths), shape).astype(np.int32),
        toll_minor=np.broadcast_to(
            metres * toll_per_km // 1000, (shape[0], shape[2], shape[3])
        ).astype(np.int32),
    )


def matrix_of(request: PlanRequest, **line: object) -> TravelMatrix:
    """Travel along the line between all places of a request; `line` goes to `line_matrix`."""
    places = [each.place for each in request.warehouses]
    places += [each.place for each in request.orders]
    classes = tuple(dict.fromkeys(truck.road_class for truck in request.trucks)) or (CLASS,)
    return line_matrix(places, **{"truck_classes": classes, **line})  # type: ignore[arg-type]  # passed through


def flat_deck(cars: int = 1, *, payload_kg: int | None = None) -> DeckTemplate:
    """A deck whose positions P1, P2 ... each take any car of these tests."""
    positions = tuple(
        DeckPosition(id=f"P{number}", length_mm=5_300, height_mm=2_000, mass_kg=2_800)
        for number in range(1, cars + 1)
    )
    name = f"flat-{cars}" if payload_kg is None else f"flat-{cars}-{payload_kg}-kg"
    return DeckTemplate(id=name, positions=positions, payload_kg=payload_kg or 2_800 * cars)


def wheel_lift_deck() -> DeckTemplate:
    """一拖二: a bed, and a wheel lift behind it that must be empty before the bed can unload."""
    return DeckTemplate(
        id="bed-and-lift",
        positions=(
            DeckPosition(
                id="BED", length_mm=5_300, height_mm=2_000, mass_kg=2_800, blocked_by=("LIFT",)
            ),
            DeckPosition(
                id="LIFT", length_mm=5_000, height_mm=2_500, mass_kg=2_300, wheel_lift=True
            ),
        ),
        payload_kg=5_000,
    )


def two_level_deck(cars: int) -> DeckTemplate:
    """A carrier that loads from the rear: each level leaves back to front, the upper one only
    over an empty rear below. Every position takes any car of these tests."""
    below = [f"下{number}" for number in range(1, cars // 2 + 1)]
    above = [f"上{number}" for number in range(1, cars - cars // 2 + 1)]
    behind = {name: tuple(below[at + 1 :]) for at, name in enumerate(below)}
    behind |= {name: (*above[at + 1 :], *below[-1:]) for at, name in enumerate(above)}
    positions = tuple(
        DeckPosition(
            id=name, length_mm=5_300, height_mm=2_000, mass_kg=2_800, blocked_by=behind[name]
        )
        for name in (*below, *above)
    )
    return DeckTemplate(id=f"two-level-{cars}", positions=positions, payload_kg=2_800 * cars)


def warehouse(
    id: str = "RDC",
    *,
    place: Place | None = None,
    bays: int = 2,
    loading: Sequence[tuple[str, str]] = (("05:00", "20:00"),),
    evening_loading: bool = False,
) -> Warehouse:
    """A warehouse at `km(0)` whose bays are open from five to eight."""
    return Warehouse(
        id=id,
        name=f"{id} 仓",
        place=place or km(0),
        bays=bays,
        loading=tuple(window(*hours) for hours in loading),
        evening_loading=evening_loading,
    )


def driver(id: str = "D1", *, licence: str = "B2", warehouse_id: str = "RDC") -> Driver:
    """A driver who is rested and works today."""
    return Driver(id=id, name=f"{id} 师傅", warehouse_id=warehouse_id, licence=licence)


def specialist(
    id: str = "S1",
    *,
    truck_id: str = "",
    skills: Sequence[str] = (),
    warehouse_id: str = "RDC",
    shift: tuple[str, str] | None = None,
) -> Specialist:
    """A specialist who rides with `truck_id`, or comes by own car when none is named."""
    return Specialist(
        id=id,
        name=f"{id} 专员",
        warehouse_id=warehouse_id,
        skills=frozenset(skills),
        travel=SpecialistTravel.WITH_TRUCK if truck_id else SpecialistTravel.OWN_CAR,
        truck_id=truck_id,
        shift=None if shift is None else window(*shift),
    )


def truck(
    id: str = "T1",
    *,
    cars: int = 2,
    deck: DeckTemplate | None = None,
    kind: TruckKind = TruckKind.ONE_CAR,
    shift: tuple[str, str] = ("06:00", "20:00"),
    duty_max_h: float = 14,
    overtime_after_h: float = 10,
    load_base_min: int = 20,
    load_per_car_min: int = 5,
    driver_id: str = "D1",
    specialist_id: str = "",
    skills: Sequence[str] = (),
    warehouse_id: str = "RDC",
    road_class: str = CLASS,
    costs: TruckCosts = COSTS,
) -> Truck:
    """A manned truck that goes anywhere, at work from six to eight; two cars load in 30 min."""
    return Truck(
        id=id,
        plate=f"豫A·{id}",
        kind=kind,
        road_class=road_class,
        warehouse_id=warehouse_id,
        deck=deck or flat_deck(cars),
        shift_start=at(shift[0]),
        shift_end=at(shift[1]),
        duty_max_s=round(duty_max_h * HOUR_S),
        overtime_after_s=round(overtime_after_h * HOUR_S),
        load_base_s=load_base_min * MINUTE_S,
        load_per_car_s=load_per_car_min * MINUTE_S,
        costs=costs,
        licence="B2",
        driver_id=driver_id,
        specialist_id=specialist_id,
        skills=frozenset(skills),
    )


def order(
    id: str = "O1",
    *,
    place: Place | None = None,
    windows: Sequence[tuple[str, str]] = ALL_DAY,
    promised: bool = False,
    access: TruckKind = TruckKind.CARRIER,
    model: Model = SEDAN,
    unload_min: int = 20,
    handover_min: int = 60,
    skills: Sequence[str] = (),
    ready: str = "",
    missing: Sequence[Precondition] = (),
    priority: Priority = Priority.NORMAL,
    warehouse_id: str = "RDC",
    trade_in: TradeIn | None = None,
) -> Order:
    """A car at the warehouse for a buyer 30 km away who is at home all day; 80 min of service."""
    number = int("".join(char for char in id if char.isdigit()) or "0")
    steps = (
        (ReadinessStep(kind=StepKind.PDI, done_p50=at(ready), done_p90=at(ready)),) if ready else ()
    )
    return Order(
        id=id,
        vehicle=Vehicle(vin=vin_of(number), model=model, edition=STANDARD),
        warehouse_id=warehouse_id,
        place=place or km(30),
        address=f"中牟县测试路{number}号",
        mode=DeliveryMode.DOOR,
        access=access,
        windows=tuple(window(*hours) for hours in windows),
        promised=promised,
        priority=priority,
        readiness=Readiness(steps=steps, missing=tuple(missing)),
        unload_s=unload_min * MINUTE_S,
        handover_s=handover_min * MINUTE_S,
        skills=frozenset(skills),
        trade_in=trade_in,
    )


def any_car(order: Order, *, warehouse_id: str = "", colour: str = "") -> Order:
    """The order, for any car of its model and edition in stock."""
    kind = replace(order.vehicle, vin="", colour=colour)
    return replace(order, vehicle=kind, warehouse_id=warehouse_id)


def in_stock(
    number: int,
    *,
    model: Model = SEDAN,
    warehouse_id: str = "RDC",
    ready: str = "",
    missing: Sequence[Precondition] = (),
    colour: str = "",
) -> StockCar:
    """A car nobody has bought yet; numbers from 900 up keep clear of those of orders."""
    steps = (
        (ReadinessStep(kind=StepKind.PDI, done_p50=at(ready), done_p90=at(ready)),) if ready else ()
    )
    return StockCar(
        vehicle=Vehicle(vin=vin_of(number), model=model, edition=STANDARD, colour=colour),
        warehouse_id=warehouse_id,
        readiness=Readiness(steps=steps, missing=tuple(missing)),
    )


def carrier(
    id: str = "C1",
    *,
    base: int = 50_000,
    per_km: int = 0,
    minimum: int = 0,
    cars: int = 1,
    windows: Sequence[tuple[str, str]] = (("09:00", "18:00"),),
    collects: str = "07:00",
    kind: TruckKind = TruckKind.ONE_CAR,
    skills: Sequence[str] = (),
    trade_ins: bool = False,
    warehouse_ids: Sequence[str] = ("RDC",),
) -> Carrier:
    """A carrier that takes one car, anywhere, for 500 yuan, and comes between nine and six."""
    return Carrier(
        id=id,
        name=f"{id} 零担运输",
        warehouse_ids=tuple(warehouse_ids),
        base=Minor(base),
        per_km=Minor(per_km),
        minimum=Minor(minimum),
        cars=cars,
        collects=at(collects),
        windows=tuple(window(*hours) for hours in windows),
        kind=kind,
        skills=frozenset(skills),
        trade_ins=trade_ins,
    )


def ban(
    place: Place, *hours: tuple[str, str], truck_id: str = "T1", inside_min: int = 0
) -> TruckBan:
    """Hours in which a truck must not drive at a place."""
    return TruckBan(
        truck_id=truck_id,
        place_id=place.id,
        hours=tuple(window(*each) for each in hours),
        inside_s=inside_min * MINUTE_S,
        name="市区限行",
    )


def request(
    *orders: Order,
    trucks: Sequence[Truck] = (),
    drivers: Sequence[Driver] | None = None,
    specialists: Sequence[Specialist] = (),
    warehouses: Sequence[Warehouse] = (),
    bans: Sequence[TruckBan] = (),
    stock: Sequence[StockCar] = (),
    driving: DrivingPolicy | None = None,
    slots: SlotPolicy | None = None,
    buffers: BufferPolicy = NO_BUFFERS,
    carriers: Sequence[Carrier] = (),
    carrier_budget: int | None = None,
) -> PlanRequest:
    """One day: one truck, one warehouse and no buffers unless the test says otherwise."""
    fleet = tuple(trucks) or (truck(),)
    named: Mapping[str, str] = {each.driver_id: each.warehouse_id for each in fleet}
    crew = [driver(id, warehouse_id=home) for id, home in sorted(named.items()) if id]
    return PlanRequest(
        day=DAY,
        horizon_start=HORIZON,
        orders=tuple(orders),
        trucks=fleet,
        drivers=tuple(crew if drivers is None else drivers),
        specialists=tuple(specialists),
        warehouses=tuple(warehouses) or (warehouse(),),
        bans=tuple(bans),
        stock=tuple(stock),
        carriers=tuple(carriers),
        policy=PlanPolicy(
            driving=driving or DrivingPolicy(),
            slots=slots or SlotPolicy(),
            buffers=buffers,
            outsourcing=OutsourcingPolicy(
                budget=None if carrier_budget is None else Minor(carrier_budget)
            ),
        ),
    )
