"""Dated configuration rows: TOML tables read against a schema, all faults at once.

Every file starts with `schema`, `date` and `source`; every row says its own `source`, and its own
`date` where it differs from the file's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final, TypeVar

from geodata.errors import BadGeoData, MissingSource
from geodata.units import DAY_S

SCHEMA: Final = 1

Read = TypeVar("Read")


def clock_s(text: str) -> int | None:
    """Read `HH:MM` (00:00 to 24:00) as seconds of the day; None if it is not one."""
    hours, colon, minutes = text.strip().partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        return None
    seconds = int(hours) * 3_600 + int(minutes) * 60
    return seconds if int(minutes) < 60 and seconds <= DAY_S else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One table of a file. A wrong field is noted in `faults`, and a harmless value returned."""

    where: str
    values: Mapping[str, Any]
    faults: list[str] = field(default_factory=list)

    def note(self, problem: str) -> None:
        self.faults.append(f"{self.where}: {problem}")

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.note(f"{name} is {value!r}: give a text")
        return "?"

    def whole(self, name: str, *, low: int, high: int) -> int:
        value = self.values.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.note(f"{name} is {value!r}: give a whole number from {low} to {high}")
        return low

    def number(self, name: str, *, low: float, high: float) -> float:
        value = self.values.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return float(value)
        self.note(f"{name} is {value!r}: give a number from {low} to {high}")
        return low

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        if isinstance(value, bool):
            return value
        self.note(f"{name} is {value!r}: give true or false")
        return False

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name)
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.note(f"{name} is {value!r}: give a list of texts")
        return ()

    def clock(self, name: str) -> int:
        value = self.values.get(name)
        seconds = clock_s(value) if isinstance(value, str) else None
        if seconds is None:
            self.note(f'{name} is {value!r}: give a time of day such as "07:30"')
            return 0
        return seconds


def read_file(name: str, *, path: Path | None = None) -> dict[str, Any]:
    """Read a shipped configuration file, or the user's own at `path`, and check its head.

    Raises:
        MissingSource: it cannot be read.
        BadGeoData: it is no TOML, or its head lacks schema, date or source.
    """
    shown = path.name if path else name
    try:
        raw = path.read_text("utf-8") if path else shipped_text(name)
    except (OSError, UnicodeDecodeError) as error:
        raise MissingSource(f"{shown} cannot be read: {error}") from error
    try:
        values = tomllib.loads(raw)
    except tomllib.TOMLDecodeError as error:
        raise BadGeoData(f"{shown} is not TOML: {error}") from error
    faults = []
    if values.get("schema") != SCHEMA:
        faults.append(f"schema is {values.get('schema')!r}: this version reads schema {SCHEMA}")
    if not isinstance(values.get("date"), date):
        faults.append("date is missing: say the day from which the rows hold (2026-11-01)")
    if not isinstance(values.get("source"), str):
        faults.append("source is missing: say where the rows come from")
    if faults:
        raise BadGeoData(f"{shown}: " + "; ".join(faults))
    return values


def shipped_text(name: str) -> str:
    """Read a configuration file that comes with the program."""
    return resources.files("geodata").joinpath("config", name).read_text("utf-8")


def read_rows(
    name: str,
    *,
    table: str,
    read: Callable[[Row], Read],
    path: Path | None = None,
) -> tuple[Read, ...]:
    """Read every `[[table]]` row of a file.

    Raises:
        MissingSource: the file cannot be read.
        BadGeoData: a row breaks the schema; lists every fault with its row.
    """
    faults: list[str] = []
    rows = rows_of(
        read_file(name, path=path), table=table, shown=path.name if path else name, faults=faults
    )
    result = tuple(read(row) for row in rows)
    raise_faults(faults)
    return result


def rows_of(
    values: Mapping[str, Any], *, table: str, shown: str, faults: list[str]
) -> tuple[Row, ...]:
    """Cut a read file into rows that share one list of faults."""
    tables = values.get(table, [])
    if not isinstance(tables, list) or not all(isinstance(item, dict) for item in tables):
        faults.append(f"{shown}: {table} must be a list of tables, [[{table}]]")
        return ()
    return tuple(
        Row(where=f"{shown} {table} {number}", values=item, faults=faults)
        for number, item in enumerate(tables, start=1)
    )


def raise_faults(faults: list[str]) -> None:
    """Raise all collected faults as one error.

    Raises:
        BadGeoData: there is at least one.
    """
    if faults:
        raise BadGeoData("\n".join(faults))
