"""What `flatbed geo build | check` do about counties, sources and dated files: plain values out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date as Date  # noqa: N812 - arguments are called today
from pathlib import Path
from typing import Any, Final

from geodata.ban_files import EXAMPLE_BANS, load_bans
from geodata.cache import default_directory
from geodata.rows import read_file
from geodata.sources import SOURCES, attribution_line

DATED_FILES: Final = (
    "links.toml",
    "osm_roads.toml",
    "tolls.toml",
    "travel.toml",
    "truck_classes.toml",
)
"""Shipped files whose figures grow old; each states its `date` and `source`."""


def build(
    *, cache_dir: Path | None = None, progress: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """Build the county tables, the polygons and the township points, once per machine.

    Raises:
        MissingSource: a data package is not installed or cannot be read.
    """
    from geodata.addresses.points import load_spots
    from geodata.divisions import load_register
    from geodata.divisions.polygons import load_county_map

    say = progress or _silent
    say("listing counties, townships and what they were called before (about a second)")
    register = load_register(cache_dir)
    say("drawing the counties (some seconds, once)")
    counties = load_county_map(cache_dir)
    say("placing the townships (about ten seconds, once)")
    spots = load_spots(cache_dir)
    mainland = [county for county in register.counties.values() if county.mainland]
    return {
        "cache": str(cache_dir or default_directory()),
        "counties": len(register.counties),
        "mainland_counties": len(mainland),
        "townships": sum(len(county.townships) for county in mainland),
        "township_points": spots.known_townships,
        "former_counties": len(register.former),
        "polygons": len(counties.codes),
        "borrowed_polygons": sum(shape.borrowed for shape in counties.shapes.values()),
    }


def check(
    *,
    today: Date,
    cache_dir: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Summarise counties, sources with licences, and the age of every dated file on `today`.

    Raises:
        MissingSource: a data package is not installed or cannot be read.
        BadGeoData: the file of holidays breaks its schema; lists every fault.
    """
    years = (today.year, today.year + 1)
    return {
        **build(cache_dir=cache_dir, progress=progress),
        "data": [
            {
                "name": source.name,
                "package": source.package,
                "version": source.installed_version(),
                "licence": source.licence,
                "attribution": source.attribution,
                "caution": source.caution,
            }
            for source in SOURCES
        ],
        "attribution": attribution_line(),
        "files": [_dated(name, today=today) for name in DATED_FILES] + [_example_bans(today=today)],
        "holidays_published": [year for year in years if _holidays_are_published(year)],
        "holidays_unpublished": [year for year in years if not _holidays_are_published(year)],
    }


def _silent(_: str) -> None:
    """Report progress to nobody."""


def _dated(name: str, *, today: Date) -> dict[str, Any]:
    head = read_file(name)
    return _row(name, head["date"], head["source"], today=today)


def _example_bans(*, today: Date) -> dict[str, Any]:
    """Date the examples of truck bans by their youngest one."""
    bans = load_bans()
    sources = "; ".join(sorted({ban.source for ban in bans}))
    return _row(EXAMPLE_BANS, max(ban.since for ban in bans), sources, today=today)


def _row(name: str, dated: Date, source: str, *, today: Date) -> dict[str, Any]:
    return {
        "file": name,
        "date": dated.isoformat(),
        "age_days": (today - dated).days,
        "source": source,
    }


def _holidays_are_published(year: int) -> bool:
    from geodata.calendar import describe_day

    return describe_day(Date(year, 12, 31)).published
