"""Legs between all places of a matrix, and its layers of whole seconds, metres and fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.bans import Ban
from geodata.figures import Figures
from geodata.graph import RoadNetwork, straight_m
from geodata.legs import Ends, Legs, LegSums, city_delay_s, time_legs
from geodata.places import Place
from geodata.snapping import OFF_ROAD, NodeIndex, Snapped, snap_places
from geodata.tolls import Tolls
from geodata.truck_classes import TruckClass
from geodata.units import UNREACHABLE_S
from geodata.zones import ways_inside

LAST_CITY_DISTRICT: Final = 20
"""Counties numbered 01 to 20 inside a prefecture are city districts (GB/T 2260); 00 is a whole
city without districts, such as 441900."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sites:
    """Places on a network, as a truck class finds it; every array has one row per place."""

    places: Sequence[Place]
    snapped: Snapped
    island: NDArray[np.int32]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    radius_m: NDArray[np.float64]
    in_city: NDArray[np.bool_]


def find_sites(
    places: Sequence[Place],
    network: RoadNetwork,
    truck: TruckClass,
    *,
    index: NodeIndex | None = None,
) -> Sites:
    """Snap places to the roads that a truck class may use.

    `index` is that of the class's usable nodes, where somebody has made it before (0.1 s).

    Raises:
        UnsnappedPlace: places lie too far from any such road; lists them all.
    """
    snapped = snap_places(
        places,
        index=index or NodeIndex(network.graph, usable=network.usable_nodes(truck)),
        limit_m=network.snap_limit_m,
        roadless_counties=network.roadless_counties,
    )
    islands = network.road_islands(truck)
    return Sites(
        places=places,
        snapped=snapped,
        island=np.where(snapped.node == OFF_ROAD, OFF_ROAD, islands[snapped.node]),
        lat=np.asarray([place.point.lat for place in places], dtype=np.float64),
        lon=np.asarray([place.point.lon for place in places], dtype=np.float64),
        radius_m=np.asarray([place.radius_m for place in places], dtype=np.float64),
        in_city=np.asarray([_in_city(place) for place in places], dtype=np.bool_),
    )


def find_legs(
    sites: Sites,
    sums: LegSums,
    *,
    coarse: bool,
    figures: Figures,
    truck: TruckClass,
    closed: frozenset[Ban] = frozenset(),
    to: Sites | None = None,
) -> Legs:
    """Time every leg from its sums; a direct way never runs through a closed zone.

    `to` are the places at the other ends; None: the same ones, each to each.
    """
    ends_at = to or sites
    straight = straight_m(
        sites.lat[:, None], sites.lon[:, None], ends_at.lat[None, :], ends_at.lon[None, :]
    )
    on_land = sites.island[:, None] != OFF_ROAD
    local = on_land & (sites.island[:, None] == ends_at.island[None, :])
    local &= straight <= figures.local.limit_m
    if coarse:
        for ban in closed:
            _forbid_crossing(local, sites, ends_at, ban)
    ends = Ends(
        from_gap_m=sites.snapped.gap_m[:, None],
        from_radius_m=sites.radius_m[:, None],
        to_gap_m=ends_at.snapped.gap_m[None, :],
        to_radius_m=ends_at.radius_m[None, :],
        straight_m=straight,
        local=local,
    )
    return time_legs(sums, ends, coarse=coarse, figures=figures, speed_percent=truck.speed_percent)


def layer(
    sites: Sites,
    legs: Legs,
    *,
    city_percent: int,
    figures: Figures,
    to: Sites | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Round one band's legs to whole seconds and metres; a place to itself takes nothing.

    `to` as in `find_legs`.
    """
    seconds = legs.seconds
    for in_city in (sites.in_city[:, None], (to or sites).in_city[None, :]):
        seconds = seconds + city_delay_s(
            legs.metres, in_city=in_city, percent=city_percent, figures=figures
        )
    alone = to is None
    return _whole(seconds, legs, alone=alone), _whole(legs.metres, legs, alone=alone)


def toll_layer(
    sites: Sites,
    legs: Legs,
    sums: LegSums,
    *,
    truck: TruckClass,
    tolls: Tolls,
    to: Sites | None = None,
) -> NDArray[np.int32]:
    """Price legs in fen: tolled metres at the mean rate of both ends' provinces, plus fares.

    `to` as in `find_legs`.
    """
    rate = _rates(sites, truck=truck, tolls=tolls)
    other = rate if to is None else _rates(to, truck=truck, tolls=tolls)
    toll = legs.toll_m / 1_000 * (rate[:, None] + other[None, :]) / 2
    fare = np.where(legs.direct, 0, sums.ferry_fen_per_m) * truck.length_cm / 100
    whole = np.rint(toll + fare)
    return _clipped(whole, alone=to is None)


def _rates(sites: Sites, *, truck: TruckClass, tolls: Tolls) -> NDArray[np.float64]:
    by_county = {place.county_code for place in sites.places}
    rate = {code: tolls.rate(code, truck.toll_class) for code in by_county}
    return np.asarray([rate[place.county_code] for place in sites.places], dtype=np.float64)


def _whole(values: NDArray[np.float64], legs: Legs, *, alone: bool) -> NDArray[np.int32]:
    return _clipped(np.where(legs.reachable, np.rint(values), UNREACHABLE_S), alone=alone)


def _clipped(whole: NDArray[np.float64], *, alone: bool) -> NDArray[np.int32]:
    if alone:
        np.fill_diagonal(whole, 0)
    return np.asarray(np.minimum(whole, UNREACHABLE_S), dtype=np.int32)


def _in_city(place: Place) -> bool:
    prefecture, district = place.county_code[2:4], place.county_code[4:6]
    if not (prefecture + district).isdecimal() or prefecture == "00":
        return False
    return len(district) == 2 and int(district) <= LAST_CITY_DISTRICT


def _forbid_crossing(local: NDArray[np.bool_], sites: Sites, to: Sites, ban: Ban) -> None:
    """Unmark direct ways across a zone whose both ends lie outside it."""
    outside, other = (
        np.asarray([not ban.contains(place.point) for place in ends.places]) for ends in (sites, to)
    )
    rows, columns = np.nonzero(local & outside[:, None] & other[None, :])
    crossing = ways_inside(
        ban,
        from_lat=sites.lat[rows],
        from_lon=sites.lon[rows],
        to_lat=to.lat[columns],
        to_lon=to.lon[columns],
    )
    local[rows[crossing], columns[crossing]] = False
