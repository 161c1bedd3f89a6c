"""Places, truck classes and departure bands in; a finished travel matrix out.

The China highway graph serves everywhere; any other `RoadNetwork`, such as an OSM extract, can
take its place for a region. Nothing here is ever a national matrix: a call is about the places of
one area, and its cost grows with them alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - build_matrix has an argument called date
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from geodata.bans import Ban
from geodata.cache import default_directory
from geodata.calendar import DayKind, day_kind
from geodata.detours import DetourSums, bans_in_the_way
from geodata.errors import BadGeoData, UnknownPlace
from geodata.figures import Figures, load_figures
from geodata.graph import RoadNetwork
from geodata.highways import load_china_highways
from geodata.layers import Sites, find_legs, find_sites, layer, toll_layer
from geodata.matrix import TravelMatrix
from geodata.network import Progress
from geodata.places import Place
from geodata.routers import Router, make_router
from geodata.tolls import Tolls, load_tolls
from geodata.truck_classes import TruckClass, load_truck_classes
from geodata.units import DAY_S

RECIPE: Final = "matrix 2"
MAX_BYTES: Final = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Roads:
    """A network with its router and planning figures, opened once and used for many matrices."""

    network: RoadNetwork
    router: Router
    figures: Figures
    tolls: Tolls


def open_roads(
    *,
    cache_dir: Path | None = None,
    network: RoadNetwork | None = None,
    engine: str = "auto",
    figures: Figures | None = None,
    tolls: Tolls | None = None,
    progress: Progress | None = None,
) -> Roads:
    """Open the China highways, or another network, with a router.

    The first call on a machine cuts and orders the highways (about 10 s) and keeps both in the
    cache; `engine` is `auto`, `pyroutingkit` or `scipy`.

    Raises:
        MissingSource: a data package, a file or the engine is not there.
        BadGeoData: a configuration file breaks its schema.
    """
    directory = cache_dir or default_directory()
    chosen = figures or load_figures()
    opened = network or load_china_highways(cache_dir=directory, figures=chosen, progress=progress)
    if progress:
        progress(f"ordering {opened.graph.nodes} road nodes, or reading their order")
    router = make_router(opened.graph, engine=engine, cache_dir=directory)
    return Roads(network=opened, router=router, figures=chosen, tolls=tolls or load_tolls())


def build_matrix(
    places: Sequence[Place],
    *,
    truck_classes: Sequence[str],
    date: Date,
    later: Sequence[Date] = (),
    bans: Sequence[Ban] = (),
    kind: DayKind | None = None,
    roads: Roads | None = None,
    cache_dir: Path | None = None,
    progress: Progress | None = None,
) -> TravelMatrix:
    """Build the travel matrix of one area on one day, or read it from the cache.

    Legs with both ends outside a ban's zone go round it in the bands that touch the ban's
    hours; a leg that begins or ends inside uses the open roads, for there the hours bind, see
    `bans.banned_intervals`. A truck is taken to have no permit and a bound plate. Island
    counties without a road hold `UNREACHABLE_S`. Tolls are those of the open roads. `kind`
    overrules the calendar's kind of day. A matrix that serves `later` days as well goes round
    the bans of all its days on each of them.

    Raises:
        UnsnappedPlace: places lie too far from any road; lists them all.
        UnknownPlace: a truck class is not configured.
        BadGeoData: too many places for one matrix.
        MissingSource: a data package is not installed.
    """
    trucks = [truck_of(name) for name in truck_classes]
    kind = day_kind(date) if kind is None else kind
    opened = roads or open_roads(cache_dir=cache_dir, progress=progress)
    days = [(date, kind), *((day, day_kind(day)) for day in later)]
    holding = tuple(ban for ban in bans if any(ban.holds_on(*day) for day in days))
    directory = (cache_dir or default_directory()) / "matrices"
    digest = _digest(places, trucks, bans=holding, roads=opened)
    kept = directory / f"matrix-{digest[:32]}.npz"
    say = progress or _silent
    if kept.is_file():
        try:
            return TravelMatrix.load(kept)
        except BadGeoData as error:
            say(f"building the kept matrix again: {error}")
    matrix = _build(places, trucks, bans=holding, roads=opened, say=say)
    directory.mkdir(parents=True, exist_ok=True)
    matrix.save(kept)
    return matrix


def _silent(_: str) -> None:
    """Report progress to nobody."""


def truck_of(name: str) -> TruckClass:
    """Find a configured truck class.

    Raises:
        UnknownPlace: there is none of that id.
    """
    known = load_truck_classes()
    if name not in known:
        raise UnknownPlace(f"there is no truck class {name!r}: choose {', '.join(known)}")
    return known[name]


def _digest(
    places: Sequence[Place], trucks: Sequence[TruckClass], *, bans: Sequence[Ban], roads: Roads
) -> str:
    """Name everything that the matrix depends on."""
    total = hashlib.sha256(f"{RECIPE} {roads.router.name} {roads.network.digest}".encode())
    total.update(repr((places, trucks, roads.figures, roads.tolls)).encode())
    for ban in bans:
        sets = (sorted(ban.days), sorted(ban.truck_classes))
        shape = (ban.name, ban.ring, ban.holes, ban.hours_s, ban.since.isoformat())
        total.update(json.dumps((sets, shape), ensure_ascii=False).encode())
    return total.hexdigest()


def _build(
    places: Sequence[Place],
    trucks: Sequence[TruckClass],
    *,
    bans: Sequence[Ban],
    roads: Roads,
    say: Progress,
) -> TravelMatrix:
    sites = {truck.id: find_sites(places, roads.network, truck) for truck in trucks}
    return matrix_of_sites(places, trucks, sites, bans=bans, roads=roads, say=say)


def matrix_of_sites(
    places: Sequence[Place],
    trucks: Sequence[TruckClass],
    sites: Mapping[str, Sites],
    *,
    bans: Sequence[Ban] = (),
    roads: Roads,
    say: Progress = _silent,
) -> TravelMatrix:
    """Build the matrix of places that were found on the network before, by truck class; nothing
    is kept.

    Raises:
        BadGeoData: too many places for one matrix.
    """
    sums = DetourSums(network=roads.network, router=roads.router, places=places)
    say(f"travel times between {len(places)} places for {len(trucks)} truck classes")
    in_the_way = {
        truck.id: bans_in_the_way(
            sums,
            truck,
            sites[truck.id].snapped.node,
            bans=[ban for ban in bans if ban.binds_class(truck.id)],
        )
        for truck in trucks
    }
    crossed = {ban for found in in_the_way.values() for ban in found}
    starts = band_starts_of(trucks, bans=crossed, roads=roads)
    shape = (len(trucks), len(starts), len(places), len(places))
    if 8 * int(np.prod(shape)) > MAX_BYTES:
        raise BadGeoData(
            f"a matrix of {len(places)} places, {len(trucks)} truck classes and {len(starts)} "
            "bands does not fit the memory: build one per warehouse and its counties"
        )
    seconds, metres = np.empty(shape, dtype=np.int32), np.empty(shape, dtype=np.int32)
    toll_minor = np.empty((len(trucks), *shape[2:]), dtype=np.int32)
    coarse = roads.network.coarse
    for c, truck in enumerate(trucks):
        here = sites[truck.id]
        for b, (start_s, end_s) in enumerate(pairwise((*starts, DAY_S))):
            closed = frozenset(ban for ban in in_the_way[truck.id] if ban.touches(start_s, end_s))
            found = sums.around(
                truck, here.snapped.node, closed=closed, start_s=start_s, end_s=end_s
            )
            legs = find_legs(
                here, found, coarse=coarse, figures=roads.figures, truck=truck, closed=closed
            )
            seconds[c, b], metres[c, b] = layer(
                here,
                legs,
                city_percent=city_percent_at(start_s, roads.figures),
                figures=roads.figures,
            )
        free = sums.around(
            truck, here.snapped.node, closed=frozenset(), start_s=starts[0], end_s=starts[0] + 1
        )
        legs = find_legs(here, free, coarse=coarse, figures=roads.figures, truck=truck)
        toll_minor[c] = toll_layer(here, legs, free, truck=truck, tolls=roads.tolls)
    return TravelMatrix(
        place_ids=tuple(place.id for place in places),
        truck_classes=tuple(truck.id for truck in trucks),
        band_starts_s=starts,
        seconds=seconds,
        metres=metres,
        toll_minor=toll_minor,
        assumptions=_assumptions(roads, bans=crossed),
        sources=_sources(roads, bans=crossed),
    )


def band_starts_of(
    trucks: Sequence[TruckClass], *, bans: Set[Ban], roads: Roads
) -> tuple[int, ...]:
    """Cut the day wherever traffic, a ban in the way, or the network itself changes."""
    starts = {band.start_s for band in roads.figures.bands}
    starts.update(edge for ban in bans for hours in ban.hours_s for edge in hours)
    starts.update(start for truck in trucks for start in roads.network.slot_starts_s(truck))
    return tuple(sorted(start for start in starts if start < DAY_S))


def city_percent_at(start_s: int, figures: Figures) -> int:
    """Give the share of their time that the city ends of a leg take in a band."""
    return [band.city_percent for band in figures.bands if band.start_s <= start_s][-1]


def _assumptions(roads: Roads, *, bans: Set[Ban]) -> tuple[str, ...]:
    figures, network = roads.figures, roads.network
    access, local, tiers = figures.access, figures.local, figures.tiers
    pace = ", ".join(f"up to {tier.upto_m // 1000} km {tier.kmh:g} km/h" for tier in tiers)
    pace_zh = "、".join(f"{tier.upto_m // 1000} km 以内 {tier.kmh:g} km/h" for tier in tiers)
    peak = max(band.city_percent for band in figures.bands)
    core_km = figures.city_core_m // 1000
    coarse = (
        f"车速按路段长度取：{pace_zh} / speed follows from the leg's length: {pace}",
        f"相距 {local.limit_m // 1000} km 以内可走路网里没有的县乡道："
        f"直线距离的 {local.percent} %，{local.kmh:g} km/h"
        f" / places up to {local.limit_m // 1000} km apart may be joined by county roads the graph "
        f"lacks: straight way x {local.percent} % at {local.kmh:g} km/h",
        "收费里程按路段长度推算 / tolled kilometres follow from the leg's length",
    )
    return (
        *network.assumptions,
        *(coarse if network.coarse else ()),
        f"到最近道路：直线距离加位置误差的 {access.percent} %，{access.kmh:g} km/h"
        f" / to the nearest road: straight way and place radius x {access.percent} % at "
        f"{access.kmh:g} km/h",
        f"市辖区内的点 {core_km} km 以内，高峰时段最多按 {peak} % 用时"
        f" / within {core_km} km of a place in a city district (county number "
        f"01 to 20) a leg takes up to {peak} % in the peaks",
        "过路费：收费里程乘两端省份费率的平均；轮渡按车长"
        " / tolls: tolled km x mean rate of the two ends' provinces; ferries by truck length",
        *(
            (
                "过境时在限行时段绕开限行区，按无通行证、单双号受限的车计"
                " / through traffic goes round a ban's zone in every departure band that touches "
                "its hours, as a truck without a permit and with a bound plate",
            )
            if bans
            else ()
        ),
    )


def _sources(roads: Roads, *, bans: Set[Ban]) -> tuple[str, ...]:
    return (
        *roads.network.sources,
        _sourced("行驶参数", "planning figures", roads.figures.date, roads.figures.source),
        _sourced("过路费率", "tolls", roads.tolls.date, roads.tolls.source),
        *sorted(
            {f"限行 {ban.name}：{ban.source} / truck ban {ban.name}: {ban.source}" for ban in bans}
        ),
    )


def _sourced(chinese: str, english: str, date: object, source: str) -> str:
    """Name a data file in both languages; its source stays in the language it is quoted in."""
    return f"{chinese}（{date}）：{source} / {english} of {date}: {source}"
