"""`flatbed geo locate`: one address a line in, one JSON object a line out. Pure functions.

The keys of the object are published: additions only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from geodata.addresses import Located, Locator
    from geodata.corrections import Correction, Corrections
    from geodata.divisions import County

DEGREE_DIGITS: Final = 6
CERTAIN: Final = 1.0


def locate_lines(
    lines: Iterable[str],
    *,
    corrections: Corrections | None = None,
    directory: Path | None = None,
) -> Iterator[dict[str, Any]]:
    """Locate each line and yield its JSON object at once, in order, also for empty lines.

    A remembered correction wins over the text. `directory` is the cache, the user's by default.

    Raises:
        MissingSource: a data package is absent (on the first line).
    """
    from geodata.addresses import load_locator

    locator = load_locator(directory)
    for line in lines:
        yield locate_line(line.rstrip("\r\n"), locator=locator, corrections=corrections)


def locate_line(
    text: str, *, locator: Locator, corrections: Corrections | None = None
) -> dict[str, Any]:
    """Locate one address; see `located_to_json` for the keys."""
    correction = corrections.find(text) if corrections is not None else None
    located = locator.locate(text)
    if correction is None:
        return located_to_json(located)
    return _corrected(correction, located, locator)


def located_to_json(located: Located) -> dict[str, Any]:
    """Turn an answer into the published object.

    `status` ok, ambiguous or unknown. `county_code`, `county_name` (full), `township`, `lat`,
    `lon` (WGS-84 degrees) and `radius_m` are null unless ok (`township` also when not named).
    `candidates` is a list of {county_code, county_name}, empty unless ambiguous.
    """
    county, point = located.county, located.point
    return {
        "status": located.status.value,
        "county_code": county.code if county else None,
        "county_name": county.full_name if county else None,
        "township": located.township or None,
        "lat": round(point.lat, DEGREE_DIGITS) if point else None,
        "lon": round(point.lon, DEGREE_DIGITS) if point else None,
        "radius_m": located.radius_m if point else None,
        "confidence": located.confidence,
        "candidates": [_candidate(each) for each in located.candidates],
        "why": located.why,
    }


def to_json_line(row: dict[str, Any]) -> str:
    """Write the object as one line, Chinese as Chinese."""
    return json.dumps(row, ensure_ascii=False, separators=(", ", ": "))


def _candidate(county: County) -> dict[str, str]:
    return {"county_code": county.code, "county_name": county.full_name}


def _corrected(correction: Correction, located: Located, locator: Locator) -> dict[str, Any]:
    county = locator.county(correction.county_code)
    same = located.county is not None and located.county.code == correction.county_code
    return {
        "status": "ok",
        "county_code": correction.county_code,
        "county_name": county.full_name if county else None,
        "township": (located.township or None) if same else None,
        "lat": round(correction.point.lat, DEGREE_DIGITS),
        "lon": round(correction.point.lon, DEGREE_DIGITS),
        "radius_m": correction.radius_m,
        "confidence": CERTAIN,
        "candidates": [],
        "why": f"remembered {correction.kind.value} of {correction.noted_on.isoformat()}",
    }
