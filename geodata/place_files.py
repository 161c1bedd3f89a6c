"""Read places from CSV, all faults at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Final

from geodata.datum import Datum, to_wgs84
from geodata.errors import BadGeoData, MissingSource
from geodata.places import Place, Point

REQUIRED: Final = ("id", "lat", "lon")
MAX_BYTES: Final = 20_000_000


def read_places(path: Path) -> tuple[Place, ...]:
    """Read places from CSV: id, lat, lon; optional label, county_code, radius_m, datum.

    `datum` is wgs84 (also where empty), gcj02 or bd09; the places are WGS-84.

    Raises:
        MissingSource: the file cannot be read.
        BadGeoData: it lacks a column, or rows are wrong; lists every fault with its row.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadGeoData(f"{path.name} is over {MAX_BYTES} bytes: cut it into areas")
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadGeoData(f"{path.name} is not UTF-8: save it as CSV UTF-8") from error
    except OSError as error:
        raise MissingSource(f"{path.name} cannot be read: {error}") from error
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
    if missing:
        raise BadGeoData(f"{path.name} lacks the columns {', '.join(missing)}")
    faults: list[str] = []
    places: dict[str, Place] = {}
    for number, row in enumerate(reader, start=2):
        place = _place(row, where=f"{path.name} row {number}", faults=faults)
        if place and place.id in places:
            faults.append(f"{path.name} row {number}: id {place.id!r} stands twice")
        if place:
            places[place.id] = place
    if not places and not faults:
        faults.append(f"{path.name} holds no places")
    if faults:
        raise BadGeoData("\n".join(faults))
    return tuple(places.values())


def _place(row: Mapping[str, str | None], *, where: str, faults: list[str]) -> Place | None:
    def cell(name: str) -> str:
        return (row.get(name) or "").strip()

    before = len(faults)
    lat, lon = (_number(cell(name), f"{where}: {name}", faults) for name in ("lat", "lon"))
    radius = cell("radius_m") or "0"
    if not (radius.isascii() and radius.isdigit()):
        faults.append(f"{where}: radius_m is {radius!r}: give whole metres")
    datum = cell("datum").lower() or Datum.WGS84
    if datum not in set(Datum):
        faults.append(f"{where}: datum is {datum!r}: give one of {', '.join(Datum)}")
    if not cell("id"):
        faults.append(f"{where}: id is empty")
    if not 0 <= lat <= 90 and 0 <= lon <= 90:
        faults.append(f"{where}: lat is {lat}: latitude and longitude look swapped")
    elif not (-90 <= lat <= 90 and -180 <= lon <= 180):
        faults.append(f"{where}: ({lat}, {lon}) is outside the globe")
    if len(faults) > before:
        return None
    wgs_lat, wgs_lon = to_wgs84(lat, lon, Datum(datum))
    return Place(
        id=cell("id"),
        label=cell("label") or cell("id"),
        point=Point(lat=float(wgs_lat), lon=float(wgs_lon)),
        county_code=cell("county_code"),
        radius_m=int(radius),
    )


def _number(text: str, where: str, faults: list[str]) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if isfinite(value):
        return value
    faults.append(f"{where} is {text!r}: give decimal degrees")
    return 0.0
