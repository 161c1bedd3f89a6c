"""What `flatbed geo build | check | matrix | route` do about roads: plain values in and out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date  # noqa: N812 - arguments are called date
from pathlib import Path
from typing import Any

import numpy as np

from geodata.ban_files import load_bans
from geodata.bans import bans_in_force
from geodata.cache import default_directory
from geodata.calendar import day_kind
from geodata.geometry import route_geometry
from geodata.highways import ChinaHighways, load_china_highways
from geodata.network import Progress
from geodata.osm import load_osm
from geodata.place_files import read_places
from geodata.places import Place, great_circle_m
from geodata.tolls import load_tolls
from geodata.travel import Roads, build_matrix, open_roads, truck_of
from geodata.truck_classes import load_truck_classes
from geodata.units import DAY_S, UNREACHABLE_S


def build(
    *, cache_dir: Path | None = None, engine: str = "auto", progress: Progress | None = None
) -> dict[str, Any]:
    """Cut and order the China highways, once per machine; say what they hold.

    Raises:
        MissingSource: a data package is not installed.
        BadGeoData: a package or configuration file is not what this version reads.
    """
    roads = open_roads(cache_dir=cache_dir, engine=engine, progress=progress)
    return {
        "network": "china highways",
        "router": roads.router.name,
        "cache": str(cache_dir or default_directory()),
        "nodes": roads.network.graph.nodes,
        "arcs": roads.network.graph.arcs,
        "sources": list(roads.network.sources),
    }


def check(
    *,
    cache_dir: Path | None = None,
    bans_path: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Read the network and every configuration file; summarise them.

    Raises:
        MissingSource: a data package or file is not there.
        BadGeoData: a file breaks its schema; lists every fault.
    """
    network = load_china_highways(cache_dir=cache_dir, progress=progress)
    tolls, bans = load_tolls(), load_bans(bans_path)
    return {
        **check_network(network),
        "links": [
            {"id": link.id, "name": link.name, "kind": str(link.kind), "source": link.source}
            for link in network.links.links
        ],
        "truck_classes": list(load_truck_classes()),
        "figures_date": network.figures.date,
        "tolls_date": tolls.date,
        "bans": [
            {"name": ban.name, "since": ban.since.isoformat(), "source": ban.source} for ban in bans
        ],
    }


def check_network(network: ChinaHighways) -> dict[str, Any]:
    """Summarise the network: size, pieces of land, and how ferries join them."""
    from geodata.islands import road_islands  # networkx takes a second to import

    plain = network.link_of < 0
    return {
        "nodes": network.graph.nodes,
        "road_km": round(int(network.graph.metres[plain].sum()) / 2_000),
        "islands": [
            {
                "nodes": island.nodes,
                "road_km": island.road_km,
                "lat": round(island.centre.lat, 2),
                "lon": round(island.centre.lon, 2),
                "reachable": island.reachable,
                "reached_by": list(island.reached_by),
                "cut_off_by": list(island.cut_off_by),
            }
            for island in road_islands(network)
        ],
        "roadless_counties": sorted(network.roadless_counties),
        "sources": list(network.sources),
        "assumptions": list(network.assumptions),
    }


def matrix(
    places_csv: Path,
    out: Path,
    *,
    truck_classes: Sequence[str],
    date: Date,
    bans_path: Path | None = None,
    extract: Path | None = None,
    roads: Roads | None = None,
    cache_dir: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write the travel matrix of the places in a CSV file to `out` (.npz); summarise it.

    `extract`, an OSM file, takes the place of the China highways; `roads` of both.

    Raises:
        MissingSource: a file or data package is not there.
        BadGeoData: the places or bans are wrong; lists every fault.
        UnsnappedPlace: places lie too far from any road; lists them all.
        UnknownPlace: a truck class is not configured.
    """
    places = read_places(places_csv)
    built = build_matrix(
        places,
        truck_classes=truck_classes,
        date=date,
        bans=load_bans(bans_path) if bans_path else (),
        roads=roads or _open(extract, date=date, cache_dir=cache_dir, progress=progress),
        cache_dir=cache_dir,
        progress=progress,
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    built.save(out)
    legs = built.seconds[0, 0][~np.eye(len(built.place_ids), dtype=bool)]
    reachable = legs[legs < UNREACHABLE_S]
    return {
        "file": str(out),
        "digest": built.digest,
        "places": len(built.place_ids),
        "truck_classes": list(built.truck_classes),
        "band_starts_s": list(built.band_starts_s),
        "unreachable_legs": int((legs >= UNREACHABLE_S).sum()),
        "median_s": int(np.median(reachable)) if reachable.size else None,
        "longest_s": int(reachable.max(initial=0)),
        "assumptions": list(built.assumptions),
        "sources": list(built.sources),
    }


def route(
    a: Place,
    b: Place,
    *,
    truck_class: str,
    date: Date,
    departure_s: int = 9 * 3_600,
    bans_path: Path | None = None,
    extract: Path | None = None,
    roads: Roads | None = None,
    cache_dir: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Describe one leg: km, seconds, toll, and its line as a GeoJSON feature.

    `extract`, an OSM file, takes the place of the China highways; `roads` of both.
    An unreachable leg has `reachable` false, no figures and no geometry.

    Raises:
        as `matrix`.
    """
    opened = roads or _open(extract, date=date, cache_dir=cache_dir, progress=progress)
    bans = load_bans(bans_path) if bans_path else ()
    built = build_matrix(
        [a, b],
        truck_classes=[truck_class],
        date=date,
        bans=bans,
        roads=opened,
        cache_dir=cache_dir,
        progress=progress,
    )
    band = int(np.searchsorted(built.band_starts_s, departure_s, side="right")) - 1
    seconds, metres = int(built.seconds[0, band, 0, 1]), int(built.metres[0, band, 0, 1])
    answer: dict[str, Any] = {
        "from": a.label,
        "to": b.label,
        "truck_class": truck_class,
        "departure_s": departure_s,
        "straight_km": round(great_circle_m(a.point, b.point) / 1_000, 1),
        "reachable": seconds < UNREACHABLE_S,
        "sources": list(built.sources),
        "assumptions": list(built.assumptions),
    }
    if seconds >= UNREACHABLE_S:
        return answer | {"km": None, "seconds": None, "toll_minor": None, "geometry": None}
    holding = bans_in_force(
        bans,
        truck_class=truck_class,
        day=date,
        day_kind=day_kind(date),
        start_s=built.band_starts_s[band],
        end_s=(*built.band_starts_s, DAY_S)[band + 1],
    )
    line = route_geometry(
        a, b, truck=truck_of(truck_class), roads=opened, closed_by=holding, departure_s=departure_s
    )
    return answer | {
        "km": round(metres / 1_000, 1),
        "seconds": seconds,
        "toll_minor": int(built.toll_minor[0, 0, 1]),
        "geometry": {
            "type": "Feature",
            "properties": {"from": a.label, "to": b.label, "sources": list(built.sources)},
            "geometry": {
                "type": "LineString",
                "coordinates": [[round(p.lon, 6), round(p.lat, 6)] for p in line],
            },
        },
    }


def _open(
    extract: Path | None, *, date: Date, cache_dir: Path | None, progress: Progress | None
) -> Roads:
    if extract is None:
        return open_roads(cache_dir=cache_dir, progress=progress)
    if progress:
        progress(f"reading the roads of {extract.name}")
    network = load_osm(extract, date=date)
    return open_roads(cache_dir=cache_dir, network=network, progress=progress)
