"""Made-up days with every rule of a county car carrier: `rich:150:3`.

Mixed carriers with decks that block, road classes, promised and open windows, cars that are not
ready yet, warehouses with few bays, bans in town, specialists on some trucks, and roads long enough
for the driving limit to matter. There is a little more room on the trucks than there are cars; on
some days orders stay behind. Kilometres lie on a plane.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from geodata.matrix import TravelMatrix
from geodata.places import Place, Point
from routing.benchmarks.rich_fleet import KINDS, Crewed, crewed_trucks
from routing.domain.fleet import TruckKind
from routing.domain.orders import DeliveryMode, Order, Priority
from routing.domain.readiness import Readiness, ReadinessStep, StepKind
from routing.domain.request import PlanRequest, TruckBan
from routing.domain.vehicles import Edition, Model, Vehicle, vin_check_digit
from routing.domain.warehouses import Warehouse
from routing.domain.windows import Window

ZONE: Final = ZoneInfo("Asia/Shanghai")
DAY: Final = date(2026, 11, 23)
HORIZON: Final = datetime(2026, 11, 22, tzinfo=ZONE)
WIDTH_KM, HEIGHT_KM = 260.0, 200.0
DETOUR: Final = 1.28
SECONDS_PER_KM: Final = {"one_car": 58, "two_car": 60, "short_carrier": 64, "carrier": 70}
BANDS: Final = ((0, 100), (7, 116), (9, 103), (17, 114), (19, 100))
"""First hour and percent of the free-flow time."""
FEN_PER_KM_TOLL: Final = 25
MODELS: Final = tuple(
    Model(
        id=name, name=name, length_mm=length, width_mm=1_880, height_mm=height, mass_kg=mass,
        wheel_lift_ok=lift,
    )
    for name, length, height, mass, lift in (
        ("small", 4_200, 1_560, 1_350, True),
        ("sedan", 4_720, 1_480, 1_780, True),
        ("suv", 5_020, 1_760, 2_420, False),
        ("van", 5_240, 1_830, 2_550, False),
    )
)  # fmt: skip
EDITION: Final = Edition(id="standard", name="标准版")
Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True, kw_only=True)
class RichDay:
    """A day to plan, and its roads."""

    name: str
    request: PlanRequest
    travel: TravelMatrix


def rich_day(orders: int, seed: int) -> RichDay:
    """Make a day: same orders and seed, same day."""
    if orders < 1 or seed < 0:
        raise ValueError(f"rich:{orders}:{seed}: at least 1 order, and a seed from 0")
    dice = np.random.default_rng([seed, orders])
    homes, centres = _warehouses(dice, 1 + min(3, orders // 40))
    towns = dice.uniform((15, 15), (WIDTH_KM - 15, HEIGHT_KM - 15), (max(5, orders // 15), 2))
    sheet, spots, crowded = [], [*centres], []
    for number in range(1, orders + 1):
        town = int(dice.integers(len(towns)))
        spot = np.clip(towns[town] + dice.normal(0, 6, 2), 0, (WIDTH_KM, HEIGHT_KM))
        near = int(np.argmin(np.hypot(*(np.array(centres) - spot).T)))
        spots.append(spot)
        sheet.append(made_order(dice, number, spot, homes[near].id))
        if town % 4 == 0:
            crowded.append(sheet[-1])
    crews = crews_of(dice, homes, sheet)
    request = PlanRequest(
        day=DAY,
        horizon_start=HORIZON,
        orders=tuple(sheet),
        trucks=crews.trucks,
        drivers=crews.drivers,
        specialists=crews.specialists,
        warehouses=tuple(homes),
        bans=bans_of(crews, crowded),
        assumptions=("invented day, roads are straight lines times 1.28",),
    )
    travel = straight_travel(request, np.array(spots))
    return RichDay(name=f"rich:{orders}:{seed}", request=request, travel=travel)


def _at(hour: float) -> datetime:
    return HORIZON + timedelta(days=1, hours=hour)


def hours(start: float, end: float) -> Window:
    """A window between two hours of the day."""
    return Window(start=_at(start), end=_at(end))


def _warehouses(
    dice: np.random.Generator, number: int
) -> tuple[list[Warehouse], list[NDArray[np.float64]]]:
    homes, centres = [], []
    for at in range(1, number + 1):
        centre = dice.uniform((60, 50), (WIDTH_KM - 60, HEIGHT_KM - 50))
        centres.append(centre)
        homes.append(
            Warehouse(
                id=f"RDC{at}",
                name=f"{at} 号仓",
                place=place_at(f"home{at}", centre),
                bays=int(dice.integers(2, 4)),
                loading=(hours(5.5, 12), hours(13, 19)),
            )
        )
    return homes, centres


def crews_of(dice: np.random.Generator, homes: list[Warehouse], sheet: list[Order]) -> Crewed:
    """Give every warehouse trucks for its cars and a sixth more."""
    made = [
        crewed_trucks(
            dice,
            home.id,
            cars=sum(order.warehouse_id == home.id for order in sheet) * 7 // 6 + 2,
            shift=(_at(5.5), _at(21)),
        )
        for home in homes
    ]
    return Crewed(
        trucks=tuple(each for crew in made for each in crew.trucks),
        drivers=tuple(each for crew in made for each in crew.drivers),
        specialists=tuple(each for crew in made for each in crew.specialists),
    )


def made_order(
    dice: np.random.Generator, number: int, spot: NDArray[np.float64], home: str
) -> Order:
    """Make one order, its car and its windows; `number` names car, order and place."""
    accepted, promised = _accepted(dice)
    ready = float(dice.integers(6, 13)) if dice.random() < 0.12 else 0.0
    steps = (
        (ReadinessStep(kind=StepKind.PDI, done_p50=_at(ready - 0.5), done_p90=_at(ready)),)
        if ready
        else ()
    )
    return Order(
        id=f"A{number:04}",
        vehicle=Vehicle(
            vin=_vin(number), model=_pick(dice, MODELS, (0.2, 0.45, 0.27, 0.08)), edition=EDITION
        ),
        warehouse_id=home,
        place=place_at(f"p{number}", spot),
        address=f"测试路{number}号",
        mode=DeliveryMode.DOOR,
        access=_pick(dice, KINDS, (0.1, 0.3, 0.3, 0.3)),
        windows=accepted,
        promised=promised,
        priority=_pick(dice, tuple(Priority), (0.1, 0.7, 0.15, 0.05)),
        readiness=Readiness(steps=steps),
        unload_s=60 * int(_pick(dice, (10, 15, 20), (0.4, 0.4, 0.2))),
        handover_s=60 * int(_pick(dice, (20, 30, 45), (0.4, 0.4, 0.2))),
        skills=frozenset({"ev"}) if dice.random() < 0.15 else frozenset(),
    )


def _accepted(dice: np.random.Generator) -> tuple[tuple[Window, ...], bool]:
    """Choose the buyer's windows: one of two hours, two halves of the day, or the day."""
    kind = dice.random()
    if kind < 0.45:
        start = float(dice.integers(16, 36)) / 2
        return (hours(start, start + 2),), bool(dice.random() < 0.3)
    if kind < 0.65:
        return (hours(9, 11.5), hours(14, 17.5)), False
    return (hours(8.5, 18.5),), False


