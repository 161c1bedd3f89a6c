"""Small road worlds, and the real China roads where their package is installed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from geodata.bans import Ban, PlateKind, PlateRule
from geodata.calendar import DayKind
from geodata.ferries import Link, LinkKind, Links
from geodata.figures import load_figures
from geodata.highways import ChinaHighways, join_highways
from geodata.network import HighwayCut
from geodata.places import Place, Point
from geodata.routers import make_router
from geodata.tolls import load_tolls
from geodata.travel import Roads, open_roads

WORKDAY = date(2026, 11, 24)
"""A Tuesday."""

STEP_DEG = 0.05
"""Side of a grid cell: 5.6 km north, 4.6 km east at 34 degrees."""


def place(name: str, lat: float, lon: float, *, county: str = "410122", radius_m: int = 0) -> Place:
    return Place(
        id=name, label=name, point=Point(lat=lat, lon=lon), county_code=county, radius_m=radius_m
    )


def grid_cut(
    rows: int = 24, columns: int = 24, *, lat: float = 34.0, lon: float = 113.0, metres: int = 5_000
) -> HighwayCut:
    """Draw a square grid of roads, every edge `metres` long."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    east = np.flatnonzero(column < columns - 1)
    north = np.flatnonzero(row < rows - 1)
    tail = np.concatenate((east, north))
    head = np.concatenate((east + 1, north + columns))
    return HighwayCut(
        lat=lat + STEP_DEG * row,
        lon=lon + STEP_DEG * column,
        province=np.full(rows * columns, 41, dtype=np.uint8),
        tail=tail.astype(np.int32),
        head=head.astype(np.int32),
        metres=np.full(len(tail), metres, dtype=np.int32),
        source="test grid",
    )


def two_grids() -> HighwayCut:
    """Draw two grids with 2 degrees of water between them."""
    west, east = grid_cut(), grid_cut(lon=117.0)
    shift = len(west.lat)
    return HighwayCut(
        lat=np.concatenate((west.lat, east.lat)),
        lon=np.concatenate((west.lon, east.lon)),
        province=np.concatenate((west.province, east.province)),
        tail=np.concatenate((west.tail, east.tail + shift)),
        head=np.concatenate((west.head, east.head + shift)),
        metres=np.concatenate((west.metres, east.metres)),
        source="two test grids",
    )


NO_LINKS = Links(
    links=(), roadless_counties=frozenset({"330922"}), date="2026-11-01", source="test"
)


def ferry(*, seconds: int = 7_200) -> Links:
    """Join the two grids between their facing shores."""
    link = Link(
        id="test-ferry",
        name="test ferry",
        kind=LinkKind.FERRY,
        start=Point(lat=34.5, lon=114.15),
        end=Point(lat=34.5, lon=117.0),
        metres=200_000,
        seconds=seconds,
        fen_per_truck_metre=5_000,
        source="test",
    )
    return Links(links=(link,), roadless_counties=frozenset(), date="2026-11-01", source="test")


def network(cut: HighwayCut | None = None, links: Links = NO_LINKS) -> ChinaHighways:
    return join_highways(cut or grid_cut(), links=links, figures=load_figures())


def roads(cut: HighwayCut | None = None, links: Links = NO_LINKS, *, engine: str = "auto") -> Roads:
    joined = network(cut, links)
    return Roads(
        network=joined,
        router=make_router(joined.graph, engine=engine),
        figures=load_figures(),
        tolls=load_tolls(),
    )


def square_ban(
    *,
    south: float,
    west: float,
    north: float,
    east: float,
    hours: Sequence[tuple[int, int]] = ((7, 9),),
    name: str = "core",
    plate: PlateRule | None = None,
    permit: str = "",
    classes: frozenset[str] = frozenset(),
    days: frozenset[DayKind] = frozenset({DayKind.WORKDAY}),
) -> Ban:
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Ban(
        name=name,
        ring=corners,
        hours_s=tuple((start * 3_600, end * 3_600) for start, end in hours),
        days=days,
        truck_classes=classes,
        plate=plate or PlateRule(kind=PlateKind.ANY),
        permit=permit,
        since=date(2026, 1, 1),
        source="test",
    )


@cache
def china(directory: Path) -> Roads:
    """Open the real highways once for all tests, kept under the test session's directory."""
    pytest.importorskip("scgraph_data", reason="pip install scgraph-data")
    return open_roads(cache_dir=directory)
