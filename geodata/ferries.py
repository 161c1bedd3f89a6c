"""Ferries, fixed links that the highway graph lacks, and islands without any road."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from geodata.places import Point
from geodata.rows import Row, raise_faults, read_file, rows_of

LINKS_FILE: Final = "links.toml"


class LinkKind(StrEnum):
    FERRY = "ferry"
    BRIDGE = "bridge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An edge, open both ways, between the road nodes nearest to two points.

    `seconds` is the crossing with its usual wait, `fen_per_truck_metre` the fare; both are 0
    for a bridge, which is driven like any road.
    """

    id: str
    name: str
    kind: LinkKind
    start: Point
    end: Point
    metres: int
    seconds: int
    fen_per_truck_metre: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """All links, and the counties that no road and no listed ferry reaches."""

    links: tuple[Link, ...]
    roadless_counties: frozenset[str]
    date: str
    source: str


def _link(row: Row) -> Link:
    kind = row.text("kind")
    if kind not in set(LinkKind):
        row.note(f"kind is {kind!r}: give ferry or bridge")
        kind = LinkKind.BRIDGE
    ferry = kind == LinkKind.FERRY
    return Link(
        id=row.text("id"),
        name=row.text("name"),
        kind=LinkKind(kind),
        start=_point(row, "from"),
        end=_point(row, "to"),
        metres=row.whole("metres", low=1, high=1_000_000),
        seconds=row.whole("seconds", low=60, high=200_000) if ferry else 0,
        fen_per_truck_metre=row.whole("fen_per_truck_metre", low=0, high=100_000) if ferry else 0,
        source=row.text("source"),
    )


def _point(row: Row, end: str) -> Point:
    return Point(
        lat=row.number(f"{end}_lat", low=3.0, high=54.0),
        lon=row.number(f"{end}_lon", low=73.0, high=136.0),
    )


def load_links(path: Path | None = None) -> Links:
    """Read the shipped links, or the user's own.

    Raises:
        MissingSource: the file cannot be read.
        BadGeoData: it breaks the schema; lists every fault.
    """
    shown = path.name if path else LINKS_FILE
    values = read_file(LINKS_FILE, path=path)
    faults: list[str] = []
    links = tuple(_link(row) for row in rows_of(values, table="link", shown=shown, faults=faults))
    islands = rows_of(values, table="island", shown=shown, faults=faults)
    codes = frozenset(row.text("county_code") for row in islands)
    raise_faults(faults)
    return Links(
        links=links,
        roadless_counties=codes,
        date=values["date"].isoformat(),
        source=values["source"],
    )
