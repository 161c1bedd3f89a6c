"""Sheets as they were found: raw cells by row and column, before anybody knows what they mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias

MEBIBYTE: Final = 1 << 20
FILE_LARGEST_BYTES: Final = 32 * MEBIBYTE
UNPACKED_LARGEST_BYTES: Final = 64 * MEBIBYTE
UNPACKED_RATIO: Final = 100
"""Unpacked over packed; sheets of real days stay below 20."""
RATIO_FROM_BYTES: Final = MEBIBYTE
"""Below this a high ratio is harmless: a tiny file of blanks."""
CELLS_MOST: Final = 300_000
"""In one workbook: about 150 MB of memory while it is read."""
ROWS_MOST: Final = 20_000
COLUMNS_MOST: Final = 200
CELL_LONGEST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula whose result was never stored in the file."""

    text: str

    def __str__(self) -> str:
        return self.text


CellValue: TypeAlias = (
    str | int | float | bool | datetime | date | time | timedelta | Formula | None
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One row; `number` is what the person sees beside it."""

    number: int
    cells: tuple[CellValue, ...]

    def __iter__(self) -> Iterator[CellValue]:
        return iter(self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One sheet: its rows that hold anything at all, in order.

    `lettered` sheets have columns A, B, C; JSON has keys instead.
    """

    file: str
    sheet: str
    rows: tuple[GridRow, ...]
    lettered: bool = True


def column_letter(index: int) -> str:
    """Name a column as spreadsheets do: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def is_blank(value: CellValue) -> bool:
    """Tell whether a cell shows nothing."""
    return value is None or (isinstance(value, str) and not value.strip(_BLANKS))


_BLANKS: Final = " \t\r\n\u00a0\u200b\u200c\u200d\u2060\u3000\ufeff"


def filled_rows(rows: list[tuple[int, tuple[CellValue, ...]]]) -> tuple[GridRow, ...]:
    """Keep the rows that show something."""
    return tuple(
        GridRow(number=number, cells=cells)
        for number, cells in rows
        if not all(is_blank(cell) for cell in cells)
    )
