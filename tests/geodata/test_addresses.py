"""Addresses: exact, or honestly ambiguous or unknown. A confident error is the worst outcome."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.addresses import Locator, Status, address_key, normalise
from geodata.addresses.text import MAX_NORMALISED
from geodata.cli_locate import locate_line, locate_lines, to_json_line
from geodata.corrections import Correction, CorrectionKind, Corrections
from geodata.divisions import County, Register
from geodata.divisions.polygons import CountyMap
from geodata.errors import BadGeoData
from geodata.places import Point, great_circle_m

TABLE = Path(__file__).parent / "addresses_50.csv"
with TABLE.open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table))

STREETS = (
    "中山路1号",
    "人民路88号",
    "北京路100号",
    "西安北路",
    "河北大街西段166号",
    "望京西园四区",
    "幸福小区3栋2单元401",
    "和平家园北区5号楼",
    "高新区科技五路",
    "县医院家属区",
    "老城区农贸市场",
    "上海城",
    "",
)


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{r['note']}" for n, r in enumerate(ROWS, 2)])
def test_every_address_of_the_table_is_exact_or_honest(
    row: dict[str, str], locator: Locator
) -> None:
    """80 and more addresses, more than half of them nasty; the table says why each is there."""
    located = locator.locate(row["text"])
    code = located.county.code if located.county else ""
    assert (located.status, code) == (Status(row["status"]), row["county_code"]), located.why
    if located.status is Status.OK:
        assert located.township == row["township"]
        assert 0 < located.confidence < 1
        assert located.radius_m >= 500
    else:
        assert located.why
        assert bool(located.candidates) == (located.status is Status.AMBIGUOUS)


def test_the_table_is_nasty_enough() -> None:
    """The issue asks for 50, half of them nasty."""
    nasty = [row for row in ROWS if row["note"].startswith("nasty")]
    assert len(ROWS) >= 50
    assert len(nasty) * 2 >= len(ROWS)


def test_generated_addresses_have_no_confident_error(register: Register, locator: Locator) -> None:
    """1,200 addresses out of the tables, with parts dropped and abolished names mixed in."""
    choose = random.Random(2026)
    counties = [county for county in register.counties.values() if county.mainland]
    errors: list[str] = []
    clear, clear_ok = 0, 0
    for _ in range(1_000):
        county = choose.choice(counties)
        text, is_clear = _written(county, choose)
        located = locator.locate(text)
        clear += is_clear
        if located.county is not None:
            clear_ok += is_clear
            if located.county.code != county.code:
                errors.append(f"{text}: {located.county.full_name}, not {county.full_name}")
    gone = [each for each in register.former if each.year >= 2000 and each.to and each.prefectures]
    for former in choose.sample(gone, 200):
        text = former.prefectures[0] + former.name + choose.choice(STREETS)
        located = locator.locate(text)
        if located.county is not None and located.county.code not in former.to:
            errors.append(f"{text}: {located.county.full_name}, not {former.to}")
    assert errors == []
    # a clear address that comes back as a question is a failure too; 1 % is the younger counties
    assert clear_ok >= 0.985 * clear


def test_a_wrong_combination_is_never_answered(register: Register, locator: Locator) -> None:
    """A county under another province's name: 300 pairs, each refused or questioned."""
    choose = random.Random(7)
    counties = [county for county in register.counties.values() if county.mainland]
    for _ in range(300):
        county, other = choose.sample(counties, 2)
        if any(each.name == county.name for each in register.counties_of(other.province)):
            continue
        located = locator.locate(other.province + county.name + "人民路1号")
        former = register.find_by_name(county.name, province=other.province)
        assert located.county is None or located.county.code in repr(former)


NO_KINDS = st.characters(exclude_characters="省市区县旗州盟", exclude_categories=["Cs"])
"""Hypothesis also draws the strings of our own sources, and 达茂旗 is a place indeed."""


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet=NO_KINDS, max_size=200))
def test_any_text_gets_an_answer_and_no_county_out_of_nothing(locator: Locator, text: str) -> None:
    """Noise from a damaged sheet must not become a place."""
    located = locator.locate(text)
    assert located.status is not Status.OK