def bans_of(crews: Crewed, crowded: list[Order]) -> tuple[TruckBan, ...]:
    """Carriers keep out of the larger towns while people go to work and home again."""
    shut = (hours(7, 9), hours(17, 19))
    return tuple(
        TruckBan(
            truck_id=truck.id, place_id=order.place.id, hours=shut, inside_s=600, name="市区限行"
        )
        for order in crowded
        for truck in crews.trucks
        if truck.kind.size >= TruckKind.SHORT_CARRIER.size
        and truck.warehouse_id == order.warehouse_id
    )


def straight_travel(request: PlanRequest, spots: NDArray[np.float64]) -> TravelMatrix:
    """Travel along straight lines; `spots` (places, 2) are km of warehouses, then of orders."""
    apart = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1)) * 1_000 * DETOUR
    metres = np.rint(apart).astype(np.int64)
    seconds = np.array(
        [
            [-(-metres * pace * percent // 100_000) for _, percent in BANDS]
            for pace in SECONDS_PER_KM.values()
        ]
    )
    tolls = np.where(metres > 30_000, metres * FEN_PER_KM_TOLL // 1_000, 0)
    places = [
        *(each.place for each in request.warehouses),
        *(each.place for each in request.orders),
    ]
    return TravelMatrix(
        place_ids=tuple(place.id for place in places),
        truck_classes=tuple(SECONDS_PER_KM),
        band_starts_s=tuple(hour * 3600 for hour, _ in BANDS),
        seconds=seconds.astype(np.int32),
        metres=np.broadcast_to(metres, seconds.shape).astype(np.int32),
        toll_minor=np.broadcast_to(tolls, (len(SECONDS_PER_KM), *metres.shape)).astype(np.int32),
    )


def place_at(name: str, spot: NDArray[np.float64]) -> Place:
    """Put a place on the globe; `spot` is km east and north of 33.5 N 112.5 E."""
    point = Point(lat=33.5 + float(spot[1]) / 111, lon=112.5 + float(spot[0]) / 92)
    return Place(id=name, label=name, point=point, county_code="410122")


def _vin(number: int) -> str:
    draft = f"LFBE5EV00T1{number:06d}"
    return draft[:8] + vin_check_digit(draft) + draft[9:]


def _pick(
    dice: np.random.Generator, choices: tuple[Choice, ...], shares: tuple[float, ...]
) -> Choice:
    return choices[int(dice.choice(len(choices), p=shares))]
