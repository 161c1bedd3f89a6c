"""Lines to draw, islands to report, and the road commands that answer with plain values."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from geodata import cli_roads
from geodata.errors import BadGeoData, MissingSource
from geodata.geometry import leg_geometries, route_geometry
from geodata.islands import road_islands
from geodata.matrix import TravelMatrix
from geodata.place_files import read_places
from geodata.places import Point, great_circle_m
from geodata.truck_classes import load_truck_classes
from tests.geodata import roads_builders as build
from tests.geodata.city_pairs import city

TRUCK = load_truck_classes()["flatbed-1"]
WEST, EAST = build.place("west", 34.52, 113.0), build.place("east", 34.5, 114.0)
CORE = build.square_ban(south=34.3, west=113.4, north=34.7, east=113.6)


def length_m(line: tuple[Point, ...]) -> float:
    return sum(great_circle_m(a, b) for a, b in pairwise(line))


def test_a_line_runs_from_place_to_place() -> None:
    """Straight roads are thinned to their corners; the access is drawn to the place itself."""
    line = route_geometry(WEST, EAST, truck=TRUCK, roads=build.roads())
    assert line[0] == WEST.point
    assert line[-1] == EAST.point
    assert len(line) <= 5


def test_a_line_avoids_zones_that_hold_but_not_those_it_ends_in() -> None:
    """The map must not show a truck where it may not be."""
    inside = build.place("inside", 34.5, 113.5)
    through, into = leg_geometries(
        [(WEST, EAST), (WEST, inside)], truck=TRUCK, roads=build.roads(), closed_by=[CORE]
    )
    # roads on the border are open, so look a little further in
    core = build.square_ban(south=34.31, west=113.41, north=34.69, east=113.59)
    assert not any(core.contains(point) for point in through)
    assert length_m(through) > 1.3 * great_circle_m(WEST.point, EAST.point)
    assert CORE.contains(into[-1])


def test_what_nothing_joins_has_no_line() -> None:
    """Across water, and from a county without roads."""
    isle = build.place("isle", 34.5, 117.0)
    roadless = build.place("rock", 34.5, 118.5, county="330922")
    lines = leg_geometries(
        [(EAST, isle), (EAST, roadless), (EAST, EAST)],
        truck=TRUCK,
        roads=build.roads(build.two_grids()),
    )
    assert lines == ((), (), (EAST.point, EAST.point))
    assert leg_geometries([], truck=TRUCK, roads=build.roads()) == ()


def test_near_places_are_joined_by_a_straight_line() -> None:
    """County roads that the coarse graph lacks are not drawn as a way over the highway."""
    here, there = build.place("here", 34.525, 113.010), build.place("there", 34.525, 113.040)
    line = route_geometry(here, there, truck=TRUCK, roads=build.roads())
    assert line == (here.point, there.point)


def test_islands_say_what_reaches_them() -> None:
    """One ferry reaches the smaller grid, and its closure cuts it off; without it, nothing."""
    main, isle = road_islands(build.network(build.two_grids(), build.ferry()))
    assert main.reachable
    assert main.reached_by == ()
    assert isle.reached_by == isle.cut_off_by == ("test ferry",)
    # 24 x 24 nodes: 2 x 24 x 23 edges of 5 km
    assert isle.road_km == 2 * 24 * 23 * 5
    _, lonely = road_islands(build.network(build.two_grids()))
    assert not lonely.reachable


def test_checks_the_network_and_every_configuration_file(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """`geo check` must be honest about what is assumed and what is cut off."""
    base = tmp_path_factory.getbasetemp() / "roads"
    build.china(base)
    answer = cli_roads.check(cache_dir=base)
    assert [isle["reachable"] for isle in answer["islands"]] == [True, False, False, True]
    assert {ban["source"] for ban in answer["bans"]} == {"example"}
    assert answer["roadless_counties"]
    assert json.loads(json.dumps(answer)) == answer


def test_describes_a_route_across_the_strait(tmp_path_factory: pytest.TempPathFactory) -> None:
    """海口 to 广州: about 570 km of road, three hours of ferry, a line in GeoJSON."""
    base = tmp_path_factory.getbasetemp() / "roads"
    answer = cli_roads.route(
        city("海口"),
        city("广州"),
        truck_class="flatbed-1",
        date=build.WORKDAY,
        roads=build.china(base),
        cache_dir=base,
    )
    assert answer["km"] == pytest.approx(570, rel=0.06)
    assert answer["seconds"] > 3 * 3_600 + answer["km"] / 70 * 3_600
    coordinates = answer["geometry"]["geometry"]["coordinates"]
    assert coordinates[0] == [110.199, 20.044]
    assert len(coordinates) > 20
    assert json.loads(json.dumps(answer)) == answer


def test_an_unreachable_route_says_so(tmp_path: Path) -> None:
    """No figures that somebody could add up."""
    answer = cli_roads.route(
        EAST,
        build.place("isle", 34.5, 117.0),
        truck_class="flatbed-1",
        date=build.WORKDAY,
        roads=build.roads(build.two_grids()),
        cache_dir=tmp_path,
    )
    assert answer["reachable"] is False
    assert answer["km"] is answer["seconds"] is answer["geometry"] is None


def test_writes_the_matrix_of_a_file_of_places(tmp_path: Path) -> None:
    """What is written is read back whole."""
    places = tmp_path / "places.csv"
    places.write_text(
        "id,label,lat,lon,county_code,radius_m,datum\n"
        "w,仓库,34.52,113.0,410122,0,\n"
        "c,客户,34.5,114.0,410122,3000,wgs84\n",
        encoding="utf-8-sig",
    )
    out = tmp_path / "out" / "matrix.npz"
    answer = cli_roads.matrix(
        places,
        out,
        truck_classes=["flatbed-1"],
        date=build.WORKDAY,
        roads=build.roads(),
        cache_dir=tmp_path,
    )
    assert TravelMatrix.load(out).digest == answer["digest"]
    assert answer["places"] == 2
    assert answer["unreachable_legs"] == 0


def test_places_are_converted_from_the_datum_they_say(tmp_path: Path) -> None:
    """An Amap position read as WGS-84 would be hundreds of metres off."""
    file = tmp_path / "places.csv"
    file.write_text("id,lat,lon,datum\na,34.5,113.5,gcj02\nb,34.5,113.5,\n", encoding="utf-8")
    amap, plain = read_places(file)
    assert 200 < great_circle_m(amap.point, plain.point) < 700


@pytest.mark.parametrize(
    ("content", "claims"),
    [
        ("name,x\n", ["lacks the columns id, lat, lon"]),
        ("id,lat,lon\n", ["holds no places"]),
        (
            "id,lat,lon,radius_m,datum\n,34,113,,\nb,113,34,,\nc,nan,113,-5,mars\n"
            "d,34,113,,\nd,34,113,,\ne,34,999,,\n",
            [
                "row 2: id is empty",
                "row 3: lat is 113.0: latitude and longitude look swapped",
                "row 4: lat is 'nan'",
                "row 4: radius_m is '-5'",
                "row 4: datum is 'mars'",
                "row 6: id 'd' stands twice",
                "row 7: (34.0, 999.0) is outside",
            ],
        ),
    ],
)
def test_wrong_places_are_all_named(content: str, claims: list[str], tmp_path: Path) -> None:
    """Every fault with its row, in one go."""
    file = tmp_path / "places.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadGeoData) as caught:
        read_places(file)
    for claim in claims:
        assert claim in str(caught.value)


def test_unreadable_places_are_refused(tmp_path: Path) -> None:
    """Wrong encoding and a missing file are the user's to mend."""
    file = tmp_path / "places.csv"
    file.write_bytes("id,lat,lon\n仓,34,113\n".encode("gb18030"))
    with pytest.raises(BadGeoData, match="save it as CSV UTF-8"):
        read_places(file)
    with pytest.raises(MissingSource, match="cannot be read"):
        read_places(tmp_path / "none.csv")
