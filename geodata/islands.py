"""Which pieces of land the road network consists of, and what joins them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import networkx as nx
import numpy as np

from geodata.ferries import Link, LinkKind
from geodata.highways import NO_LINK, ChinaHighways
from geodata.places import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadIsland:
    """A piece of land with roads; `reached_by` names the ferries from the largest piece.

    `cut_off_by` names those whose closure alone cuts it off; `reached_by` is empty on the
    largest piece itself and where no ferry goes, which `reachable` tells apart.
    """

    nodes: int
    road_km: int
    centre: Point
    reachable: bool
    reached_by: tuple[str, ...]
    cut_off_by: tuple[str, ...]


def road_islands(network: ChinaHighways) -> tuple[RoadIsland, ...]:
    """List the pieces of land that places may stand on, largest first."""
    graph, labels = network.graph, network.road_labels
    size = np.bincount(labels)
    usable = np.unique(labels[network.usable])
    plain = network.link_of == NO_LINK
    metres = np.bincount(labels[graph.tail[plain]], weights=graph.metres[plain])
    ferries = island_graph(network, nodes=[int(label) for label in usable])
    # types-networkx says nodes; the function yields edges
    edges = cast("Iterator[tuple[int, int]]", nx.bridges(ferries))
    bridges = {frozenset(edge) for edge in edges}
    main = int(usable[np.argmax(size[usable])])
    found = []
    for label in sorted((int(label) for label in usable), key=lambda label: -size[label]):
        here = labels == label
        way = nx.shortest_path(ferries, main, label) if nx.has_path(ferries, main, label) else []
        steps = list(pairwise(way))
        found.append(
            RoadIsland(
                nodes=int(size[label]),
                road_km=round(float(metres[label]) / 2_000),
                centre=Point(lat=float(graph.lat[here].mean()), lon=float(graph.lon[here].mean())),
                reachable=bool(way),
                reached_by=tuple(ferries.edges[step]["links"][0].name for step in steps),
                cut_off_by=tuple(
                    ferries.edges[step]["links"][0].name
                    for step in steps
                    if len(ferries.edges[step]["links"]) == 1 and frozenset(step) in bridges
                ),
            )
        )
    return tuple(found)


def island_graph(network: ChinaHighways, *, nodes: list[int]) -> nx.Graph[int]:
    """Join road islands by ferries: a small graph whose edges list their links."""
    islands: nx.Graph[int] = nx.Graph()
    islands.add_nodes_from(nodes)
    labels = network.road_labels
    for number, link in enumerate(network.links.links):
        if link.kind is not LinkKind.FERRY:
            continue
        arc = int(np.flatnonzero(network.link_of == number)[0])
        a, b = int(labels[network.graph.tail[arc]]), int(labels[network.graph.head[arc]])
        if a == b:
            continue
        links: list[Link] = [*islands.get_edge_data(a, b, {"links": []})["links"], link]
        islands.add_edge(a, b, links=links)
    return islands
