"""The first parser: what its word is worth, and that it is asked only when it must be."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from geodata.addresses.agreement import Agreement, compare
from geodata.addresses.opinion import Opinion, first_opinion
from geodata.addresses.opinions import load_opinions, usual_heads
from geodata.divisions import Ambiguous, Found, Register


@pytest.mark.parametrize(
    ("province", "prefecture", "county", "said"),
    [
        ("320000", "320500", "320509", Agreement.COUNTY),
        ("320000", "320500", "320506", Agreement.AGAINST),
        ("320000", "320500", "", Agreement.PREFECTURE),
        ("320000", "320100", "", Agreement.AGAINST),
        ("320000", "", "", Agreement.SILENT),
        ("330000", "", "", Agreement.AGAINST),
        ("", "", "", Agreement.SILENT),
    ],
)
def test_only_the_same_county_or_prefecture_is_agreement(
    province: str, prefecture: str, county: str, said: Agreement
) -> None:
    """Silence must never pass for a yes, and another prefecture is a no."""
    opinion = Opinion(province_code=province, prefecture_code=prefecture, county_code=county)
    assert compare(opinion, "320509") is said


def test_rows_of_the_first_parser_that_are_no_prefectures_say_little() -> None:
    """Its 北京市 110100 is the municipality; its 省直辖 469000 is half a province."""
    beijing = Opinion(province_code="110000", prefecture_code="110100", county_code="")
    hainan = Opinion(province_code="460000", prefecture_code="469000", county_code="")
    assert compare(beijing, "110105") is Agreement.PREFECTURE
    assert compare(hainan, "460105") is Agreement.SILENT


def test_kept_opinions_are_those_of_the_parser(register: Register, geo_cache: Path) -> None:
    """The cache may save time, never change an answer: 150 heads asked again."""
    opinions = load_opinions(geo_cache)
    choose = random.Random(11)
    for county in choose.sample(list(register.counties.values()), 50):
        for head in usual_heads(county)[:3]:
            kept, asked = opinions.of(head), first_opinion(head)
            assert kept.county_code == asked.county_code, head
            if kept.county_code:
                assert compare(kept, county.code) is compare(asked, county.code)


def test_a_usual_address_is_read_without_loading_the_first_parser(geo_cache: Path) -> None:
    """Pandas, a word list and a workbook take seconds that every short command would pay."""
    load_opinions(geo_cache)  # built before the clock of a person runs
    program = (
        "import json, pathlib, sys\n"
        "from geodata.addresses import locate\n"
        "root = pathlib.Path(sys.argv[1])\n"
        "found = locate('浙江省杭州市西湖区文三路90号', directory=root)\n"
        "loaded = [name for name in ('pandas', 'jieba') if name in sys.modules]\n"
        "print(json.dumps([found.county.code, loaded]))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(geo_cache)], capture_output=True, text=True, check=True
    )
    assert json.loads(run.stdout) == ["330106", []]


@pytest.mark.parametrize(
    ("code", "today"),
    [
        ("362301", ["361102"]),  # 上饶市 is 信州区, not the former 上饶县
        ("362401", ["360802", "360803"]),  # 吉安市
        ("522101", ["520302", "520303"]),  # 遵义市
        ("522401", ["520502"]),  # 毕节市
    ],
)
def test_codes_of_cities_that_became_prefectures_lead_to_their_districts(
    code: str, today: list[str], register: Register
) -> None:
    """The package follows their names to the county that surrounded them, or to everything."""
    found = register.find_by_code(code)
    assert isinstance(found, Found | Ambiguous)
    counties = (found.county,) if isinstance(found, Found) else found.candidates
    assert [county.code for county in counties] == today
