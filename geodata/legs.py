"""Legs between places: sums along the network's paths, then seconds, metres and toll."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.figures import Figures
from geodata.graph import CLOSED, FERRY_M_PER_S, ArcMetric
from geodata.routers import Router, sum_along
from geodata.snapping import OFF_ROAD

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LegSums:
    """What the paths between nodes add up to, each int64 (S, T); see `ArcMetric`.

    `cost` is `CLOSED` where no path leads; the others are 0 there.
    """

    cost: Ints
    road_m: Ints
    toll_m: Ints
    ferry_s: Ints
    ferry_fen_per_m: Ints


def sum_legs(
    router: Router,
    metric: ArcMetric,
    *,
    areas: NDArray[np.int32],
    sources: Ints,
    targets: Ints,
) -> LegSums:
    """Sum the cheapest paths between nodes, one block per connected area.

    The router only ever sees the nodes that places stand on, each once, and never a pair in
    two areas: a matrix costs what its own places cost, whatever the size of the network.
    """
    shape = (len(sources), len(targets))
    cost = np.full(shape, CLOSED, dtype=np.int64)
    road_m, toll_m, ferry_s, fare = (np.zeros(shape, dtype=np.int64) for _ in range(4))
    source_area = np.where(sources == OFF_ROAD, -1, areas[sources])
    target_area = np.where(targets == OFF_ROAD, -2, areas[targets])
    for area in np.intersect1d(source_area, target_area):
        rows, columns = np.flatnonzero(source_area == area), np.flatnonzero(target_area == area)
        block = _sum_block(router, metric, sources=sources[rows], targets=targets[columns])
        where = np.ix_(rows, columns)
        cost[where], road_m[where], toll_m[where] = block.cost, block.road_m, block.toll_m
        ferry_s[where], fare[where] = block.ferry_s, block.ferry_fen_per_m
    return LegSums(cost=cost, road_m=road_m, toll_m=toll_m, ferry_s=ferry_s, ferry_fen_per_m=fare)


def _sum_block(router: Router, metric: ArcMetric, *, sources: Ints, targets: Ints) -> LegSums:
    froms, row_of = np.unique(sources, return_inverse=True)
    tos, column_of = np.unique(targets, return_inverse=True)
    total = router.many_to_many(metric.cost, sources=froms, targets=tos)
    none = np.zeros(total.shape, dtype=np.int64)

    def along(extra: NDArray[np.uint32] | None) -> Ints:
        if extra is None:
            return none
        return sum_along(router, metric.cost, extra, sources=froms, targets=tos, total=total)

    ferry_s = along(metric.ferry_s)
    fare = along(metric.ferry_fen_per_m) if ferry_s.any() else none
    if metric.road_m is None:
        road_m = np.where(total < CLOSED, total - FERRY_M_PER_S * ferry_s, 0)
    else:
        road_m = along(metric.road_m)
    spread = np.ix_(row_of, column_of)
    return LegSums(
        cost=total[spread],
        road_m=road_m[spread],
        toll_m=along(metric.toll_m)[spread],
        ferry_s=ferry_s[spread],
        ferry_fen_per_m=fare[spread],
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ends:
    """The two ends of legs, as arrays that broadcast: gaps and radii in metres.

    `straight_m` is the great circle between the places; `local` marks pairs that county roads
    may join directly: near each other, on one piece of land, no closed zone between them.
    """

    from_gap_m: Floats
    from_radius_m: Floats
    to_gap_m: Floats
    to_radius_m: Floats
    straight_m: Floats
    local: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Legs:
    """Typical legs outside the peaks: `seconds`, `metres` float64, `reachable`, `direct` bool.

    `direct` legs take county roads that the network leaves out, and pay no toll.
    """

    seconds: Floats
    metres: Floats
    toll_m: Floats
    reachable: NDArray[np.bool_]
    direct: NDArray[np.bool_]


def time_legs(
    sums: LegSums, ends: Ends, *, coarse: bool, figures: Figures, speed_percent: int
) -> Legs:
    """Turn sums into seconds and metres: access, road by length or by cost, ferry, access.

    Where the network is coarse, two near places may do better by county roads directly.
    """
    access, local = figures.access, figures.local
    pace = 100 / speed_percent
    access_s_per_m = 3.6 / access.kmh
    radius_m = (ends.from_radius_m + ends.to_radius_m) * access.percent / 100
    access_m = radius_m + (ends.from_gap_m + ends.to_gap_m) * access.percent / 100
    reachable = sums.cost < CLOSED
    road_s = figures.drive_s(sums.road_m) if coarse else sums.cost / 1_000
    seconds = pace * (road_s + access_m * access_s_per_m) + sums.ferry_s
    metres = sums.road_m + access_m
    toll_m = figures.tolled_m(sums.road_m) if coarse else sums.toll_m
    direct_m = ends.straight_m * local.percent / 100
    direct_s = pace * (direct_m * 3.6 / local.kmh + radius_m * access_s_per_m)
    direct = ends.local & (~reachable | (direct_s < seconds)) if coarse else ends.local & False
    return Legs(
        seconds=np.where(direct, direct_s, seconds),
        metres=np.where(direct, direct_m + radius_m, metres),
        toll_m=np.where(direct | ~reachable, 0, toll_m).astype(np.float64),
        reachable=reachable | direct,
        direct=direct,
    )


def city_delay_s(
    metres: Floats, *, in_city: NDArray[np.bool_], percent: int, figures: Figures
) -> Floats:
    """Extra seconds that one end inside a city district costs in a band."""
    core_m = np.minimum(metres / 2, figures.city_core_m)
    return np.where(in_city, core_m * 3.6 / figures.city_kmh * (percent - 100) / 100, 0.0)
