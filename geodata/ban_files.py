"""Read truck bans from GeoJSON, all faults at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from geodata.bans import Ban, PlateKind, PlateRule
from geodata.calendar import DayKind
from geodata.errors import BadGeoData, MissingSource
from geodata.rows import Row, clock_s, raise_faults, shipped_text

EXAMPLE_BANS: Final = "bans_example.geojson"
SCHEMA: Final = "flatbed.bans/1"
MAX_BYTES: Final = 20_000_000


def example_bans() -> str:
    """Return the shipped file of examples, to start one's own from."""
    return shipped_text(EXAMPLE_BANS)


def load_bans(path: Path | None = None) -> tuple[Ban, ...]:
    """Read a file of truck bans; without a path the shipped examples.

    The examples are hand-drawn for trials, `source` "example": no city's rules.

    Raises:
        MissingSource: the file cannot be read.
        BadGeoData: it breaks the schema; lists every fault with its feature.
    """
    shown = path.name if path else EXAMPLE_BANS
    try:
        if path and path.stat().st_size > MAX_BYTES:
            raise BadGeoData(f"{shown} is over {MAX_BYTES} bytes: simplify its polygons")
        raw = path.read_text("utf-8-sig") if path else shipped_text(EXAMPLE_BANS)
        values = json.loads(raw)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadGeoData(f"{shown} is not GeoJSON in UTF-8: {error}") from error
    except OSError as error:
        raise MissingSource(f"{shown} cannot be read: {error}") from error
    if not isinstance(values, dict) or not isinstance(values.get("features"), list):
        raise BadGeoData(f"{shown} is not a GeoJSON FeatureCollection")
    if values.get("schema", SCHEMA) != SCHEMA:
        raise BadGeoData(f"{shown}: schema {values['schema']!r}, this version reads {SCHEMA}")
    faults: list[str] = []
    bans: list[Ban] = []
    for number, feature in enumerate(values["features"], start=1):
        bans.extend(_bans_of(feature, where=f"{shown} feature {number}", faults=faults))
    raise_faults(faults)
    return tuple(bans)


def _bans_of(feature: object, *, where: str, faults: list[str]) -> list[Ban]:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        faults.append(f"{where}: not a GeoJSON feature with properties")
        return []
    row = Row(where=where, values=feature["properties"], faults=faults)
    before = len(faults)
    polygons = _polygons(feature.get("geometry"), row=row)
    hours = _hours(row)
    days = _days(row)
    classes = row.text("truck_classes")
    plate = _plate(row)
    since = _since(row)
    name, source = row.text("name"), row.text("source")
    permit = row.values.get("permit", "")
    if not isinstance(permit, str):
        row.note(f'permit is {permit!r}: give the id of the permit that lifts the ban, or ""')
    if row.values.get("datum", "wgs84") != "wgs84":
        row.note(f"datum is {row.values['datum']!r}: GeoJSON is WGS-84, convert the polygon first")
    if len(faults) > before:
        return []
    return [
        Ban(
            name=name,
            ring=rings[0],
            holes=rings[1:],
            hours_s=hours,
            days=days,
            truck_classes=frozenset() if classes == "*" else frozenset(_split(classes)),
            plate=plate,
            permit=permit.strip(),
            since=since,
            source=source,
        )
        for rings in polygons
    ]


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _hours(row: Row) -> tuple[tuple[int, int], ...]:
    result = []
    for part in _split(row.text("hours")):
        start, _, end = part.partition("-")
        start_s, end_s = clock_s(start), clock_s(end)
        if start_s is None or end_s is None:
            row.note(f'hours {part!r}: write "07:00-22:00", several joined by ";"')
        elif end_s <= start_s:
            row.note(f"hours {part!r} do not ascend: cut a ban across midnight at 24:00 in two")
        else:
            result.append((start_s, end_s))
    return tuple(result)


def _days(row: Row) -> frozenset[DayKind]:
    parts = _split(row.text("days"))
    known = set(DayKind)
    unknown = [part for part in parts if part not in known]
    if unknown or not parts:
        row.note(f'days {unknown or ""}: join any of "{";".join(DayKind)}"')
    return frozenset(DayKind(part) for part in parts if part in known)


def _plate(row: Row) -> PlateRule:
    kind, _, value = row.text("plate").partition(":")
    if kind not in set(PlateKind):
        row.note(
            f"plate {kind!r}: write any, odd-even, pattern:<regular expression> or outside:豫A"
        )
        return PlateRule(kind=PlateKind.ANY)
    rule = PlateRule(kind=PlateKind(kind), value=value.strip())
    if rule.kind in (PlateKind.PATTERN, PlateKind.OUTSIDE) and not rule.value:
        row.note(f"plate {kind!r} needs a value after the colon")
    if rule.kind is PlateKind.PATTERN:
        try:
            re.compile(rule.value)
        except re.error as error:
            row.note(f"plate pattern {rule.value!r} is no regular expression: {error}")
    return rule


def _since(row: Row) -> date:
    try:
        return date.fromisoformat(row.text("date"))
    except ValueError:
        row.note("date: write the first day on which the ban holds, as 2026-11-01")
        return date.max


def _polygons(geometry: object, *, row: Row) -> list[tuple[tuple[tuple[float, float], ...], ...]]:
    """Read a Polygon or MultiPolygon as lists of rings, outline first."""
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if kind not in ("Polygon", "MultiPolygon"):
        row.note(f"geometry is {kind}: draw a polygon")
        return []
    try:
        drawn: Any = shape(geometry)
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError) as error:
        row.note(f"polygon cannot be read: {error}")
        return []
    if drawn.is_empty or not drawn.is_valid:
        row.note("polygon is empty or crosses itself: draw it again")
        return []
    west, south, east, north = drawn.bounds
    if not (70 <= west <= east <= 140 and 0 <= south <= north <= 60):
        row.note("polygon leaves China: coordinates are [longitude, latitude] in degrees")
        return []
    parts = drawn.geoms if kind == "MultiPolygon" else [drawn]
    return [
        tuple(
            tuple((float(x), float(y)) for x, y, *_ in ring.coords)
            for ring in (part.exterior, *part.interiors)
        )
        for part in parts
    ]
