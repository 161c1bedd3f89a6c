"""Ban zones laid over a road graph."""

from __future__ import annotations

from math import cos, pi, radians
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.bans import Ban
from geodata.graph import RoadGraph
from geodata.places import EARTH_RADIUS_M

BORDER_SLACK_M: Final = 250
"""A ring road on the zone's border stays open; its nodes are good to about 100 m."""


def arcs_inside(graph: RoadGraph, ban: Ban) -> NDArray[np.int64]:
    """Find the arcs that run through a zone, further in than `BORDER_SLACK_M`."""
    import shapely

    lons, lats = (np.asarray(axis) for axis in zip(*ban.ring, strict=True))
    zone = shapely.Polygon(ban.ring, ban.holes)
    metres_per_degree = pi * EARTH_RADIUS_M / 180 * cos(radians(float(lats.mean())))
    core = zone.buffer(-BORDER_SLACK_M / metres_per_degree)
    if core.is_empty:
        return np.empty(0, dtype=np.int64)
    a_lon, b_lon = graph.lon[graph.tail], graph.lon[graph.head]
    a_lat, b_lat = graph.lat[graph.tail], graph.lat[graph.head]
    near = np.flatnonzero(
        (np.maximum(a_lon, b_lon) >= lons.min())
        & (np.minimum(a_lon, b_lon) <= lons.max())
        & (np.maximum(a_lat, b_lat) >= lats.min())
        & (np.minimum(a_lat, b_lat) <= lats.max())
    )
    ends = np.stack(
        (
            np.column_stack((a_lon[near], a_lat[near])),
            np.column_stack((b_lon[near], b_lat[near])),
        ),
        axis=1,
    )
    lines = shapely.linestrings(ends)
    shapely.prepare(core)
    return np.asarray(near[shapely.intersects(core, lines)], dtype=np.int64)
