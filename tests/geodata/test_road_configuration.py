"""Dated configuration of roads: shipped files hold, wrong ones are refused with every fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from geodata.errors import BadGeoData, MissingSource
from geodata.ferries import load_links
from geodata.figures import load_figures
from geodata.rows import clock_s, shipped_text
from geodata.tolls import load_tolls
from geodata.truck_classes import TruckClass, load_truck_classes

HEAD = 'schema = 1\ndate = 2026-11-01\nsource = "test"\n'


def test_shipped_truck_classes_keep_the_legal_limits() -> None:
    """4 m high, 2.55 m wide; 18.1 m long but for the 22 m centre-axle transporter."""
    classes = load_truck_classes()
    assert list(classes) == ["flatbed-1", "flatbed-2", "short-carrier", "carrier"]
    assert all(truck.height_cm <= 400 and truck.width_cm <= 255 for truck in classes.values())
    assert all(classes[name].length_cm <= 1_810 for name in classes if name != "carrier")
    assert classes["carrier"].length_cm == 2_200


@pytest.mark.parametrize(
    ("axles", "length_cm", "mass_kg", "toll_class"),
    [
        (2, 590, 4_400, 1),
        (2, 590, 4_500, 2),
        (2, 600, 4_400, 2),
        (3, 900, 20_000, 3),
        (6, 1_700, 49_000, 6),
        (8, 2_200, 60_000, 6),
    ],
)
def test_toll_classes_follow_the_standard(
    axles: int, length_cm: int, mass_kg: int, toll_class: int
) -> None:
    """JT/T 489-2019, trucks: the borders of class 1 are below 6 m and below 4,500 kg."""
    truck = TruckClass(
        id="t",
        name="t",
        height_cm=300,
        length_cm=length_cm,
        width_cm=240,
        mass_kg=mass_kg,
        axles=axles,
        speed_percent=100,
        source="test",
    )
    assert truck.toll_class == toll_class


def test_tolls_differ_by_province_and_class() -> None:
    """The province is the first two digits of the county code; Hainan and Tibet take none."""
    tolls = load_tolls()
    assert tolls.rate("410122", 2) == 45 * 2.1
    assert tolls.rate("440104", 1) == 50
    assert tolls.rate("460106", 6) == tolls.rate("540102", 6) == 0
    assert tolls.rate("990000", 1) == 45


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("07:30", 27_000),
        ("24:00", 86_400),
        ("0:00", 0),
        ("24:01", None),
        ("7", None),
        ("7:5", None),
        ("ab:cd", None),
        ("07:60", None),
        ("-1:00", None),
        ("", None),
    ],
)
def test_clock_times_are_read_strictly(text: str, seconds: int | None) -> None:
    """A ban that begins at a misread hour is worse than one that is refused."""
    assert clock_s(text) == seconds


@pytest.mark.parametrize(
    ("load", "body", "claims"),
    [
        (
            load_tolls,
            '[[class]]\ntoll_class = 9\npercent = true\nsource = ""\n',
            [
                "class 1: toll_class is 9",
                "class 1: percent is True",
                "class 1: source is ''",
                'must have code = "*"',
                "class rows lack [2, 3, 4, 5, 6]",
            ],
        ),
        (
            load_links,
            '[[link]]\nid = "x"\nname = "x"\nkind = "tunnel"\nfrom_lat = 120\nfrom_lon = 30.0\n'
            'to_lat = 30.0\nto_lon = 120.0\nmetres = 0\nsource = "s"\n[[island]]\n',
            [
                "link 1: kind is 'tunnel'",
                "link 1: from_lat is 120",
                "link 1: metres is 0",
                "island 1: county_code is None",
            ],
        ),
        (
            load_figures,
            '[[speed]]\nupto_km = 30\nkmh = 60\ntolled = 1\nsource = "s"\n'
            '[[speed]]\nupto_km = 20\nkmh = 50\ntolled = true\nsource = "s"\n'
            '[[band]]\nstart = "7"\ncity_percent = 100\nsource = "s"\n',
            [
                "speed 1: tolled is 1",
                "at least one [[length]]",
                "band 1: start is '7'",
                "speed rows must ascend",
                'provinces = ["*"]',
            ],
        ),
    ],
)
def test_every_fault_of_a_file_is_named(
    load: Callable[[Path], object], body: str, claims: list[str], tmp_path: Path
) -> None:
    """One pass tells everything that is wrong, by table and row."""
    file = tmp_path / "own.toml"
    file.write_text(HEAD + body, encoding="utf-8")
    with pytest.raises(BadGeoData) as caught:
        load(file)
    for claim in claims:
        assert claim in str(caught.value)


@pytest.mark.parametrize(
    ("content", "claim"),
    [("schema = 2\n", "schema is 2.*date is missing.*source is missing"), ("= 3", "not TOML")],
)
def test_a_file_without_date_and_source_is_refused(
    content: str, claim: str, tmp_path: Path
) -> None:
    """Configuration without a date and a source cannot be argued about."""
    file = tmp_path / "own.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadGeoData, match=claim):
        load_tolls(file)
    with pytest.raises(MissingSource, match="cannot be read"):
        load_tolls(tmp_path / "none.toml")


@pytest.mark.parametrize("name", ["truck_classes.toml", "travel.toml", "tolls.toml", "links.toml"])
def test_every_shipped_row_has_a_source(name: str) -> None:
    """As many sources as tables, and one for the file."""
    text = shipped_text(name)
    assert text.count("\nsource = ") == text.count("\n[[") + 1
