"""Whole days by seed: one or two warehouses, 20 to 40 orders, two things in short supply.

Larger than the days of `strategies.py` and made to be planned: most orders fit, some do not, for
reasons that a dispatcher meets. Kilometres are on a plane, roads a quarter longer than the line.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

import numpy as np

from geodata.matrix import TravelMatrix
from geodata.places import Place, Point
from geodata.units import Minor
from routing.domain.fleet import DeckPosition, DeckTemplate, Truck, TruckCosts, TruckKind
from routing.domain.orders import Order, Priority
from routing.domain.readiness import Precondition
from routing.domain.request import PlanRequest, TruckBan
from routing.domain.warehouses import Warehouse
from tests.days import SEDAN, SUV, ban, order, request, specialist, truck, warehouse
from tests.strategies import Day

KINDS = tuple(TruckKind)
CARS = {"one_car": 1, "two_car": 2, "short_carrier": 4, "carrier": 8}
PACE = {"one_car": 65, "two_car": 65, "short_carrier": 69, "carrier": 75}
"""Seconds per km by road class."""
BANDS = ((0, 100), (7, 115), (9, 103))
"""First hour and percent of the free-flow time."""
Choice = TypeVar("Choice")


class Shortage(StrEnum):
    """What a day has too little of."""

    TRUCKS = "trucks"
    WINDOWS = "windows"
    CREWS = "crews"
    ROADS = "roads"
    BAYS = "bays"
    PAPERS = "papers"
    READINESS = "readiness"
    SHIFTS = "shifts"
    BANS = "bans"


def generated_day(seed: int) -> Day:
    """Make the day of a seed: the same seed, the same day."""
    dice = np.random.default_rng(seed)
    short = frozenset(
        list(Shortage)[at] for at in dice.choice(len(Shortage), size=2, replace=False)
    )
    homes, centres = _warehouses(dice, short)
    fleet = _fleet(dice, homes, short)
    towns = dice.uniform(10, 190, (9, 2))
    sheet, spots = [], [*centres]
    for number in range(1, int(dice.integers(20, 41)) + 1):
        spot = np.clip(towns[dice.integers(len(towns))] + dice.normal(0, 6, 2), 0, 200)
        near = int(np.argmin(np.hypot(*(np.array(centres) - spot).T)))
        spots.append(spot)
        sheet.append(_order(dice, number, spot, homes[near].id, short))
    made = request(
        *sheet,
        trucks=fleet,
        specialists=[specialist("S99", skills=("luxury",), warehouse_id=homes[0].id)],
        warehouses=homes,
        bans=_bans(dice, fleet, sheet) if Shortage.BANS in short else (),
        buffers=request().policy.buffers,
    )
    return Day(request=made, travel=_travel(made, np.array(spots)))


def _warehouses(
    dice: np.random.Generator, short: frozenset[Shortage]
) -> tuple[list[Warehouse], list[np.ndarray]]:
    homes, centres = [], []
    for number in range(int(dice.integers(1, 3))):
        centre = dice.uniform(60, 140, 2)
        centres.append(centre)
        homes.append(
            warehouse(
                f"RDC{number + 1}",
                place=_place(f"home{number + 1}", centre),
                bays=1 if Shortage.BAYS in short else 3,
                loading=(("06:30", "10:00"),) if Shortage.BAYS in short else (("05:00", "20:00"),),
            )
        )
    return homes, centres


def _fleet(
    dice: np.random.Generator, homes: list[Warehouse], short: frozenset[Shortage]
) -> list[Truck]:
    size = int(dice.integers(5, 8) if Shortage.TRUCKS in short else dice.integers(9, 13))
    fleet = []
    for number in range(1, size + 1):
        kind = _pick(dice, KINDS, (0.25, 0.4, 0.25, 0.1))
        end = "17:30" if Shortage.SHIFTS in short else "21:00"
        skilled = dice.random() < (0.12 if Shortage.CREWS in short else 0.5)
        fleet.append(
            truck(
                f"T{number}",
                deck=_deck(kind),
                kind=kind,
                shift=("05:30", end),
                duty_max_h=10 if Shortage.SHIFTS in short else 14,
                driver_id=f"D{number}",
                skills=("ev",) if skilled else (),
                warehouse_id=homes[number % len(homes)].id,
                road_class=kind.value,
                costs=TruckCosts(
                    per_km=Minor((200, 260, 350, 520)[kind.size]),
                    per_hour=Minor(4_000),
                    per_overtime_hour=Minor(2_500),
                    fixed=Minor((15_000, 20_000, 30_000, 45_000)[kind.size]),
                ),
            )
        )
    return fleet


def _deck(kind: TruckKind) -> DeckTemplate:
    cars = CARS[kind.value]
    return DeckTemplate(
        id=kind.value,
        positions=tuple(
            DeckPosition(
                id=f"P{at + 1}",
                length_mm=5_300 if at % 2 == 0 else 4_850,
                height_mm=1_950 if at < max(2, cars // 2) else 1_650,
                mass_kg=2_600,
                wheel_lift=kind is TruckKind.TWO_CAR and at == 1,
            )
            for at in range(cars)
        ),
        payload_kg=cars * 2_300 + 300,
    )


def _order(
    dice: np.random.Generator,
    number: int,
    spot: np.ndarray,
    home: str,
    short: frozenset[Shortage],
) -> Order:
    accepted: tuple[tuple[str, str], ...] = (("09:00", "18:30"),)
    narrow = 0.8 if Shortage.WINDOWS in short else 0.35
    if dice.random() < narrow:
        hour = int(dice.integers(8, 17))
        accepted = ((f"{hour:02}:00", f"{hour + 2:02}:00"),)
    elif dice.random() < 0.3:
        accepted = (("09:00", "11:30"), ("14:00", "17:30"))
    tight = (0.35, 0.4, 0.15, 0.1) if Shortage.ROADS in short else (0.1, 0.35, 0.3, 0.25)
    late = dice.random() < (0.3 if Shortage.READINESS in short else 0.04)
    lacks = dice.random() < (0.12 if Shortage.PAPERS in short else 0.02)
    return order(
        f"O{number}",
        place=_place(f"p{number}", spot),
        windows=accepted,
        promised=len(accepted) == 1 and bool(dice.random() < 0.2),
        access=_pick(dice, KINDS, tight),
        model=SUV if dice.random() < 0.25 else SEDAN,
        handover_min=int(dice.integers(6, 14)) * 5,
        skills=("ev",) if dice.random() < 0.2 else (),
        ready=f"{int(dice.integers(8, 17)):02}:00" if late else "",
        missing=(Precondition.INSURANCE,) if lacks else (),
        priority=_pick(dice, tuple(Priority), (0.15, 0.65, 0.15, 0.05)),
        warehouse_id=home,
    )


def _bans(dice: np.random.Generator, fleet: list[Truck], sheet: list[Order]) -> list[TruckBan]:
    """A third of the places may not be entered by the larger trucks in the busy hours."""
    closed = [each for each in sheet if dice.random() < 0.35]
    return [
        ban(each.place, ("07:00", "12:00"), ("14:00", "20:00"), truck_id=one.id, inside_min=10)
        for each in closed
        for one in fleet
        if one.kind.size >= TruckKind.TWO_CAR.size and one.warehouse_id == each.warehouse_id
    ]


def _travel(made: PlanRequest, spots: np.ndarray) -> TravelMatrix:
    apart = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1)) * 1_250
    metres = np.rint(apart).astype(np.int64)
    shape = (len(PACE), len(BANDS), *metres.shape)
    seconds = np.array(
        [[-(-metres * pace * percent // 100_000) for _, percent in BANDS] for pace in PACE.values()]
    )
    places = [*(each.place for each in made.warehouses), *(each.place for each in made.orders)]
    return TravelMatrix(
        place_ids=tuple(place.id for place in places),
        truck_classes=tuple(PACE),
        band_starts_s=tuple(hour * 3600 for hour, _ in BANDS),
        seconds=seconds.astype(np.int32),
        metres=np.broadcast_to(metres, shape).astype(np.int32),
        toll_minor=np.broadcast_to(metres * 3 // 100, shape[:1] + metres.shape).astype(np.int32),
    )


def _place(name: str, spot: np.ndarray) -> Place:
    point = Point(lat=34.0 + float(spot[1]) / 111, lon=113.0 + float(spot[0]) / 92)
    return Place(id=name, label=name, point=point, county_code="410122")


def _pick(
    dice: np.random.Generator, choices: tuple[Choice, ...], shares: tuple[float, ...]
) -> Choice:
    return choices[int(dice.choice(len(choices), p=shares))]


def crowded_day(seed: int, *, orders: int, warehouses: int, trucks: int) -> Day:
    """Make a large day, for timing: orders spread over several warehouses, trucks a bit short."""
    dice = np.random.default_rng(seed)
    nothing: frozenset[Shortage] = frozenset()
    homes, centres = [], []
    for number in range(1, warehouses + 1):
        centre = dice.uniform(40, 160, 2)
        centres.append(centre)
        homes.append(warehouse(f"RDC{number}", place=_place(f"home{number}", centre), bays=3))
    fleet = _fleet(dice, homes, nothing)
    while len(fleet) < trucks:
        more = _fleet(dice, homes, nothing)
        fleet += [
            replace(each, id=f"T{at}", plate=f"豫A·T{at}", driver_id=f"D{at}")
            for at, each in enumerate(more, start=len(fleet) + 1)
        ]
    towns = dice.uniform(10, 190, (20, 2))
    sheet, spots = [], [*centres]
    for number in range(1, orders + 1):
        spot = np.clip(towns[dice.integers(len(towns))] + dice.normal(0, 6, 2), 0, 200)
        near = int(np.argmin(np.hypot(*(np.array(centres) - spot).T)))
        spots.append(spot)
        sheet.append(_order(dice, number, spot, homes[near].id, nothing))
    made = request(*sheet, trucks=fleet[:trucks], warehouses=homes)
    return Day(request=made, travel=_travel(made, np.array(spots)))
