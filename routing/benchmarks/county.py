"""Made-up days of county car carriers that every engine can express: `county:300:7`.

Four warehouses, carriers of 1, 2, 3, 6 and 8 cars with fixed costs, three road classes, windows of
two hours. Distance is driving time: seconds at some 67 km/h with a detour of 1.3.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.benchmarks.units import euclidean
from routing.model import NEVER, Clients, Fleet, Ints, Model

WAREHOUSES: Final = 4
HOUR_S: Final = 3600
DAY_ENDS_S: Final = 16 * HOUR_S
SECONDS_PER_KM: Final = 1.3 * 60 * 0.9
CARS: Final = (1, 2, 3, 6, 8)
PER_SECOND: Final = (2, 2, 3, 4, 4)
FIXED: Final = (4_000, 5_500, 7_000, 10_000, 12_000)
HARDEST_ROAD: Final = (2, 2, 1, 0, 0)
"""Largest road class each carrier may enter: 2 a lane, 1 a county road, 0 a trunk road."""
FLEET_SHARE: Final = ((4, 2), (5, 2), (6, 2), (10, 1), (14, 1))
"""Trucks of each size at a warehouse: its share of the orders divided by the first, plus the
second."""


def county_cars(orders: int, seed: int) -> Model:
    """Make an instance: same orders and seed, same instance."""
    if orders < 1 or seed < 0:
        raise ValueError(f"county:{orders}:{seed}: at least 1 order, and a seed from 0")
    dice = np.random.default_rng(seed)
    towns = dice.uniform(0, 220, (max(6, orders // 25), 2))
    homes = dice.uniform(40, 180, (WAREHOUSES, 2))

    picked = towns[dice.integers(0, len(towns), orders)]
    spots = np.clip(picked + dice.normal(0, 7, (orders, 2)), 0, 220)
    apart = euclidean(np.vstack([homes, spots]))
    matrix = (apart * SECONDS_PER_KM).astype(np.int32)[None]
    road = dice.choice(3, orders, p=[0.45, 0.35, 0.20])
    return Model(
        name=f"county:{orders}:{seed}",
        depots=WAREHOUSES,
        distance=matrix,
        duration=matrix,
        clients=_clients(dice, orders),
        fleet=_fleet(orders, road),
    )


def _clients(dice: np.random.Generator, orders: int) -> Clients:
    earliest, latest, service = (np.zeros(orders, np.int64) for _ in range(3))
    for at in range(orders):
        hour, all_day = int(dice.integers(1, 9)), dice.random() < 0.25
        service[at] = dice.choice([1200, 1800, 2700])
        earliest[at] = 0 if all_day else hour * HOUR_S
        latest[at] = 12 * HOUR_S if all_day else (hour + 2) * HOUR_S
    return Clients(
        demand=np.ones((orders, 1), np.int64),
        service=service,
        earliest=earliest,
        latest=latest,
        release=np.zeros(orders, np.int64),
        prize=np.zeros(orders),
        required=np.ones(orders, np.bool_),
    )


def _fleet(orders: int, road: NDArray[np.int64]) -> Fleet:
    share = -(-orders // WAREHOUSES)
    count = [share // divisor + more for divisor, more in FLEET_SHARE]
    kinds = WAREHOUSES * len(CARS)

    def each(values: tuple[int, ...] | list[int]) -> Ints:
        return np.tile(np.array(values, np.int64), WAREHOUSES)

    return Fleet(
        count=each(count),
        depot=np.repeat(np.arange(WAREHOUSES, dtype=np.int64), len(CARS)),
        profile=np.zeros(kinds, np.int64),
        capacity=each(CARS)[:, None],
        opens=np.zeros(kinds, np.int64),
        closes=np.full(kinds, DAY_ENDS_S, np.int64),
        max_duration=np.full(kinds, NEVER, np.int64),
        fixed=each(FIXED).astype(np.float64),
        per_distance=each(PER_SECOND).astype(np.float64),
        per_duration=np.zeros(kinds),
        overtime_after=np.full(kinds, NEVER, np.int64),
        per_overtime=np.zeros(kinds),
        max_trips=np.ones(kinds, np.int64),
        reload=np.zeros(kinds, np.int64),
        allowed=road[None, :] <= each(HARDEST_ROAD)[:, None],
    )
