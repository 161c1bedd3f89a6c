"""Made-up national days: `national:12000:60:1` is 12,000 orders of 60 warehouses.

Every warehouse is one of a `rich` day's, in a cell of its own, with the bays and trucks for its
cars. Roads are straight lines, so a part's travel is made from its places alone: nobody ever makes
a matrix of the country.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.matrix import TravelMatrix
from geodata.places import Point
from routing.benchmarks import rich
from routing.domain.orders import Order
from routing.domain.request import PlanRequest
from routing.domain.warehouses import Warehouse

CELLS_WIDE: Final = 8
WEST_KM, SOUTH_KM = -1_000.0, -1_400.0
ORDERS_PER_BAY: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalDay:
    """A day of many warehouses; `travel_for` makes the roads of a part of it."""

    name: str
    request: PlanRequest

    def travel_for(self, part: PlanRequest) -> TravelMatrix:
        """Make the travel between the places of a part, straight lines times a detour."""
        places = [
            *(house.place for house in part.warehouses),
            *(each.place for each in part.orders),
        ]
        return rich.straight_travel(part, np.array([_spot(place.point) for place in places]))


def national_day(orders: int, warehouses: int, seed: int) -> NationalDay:
    """Make a day: same numbers, same day. Warehouses differ in size by up to a half."""
    name = f"national:{orders}:{warehouses}:{seed}"
    if not 1 <= warehouses <= orders or warehouses > CELLS_WIDE**2 or seed < 0:
        raise ValueError(f"{name}: 1 to 64 warehouses with an order each at least, a seed from 0")
    dice = np.random.default_rng([seed, orders, warehouses])
    weights = dice.uniform(0.5, 1.5, warehouses)
    ends = np.rint(np.cumsum(weights) / weights.sum() * orders).astype(int)
    homes: list[Warehouse] = []
    sheet: list[Order] = []
    crowded: list[Order] = []
    for at in range(warehouses):
        first, last = (int(ends[at - 1]) if at else 0), int(ends[at])
        corner = np.array(
            [
                WEST_KM + at % CELLS_WIDE * rich.WIDTH_KM,
                SOUTH_KM + at // CELLS_WIDE * rich.HEIGHT_KM,
            ]
        )
        centre = corner + dice.uniform((60, 50), (rich.WIDTH_KM - 60, rich.HEIGHT_KM - 50))
        homes.append(
            Warehouse(
                id=f"RDC{at + 1:02}",
                name=f"{at + 1} 号仓",
                place=rich.place_at(f"home{at + 1}", centre),
                bays=2 + (last - first) // ORDERS_PER_BAY,
                loading=(rich.hours(5.5, 12), rich.hours(13, 19)),
            )
        )
        towns = corner + dice.uniform(
            (15, 15), (rich.WIDTH_KM - 15, rich.HEIGHT_KM - 15), (max(5, (last - first) // 15), 2)
        )
        for number in range(first + 1, last + 1):
            town = int(dice.integers(len(towns)))
            spot = towns[town] + dice.normal(0, 6, 2)
            sheet.append(rich.made_order(dice, number, spot, homes[-1].id))
            if town % 4 == 0:
                crowded.append(sheet[-1])
    crews = rich.crews_of(dice, homes, sheet)
    request = PlanRequest(
        day=rich.DAY,
        horizon_start=rich.HORIZON,
        orders=tuple(sheet),
        trucks=crews.trucks,
        drivers=crews.drivers,
        specialists=crews.specialists,
        warehouses=tuple(homes),
        bans=rich.bans_of(crews, crowded),
        assumptions=("invented day, roads are straight lines times 1.28",),
    )
    return NationalDay(name=name, request=request)


def _spot(point: Point) -> NDArray[np.float64]:
    return np.array([(point.lon - 112.5) * 92, (point.lat - 33.5) * 111])
