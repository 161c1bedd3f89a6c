"""Workbooks (.xlsx, .xlsm): bounded before they are opened, merged cells filled, formulas by
their stored result."""

import re
import warnings
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

from api.days.intake.faults import FaultLog, Where
from api.days.intake.grid import (
    CELLS_MOST,
    COLUMNS_MOST,
    MEBIBYTE,
    RATIO_FROM_BYTES,
    UNPACKED_LARGEST_BYTES,
    UNPACKED_RATIO,
    CellValue,
    Formula,
    Grid,
    filled_rows,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ZIP_START: Final = b"PK\x03\x04"
OLE_START: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Old .xls files and encrypted workbooks are both OLE containers."""
ENCRYPTED_MARK: Final = "EncryptedPackage".encode("utf-16-le")
PARTS_MOST: Final = 2_000

_CELL: Final = re.compile(rb"<(?:\w+:)?c[ >/]")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ >/]")
_MERGED: Final = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)
_DTD: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)")

BROKEN: Final = (
    # What zipfile, zlib, ElementTree and openpyxl raise on damaged or hostile files.
    zipfile.BadZipFile,
    zlib.error,
    ET.ParseError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What a look into the container found; `broken` is a fault already noted."""

    formulas: bool = False
    broken: bool = False


def read_xlsx(content: bytes, *, file: str, log: FaultLog) -> list[Grid]:
    """Read every visible sheet; note a fault and give nothing where that is not safe or possible.

    Formulas count by the result stored with them; one without becomes a `Formula`.
    """
    where = Where(file=file)
    if content.startswith(OLE_START):
        log.fault("file.password" if ENCRYPTED_MARK in content else "file.old_xls", where)
        return []
    try:
        parts = _look_inside(content, where=where, log=log)
        if parts.broken:
            return []
        return _load(content, file=file, formulas=parts.formulas, log=log)
    except BROKEN as error:
        log.fault("file.broken", where, why=type(error).__name__)
        return []


def _look_inside(content: bytes, *, where: Where, log: FaultLog) -> _Parts:
    """Refuse containers that unpack to too much, hold too many cells, or define entities."""
    with zipfile.ZipFile(BytesIO(content)) as container:
        parts = container.infolist()
        # zipfile never yields more than a part declares, so the declared sizes bound memory.
        unpacked = sum(part.file_size for part in parts)
        packed = max(1, sum(part.compress_size for part in parts))
        too_dense = unpacked > RATIO_FROM_BYTES and unpacked > UNPACKED_RATIO * packed
        if unpacked > UNPACKED_LARGEST_BYTES or too_dense or len(parts) > PARTS_MOST:
            why = f"{unpacked // MEBIBYTE} MiB, 1:{unpacked // packed}, {len(parts)} parts"
            log.fault("file.zip_bomb", where, why=why)
            return _Parts(broken=True)
        cells, formulas = 0, False
        for part in parts:
            if not part.filename.endswith(".xml"):
                continue
            xml = container.read(part)
            if _DTD.search(xml):
                log.fault("file.broken", where, why="DTD")
                return _Parts(broken=True)
            if "worksheets/" in part.filename:
                # openpyxl makes an object for every cell of a merged range, were it the sheet.
                cells += sum(1 for _ in _CELL.finditer(xml)) + _merged_cells(xml)
                formulas = formulas or bool(_FORMULA.search(xml))
        if cells > CELLS_MOST:
            log.fault("file.too_many_cells", where, cells=CELLS_MOST, limit=CELLS_MOST)
            return _Parts(broken=True)
        return _Parts(formulas=formulas)


def _merged_cells(xml: bytes) -> int:
    """Count the cells of all merged ranges of a sheet."""
    return sum(
        (1 + abs(int(bottom) - int(top))) * (1 + abs(_column(right) - _column(left)))
        for left, top, right, bottom in (match.groups() for match in _MERGED.finditer(xml))
    )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _load(content: bytes, *, file: str, formulas: bool, log: FaultLog) -> list[Grid]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions that it drops: none of them holds a value.
        warnings.simplefilter("ignore")
        book = load_workbook(BytesIO(content), data_only=True, keep_links=False)
        texts = load_workbook(BytesIO(content), keep_links=False) if formulas else None
    grids = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            log.warn("sheet.hidden", Where(file=file, sheet=sheet.title), name=sheet.title)
            continue
        values = _values(sheet)
        if texts is not None:
            _mark_formulas(values, texts[sheet.title])
        if not _fill_merged(values, _merged(sheet)):
            log.fault(
                "file.too_many_cells",
                Where(file=file, sheet=sheet.title),
                cells=CELLS_MOST,
                limit=CELLS_MOST,
            )
            continue
        grids.append(Grid(file=file, sheet=sheet.title, rows=filled_rows(_rows(values))))
    return grids


Values = dict[int, dict[int, CellValue]]
"""By row from 1, then by column from 0; only cells that hold something."""


def _values(sheet: "Worksheet") -> Values:
    values: Values = {}
    # `_cells` holds the cells that exist; `iter_rows` would walk a million blank rows to one
    # stray cell at the bottom of the sheet.
    for (row, column), cell in sheet._cells.items():
        value = cell.value
        if value is not None and column <= COLUMNS_MOST + 1:
            values.setdefault(row, {})[column - 1] = _plain(value)
    return values


def _plain(value: object) -> CellValue:
    """Text of rich or exotic cell values; the rest as they are."""
    from datetime import date, time, timedelta

    if isinstance(value, (str, int, float, date, time, timedelta)):
        return value
    return str(value)


def _mark_formulas(values: Values, sheet: "Worksheet") -> None:
    for (row, column), cell in sheet._cells.items():
        if cell.data_type == "f" and column - 1 not in values.get(row, {}):
            text = getattr(cell.value, "text", cell.value)
            values.setdefault(row, {})[column - 1] = Formula(str(text))


def _merged(sheet: "Worksheet") -> list[tuple[int, int, int, int]]:
    return [(r.min_row, r.max_row, r.min_col, r.max_col) for r in sheet.merged_cells.ranges]


def _fill_merged(values: Values, ranges: Iterable[tuple[int, int, int, int]]) -> bool:
    """Write the value of a merged range into all its cells, as the eye reads it; False if that
    is too much."""
    last_row = max(values, default=0)
    filled = 0
    for top, bottom, left, right in ranges:
        value = values.get(top, {}).get(left - 1)
        if value is None:
            continue
        for row in range(top, min(bottom, last_row) + 1):
            for column in range(left - 1, min(right, COLUMNS_MOST)):
                values.setdefault(row, {})[column] = value
                filled += 1
                if filled > CELLS_MOST:
                    return False
    return True


def _rows(values: Values) -> list[tuple[int, tuple[CellValue, ...]]]:
    return [
        (number, tuple(values[number].get(column) for column in range(max(values[number]) + 1)))
        for number in sorted(values)
    ]
