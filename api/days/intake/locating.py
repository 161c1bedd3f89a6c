"""Addresses and pins to places. Who knows the map is handed in; this file knows what to ask."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from geodata.places import Place, Point

PIN_FAR_M: Final = 30_000
"""A pin further from its address than this, and in another county, is a mistake and no detail."""


class LocateStatus(StrEnum):
    """Only OK may be planned."""

    OK = "ok"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


class Setting(StrEnum):
    """What kind of place an address names: it decides which truck gets there by default."""

    TOWN = "town"
    TOWNSHIP = "township"
    VILLAGE = "village"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyName:
    """A county-level division: its GB/T 2260 code and full name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where an address is (WGS-84, with the radius within which the door is), or who competes.

    `exact` marks a remembered correction. `township` is its name, empty where none is known.
    """

    status: LocateStatus
    county: CountyName | None = None
    point: Point | None = None
    radius_m: int = 0
    township: str = ""
    candidates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = self.county is not None and self.point is not None
        if (self.status is LocateStatus.OK) != known:
            raise ValueError("a county and a point belong to an OK answer and to no other")


class Locator(Protocol):
    """Whoever knows counties and addresses."""

    def locate(self, text: str) -> Located:
        """Find an address; remembered corrections win over the text."""
        ...

    def county_at(self, point: Point) -> CountyName | None:
        """Find the county that holds a point; None at sea or abroad."""
        ...


@dataclass(slots=True, kw_only=True)
class RememberingLocator:
    """Asks another locator once per address and point: many buyers share a village."""

    inner: Locator
    _texts: dict[str, Located] = field(default_factory=dict)
    _points: dict[Point, CountyName | None] = field(default_factory=dict)

    def locate(self, text: str) -> Located:
        if text not in self._texts:
            self._texts[text] = self.inner.locate(text)
        return self._texts[text]

    def county_at(self, point: Point) -> CountyName | None:
        if point not in self._points:
            self._points[point] = self.inner.county_at(point)
        return self._points[point]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlace:
    """A place and what kind of setting its address names."""

    place: Place
    setting: Setting


_VILLAGE: Final = re.compile(
    r"(?<!新)(?:村|屯|嘎查|寨子|自然村|村委|\d+组|[一二三四五六七八九十]组|庄子|农场)"
)
_TOWNSHIP: Final = re.compile(r"[镇乡]|苏木|街道")
_STREET: Final = re.compile(r"街道|[路街巷]|大道|小区|花园|广场|号楼|新村|城关")


def setting_of(text: str, *, township: str) -> Setting:
    """Judge an address by its words: village, township, town, or unclear.

    The last telling word counts most: 官渡镇官渡村 is a village, 城关镇人民路 a town. The
    township's own name is no telling word: 李村街道 is no village.
    """
    if _VILLAGE.search(text.replace(township, "") if township else text):
        return Setting.VILLAGE
    if _STREET.search(township) or _STREET.search(text):
        return Setting.TOWN
    if township or _TOWNSHIP.search(text):
        return Setting.TOWNSHIP
    return Setting.UNCLEAR


def place_id(key: str) -> str:
    """Give the same text or pin the same id, in every run and on every machine."""
    return "p" + hashlib.sha256(key.encode()).hexdigest()[:12]


def joined_address(parts: Mapping[str, str], address: str) -> str:
    """Put province, city and county before an address that does not say them itself."""
    text = address
    for name in (parts["county"], parts["city"], parts["province"]):
        if name and name not in address:
            text = name + text
    return text
