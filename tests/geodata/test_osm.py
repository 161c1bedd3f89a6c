"""An OSM extract as a network: a truck class is a metric.

The tests write their own small town, so that they run everywhere; Rutland is tried where it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pytest

from geodata import cli_roads
from geodata.errors import BadGeoData, MissingSource
from geodata.geometry import route_geometry
from geodata.osm import OsmNetwork, load_osm, load_speeds
from geodata.osm_conditions import read_conditions
from geodata.osm_tags import (
    Direction,
    read_direction,
    read_length_cm,
    read_mass_kg,
    read_speed_kmh,
    read_way,
)
from geodata.places import Place, Point
from geodata.routers import ScipyRouter, make_router, sum_along
from geodata.snapping import NodeIndex
from geodata.travel import build_matrix, open_roads
from geodata.truck_classes import TruckClass, load_truck_classes
from tests.geodata.roads_builders import WORKDAY

RUTLAND = Path(__file__).parents[2].parent / "shared/data/roads/rutland-latest.osm.pbf"
SATURDAY = date(2026, 11, 28)
HOUR_S = 3_600
CARRIER = load_truck_classes()["carrier"]
CAR = TruckClass(
    id="car",
    name="car",
    height_cm=150,
    length_cm=450,
    width_cm=185,
    mass_kg=1_800,
    axles=2,
    speed_percent=100,
    source="test",
)
EDGE_M = 1_000
# A town of two streets: north a-b-c-d is the main road, south e-f-g-h the way round.
#   a - b = c - d      the middle piece b=c carries the sign of each test
#   |   |   |   |
#   e - f - g - h
NAMES = "abcdefgh"
LAT0, LON0 = 34.0, 113.0
DEG_LAT = EDGE_M / 111_195
DEG_LON = EDGE_M / (111_195 * np.cos(np.radians(LAT0)))


def town(
    directory: Path,
    sign: Mapping[str, str] | None = None,
    *,
    bar: Mapping[str, str] | None = None,
) -> Path:
    """Write the town with a sign on the way b=c, and a barrier node in its middle."""
    nodes: list[tuple[int, float, float, dict[str, str]]] = []
    for number in range(len(NAMES)):
        row, column = divmod(number, 4)
        nodes.append((number + 1, LAT0 - row * DEG_LAT, LON0 + column * DEG_LON, {}))
    middle = (99, LAT0, LON0 + 1.5 * DEG_LON, dict(bar or {}))
    ways = [
        ("ab", {"highway": "secondary"}),
        ("cd", {"highway": "secondary"}),
        ("efgh", {"highway": "secondary"}),
        ("ae", {"highway": "secondary"}),
        ("bf", {"highway": "secondary"}),
        ("cg", {"highway": "secondary"}),
        ("dh", {"highway": "secondary"}),
        ("ad", {"highway": "footway"}),
    ]
    text = ['<osm version="0.6">']
    for number, lat, lon, tags in [*nodes, middle]:
        text.append(f'<node id="{number}" version="1" lat="{lat:.7f}" lon="{lon:.7f}">')
        text.extend(_tags(tags))
        text.append("</node>")
    refs = [([NAMES.index(name) + 1 for name in way], tags) for way, tags in ways]
    refs.append(([2, 99, 3], {"highway": "secondary", **(sign or {})}))
    for number, (way, tags) in enumerate(refs, start=1):
        text.append(f'<way id="{number}" version="1">')
        text.extend(f'<nd ref="{ref}"/>' for ref in way)
        text.extend(_tags(tags))
        text.append("</way>")
    text.append("</osm>")
    file = directory / "town.osm"
    file.write_text("\n".join(text), encoding="utf-8")
    return file


def _tags(tags: Mapping[str, str]) -> list[str]:
    return [f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items()]


def stop(name: str) -> Place:
    row, column = divmod(NAMES.index(name), 4)
    point = Point(lat=LAT0 - row * DEG_LAT, lon=LON0 + column * DEG_LON)
    return Place(id=name, label=name, point=point, county_code="410122")


def way(network: OsmNetwork, truck: TruckClass, ends: str) -> tuple[int, float]:
    """Metres and seconds of the fastest way between two corners of the town, at midnight."""
    graph = network.graph
    nodes, _ = NodeIndex(graph, usable=np.ones(graph.nodes, dtype=np.bool_)).nearest(
        [stop(name).point for name in ends]
    )
    metric = network.metric(truck, closed_by=(), start_s=0, end_s=1)
    arcs = list(ScipyRouter(graph).path(metric.cost, source=int(nodes[0]), target=int(nodes[1])))
    return int(graph.metres[arcs].sum()), int(metric.cost[arcs].sum()) / 1_000


def metres(network: OsmNetwork, truck: TruckClass, ends: str) -> int:
    return way(network, truck, ends)[0]


STRAIGHT_M, ROUND_M = 1_000, 3_000


@pytest.mark.parametrize(
    ("sign", "carrier_m", "car_m"),
    [
        ({}, STRAIGHT_M, STRAIGHT_M),
        ({"maxheight": "3.5"}, ROUND_M, STRAIGHT_M),
        ({"maxheight": "4.2 m"}, STRAIGHT_M, STRAIGHT_M),
        ({"maxheight": "4'3\""}, ROUND_M, ROUND_M),
        ({"maxweight": "7.5"}, ROUND_M, STRAIGHT_M),
        ({"maxwidth": "2 m"}, ROUND_M, STRAIGHT_M),
        ({"maxlength": "12"}, ROUND_M, STRAIGHT_M),
        ({"hgv": "no"}, ROUND_M, STRAIGHT_M),
        ({"access": "no", "hgv": "yes"}, STRAIGHT_M, ROUND_M),
        ({"access": "private"}, ROUND_M, ROUND_M),
        ({"motor_vehicle": "no"}, ROUND_M, ROUND_M),
        ({"hgv": "destination"}, STRAIGHT_M, STRAIGHT_M),
        ({"maxspeed": "10"}, ROUND_M, ROUND_M),
        ({"highway": "footway"}, ROUND_M, ROUND_M),
        ({"hgv:conditional": "no @ (weight>7.5)"}, ROUND_M, STRAIGHT_M),
        ({"hgv:conditional": "no @ (no such clause)"}, ROUND_M, STRAIGHT_M),
    ],
)
def test_signs_bind_the_trucks_they_are_for(
    sign: dict[str, str], carrier_m: int, car_m: int, tmp_path: Path
) -> None:
    """A closed piece sends the truck round three sides of the block, and only that truck."""
    network = load_osm(town(tmp_path, sign), date=WORKDAY)
    assert metres(network, CARRIER, "bc") == pytest.approx(carrier_m, abs=4)
    assert metres(network, CAR, "bc") == pytest.approx(car_m, abs=4)


def test_a_height_bar_across_the_road_stops_high_trucks(tmp_path: Path) -> None:
    """Villages put up bars as nodes on the way, not as tags of it."""
    bar = {"barrier": "height_restrictor", "maxheight": "2.8"}
    network = load_osm(town(tmp_path, bar=bar), date=WORKDAY)
    assert metres(network, CARRIER, "bc") == pytest.approx(ROUND_M, abs=4)
    assert metres(network, CAR, "bc") == pytest.approx(STRAIGHT_M, abs=2)
    bollard = load_osm(town(tmp_path, bar={"barrier": "bollard"}), date=WORKDAY)
    assert metres(bollard, CAR, "bc") == pytest.approx(ROUND_M, abs=4)
    gate = load_osm(town(tmp_path, bar={"barrier": "gate"}), date=WORKDAY)
    assert metres(gate, CAR, "bc") == pytest.approx(STRAIGHT_M, abs=2)


@pytest.mark.parametrize(
    ("tags", "there_m", "back_m"),
    [
        ({"oneway": "yes"}, STRAIGHT_M, ROUND_M),
        ({"oneway": "-1"}, ROUND_M, STRAIGHT_M),
        ({"junction": "roundabout"}, STRAIGHT_M, ROUND_M),
        ({"highway": "motorway"}, STRAIGHT_M, ROUND_M),
        ({"highway": "motorway", "oneway": "no"}, STRAIGHT_M, STRAIGHT_M),
        ({"oneway": "reversible"}, ROUND_M, ROUND_M),
    ],
)
def test_one_way_streets_are_open_one_way(
    tags: dict[str, str], there_m: int, back_m: int, tmp_path: Path
) -> None:
    """Also against the drawn direction, and where the kind of road implies it."""
    network = load_osm(town(tmp_path, tags), date=WORKDAY)
    assert metres(network, CAR, "bc") == pytest.approx(there_m, abs=4)
    assert metres(network, CAR, "cb") == pytest.approx(back_m, abs=4)


def test_an_hour_ban_closes_the_road_in_its_hours_only(tmp_path: Path) -> None:
    """07:00-09:00 on weekdays: a layer of its own in the matrix, and none on Saturday."""
    sign = {"hgv:conditional": "no @ (Mo-Fr 07:00-09:00)"}
    file = town(tmp_path, sign)
    places = [stop("b"), stop("c")]

    def build(day: date) -> tuple[tuple[int, ...], list[int]]:
        network = load_osm(file, date=day)
        matrix = build_matrix(
            places,
            truck_classes=["carrier"],
            date=day,
            roads=open_roads(network=network, cache_dir=tmp_path),
            cache_dir=tmp_path,
        )
        return matrix.band_starts_s, [int(m) for m in matrix.metres[0, :, 0, 1]]

    starts, lengths = build(WORKDAY)
    banned = starts.index(7 * HOUR_S)
    assert starts[banned + 1] == 9 * HOUR_S
    assert lengths[banned] == pytest.approx(ROUND_M, abs=4)
    assert all(
        length == pytest.approx(STRAIGHT_M, abs=4)
        for band, length in enumerate(lengths)
        if band != banned
    )
    assert set(build(SATURDAY)[1]) == {lengths[0]}


def test_time_follows_class_and_signed_speed(tmp_path: Path) -> None:
    """A kilometre at 40 km/h takes 90 s, at a signed 20 km/h 180 s."""
    for sign, expected_s in (({}, 90.0), ({"maxspeed": "20"}, 180.0), ({"maxspeed": "90"}, 90.0)):
        network = load_osm(town(tmp_path, sign), date=WORKDAY)
        _, seconds = way(network, CAR, "bc")
        assert seconds == pytest.approx(expected_s, rel=0.01)


def test_tolls_follow_the_tags(tmp_path: Path) -> None:
    """Only tagged kilometres pay: 1 km at the class 5 rate of 河南."""
    network = load_osm(town(tmp_path, {"toll": "yes"}), date=WORKDAY)
    matrix = build_matrix(
        [stop("b"), stop("c"), stop("g")],
        truck_classes=["carrier"],
        date=WORKDAY,
        roads=open_roads(network=network, cache_dir=tmp_path),
        cache_dir=tmp_path,
    )
    assert matrix.toll_minor[0, 0, 1] == pytest.approx(45 * 3.86, abs=1)
    assert matrix.toll_minor[0, 1, 2] == 0
    assert any("OpenStreetMap" in source for source in matrix.sources)
    assert any("turn restrictions" in text for text in matrix.assumptions)


def test_the_line_follows_the_road(tmp_path: Path) -> None:
    """Drawn round the block, both ways alike, where the truck must go round."""
    network = load_osm(town(tmp_path, {"maxheight": "3"}), date=WORKDAY)
    roads = open_roads(network=network, cache_dir=tmp_path)
    there = route_geometry(stop("b"), stop("c"), truck=CARRIER, roads=roads, tolerance_m=10)
    back = route_geometry(stop("c"), stop("b"), truck=CARRIER, roads=roads, tolerance_m=10)
    corners = [stop(name).point for name in "bfgc"]
    for got, want in zip(there, corners, strict=True):
        assert got.lat == pytest.approx(want.lat, abs=1e-6)
        assert got.lon == pytest.approx(want.lon, abs=1e-6)
    assert back == there[::-1]


def test_an_extract_takes_the_place_of_the_highways(tmp_path: Path) -> None:
    """`geo route --extract`: the carrier goes round the height bar, in one dictionary."""
    answer = cli_roads.route(
        stop("b"),
        stop("c"),
        truck_class="carrier",
        date=WORKDAY,
        extract=town(tmp_path, {"maxheight": "3"}),
        cache_dir=tmp_path,
    )
    assert answer["km"] == 3.0
    assert len(answer["geometry"]["geometry"]["coordinates"]) == 4
    assert answer["sources"][0] == "town.osm: OpenStreetMap contributors, ODbL"


def test_only_the_largest_piece_of_a_class_counts(tmp_path: Path) -> None:
    """A yard that only cars leave is no place for a carrier to stand on."""
    network = load_osm(town(tmp_path, {"maxheight": "3"}, bar=None), date=WORKDAY)
    # the node in the middle of b=c is no junction: nothing to stand on is lost
    assert network.usable_nodes(CARRIER).all()
    closed = load_osm(
        town(tmp_path, {"maxheight": "3"}, bar={"barrier": "gate", "access": "yes"}), date=WORKDAY
    )
    assert closed.usable_nodes(CAR).all()
    assert (~closed.usable_nodes(CARRIER)).sum() == 1


@pytest.mark.parametrize(
    ("text", "cm"),
    [
        ("4", 400),
        ("3.5 m", 350),
        ("3,5", 350),
        ("13'6\"", 411),
        ("12 ft", 366),
        ("350cm", 350),
        ("default", 0),
        ("none", 0),
        ("", 0),
        ("-4", 0),
        ("below_default", 0),
    ],
)
def test_lengths_are_read_as_mappers_write_them(text: str, cm: int) -> None:
    """What is not understood is no limit: 0."""
    assert read_length_cm(text) == cm


def test_masses_and_speeds_are_read_with_their_units() -> None:
    """Tonnes and km/h where no unit stands."""
    assert [read_mass_kg(text) for text in ("7.5", "18 t", "18000 kg", "x")] == [
        7_500,
        18_000,
        18_000,
        0,
    ]
    assert [read_speed_kmh(text) for text in ("50", "30 mph", "walk")] == [50, 48, 0]
    assert read_direction({"oneway": "no"}) is Direction.BOTH


@pytest.mark.parametrize(
    ("text", "weekday", "hour", "closed"),
    [
        ("no @ (07:00-09:00)", 0, 8, True),
        ("no @ (07:00-09:00)", 0, 9, False),
        ("no @ (07:00-09:00,17:00-19:00)", 3, 18, True),
        ("no @ (Mo-Fr 07:00-09:00)", 5, 8, False),
        ("no @ (Sa,Su 07:00-09:00; PH off)", 5, 8, True),
        ("no @ (22:00-06:00)", 0, 23, True),
        ("no @ (Mo 22:00-06:00)", 1, 5, True),
        ("no @ (Mo 22:00-06:00)", 0, 5, False),
        ("no @ 24/7", 0, 3, True),
        ("no @ (Fr-Mo)", 6, 3, True),
        ("no @ (Fr-Mo)", 2, 3, False),
        ("no @ (weight>7.5 AND 07:00-09:00)", 0, 8, True),
        ("no @ (weight>50 AND 07:00-09:00)", 0, 8, False),
        ("no @ (07:00-19:00); yes @ (12:00-14:00)", 0, 12, False),
        ("no @ (sunset-sunrise)", 0, 12, True),
        ("no @ (07:00-09:00", 0, 12, True),
        ("yes @ (wet)", 0, 12, False),
    ],
)
def test_conditions_are_read_or_taken_on_the_safe_side(
    text: str, weekday: int, hour: int, closed: bool
) -> None:
    """A ban that is not understood holds always; a permission that is not holds never."""
    rules = read_way({"highway": "primary", "hgv:conditional": text})
    start_s = hour * HOUR_S
    admitted = rules.admits(CARRIER, weekday=weekday, start_s=start_s, end_s=start_s + 1)
    assert admitted is not closed


def test_condition_values_keep_their_order() -> None:
    """Later conditions win, as OSM says."""
    first, second = read_conditions("no @ (Mo-Fr 07:00-09:00); destination @ (weight<3.5)")
    assert (first.value, second.value) == ("no", "destination")
    assert first.hours[0].days == {0, 1, 2, 3, 4}
    assert second.sizes[0].value == 3.5


@pytest.mark.parametrize(
    ("content", "claim"),
    [
        (b"", "town.osm"),
        (b'<osm version="0.6"></osm>', "holds no road"),
        (b"<osm><way", "not a readable OSM"),
        (b"hello", "not a readable OSM"),
    ],
)
def test_files_without_roads_are_refused(content: bytes, claim: str, tmp_path: Path) -> None:
    """An error that names the file, never an empty network."""
    file = tmp_path / "town.osm"
    file.write_bytes(content)
    with pytest.raises(BadGeoData, match=claim):
        load_osm(file, date=WORKDAY)
    with pytest.raises(MissingSource, match="is not there"):
        load_osm(tmp_path / "none.osm.pbf", date=WORKDAY)


def test_speeds_are_configuration(tmp_path: Path) -> None:
    """The user's own classes and speeds; an empty file is refused."""
    assert load_speeds()["motorway"] == 70
    own = tmp_path / "own.toml"
    own.write_text('schema = 1\ndate = 2026-11-01\nsource = "me"\n', encoding="utf-8")
    with pytest.raises(BadGeoData, match=r"at least one \[\[road\]\]"):
        load_speeds(own)


