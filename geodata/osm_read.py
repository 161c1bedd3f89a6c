"""Read the roads of an OSM extract (.osm.pbf, .osm, .osm.gz) into a directed graph."""

from __future__ import annotations

import hashlib
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadGeoData, MissingSource
from geodata.graph import RoadGraph, graph_of_arcs, straight_m
from geodata.osm_tags import Direction, RoadRules, read_barrier, read_direction, read_way

if TYPE_CHECKING:
    import osmium

DEGREE_UNITS: Final = 10_000_000
FREE: Final = 0
"""Number of the rule that forbids nothing, of nodes without a barrier."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OsmRoads:
    """Roads cut at junctions and barriers, as arcs with the rules that bind on them.

    Per arc: `rule` int32 indexes `rules` (the way's signs), `barrier` int32 (A, 2) the signs at
    its two ends (`FREE` for none), `segment` int32 the piece of road it drives, `backward` bool.
    Segment s is drawn by `lat`, `lon` float64 at `segment_first[s]:segment_first[s + 1]`.
    """

    graph: RoadGraph
    rules: tuple[RoadRules, ...]
    rule: NDArray[np.int32]
    barrier: NDArray[np.int32]
    segment: NDArray[np.int32]
    backward: NDArray[np.bool_]
    segment_first: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    digest: str
    name: str


@dataclass(slots=True, kw_only=True)
class _Raw:
    """What one pass over the file collects; arrays of machine numbers, for size."""

    rules: dict[RoadRules, int] = field(default_factory=dict)
    way_rule: array[int] = field(default_factory=lambda: array("i"))
    way_direction: list[Direction] = field(default_factory=list)
    way_size: array[int] = field(default_factory=lambda: array("i"))
    ref: array[int] = field(default_factory=lambda: array("q"))
    lat: array[int] = field(default_factory=lambda: array("i"))
    lon: array[int] = field(default_factory=lambda: array("i"))
    barriers: dict[int, int] = field(default_factory=dict)

    def rule_id(self, rules: RoadRules) -> int:
        return self.rules.setdefault(rules, len(self.rules))


def read_osm(path: Path, *, highways: frozenset[str]) -> OsmRoads:
    """Read the ways whose highway class is asked for.

    Raises:
        MissingSource: the file is not there.
        BadGeoData: it is no OSM file, or holds no such road.
    """
    if not path.is_file():
        raise MissingSource(f"{path.name} is not there: give a .osm.pbf or .osm extract")
    try:
        raw = _collect(path, highways)
    except RuntimeError as error:
        raise BadGeoData(f"{path.name} is not a readable OSM file: {error}") from error
    if not raw.ref:
        raise BadGeoData(f"{path.name} holds no road of the classes {', '.join(sorted(highways))}")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return _cut_at_junctions(raw, name=path.name, digest=digest)


def _collect(path: Path, highways: frozenset[str]) -> _Raw:
    import osmium

    raw = _Raw()
    raw.rule_id(read_way({}))
    wanted = osmium.filter.KeyFilter("highway", "barrier")
    for item in osmium.FileProcessor(str(path)).with_locations().with_filter(wanted):
        if isinstance(item, osmium.osm.Node):
            tags = dict(item.tags)
            if "barrier" in tags:
                rules = read_barrier(tags)
                if rules:
                    raw.barriers[item.id] = raw.rule_id(rules)
        elif isinstance(item, osmium.osm.Way) and item.tags.get("highway") in highways:
            _add_way(raw, item)
    return raw


def _add_way(raw: _Raw, way: osmium.osm.Way) -> None:
    tags = dict(way.tags)
    direction = read_direction(tags)
    nodes = [node for node in way.nodes if node.location.valid()]
    if tags.get("area") == "yes" or direction is Direction.NEITHER or len(nodes) < 2:
        return
    raw.way_rule.append(raw.rule_id(read_way(tags)))
    raw.way_direction.append(direction)
    raw.way_size.append(len(nodes))
    for node in nodes:
        raw.ref.append(node.ref)
        raw.lat.append(node.location.y)
        raw.lon.append(node.location.x)


def _cut_at_junctions(raw: _Raw, *, name: str, digest: str) -> OsmRoads:
    """Cut ways where they meet, end or carry a barrier; measure the pieces; open directions."""
    ref = np.frombuffer(raw.ref, dtype=np.int64)
    lat = np.frombuffer(raw.lat, dtype=np.int32) / DEGREE_UNITS
    lon = np.frombuffer(raw.lon, dtype=np.int32) / DEGREE_UNITS
    size = np.frombuffer(raw.way_size, dtype=np.int32)
    way_first = np.concatenate(([0], np.cumsum(size)))[:-1]
    way_last = way_first + size - 1

    _, inverse, count = np.unique(ref, return_inverse=True, return_counts=True)
    cut = count[inverse] > 1
    cut[way_first] = cut[way_last] = True
    if raw.barriers:
        cut |= np.isin(ref, np.fromiter(raw.barriers, dtype=np.int64))
    position = np.flatnonzero(cut)
    # a piece runs from one cut to the next, except from the last node of a way
    starts = position[:-1][~np.isin(position[:-1], way_last)]
    ends = position[1:][~np.isin(position[:-1], way_last)]

    step = np.zeros(len(ref))
    step[1:] = straight_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
    along = np.cumsum(step)
    metres = np.maximum(1, np.rint(along[ends] - along[starts])).astype(np.int64)
    way_of = np.searchsorted(way_first, starts, side="right") - 1

    node_ref, node_of = np.unique(ref[position], return_inverse=True)
    node_at = np.zeros(len(ref), dtype=np.int64)
    node_at[position] = node_of
    node_lat, node_lon = np.empty(len(node_ref)), np.empty(len(node_ref))
    node_lat[node_of], node_lon[node_of] = lat[position], lon[position]
    node_barrier = np.asarray(
        [raw.barriers.get(int(number), FREE) for number in node_ref], dtype=np.int32
    )

    direction = np.asarray(raw.way_direction)[way_of]
    forth = np.flatnonzero(direction != Direction.BACKWARD)
    back = np.flatnonzero(direction != Direction.FORWARD)
    segment = np.concatenate((forth, back))
    a, b = node_at[starts], node_at[ends]
    tail, head = np.concatenate((a[forth], b[back])), np.concatenate((b[forth], a[back]))
    graph, order = graph_of_arcs(node_lat, node_lon, tail=tail, head=head, metres=metres[segment])
    segment_sizes = ends - starts + 1
    segment_first = np.concatenate(([0], np.cumsum(segment_sizes)))
    within = np.arange(segment_first[-1]) - np.repeat(segment_first[:-1], segment_sizes)
    drawn = np.repeat(starts, segment_sizes) + within
    rule = np.frombuffer(raw.way_rule, dtype=np.int32)[way_of]
    return OsmRoads(
        graph=graph,
        rules=tuple(raw.rules),
        rule=rule[segment][order],
        barrier=np.column_stack((node_barrier[graph.tail], node_barrier[graph.head])),
        segment=segment[order].astype(np.int32),
        backward=(np.arange(len(segment)) >= len(forth))[order],
        segment_first=segment_first.astype(np.int64),
        lat=lat[drawn],
        lon=lon[drawn],
        digest=digest,
        name=name,
    )
