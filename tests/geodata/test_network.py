"""The China highways: cut from the package's text, joined by ferries, honest about islands."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from geodata.errors import BadGeoData, UnsnappedPlace
from geodata.ferries import load_links
from geodata.network import _assigned, _edges, _positions, load_china_cut
from geodata.places import Point, great_circle_m
from geodata.snapping import OFF_ROAD, NodeIndex, snap_places
from geodata.travel import Roads
from geodata.truck_classes import load_truck_classes
from tests.geodata import roads_builders as build
from tests.geodata.city_pairs import CITIES, city

TRUCK = load_truck_classes()["flatbed-1"]
TEXT = b"""
from scgraph.core import GeoGraph
graph=[{1: 1.5, 2: 0.25}, {0: 1.5}, {0: 0.25, 3: 7.0}, {2: 7.0}, {}]
nodes=[[30.0, 110.0], [30.1, 110.0], [30.0, 110.2], [60.0, 10.0], [31.0, 111.0]]
world_highways_geograph = GeoGraph(graph=graph, nodes=nodes)
"""


@pytest.fixture(scope="session")
def china(tmp_path_factory: pytest.TempPathFactory) -> Roads:
    return build.china(tmp_path_factory.getbasetemp() / "roads")


def test_reads_the_package_as_text() -> None:
    """Importing the module would take a minute and gigabytes: its two lines are parsed."""
    lat, lon = _positions(_assigned(TEXT, "nodes"))
    rows = _assigned(TEXT, "graph").split(b"}")
    tail, head, metres = _edges(rows, inside=np.asarray([0, 1, 2, 4]), nodes=len(lat))
    assert lat.tolist() == [30.0, 30.1, 30.0, 60.0, 31.0]
    assert lon.tolist() == [110.0, 110.0, 110.2, 10.0, 111.0]
    # node 3 is outside, so the road to it is cut; every road appears once
    assert list(zip(tail, head, metres, strict=True)) == [(0, 1, 1_500), (0, 2, 250)]


def test_refuses_a_layout_it_does_not_know() -> None:
    """A new version of the package may look different: say so, never cut nonsense."""
    with pytest.raises(BadGeoData, match="unknown layout"):
        _assigned(b"\nnodes = []\n", "nodes")


def test_the_cut_is_china_and_never_imports_the_package(china: Roads) -> None:
    """Node and length counts within 3 % of those of the design survey."""
    graph = china.network.graph
    assert "scgraph_data.world_highways" not in sys.modules
    assert graph.nodes == pytest.approx(120_324, rel=0.03)
    assert graph.metres.sum() / 2 == pytest.approx(661_655_000, rel=0.03)


def test_seats_are_close_to_the_network(china: Roads) -> None:
    """Provincial capitals and other cities all lie within 5 km of a node."""
    index = NodeIndex(china.network.graph, usable=china.network.usable_nodes(TRUCK))
    node, gap_m = index.nearest([city(name).point for name in CITIES])
    assert gap_m.max() < 5_000
    nearest = china.network.graph.point(int(node[0]))
    assert great_circle_m(city(next(iter(CITIES))).point, nearest) == pytest.approx(
        gap_m[0], abs=0.5
    )


def test_a_damaged_cut_is_made_again(tmp_path: Path) -> None:
    """A cache is ours to mend."""
    pytest.importorskip("scgraph_data", reason="pip install scgraph-data")
    first = load_china_cut(cache_dir=tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:1_000])
    said: list[str] = []
    again = load_china_cut(cache_dir=tmp_path, progress=said.append)
    assert "damaged" in said[0]
    assert np.array_equal(first.tail, again.tail)


def test_hainan_and_zhoushan_are_joined_taiwan_is_not(china: Roads) -> None:
    """Ferry and bridges come from configuration; where none is, unreachable is the answer."""
    areas = china.network.areas(TRUCK)
    islands = china.network.road_islands(TRUCK)
    index = NodeIndex(china.network.graph, usable=china.network.usable_nodes(TRUCK))
    points = [
        Point(lat=39.905, lon=116.407),  # 北京
        Point(lat=20.044, lon=110.199),  # 海口
        Point(lat=29.985, lon=122.207),  # 舟山
        Point(lat=25.033, lon=121.565),  # 台北
    ]
    beijing, haikou, zhoushan, taipei = index.nearest(points)[0]
    assert areas[beijing] == areas[haikou] == areas[zhoushan]
    assert islands[beijing] == islands[zhoushan] != islands[haikou]
    assert areas[beijing] != areas[taipei]


def test_snapping_names_every_place_that_is_too_far() -> None:
    """Faults are collected: the dispatcher corrects them in one go."""
    network = build.network()
    index = NodeIndex(network.graph, usable=network.usable_nodes(TRUCK))
    places = [
        build.place("near", 34.01, 113.0),
        build.place("sea", 30.0, 125.0),
        build.place("desert", 40.0, 90.0),
    ]
    with pytest.raises(UnsnappedPlace) as caught:
        snap_places(places, index=index, limit_m=30_000)
    lines = str(caught.value).splitlines()
    assert [line.split()[0] for line in lines] == ["sea", "desert"]
    assert "limit 30000 m" in lines[0]


def test_a_roadless_county_is_unreachable_not_wrong() -> None:
    """嵊泗 has no road; its nearest mainland node would be a road over the sea."""
    network = build.network()
    index = NodeIndex(network.graph, usable=network.usable_nodes(TRUCK))
    places = [build.place("isle", 34.0, 118.5, county="330922"), build.place("town", 34.0, 113.0)]
    snapped = snap_places(
        places, index=index, limit_m=30_000, roadless_counties=network.roadless_counties
    )
    assert snapped.node[0] == OFF_ROAD
    assert snapped.node[1] != OFF_ROAD


def test_a_link_that_lands_in_the_sea_is_refused() -> None:
    """A ferry must reach the road at both ends, or its file is wrong."""
    with pytest.raises(BadGeoData, match=r"test-ferry: its end is \d+ m from the nearest road"):
        build.network(build.grid_cut(), build.ferry())


def test_shipped_links_say_their_sources() -> None:
    """Every figure of configuration is dated and has a source."""
    links = load_links()
    assert links.date == "2026-11-01"
    assert {link.id for link in links.links} >= {"qiongzhou", "zhoushan"}
    assert all(link.source for link in links.links)
