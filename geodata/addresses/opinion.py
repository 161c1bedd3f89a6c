"""The first parser, ssdlab-region-parser, behind one function: what does it read?

It is not of our making and shares no table with ours, so agreement means something. It takes
seconds to load (pandas, a word list, a workbook) and is loaded when the first address is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from geodata.addresses.text import SEPARATOR
from geodata.errors import MissingSource

if TYPE_CHECKING:
    from ssdlab_region_parser import CN_RegionParser

STANDS_FOR_ITSELF: Final = {
    "441901": "441900",
    "442001": "442000",
    "460301": "460302",
    "460401": "460400",
    "620201": "620200",
}
"""Its own codes: 市辖区 of cities without counties, and 西沙区 before its number was fixed."""

MAX_READ: Final = 60
"""Divisions stand at the front; the tail of a long text only adds street names that mislead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """Codes of 6 digits, empty where it says nothing."""

    province_code: str
    prefecture_code: str
    county_code: str


def first_opinion(text: str) -> Opinion:
    """Ask the first parser.

    Raises:
        MissingSource: the package is not installed.
    """
    province, prefecture, county = (
        _code(value)
        for value in _parser().parse(text.replace(SEPARATOR, "")[:MAX_READ]).to_tuple()[1::2]
    )
    return Opinion(
        province_code=province,
        prefecture_code=prefecture,
        county_code=STANDS_FOR_ITSELF.get(county, county),
    )


@cache
def _parser() -> CN_RegionParser:
    try:
        from ssdlab_region_parser import CN_RegionParser
    except ImportError as error:
        raise MissingSource(
            "reading addresses needs ssdlab-region-parser: run 'pip install ssdlab-region-parser'"
        ) from error
    return CN_RegionParser()


def _code(value: object) -> str:
    return "" if value is None else str(value)[:6]
