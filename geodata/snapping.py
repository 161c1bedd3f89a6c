"""From places to road nodes, with the access leg that the network leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.errors import UnsnappedPlace
from geodata.graph import RoadGraph
from geodata.places import EARTH_RADIUS_M, Place, Point

OFF_ROAD = -1
"""Node of a place that stands on an island without any road connection."""


class NodeIndex:
    """Nearest usable node of a graph, by great circle."""

    def __init__(self, graph: RoadGraph, *, usable: NDArray[np.bool_]) -> None:
        from scipy.spatial import cKDTree

        self._nodes = np.flatnonzero(usable)
        if not len(self._nodes):
            raise UnsnappedPlace("no road of the network may be used: check the truck's size")
        self._tree = cKDTree(_on_sphere(graph.lat[self._nodes], graph.lon[self._nodes]))

    def nearest(self, points: Sequence[Point]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Find for every point its node and the gap in metres."""
        lat = np.asarray([point.lat for point in points], dtype=np.float64)
        lon = np.asarray([point.lon for point in points], dtype=np.float64)
        chord, at = self._tree.query(_on_sphere(lat, lon))
        gap_m = 2 * EARTH_RADIUS_M * np.arcsin(np.clip(np.asarray(chord) / 2, 0, 1))
        return np.asarray(self._nodes[at], dtype=np.int64), gap_m


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapped:
    """Places on the network: `node` int64 (N), `OFF_ROAD` where none; `gap_m` float64 (N)."""

    node: NDArray[np.int64]
    gap_m: NDArray[np.float64]


def snap_places(
    places: Sequence[Place],
    *,
    index: NodeIndex,
    limit_m: int,
    roadless_counties: frozenset[str] = frozenset(),
) -> Snapped:
    """Put every place on its nearest usable node.

    A place in a roadless county gets `OFF_ROAD`: it is unreachable, not wrong.

    Raises:
        UnsnappedPlace: places lie farther than `limit_m` from every road; lists them all.
    """
    node, gap_m = index.nearest([place.point for place in places])
    roadless = np.asarray([place.county_code in roadless_counties for place in places])
    faults = [
        f"{place.label} ({place.id}) is {gap:.0f} m from the nearest truck road "
        f"(limit {limit_m} m): correct its position or raise snap_limit_m"
        for place, gap, off in zip(places, gap_m, roadless, strict=True)
        if gap > limit_m and not off
    ]
    if faults:
        raise UnsnappedPlace("\n".join(faults))
    return Snapped(
        node=np.where(roadless, OFF_ROAD, node).astype(np.int64),
        gap_m=np.where(roadless, 0.0, gap_m),
    )


def _on_sphere(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Place positions on the unit sphere, where a chord orders like a great circle."""
    phi, theta = np.radians(lat), np.radians(lon)
    flat = np.cos(phi)
    return np.column_stack((flat * np.cos(theta), flat * np.sin(theta), np.sin(phi)))
