"""An OSM extract as a road network: a truck class is a metric.

Heights, weights, widths, lengths, access, directions, class speeds, hour bans and tolls come from
the extract's tags; turn restrictions do not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date as Date  # noqa: N812 - load_osm has an argument called date
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.bans import Ban
from geodata.graph import CLOSED, ArcMetric, RoadGraph, component_labels
from geodata.osm_read import OsmRoads, read_osm
from geodata.places import Point
from geodata.rows import Row, raise_faults, read_rows
from geodata.truck_classes import TruckClass
from geodata.units import DAY_S
from geodata.zones import arcs_inside

SNAP_LIMIT_M: Final = 3_000
SPEEDS_FILE: Final = "osm_roads.toml"


def load_speeds(path: Path | None = None) -> dict[str, float]:
    """Read the road classes that trucks use and their speeds in km/h.

    Raises:
        MissingSource: the file cannot be read.
        BadGeoData: it breaks its schema; lists every fault.
    """

    def read(row: Row) -> dict[str, float]:
        row.text("source")
        kmh = row.number("kmh", low=3, high=130)
        return dict.fromkeys(row.texts("highway"), kmh)

    rows = read_rows(SPEEDS_FILE, table="road", read=read, path=path)
    if not rows:
        raise_faults([f"{path.name if path else SPEEDS_FILE}: at least one [[road]] is needed"])
    return {highway: kmh for row in rows for highway, kmh in row.items()}


@dataclass(frozen=True, kw_only=True, eq=False)
class OsmNetwork:
    """The roads of one extract on one kind of weekday (Monday 0)."""

    roads: OsmRoads
    kmh: dict[str, float]
    weekday: int
    _labels: dict[str, NDArray[np.int32]] = field(default_factory=dict)

    @property
    def graph(self) -> RoadGraph:
        return self.roads.graph

    @property
    def digest(self) -> str:
        what = f"{self.roads.digest} {sorted(self.kmh.items())} {self.weekday}"
        return hashlib.sha256(what.encode()).hexdigest()

    @property
    def sources(self) -> tuple[str, ...]:
        return (f"{self.roads.name}: OpenStreetMap contributors, ODbL",)

    @property
    def assumptions(self) -> tuple[str, ...]:
        return (
            "不使用路网中的转弯限制和分时限速"
            " / turn restrictions and conditional speeds of the extract are not used",
            "仅限住户、顾客、到达的道路送货可走"
            " / roads for residents, customers and destinations are open to deliveries",
            "没有更低限速时按道路等级车速"
            " / where no lower limit is signed a truck keeps the speed of the road's class",
            "不使用路网中的轮渡 / no ferry of the extract is used",
        )

    @property
    def coarse(self) -> bool:
        return False

    @property
    def snap_limit_m(self) -> int:
        return SNAP_LIMIT_M

    @property
    def roadless_counties(self) -> frozenset[str]:
        return frozenset()

    def usable_nodes(self, truck: TruckClass) -> NDArray[np.bool_]:
        """Mark the largest piece of the network in which the class gets everywhere and back."""
        labels = self.areas(truck)
        return np.asarray(labels == np.argmax(np.bincount(labels)))

    def areas(self, truck: TruckClass) -> NDArray[np.int32]:
        """Label areas by the roads that are open at some time of the day."""
        if truck.id not in self._labels:
            shut = np.ones(self.graph.arcs, dtype=np.bool_)
            edges = (*self.slot_starts_s(truck), DAY_S)
            for start_s, end_s in pairwise(edges):
                shut &= ~self._admitted(truck, start_s=start_s, end_s=end_s)
            self._labels[truck.id] = component_labels(self.graph, without=shut)
        return self._labels[truck.id]

    def road_islands(self, truck: TruckClass) -> NDArray[np.int32]:
        return self.areas(truck)

    def slot_starts_s(self, truck: TruckClass) -> tuple[int, ...]:
        edges = {0}
        for rules in self.roads.rules:
            edges |= rules.hour_edges(weekday=self.weekday)
        return tuple(sorted(edge for edge in edges if edge < DAY_S))

    def metric(
        self, truck: TruckClass, *, closed_by: Sequence[Ban], start_s: int, end_s: int
    ) -> ArcMetric:
        """Cost is milliseconds at the lower of the class speed and the signed one."""
        rules = self.roads.rules
        pace = np.asarray([3_600 / self._speed_of(number) for number in range(len(rules))])
        tolled = np.asarray([rule.toll for rule in rules])
        metres = self.graph.metres
        cost = np.maximum(1, np.rint(metres * pace[self.roads.rule])).astype(np.uint32)
        cost[~self._admitted(truck, start_s=start_s, end_s=end_s)] = CLOSED
        for ban in closed_by:
            cost[arcs_inside(self.graph, ban)] = CLOSED
        toll_m = np.where(tolled[self.roads.rule], metres, 0).astype(np.uint32)
        return ArcMetric(
            cost=cost,
            cost_is_ms=True,
            road_m=metres.astype(np.uint32),
            toll_m=toll_m if toll_m.any() else None,
        )

    def shape(self, arcs: Sequence[int]) -> tuple[Point, ...]:
        points: list[Point] = []
        for arc in arcs:
            segment = self.roads.segment[arc]
            piece = slice(*self.roads.segment_first[segment : segment + 2])
            drawn = [
                Point(lat=float(lat), lon=float(lon))
                for lat, lon in zip(self.roads.lat[piece], self.roads.lon[piece], strict=True)
            ]
            if self.roads.backward[arc]:
                drawn.reverse()
            points.extend(drawn[1:] if points else drawn)
        return tuple(points)

    def _speed_of(self, number: int) -> float:
        rules = self.roads.rules[number]
        kmh = self.kmh.get(rules.highway, 1.0)
        return min(kmh, rules.max_kmh) if rules.max_kmh else kmh

    def _admitted(self, truck: TruckClass, *, start_s: int, end_s: int) -> NDArray[np.bool_]:
        admits = np.asarray(
            [
                rules.admits(truck, weekday=self.weekday, start_s=start_s, end_s=end_s)
                for rules in self.roads.rules
            ],
            dtype=np.bool_,
        )
        return np.asarray(admits[self.roads.rule] & admits[self.roads.barrier].all(axis=1))


def load_osm(path: Path, *, date: Date, speeds: dict[str, float] | None = None) -> OsmNetwork:
    """Open an extract for one day; its hour bans hold by weekday.

    Raises:
        MissingSource: the file is not there.
        BadGeoData: it is no OSM file, or holds no road that a truck may use.
    """
    kmh = speeds or load_speeds()
    roads = read_osm(path, highways=frozenset(kmh))
    return OsmNetwork(roads=roads, kmh=kmh, weekday=date.weekday())
