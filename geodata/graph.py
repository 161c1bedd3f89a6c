"""Road graphs as flat arrays, and what every road network must offer."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from geodata.bans import Ban
from geodata.places import EARTH_RADIUS_M, Point
from geodata.truck_classes import TruckClass

CLOSED: Final = 2_147_483_647
"""Cost of an arc nobody may use; also the cost of a pair that no path joins."""

FERRY_M_PER_S: Final = 17
"""A second on a ferry weighs like one of driving at 61 km/h when paths are compared."""


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadGraph:
    """A directed graph in compressed rows: the arcs of node n are `first[n]:first[n + 1]`.

    `lat`, `lon` float64 (N) WGS-84 degrees; `first` int64 (N + 1); `tail`, `head` int32 (A);
    `metres` int32 (A). A road open both ways is two arcs.
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    first: NDArray[np.int64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    metres: NDArray[np.int32]

    @property
    def nodes(self) -> int:
        return len(self.lat)

    @property
    def arcs(self) -> int:
        return len(self.head)

    @cached_property
    def digest(self) -> str:
        """Name the topology: positions and arcs, not lengths."""
        total = hashlib.sha256()
        for array in (self.lat, self.lon, self.tail, self.head):
            total.update(np.ascontiguousarray(array).tobytes())
        return total.hexdigest()

    def point(self, node: int) -> Point:
        return Point(lat=float(self.lat[node]), lon=float(self.lon[node]))


def graph_of_arcs(
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
    *,
    tail: NDArray[np.integer],
    head: NDArray[np.integer],
    metres: NDArray[np.integer],
) -> tuple[RoadGraph, NDArray[np.int64]]:
    """Sort arcs into rows; also return the order, to sort other arc arrays alike."""
    order = np.lexsort((head, tail)).astype(np.int64)
    sizes = np.bincount(tail, minlength=len(lat))
    graph = RoadGraph(
        lat=np.asarray(lat, dtype=np.float64),
        lon=np.asarray(lon, dtype=np.float64),
        first=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        tail=tail[order].astype(np.int32),
        head=head[order].astype(np.int32),
        metres=metres[order].astype(np.int32),
    )
    return graph, order


def component_labels(
    graph: RoadGraph, *, without: NDArray[np.bool_] | None = None
) -> NDArray[np.int32]:
    """Label the strongly connected component of every node, ignoring the arcs in `without`."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    keep = slice(None) if without is None else ~without
    tail, head = graph.tail[keep], graph.head[keep]
    ones = np.ones(len(tail), dtype=np.int8)
    shape = (graph.nodes, graph.nodes)
    _, labels = connected_components(
        coo_array((ones, (tail, head)), shape=shape), connection="strong"
    )
    return np.asarray(labels, dtype=np.int32)


def straight_m(
    lat_a: NDArray[np.float64],
    lon_a: NDArray[np.float64],
    lat_b: NDArray[np.float64],
    lon_b: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Great circles in metres (haversine) between arrays of degrees that broadcast."""
    a, b = np.radians(lat_a), np.radians(lat_b)
    turn = np.radians(lon_b) - np.radians(lon_a)
    h = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(turn / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(h, 0, 1))))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArcMetric:
    """What one truck class pays per arc in one ban slot.

    `cost` uint32 (A) is what a path minimises, `CLOSED` where it may not drive. Where
    `cost_is_ms` it is milliseconds of driving; otherwise it is metres, time follows from the
    length of the leg, and a ferry costs `FERRY_M_PER_S` for each of its seconds.
    The others are summed along that path: `road_m` metres driven (None: they follow from the
    cost), `toll_m` metres under toll, `ferry_s` seconds aboard and waiting, `ferry_fen_per_m`
    fare per metre of truck (None: nowhere any).
    """

    cost: NDArray[np.uint32]
    cost_is_ms: bool
    road_m: NDArray[np.uint32] | None = None
    toll_m: NDArray[np.uint32] | None = None
    ferry_s: NDArray[np.uint32] | None = None
    ferry_fen_per_m: NDArray[np.uint32] | None = None


class RoadNetwork(Protocol):
    """A graph that truck classes may use: the China highways or an OSM extract."""

    @property
    def graph(self) -> RoadGraph: ...

    @property
    def digest(self) -> str:
        """Name everything that a matrix depends on: roads, speeds, ferries."""
        ...

    @property
    def sources(self) -> tuple[str, ...]: ...

    @property
    def assumptions(self) -> tuple[str, ...]: ...

    @property
    def coarse(self) -> bool:
        """Say whether local roads and speeds are missing, so that legs need assumptions."""
        ...

    @property
    def snap_limit_m(self) -> int:
        """Farthest a place may lie from the network."""
        ...

    @property
    def roadless_counties(self) -> frozenset[str]:
        """Counties on islands that neither a road nor a listed ferry reaches."""
        ...

    def usable_nodes(self, truck: TruckClass) -> NDArray[np.bool_]:
        """Mark the nodes from which a truck of the class gets anywhere."""
        ...

    def areas(self, truck: TruckClass) -> NDArray[np.int32]:
        """Label nodes by the connected area they belong to, ferries included."""
        ...

    def road_islands(self, truck: TruckClass) -> NDArray[np.int32]:
        """Label nodes by the piece of land they share when no ferry runs."""
        ...

    def slot_starts_s(self, truck: TruckClass) -> tuple[int, ...]:
        """Seconds of the day at which the network itself opens or closes roads."""
        ...

    def metric(
        self, truck: TruckClass, *, closed_by: Sequence[Ban], start_s: int, end_s: int
    ) -> ArcMetric:
        """Price every arc for departures in [start_s, end_s), with some ban zones closed."""
        ...

    def shape(self, arcs: Sequence[int]) -> tuple[Point, ...]:
        """Draw a path of arcs, from its first to its last node."""
        ...
