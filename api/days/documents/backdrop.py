"""The counties behind a map, as plain rings, so that documents need no map data to be tested."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from api.days.documents.paths import LonLat

if TYPE_CHECKING:
    import shapely


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A box in WGS-84 degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyOutline:
    """One county: outer rings and holes alike (drawn even-odd), closed or not."""

    code: str
    name: str
    rings: tuple[tuple[LonLat, ...], ...]
    label: LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class Backdrop:
    """What lies under the routes, and the words that must stand in the corner with it."""

    counties: tuple[CountyOutline, ...]
    attribution: str

    def names(self) -> dict[str, str]:
        """County names by code."""
        return {county.code: county.name for county in self.counties}


EMPTY_BACKDROP = Backdrop(counties=(), attribution="")

BackdropSource = Callable[[Bounds, float], Backdrop]
"""Draws the counties of a box; the number is the finest detail worth keeping, in degrees."""


def county_backdrop(
    bounds: Bounds, detail_deg: float, *, directory: Path | None = None
) -> Backdrop:
    """Draw the counties of a box from the county map; shared borders stay shared.

    Only what the screen cannot show is left out: the national borders of the source are never
    redrawn, and its attribution and review notice come along.

    Raises:
        MissingSource: a data package is absent or unreadable.
    """
    import shapely

    from geodata.divisions import load_register
    from geodata.divisions.polygons import load_county_map
    from geodata.sources import Use, attribution_line

    county_map = load_county_map(directory)
    register = load_register(directory)
    frame = shapely.box(bounds.west, bounds.south, bounds.east, bounds.north)
    hits = [
        number
        for number, geometry in enumerate(county_map.geometries)
        if shapely.intersects(geometry, frame)
    ]
    shapes = shapely.coverage_simplify(
        [county_map.geometries[number] for number in hits], detail_deg
    )
    counties = []
    for number, shape in zip(hits, shapes, strict=True):
        code = county_map.codes[number]
        seen = shapely.clip_by_rect(shape, bounds.west, bounds.south, bounds.east, bounds.north)
        rings = tuple(_rings(seen))
        if rings:
            spot = shapely.point_on_surface(_largest(seen))
            county = register.counties.get(code)
            counties.append(
                CountyOutline(
                    code=code,
                    name=county.name if county else "",
                    rings=rings,
                    label=(spot.x, spot.y),
                )
            )
    return Backdrop(
        counties=tuple(counties),
        attribution=attribution_line((Use.COUNTY_POLYGONS,)),
    )


def _polygons(shape: shapely.Geometry) -> Sequence[shapely.Polygon]:
    import shapely

    parts = shapely.get_parts(shape)
    return [part for part in parts if isinstance(part, shapely.Polygon) and not part.is_empty]


def _rings(shape: shapely.Geometry) -> list[tuple[LonLat, ...]]:
    return [
        tuple((x, y) for x, y in ring.coords)
        for polygon in _polygons(shape)
        for ring in (polygon.exterior, *polygon.interiors)
    ]


def _largest(shape: shapely.Geometry) -> shapely.Polygon:
    return max(_polygons(shape), key=lambda polygon: polygon.area)
