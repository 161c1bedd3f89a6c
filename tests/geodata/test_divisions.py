"""Counties: codes and names of any year lead to today's county, or say that they cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

from geodata.divisions import Ambiguous, Found, Register, SeatSource, Unknown
from geodata.divisions.changes import read_corrections
from geodata.divisions.history import FormerCounty
from geodata.divisions.polygons import CountyMap
from geodata.errors import BadGeoData, UnknownPlace
from geodata.places import Point, great_circle_m


def test_register_holds_every_county_of_the_country(register: Register) -> None:
    """2,851 on the mainland; Hong Kong, Macau and Taiwan are known too, by district or city."""
    mainland = [county for county in register.counties.values() if county.mainland]
    assert len(mainland) == 2851
    assert len(register.provinces) == 34
    assert len(register.counties_of("台湾省")) == 20
    assert sum(len(county.townships) for county in mainland) > 38_000


@pytest.mark.parametrize(
    ("code", "today"),
    [
        ("410225", "410225"),
        ("110103", "110101"),  # 崇文区 -> 东城区, 2010
        ("310108", "310106"),  # 闸北区 -> 静安区, 2015
        ("341402", "340181"),  # 居巢区 -> 巢湖市, 2011, another prefecture
        ("371202", "370116"),  # 莱城区 -> 莱芜区, 2019, another prefecture
        ("652303", "650109"),  # 米泉市 -> 米东区, 2007
        ("650108", "650109"),  # 东山区 of 乌鲁木齐, which the package links to 鹤岗
        ("512081", "510185"),  # 简阳市 of 资阳 -> of 成都, 2016
        ("469003", "460400"),  # 儋州市 became a prefecture without counties
        ("110101001", "110101"),  # a township code
        ("441900", "441900"),
        ("810101", "810101"),
    ],
)
def test_a_code_of_any_year_finds_todays_county(register: Register, code: str, today: str) -> None:
    """Order systems keep codes of the year in which they were built."""
    found = register.find_by_code(code)
    assert isinstance(found, Found)
    assert found.county.code == today
    assert bool(found.why) == (code[:6] != today)


@pytest.mark.parametrize(
    ("code", "candidates"),
    [
        ("330104", {"330102", "330114"}),  # 江干区 was split between 上城区 and 钱塘区
        ("130103", {"130102", "130104"}),  # 桥东区 of 石家庄, which the package links to 邢台
        ("500112", {"500157", "500109"}),  # 渝北区: five towns went to 北碚区
        ("320500", None),  # a whole prefecture: its counties
    ],
)
def test_a_split_code_is_ambiguous_with_its_parts(
    register: Register, code: str, candidates: set[str] | None
) -> None:
    """Where an area was divided, choosing one part would be a guess."""
    answer = register.find_by_code(code)
    assert isinstance(answer, Ambiguous)
    expected = candidates or {c for c in register.counties if c.startswith("3205")}
    assert {county.code for county in answer.candidates} == expected


@pytest.mark.parametrize("code", ["999999", "", "abc", "12345", "4１0225", "-10225"])
def test_a_code_that_never_was_is_unknown(register: Register, code: str) -> None:
    """Full-width digits and short codes are refused too: they come from damaged cells."""
    assert isinstance(register.find_by_code(code), Unknown)


def test_names_find_today_or_candidates(register: Register) -> None:
    """鼓楼区 exists four times; a city or province before it decides."""
    four = register.find_by_name("鼓楼区")
    assert isinstance(four, Ambiguous)
    assert len(four.candidates) == 4
    one = register.find_by_name("鼓楼区", prefecture="徐州市")
    assert isinstance(one, Found)
    assert one.county.code == "320302"
    gone = register.find_by_name("庐江县", prefecture="巢湖市")
    assert isinstance(gone, Found)
    assert gone.county.full_name == "安徽省合肥市庐江县"
    renamed = register.find_by_name("襄阳区", prefecture="襄樊市")
    assert isinstance(renamed, Found)
    assert renamed.county.name == "襄州区"
    assert isinstance(register.find_by_name("火星区"), Unknown)


def test_every_former_county_leads_to_counties_of_today(register: Register) -> None:
    """A chain that ends in a code that does not exist would poison every later lookup."""

    def current(gone: FormerCounty) -> bool:
        return all(code in register.counties for code in gone.to)

    assert all(current(gone) for gone in register.former)
    lost = [gone for gone in register.former if not gone.to and gone.year >= 2004]
    assert lost == []


def test_seats_lie_in_their_county(register: Register, county_map: CountyMap) -> None:
    """GCJ-02 read as WGS-84 would put 1 % of the seats into another county."""
    counties = [county for county in register.counties.values() if county.mainland]
    found = county_map.counties_at(
        [county.seat.lat for county in counties], [county.seat.lon for county in counties]
    )
    astray = [
        county
        for county, code in zip(counties, found, strict=True)
        if code != county.code and county.seat_source is not SeatSource.NEIGHBOUR
    ]
    # 11 in 2,847: seats that lie in the city beside the county, islands, coast
    assert len(astray) <= 12
    sources = {county.seat_source for county in counties}
    assert sources == set(SeatSource)


def test_a_point_finds_its_county(county_map: CountyMap) -> None:
    """Three well-known places, the open sea and a field in England."""
    at = county_map.counties_at(
        [39.9087, 30.2936, 29.6520, 20.0, 52.6], [116.3975, 119.9650, 91.1720, 118.0, -0.6]
    )
    assert at == ["110101", "330110", "540102", None, None]
    assert county_map.county_at(Point(lat=39.9087, lon=116.3975)) == "110101"


def test_neighbours_share_a_border_and_know_each_other(county_map: CountyMap) -> None:
    """朝阳区 of 北京 is drawn metres apart from its neighbours and must not be an island."""
    assert "110105" in county_map.neighbours("110101")
    graph = county_map.graph()
    assert graph.number_of_nodes() == len(county_map.codes)
    assert all(one in county_map.neighbours(other) for one, other in list(graph.edges())[::50])
    mainland = max(nx.connected_components(graph), key=len)
    assert len(mainland) > 2_800
    assert "460105" not in mainland  # 海口 is beyond the strait
    with pytest.raises(UnknownPlace, match="653132"):
        county_map.neighbours("653132")


def test_young_counties_borrow_a_shape_and_say_so(county_map: CountyMap) -> None:
    """Five counties are younger than every polygon set; 两江新区 is the union of its parents."""
    borrowed = {code for code, shape in county_map.shapes.items() if shape.borrowed}
    assert borrowed == {"653132", "653228", "653229", "659013"}
    assert not county_map.shapes["500157"].borrowed
    assert county_map.geometry("500157").is_valid
    total_km2 = sum(shape.area_km2 for shape in county_map.shapes.values() if not shape.borrowed)
    # 9.6 million km2 by the official figure; the polygons hold 9.48 (bureau areas, rounding)
    assert 9.4e6 < total_km2 < 9.7e6


def test_the_radius_of_a_seat_covers_its_county(register: Register, county_map: CountyMap) -> None:
    """90 % of the area, by construction: checked on a county by its own corners."""
    seat = register.counties["410225"].seat
    west, south, east, north = county_map.geometry("410225").bounds
    furthest_m = max(
        great_circle_m(seat, Point(lat=lat, lon=lon))
        for lat in (south, north)
        for lon in (west, east)
    )
    assert 0.3 * furthest_m < county_map.shapes["410225"].seat_p90_m < furthest_m


def test_names_load_without_geometry(geo_cache: Path, register: Register) -> None:
    """`flatbed --help` and name lookups must not pay for polygons or tables."""
    program = (
        "import sys; from pathlib import Path; from geodata.divisions import load_register;"
        f"load_register(Path({str(geo_cache)!r}));"
        "heavy = {'geopandas', 'shapely', 'pandas', 'networkx', 'jieba'} & set(sys.modules);"
        "print(sorted(heavy))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert len(register.counties) == 2890


def test_a_damaged_cache_is_built_again(tmp_path: Path, register: Register) -> None:
    """A half-written or foreign file in the cache costs time, never a wrong answer."""
    from geodata.divisions.register import load_register

    first = load_register(tmp_path)
    (path,) = tmp_path.glob("divisions-*.json")
    path.write_text('{"counties": [', encoding="utf-8")
    load_register.cache_clear()
    again = load_register(tmp_path)
    assert again.counties == first.counties == register.counties


def test_a_bad_corrections_file_lists_its_faults(tmp_path: Path) -> None:
    """Every entry with its number: the file is edited by hand."""
    path = tmp_path / "changes.toml"
    path.write_text(
        'format = 1\n[[change]]\ncode = "12"\nname = "x"\nprefecture = ""\nyear = 2020\nto = []\n'
        '[[split]]\ncode = "330110"\nto = ["330113"]\n',
        encoding="utf-8",
    )
    with pytest.raises(BadGeoData) as caught:
        read_corrections(path)
    message = str(caught.value)
    for part in ("change 1: code '12'", "change 1: names no county", "split 1: source"):
        assert part in message
