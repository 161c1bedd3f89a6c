"""Kept rows as the sheets that the intake reads, and read sheets as rows to keep.

There is one parser: a row that came over the wire and one that came in a file are read by the same
code, and the same rows make the same request, whichever way they came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from api.days.intake.columns import match_header
from api.days.intake.faults import FaultLog, Where
from api.days.intake.grid import CellValue, Grid, is_blank
from api.days.intake.read_json import rows_grid, settings_grid
from api.days.intake.tables import Cell, Table, rows_left_out
from api.days.records.keys import OF_THE_DAY, POSITIONS, SETTINGS, json_names
from api.days.records.store import Record
from routing.domain.readiness import Precondition

PAPERS: Final = tuple(one.value for one in Precondition)
"""Columns whose empty cell depends on the other rows of a sheet: see `rows_of`."""

TEXTS: Final = frozenset({"text", "choice", "phone", "licence", "position", "words", "days"})
"""Kinds of columns whose numbers are names and telephones, written as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """Grids by sheet, and whose row each of their rows is: keys by sheet, row 1 first."""

    grids: Mapping[str, Grid]
    keys: Mapping[str, tuple[str, ...]]


def sheets_of(records: Mapping[str, Sequence[Record]], *, log: FaultLog) -> Sheets:
    """Lay kept rows out as the sheets of a day."""
    grids: dict[str, Grid] = {}
    keys: dict[str, tuple[str, ...]] = {}
    for sheet, kept in records.items():
        if sheet == SETTINGS:
            grids[sheet] = settings_grid(kept[0].body, file="")
            keys[sheet] = ()
            continue
        named = [(record.key, row) for record in kept for row in _rows(record)]
        grid = grid_of([row for _, row in named], sheet=sheet, log=log)
        if grid is not None:
            grids[sheet] = grid
            keys[sheet] = tuple(key for key, _ in named)
    return Sheets(grids=grids, keys=keys)


def grid_of(rows: Sequence[Mapping[str, Any]], *, sheet: str, log: FaultLog) -> Grid | None:
    """Lay rows out under the whole header of their sheet; None (and faults) where that fails.

    A row that the intake would take for a total or a note is a fault: nothing is left out in
    silence of what somebody has put.
    """
    header = dict.fromkeys(json_names(sheet))
    laid = rows_grid(
        [{**header, **row} for row in _with_papers(rows)], file="", sheet=sheet, log=log
    )
    if not laid:
        return None
    for number in rows_left_out(laid[0], sheet=sheet):
        log.fault("row.no_data", Where(sheet=sheet, row=number))
    return laid[0]


def rows_of(table: Table) -> list[dict[str, Any]]:
    """Turn the records of a sheet that was read into rows to keep, in the words of JSON.

    In a sheet an empty paper among filled ones is one that is not done; a row that stands alone
    cannot tell, so it is written out.
    """
    papers = [name for name in PAPERS if name in table.filled]
    rows = []
    for record in table.records:
        row = {cell.column.en: _json(cell) for cell in record.cells.values()}
        for name in papers:
            row.setdefault(name, "no")
        rows.append(row)
    return rows


def settings_of(grid: Grid) -> dict[str, Any]:
    """Turn a sheet of settings into one record, without those that only say which day it is."""
    found: dict[str, Any] = {}
    for row in grid.rows:
        name = row.cells[0] if row.cells else None
        value = row.cells[1] if len(row.cells) > 1 else None
        match = match_header(SETTINGS, name) if isinstance(name, str) else None
        if match is None or is_blank(value) or match.column.key in OF_THE_DAY:
            continue
        found[match.column.en] = _plain(value, match.unit, kind=match.column.kind)
    return found


def _rows(record: Record) -> list[Mapping[str, Any]]:
    if record.sheet != "decks":
        return [record.body]
    return [{"deck": record.key, **position} for position in record.body[POSITIONS]]


def _with_papers(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Say of a row that is silent about a paper that it is done, where other rows speak of it.

    Else one row that names its insurance would make all the others uninsured.
    """
    spoken = [name for name in PAPERS if any(row.get(name) is not None for row in rows)]
    return [{**dict.fromkeys(spoken, "yes"), **_told(row)} for row in rows]


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _json(cell: Cell) -> object:
    return _plain(cell.value, cell.unit, kind=cell.column.kind)


def _plain(value: CellValue, unit: str, *, kind: str) -> object:
    """Write a cell so that it is read alike; the unit of its header goes with it."""
    if isinstance(value, datetime):
        midnight = kind == "windows" and value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (time, timedelta)):
        return _hours(value, kind=kind)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        if kind in TEXTS:
            return str(int(value) if float(value).is_integer() else value)
        return f"{value}{unit}" if unit else value
    text = str(value)
    return f"{text}{unit}" if unit and text.strip()[-1:].isdigit() else text


def _hours(value: time | timedelta, *, kind: str) -> str:
    """Write what a spreadsheet shows as 7:30: a clock, or how long something takes."""
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    seconds = round(value.total_seconds())
    if kind == "duration":
        return f"{seconds}s"
    return f"{seconds // 3_600:02}:{seconds % 3_600 // 60:02}:{seconds % 60:02}"