def sample(network: OsmNetwork, classes: Sequence[TruckClass], count: int) -> np.ndarray:
    """Nodes that every class may use."""
    both = np.logical_and.reduce([network.usable_nodes(truck) for truck in classes])
    return np.random.default_rng(7).choice(np.flatnonzero(both), count, replace=False)


@pytest.mark.skipif(not RUTLAND.is_file(), reason="../shared/data/roads/rutland is not here")
def test_rutland_takes_a_truck_longer_than_a_car() -> None:
    """Bridges and village bans lengthen some truck legs; none may get shorter; engines agree."""
    network = load_osm(RUTLAND, date=WORKDAY)
    truck = replace(CARRIER, speed_percent=100)
    nodes = sample(network, [truck, CAR], 150)
    router, oracle = make_router(network.graph), ScipyRouter(network.graph)
    costs = {}
    for profile in (truck, CAR):
        metric = network.metric(profile, closed_by=(), start_s=0, end_s=1)
        costs[profile.id] = router.many_to_many(metric.cost, sources=nodes, targets=nodes)
        assert np.array_equal(
            costs[profile.id], oracle.many_to_many(metric.cost, sources=nodes, targets=nodes)
        )
        assert metric.road_m is not None
        along = sum_along(
            router,
            metric.cost,
            metric.road_m,
            sources=nodes,
            targets=nodes,
            total=costs[profile.id],
        )
        for row in range(0, 150, 15):
            arcs = list(oracle.path(metric.cost, source=int(nodes[row]), target=int(nodes[0])))
            driven = int(network.graph.metres[arcs].sum())
            # paths that tie within the sharpening may differ by a few metres
            assert along[row, 0] == pytest.approx(driven, rel=0.01, abs=2)
    assert (costs["carrier"] >= costs["car"]).all()
    assert (costs["carrier"] > costs["car"]).mean() > 0.005
