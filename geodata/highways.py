"""The China highway graph as a road network that truck classes may use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.bans import Ban
from geodata.errors import BadGeoData
from geodata.ferries import Links, load_links
from geodata.figures import Figures, load_figures
from geodata.graph import (
    CLOSED,
    FERRY_M_PER_S,
    ArcMetric,
    RoadGraph,
    component_labels,
    graph_of_arcs,
)
from geodata.network import HighwayCut, Progress, load_china_cut
from geodata.places import Point
from geodata.snapping import NodeIndex
from geodata.truck_classes import TruckClass
from geodata.zones import arcs_inside

MIN_COMPONENT_NODES: Final = 500
"""Smaller pieces of the graph are crumbs of its simplification; a link may join them."""
MIN_LANDING_NODES: Final = 10
LANDING_LIMIT_M: Final = 15_000

NO_LINK: Final = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class ChinaHighways:
    """Undirected roads, no class, no speed: cost is factored metres, time follows from length.

    `link_of` int32 (A) is the link an arc belongs to, `NO_LINK` for plain road.
    """

    graph: RoadGraph
    link_of: NDArray[np.int32]
    links: Links
    figures: Figures
    province: NDArray[np.uint8]
    source: str

    @cached_property
    def digest(self) -> str:
        total = hashlib.sha256(self.graph.digest.encode())
        for array in (self.graph.metres, self._base_cost, self._ferry_s, self._ferry_fare):
            total.update(np.ascontiguousarray(array).tobytes())
        total.update(json.dumps(sorted(self.links.roadless_counties)).encode())
        return total.hexdigest()

    @property
    def sources(self) -> tuple[str, ...]:
        date, source = self.links.date, self.links.source
        return (
            self.source,
            f"轮渡与连接线（{date}）：{source} / ferries and links of {date}: {source}",
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        factors = ", ".join(f"{k} {v} %" for k, v in sorted(self.figures.length_percent.items()))
        return (
            "路网没有方向、等级、宽度和货车限制：能进多大的车看订单或地址类型"
            " / the highway graph has no direction, class, width or truck limit: access comes from "
            "the order or the kind of place",
            f"路网长度按省放大（{factors}） / graph lengths are lengthened by province ({factors})",
            "不跨港澳台边界 / the borders of Hong Kong, Macao and Taiwan are not crossed",
        )

    @property
    def coarse(self) -> bool:
        return True

    @property
    def snap_limit_m(self) -> int:
        return self.figures.access.limit_m

    @property
    def roadless_counties(self) -> frozenset[str]:
        return self.links.roadless_counties

    def usable_nodes(self, truck: TruckClass) -> NDArray[np.bool_]:
        return self.usable

    def areas(self, truck: TruckClass) -> NDArray[np.int32]:
        return self._areas

    def road_islands(self, truck: TruckClass) -> NDArray[np.int32]:
        return self.road_labels

    def slot_starts_s(self, truck: TruckClass) -> tuple[int, ...]:
        return (0,)

    def metric(
        self, truck: TruckClass, *, closed_by: Sequence[Ban], start_s: int, end_s: int
    ) -> ArcMetric:
        cost = self._base_cost
        if closed_by:
            cost = cost.copy()
            for ban in closed_by:
                cost[arcs_inside(self.graph, ban)] = CLOSED
        return ArcMetric(
            cost=cost,
            cost_is_ms=False,
            ferry_s=self._ferry_s,
            ferry_fen_per_m=self._ferry_fare,
        )

    def shape(self, arcs: Sequence[int]) -> tuple[Point, ...]:
        if not arcs:
            return ()
        nodes = [int(self.graph.tail[arcs[0]]), *(int(self.graph.head[arc]) for arc in arcs)]
        return tuple(self.graph.point(node) for node in nodes)

    @cached_property
    def _ferry_s(self) -> NDArray[np.uint32]:
        return self._of_link([link.seconds for link in self.links.links])

    @cached_property
    def _ferry_fare(self) -> NDArray[np.uint32]:
        return self._of_link([link.fen_per_truck_metre for link in self.links.links])

    def _of_link(self, values: Sequence[int]) -> NDArray[np.uint32]:
        """Spread a figure of each link over its arcs; plain road gets 0."""
        return np.asarray([*values, 0], dtype=np.uint32)[self.link_of]

    @cached_property
    def _base_cost(self) -> NDArray[np.uint32]:
        factor = np.ones(256)
        for code in np.unique(self.province):
            factor[code] = self.figures.factor_of(f"{code:02d}")
        both = factor[self.province[self.graph.tail]] + factor[self.province[self.graph.head]]
        bridge = (self.link_of != NO_LINK) & (self._ferry_s == 0)
        metres = self.graph.metres * np.where(bridge, 1.0, both / 2)
        metres = np.where(self._ferry_s > 0, self._ferry_s * FERRY_M_PER_S, metres)
        return np.maximum(1, np.rint(metres)).astype(np.uint32)

    @cached_property
    def usable(self) -> NDArray[np.bool_]:
        return np.asarray((np.bincount(self._areas) >= MIN_COMPONENT_NODES)[self._areas])

    @cached_property
    def _areas(self) -> NDArray[np.int32]:
        return component_labels(self.graph)

    @cached_property
    def road_labels(self) -> NDArray[np.int32]:
        return component_labels(self.graph, without=self._ferry_s > 0)


def load_china_highways(
    *,
    cache_dir: Path | None = None,
    links: Links | None = None,
    figures: Figures | None = None,
    progress: Progress | None = None,
) -> ChinaHighways:
    """Build the China network from the cached cut, the links and the planning figures.

    Raises:
        MissingSource: a data package or file is not there.
        BadGeoData: a configuration file breaks its schema, or a link lands nowhere.
    """
    cut = load_china_cut(cache_dir=cache_dir, progress=progress)
    return join_highways(cut, links=links or load_links(), figures=figures or load_figures())


def join_highways(cut: HighwayCut, *, links: Links, figures: Figures) -> ChinaHighways:
    """Open every road both ways and join the islands by links.

    Raises:
        BadGeoData: a link's end is far from any road; lists every such end.
    """
    plain, _ = graph_of_arcs(
        cut.lat,
        cut.lon,
        tail=np.concatenate((cut.tail, cut.head)),
        head=np.concatenate((cut.head, cut.tail)),
        metres=np.concatenate((cut.metres, cut.metres)),
    )
    ends = _landings(plain, links)
    count = len(links.links)
    there = np.asarray([end[0] for end in ends], dtype=np.int32)
    back = np.asarray([end[1] for end in ends], dtype=np.int32)
    metres = np.asarray([link.metres for link in links.links], dtype=np.int32)
    number = np.arange(count, dtype=np.int32)
    graph, order = graph_of_arcs(
        cut.lat,
        cut.lon,
        tail=np.concatenate((plain.tail, there, back)),
        head=np.concatenate((plain.head, back, there)),
        metres=np.concatenate((plain.metres, metres, metres)),
    )
    link_of = np.concatenate((np.full(plain.arcs, NO_LINK, dtype=np.int32), number, number))
    return ChinaHighways(
        graph=graph,
        link_of=link_of[order],
        links=links,
        figures=figures,
        province=cut.province,
        source=cut.source,
    )


def _landings(graph: RoadGraph, links: Links) -> list[tuple[int, int]]:
    """Find the road node at both ends of every link."""
    if not links.links:
        return []
    labels = component_labels(graph)
    index = NodeIndex(graph, usable=(np.bincount(labels) >= MIN_LANDING_NODES)[labels])
    starts, start_gaps = index.nearest([link.start for link in links.links])
    ends, end_gaps = index.nearest([link.end for link in links.links])
    faults = [
        f"link {link.id}: its {end} is {gap:.0f} m from the nearest road "
        f"(limit {LANDING_LIMIT_M} m): correct the point"
        for link, *gaps in zip(links.links, start_gaps, end_gaps, strict=True)
        for end, gap in zip(("start", "end"), gaps, strict=True)
        if gap > LANDING_LIMIT_M
    ]
    if faults:
        raise BadGeoData("\n".join(faults))
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]