@settings(max_examples=40, deadline=None)
@given(
    before=st.sampled_from(["", " ", "\n", "　", "收货地址：", "地址:", "中国", "510000 "]),
    between=st.sampled_from(["", " ", "，", "\t", "-", "/", "·", "\n"]),
    after=st.text(alphabet="0123456789号栋单元室-# ", max_size=12),
)
def test_separators_and_labels_change_nothing(
    locator: Locator, before: str, between: str, after: str
) -> None:
    """The same address out of five apps and a chat."""
    parts = ("江苏省", "苏州市", "吴江区", "盛泽镇")
    located = locator.locate(before + between.join(parts) + between + after)
    assert located.county is not None
    assert (located.county.code, located.township) == ("320509", "盛泽镇")


def test_a_very_long_text_is_read_in_bounded_work(locator: Locator) -> None:
    """A megabyte in one cell: only its first characters are looked at."""
    located = locator.locate("江苏省苏州市吴江区盛泽镇" + "东方丝绸市场" * 200_000)
    assert located.county is not None
    assert located.county.code == "320509"
    assert len(normalise("字" * 1_000_000)) == MAX_NORMALISED
    assert locator.locate("市" * 1_000_000).status is not Status.OK


def test_the_point_lies_in_the_county_and_a_township_narrows_it(
    locator: Locator, county_map: CountyMap
) -> None:
    """A township's point has a radius of a township, the seat one of the county."""
    narrow = locator.locate("江苏省苏州市吴江区盛泽镇")
    wide = locator.locate("江苏省苏州市吴江区")
    assert narrow.point is not None
    assert wide.point is not None
    assert county_map.county_at(narrow.point) == county_map.county_at(wide.point) == "320509"
    assert narrow.radius_m < wide.radius_m / 2
    # 盛泽 lies at 30.91 N 120.64 E, some 27 km south of the seat
    assert great_circle_m(narrow.point, Point(lat=30.91, lon=120.64)) < 5_000


def test_a_named_county_decides_among_candidates_and_contradicts_openly(
    locator: Locator,
) -> None:
    """Sheets often have a county column beside the text."""
    decided = locator.locate("鼓楼区中山路1号", hint_county="320302")
    assert decided.county is not None
    assert decided.county.full_name == "江苏省徐州市鼓楼区"
    contradicted = locator.locate("江苏省南京市鼓楼区", hint_county="320302")
    assert contradicted.status is Status.AMBIGUOUS
    assert [county.code for county in contradicted.candidates] == ["320106", "320302"]
    assert locator.locate("鼓楼区", hint_county="110101").status is Status.AMBIGUOUS


def test_one_object_a_line_in_order_also_for_empty_lines(geo_cache: Path) -> None:
    """What `flatbed geo locate --json` prints is a published form."""
    lines = ["兰考县\n", "\n", "鼓楼区\r\n", "🚚"]
    rows = list(locate_lines(lines, directory=geo_cache))
    assert [row["status"] for row in rows] == ["ok", "unknown", "ambiguous", "unknown"]
    assert set(rows[0]) == {
        "status",
        "county_code",
        "county_name",
        "township",
        "lat",
        "lon",
        "radius_m",
        "confidence",
        "candidates",
        "why",
    }
    assert rows[0]["county_name"] == "河南省开封市兰考县"
    assert rows[1]["lat"] is None
    assert rows[2]["candidates"][0] == {
        "county_code": "320106",
        "county_name": "江苏省南京市鼓楼区",
    }
    for row in rows:
        line = to_json_line(row)
        assert "\n" not in line
        assert json.loads(line) == row


