"""From a raw grid to records: the header found, columns understood, totals and notes left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.days.intake.columns import (
    UNITS,
    Column,
    HeaderMatch,
    SheetPlan,
    match_header,
    normal,
    sheet_plans,
)
from api.days.intake.faults import FaultLog, Where
from api.days.intake.grid import (
    COLUMNS_MOST,
    ROWS_MOST,
    CellValue,
    Grid,
    GridRow,
    column_letter,
    is_blank,
)

HEADER_WITHIN_ROWS: Final = 15
HEADER_NAMES_LEAST: Final = 2
"""A title may happen to be one column's name."""
HEADER_LONGEST: Final = 60
TOTALS: Final = re.compile(
    r"^(合计|总计|小计|共计|汇总|totals?|subtotal|sum)([:：]|\d*[台辆单条]|$)"
)
NOTES: Final = ("说明:", "说明：", "note:", "#")
"""A row that begins so explains the columns; `flatbed init` writes one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of one row, knowing where it is; `unit` comes from its header."""

    column: Column
    value: CellValue
    where: Where
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of data: its cells that hold something, by column key."""

    where: Where
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet understood. `filled` are the columns that hold anything in any row."""

    plan: SheetPlan
    where: Where
    records: tuple[Record, ...]
    filled: frozenset[str]

    @property
    def empty(self) -> bool:
        return not self.records


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The header row and what each of its columns means."""

    at: int
    columns: Mapping[int, HeaderMatch]
    names: Mapping[int, str]

    @property
    def distinct(self) -> int:
        """How many different columns it names."""
        return len({match.column.key for match in self.columns.values()})


def read_table(grid: Grid, *, sheet: str, log: FaultLog) -> Table | None:
    """Turn a grid into records of the named sheet; None (and faults) when it has no header."""
    plan = sheet_plans()[sheet]
    where = Where(file=grid.file, sheet=grid.sheet)
    if len(grid.rows) > ROWS_MOST:
        log.fault("sheet.too_long", where, limit=ROWS_MOST)
        return None
    if any(len(row.cells) > COLUMNS_MOST for row in grid.rows):
        log.fault("sheet.too_wide", where, limit=COLUMNS_MOST)
        return None
    if not grid.rows:
        return Table(plan=plan, where=where, records=(), filled=frozenset())
    found = _find_header(grid, plan)
    if found is None:
        wanted = "、".join(f"{column.zh}({column.en})" for column in plan.required)
        log.fault("header.missing", where, rows=HEADER_WITHIN_ROWS, wanted=wanted)
        return None
    if not _check_header(grid, plan, found, log=log):
        return None
    titles = {at: column_title(grid, at=at, name=found.names[at]) for at in found.columns}
    records = tuple(
        _record(grid, row, found, titles=titles)
        for row in grid.rows[found.at + 1 :]
        if not _is_total_or_note(row) and not _repeats_header(row, found, sheet=plan.key)
    )
    records = tuple(record for record in records if record.cells)
    filled = frozenset(key for record in records for key in record.cells)
    return Table(plan=plan, where=where, records=records, filled=filled)


def rows_left_out(grid: Grid, *, sheet: str) -> list[int]:
    """Name the rows that `read_table` takes for totals, notes or the header printed again."""
    plan = sheet_plans()[sheet]
    found = _find_header(grid, plan)
    if found is None:
        return []
    return [
        row.number
        for row in grid.rows[found.at + 1 :]
        if _is_total_or_note(row) or _repeats_header(row, found, sheet=sheet)
    ]


def column_title(grid: Grid, *, at: int, name: str) -> str:
    """Name a column as the person finds it: header and letter, or the key of JSON."""
    return f"{name} ({column_letter(at)})" if grid.lettered else name


def _find_header(grid: Grid, plan: SheetPlan) -> _Found | None:
    """Take the first row that names enough columns, or the row right below if it names more.

    Of a header in two rows (a group over its parts) the lower one names more. Rows further down
    are never the header, were it printed again there: the rows between would be lost in silence.
    """
    for at, row in enumerate(grid.rows[:HEADER_WITHIN_ROWS]):
        found = _as_header(plan, row, at=at)
        if found.distinct < HEADER_NAMES_LEAST:
            continue
        below = grid.rows[at + 1 : at + 2]
        lower = _as_header(plan, below[0], at=at + 1) if below else found
        return lower if lower.distinct > found.distinct else found
    return None


def _as_header(plan: SheetPlan, row: GridRow, *, at: int) -> _Found:
    matches: dict[int, HeaderMatch] = {}
    names: dict[int, str] = {}
    for index, value in enumerate(row.cells):
        if isinstance(value, str) and not is_blank(value):
            names[index] = " ".join(value.split())
            match = match_header(plan.key, value) if len(value) < HEADER_LONGEST else None
            if match is not None:
                matches[index] = match
    return _Found(at=at, columns=matches, names=names)


def _check_header(grid: Grid, plan: SheetPlan, found: _Found, *, log: FaultLog) -> bool:
    """Note repeated, missing and unknown columns; False when rows cannot be read."""
    number = grid.rows[found.at].number
    row = number if grid.lettered else None
    usable = True

    def at(index: int) -> Where:
        title = column_title(grid, at=index, name=found.names[index])
        return Where(file=grid.file, sheet=grid.sheet, row=row, column=title)

    first: dict[str, int] = {}
    for index, match in found.columns.items():
        name = found.names[index]
        if match.odd_unit:
            units = "、".join(UNITS[match.column.kind])
            log.fault("header.unit", at(index), name, header=name, units=units)
            usable = False
        if match.column.key in first:
            other = found.names[first[match.column.key]]
            log.fault("header.twice", at(index), name, header=name, other=other)
            usable = False
        first.setdefault(match.column.key, index)
    for column in plan.required:
        if column.key not in first:
            where = Where(file=grid.file, sheet=grid.sheet, row=row)
            log.fault("header.column_missing", where, zh=column.zh, en=column.en)
            usable = False
    for index, name in found.names.items():
        if index not in found.columns:
            log.warn("header.unknown", at(index), header=name)
    return usable


def _record(grid: Grid, row: GridRow, found: _Found, *, titles: Mapping[int, str]) -> Record:
    cells: dict[str, Cell] = {}
    for index, match in found.columns.items():
        value = row.cells[index] if index < len(row.cells) else None
        if is_blank(value):
            continue
        where = Where(file=grid.file, sheet=grid.sheet, row=row.number, column=titles[index])
        cells[match.column.key] = Cell(
            column=match.column, value=value, where=where, unit=match.unit
        )
    return Record(where=Where(file=grid.file, sheet=grid.sheet, row=row.number), cells=cells)


def _is_total_or_note(row: GridRow) -> bool:
    """Tell rows that sum up or explain; a total may stand in any of the first cells."""
    shown = [cell for cell in row.cells if not is_blank(cell)]
    first = shown[0] if shown else None
    if isinstance(first, str) and first.strip().casefold().startswith(NOTES):
        return True
    return any(isinstance(cell, str) and TOTALS.match(normal(cell)) for cell in shown[:2])


def _repeats_header(row: GridRow, found: _Found, *, sheet: str) -> bool:
    """Tell a header printed again on every page: each cell names its own column."""
    filled = 0
    for index, match in found.columns.items():
        value = row.cells[index] if index < len(row.cells) else None
        if is_blank(value):
            continue
        if not isinstance(value, str) or len(value) >= HEADER_LONGEST:
            return False
        again = match_header(sheet, value)
        if again is None or again.column is not match.column:
            return False
        filled += 1
    return filled >= HEADER_NAMES_LEAST
