"""CSV as Excel, WPS and order systems write it: UTF-8 or GB18030; comma, semicolon or tab."""

import codecs
import csv
import re
from io import StringIO
from typing import Final

from api.days.intake.faults import FaultLog, Where
from api.days.intake.grid import CELLS_MOST, ROWS_MOST, CellValue, Grid, filled_rows

DELIMITERS: Final = (",", ";", "\t")
SAMPLE_LINES: Final = 20

_QUOTED: Final = re.compile(r'"[^"]*"')
_TEXT_TRICK: Final = re.compile(r'^="(.*)"$')
"""`="013800001234"` is how people keep Excel from eating digits."""


def read_csv(content: bytes, *, file: str, log: FaultLog) -> list[Grid]:
    """Read one sheet; the row number is that of the spreadsheet the file opens as."""
    where = Where(file=file)
    text = _decode(content, where=where, log=log)
    if text is None:
        return []
    if "\0" in text:
        log.fault("file.binary", where)
        return []
    delimiter = _delimiter(text)
    if text.count(delimiter) > CELLS_MOST:  # before a line of millions of cells is split
        log.fault("file.too_many_cells", where, cells=CELLS_MOST, limit=CELLS_MOST)
        return []
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, tuple[CellValue, ...]]] = []
    try:
        for number, record in enumerate(reader, start=1):
            rows.append((number, tuple(_TEXT_TRICK.sub(r"\1", cell.strip()) for cell in record)))
            if len(rows) > 2 * ROWS_MOST:
                log.fault("sheet.too_long", where, limit=ROWS_MOST)
                return []
    except csv.Error as error:
        log.fault("csv.quotes", Where(file=file, row=len(rows) + 1), why=error)
        return []
    return [Grid(file=file, sheet="", rows=filled_rows(rows))]


def _decode(content: bytes, *, where: Where, log: FaultLog) -> str | None:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]  # "Unicode text" of Excel
    else:
        encodings = ["utf-8-sig", "gb18030"]
    byte = 0
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            byte = error.start
    log.fault("file.encoding", where, byte=byte)
    return None


def _delimiter(text: str) -> str:
    """Choose the sign that splits the first lines into most cells, quoted text apart."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:SAMPLE_LINES]
    bare = _QUOTED.sub("", "\n".join(lines))
    return max(DELIMITERS, key=bare.count)