def test_lines_are_answered_as_they_come(geo_cache: Path) -> None:
    """A pipe that stays open gets its answers before it ends."""

    def pipe() -> Iterator[str]:
        yield "兰考县"
        raise AssertionError("the second line was read before the first was answered")

    assert next(locate_lines(pipe(), directory=geo_cache))["county_code"] == "410225"


def test_a_pin_wins_over_the_text_and_is_remembered(tmp_path: Path, locator: Locator) -> None:
    """The buyer's pin, saved and read back, answers the same address typed differently."""
    path = tmp_path / "corrections.json"
    pin = Correction(
        kind=CorrectionKind.PIN,
        point=Point(lat=34.82, lon=114.82),
        county_code="410225",
        noted_on=date(2026, 11, 22),
    )
    Corrections.load(path).remember("鼓楼区 中山路１号", pin).save(path)
    remembered = Corrections.load(path)
    row = locate_line("鼓楼区中山路1号", locator=locator, corrections=remembered)
    assert (row["status"], row["county_code"], row["radius_m"]) == ("ok", "410225", 0)
    assert (row["lat"], row["lon"], row["confidence"]) == (34.82, 114.82, 1.0)
    other = locate_line("鼓楼区中山路2号", locator=locator, corrections=remembered)
    assert other["status"] == "ambiguous"
    assert remembered.forget("鼓楼区中山路1号").find("鼓楼区中山路1号") is None
    assert list(tmp_path.iterdir()) == [path]


def test_keys_of_corrections_keep_house_numbers_apart() -> None:
    """1-2号 and 12号 are two doors; spaces and widths are none of it."""
    assert address_key("人民路1-2号") != address_key("人民路12号")
    assert address_key("人民路 12 号") == address_key("人民路１２号")
    with pytest.raises(ValueError, match="empty address"):
        Corrections().remember("😀", _dispatcher())


def test_a_bad_corrections_file_is_refused_with_every_fault(tmp_path: Path) -> None:
    """Edited by hand, it must not lose the rest in silence."""
    path = tmp_path / "corrections.json"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(BadGeoData, match="format 1"):
        Corrections.load(path)
    good = {"kind": "pin", "lat": 30, "lon": 120, "county_code": "330110", "radius_m": 0}
    rows = {"a": {**good, "noted_on": "soon"}, "b": {**good, "lat": "x", "noted_on": "2026-01-01"}}
    path.write_text(json.dumps({"format": 1, "corrections": rows}), encoding="utf-8")
    with pytest.raises(BadGeoData) as caught:
        Corrections.load(path)
    assert "a: " in str(caught.value)
    assert "b: lat and lon must be numbers" in str(caught.value)


def test_a_pin_has_no_radius() -> None:
    """A pin with a radius would widen slots that need not be wide."""
    with pytest.raises(ValueError, match="exact"):
        Correction(
            kind=CorrectionKind.PIN,
            point=Point(lat=30, lon=120),
            county_code="330110",
            noted_on=date(2026, 11, 22),
            radius_m=50,
        )


def _dispatcher() -> Correction:
    return Correction(
        kind=CorrectionKind.DISPATCHER,
        point=Point(lat=30, lon=120),
        county_code="330110",
        noted_on=date(2026, 11, 22),
        radius_m=200,
    )


def _written(county: County, choose: random.Random) -> tuple[str, bool]:
    """Write a county's address in one of six ways; say whether nobody could misread it."""
    township = choose.choice(county.townships) if county.townships else ""
    outer = county.prefecture if county.prefecture != county.name else ""
    full = county.province + outer + county.name
    match choose.randrange(6):
        case 0:
            return full + township + choose.choice(STREETS), True
        case 1:
            return outer + county.name + township + choose.choice(STREETS), bool(outer)
        case 2:
            return county.name + township + choose.choice(STREETS), False
        case 3:
            return f"{county.province} {outer}，{county.name}\n{choose.choice(STREETS)}", True
        case 4:
            return county.province + outer + township + choose.choice(STREETS), False
        case _:
            return county.name[:-1] + choose.choice(STREETS), False
