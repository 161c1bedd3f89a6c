"""Ban zones laid over a road graph."""

from __future__ import annotations

from functools import lru_cache
from math import cos, pi, radians
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.bans import Ban
from geodata.graph import RoadGraph
from geodata.places import EARTH_RADIUS_M

BORDER_SLACK_M: Final = 250
"""A ring road on the zone's border stays open; its nodes are good to about 100 m."""


@lru_cache(maxsize=256)
def arcs_inside(graph: RoadGraph, ban: Ban) -> NDArray[np.int64]:
    """Find the arcs that run through a zone, further in than `BORDER_SLACK_M`."""
    return ways_inside(
        ban,
        from_lat=graph.lat[graph.tail],
        from_lon=graph.lon[graph.tail],
        to_lat=graph.lat[graph.head],
        to_lon=graph.lon[graph.head],
    )


def ways_inside(
    ban: Ban,
    *,
    from_lat: NDArray[np.float64],
    from_lon: NDArray[np.float64],
    to_lat: NDArray[np.float64],
    to_lon: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Find the straight ways, by index, that run through a zone further in than the slack."""
    import shapely

    lons, lats = (np.asarray(axis) for axis in zip(*ban.ring, strict=True))
    zone = shapely.Polygon(ban.ring, ban.holes)
    metres_per_degree = pi * EARTH_RADIUS_M / 180 * cos(radians(float(lats.mean())))
    core = zone.buffer(-BORDER_SLACK_M / metres_per_degree)
    if core.is_empty:
        return np.empty(0, dtype=np.int64)
    near = np.flatnonzero(
        (np.maximum(from_lon, to_lon) >= lons.min())
        & (np.minimum(from_lon, to_lon) <= lons.max())
        & (np.maximum(from_lat, to_lat) >= lats.min())
        & (np.minimum(from_lat, to_lat) <= lats.max())
    )
    starts = np.column_stack((from_lon[near], from_lat[near]))
    ends = np.column_stack((to_lon[near], to_lat[near]))
    lines = shapely.linestrings(np.stack((starts, ends), axis=1))
    shapely.prepare(core)
    return np.asarray(near[shapely.intersects(core, lines)], dtype=np.int64)
