"""Our own corrections of the division history: a dated file with a source in every entry."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from geodata.errors import BadGeoData

FORMAT: Final = 1
SHIPPED: Final = Path(__file__).parents[1] / "config" / "division_changes.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An abolished code and the counties of today that hold its area."""

    code: str
    name: str
    prefecture: str
    year: int
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """The file as a whole; see its head for the meaning of each table."""

    changes: tuple[Change, ...]
    splits: dict[str, tuple[str, ...]]
    newborn: dict[str, tuple[str, ...]]
    moved_seats: frozenset[str]


def read_corrections(path: Path = SHIPPED) -> Corrections:
    """Read the corrections.

    Raises:
        BadGeoData: every fault of the file, each with its entry.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadGeoData(f"{path.name} cannot be read as TOML: {error}") from error
    faults = [] if raw.get("format") == FORMAT else [f"format is not {FORMAT}"]
    for table in ("change", "split", "newborn", "moved_seat"):
        for number, entry in enumerate(raw.get(table, []), start=1):
            faults += [f"{table} {number}: {fault}" for fault in _faults(table, entry)]
    if faults:
        raise BadGeoData(f"{path.name}: " + "; ".join(faults))
    return Corrections(
        changes=tuple(
            Change(
                code=entry["code"],
                name=entry["name"],
                prefecture=entry["prefecture"],
                year=entry["year"],
                to=tuple(entry["to"]),
            )
            for entry in raw.get("change", [])
        ),
        splits={entry["code"]: tuple(entry["to"]) for entry in raw.get("split", [])},
        newborn={entry["code"]: tuple(entry["polygon_from"]) for entry in raw.get("newborn", [])},
        moved_seats=frozenset(entry["code"] for entry in raw.get("moved_seat", [])),
    )


def corrections_digest(path: Path = SHIPPED) -> str:
    """Digest the file, so that an edit rebuilds what was built from it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _faults(table: str, entry: dict[str, Any]) -> list[str]:
    faults = []
    code = entry.get("code")
    if not (isinstance(code, str) and len(code) == 6 and code.isdigit()):
        faults.append(f"code {code!r} is not six digits")
    if not entry.get("source"):
        faults.append("source is missing")
    targets = entry.get("polygon_from" if table == "newborn" else "to")
    if table != "moved_seat" and (not isinstance(targets, list) or not targets):
        faults.append("names no county of today")
    if table == "change" and not (
        isinstance(entry.get("name"), str)
        and isinstance(entry.get("prefecture"), str)
        and isinstance(entry.get("year"), int)
    ):
        faults.append("name, prefecture and year are needed")
    return faults
