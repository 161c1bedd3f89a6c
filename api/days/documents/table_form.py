"""What a table of a plan is, once for the workbook, the CSV files and the page.

Cells are typed (text, numbers, moments); whoever writes them chooses the format of their kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from api.days.documents.figures import plain

Cell = str | int | float | datetime | None


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    COUNT = "count"
    KM = "km"
    YUAN = "yuan"
    HOURS = "hours"
    MINUTES = "minutes"
    DEGREES = "degrees"
    MOMENT = "moment"
    SHARE = "share"
    FIGURE = "figure"
    """Anything: counts, sums and clock times in one column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A heading (key into `wording.HEADINGS`), what it holds and its width in characters."""

    key: str
    kind: Kind = Kind.TEXT
    width: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A named table; every row has one cell per column."""

    key: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def new_table(key: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Table:
    """Make a table; control characters in its texts become blanks."""
    return Table(
        key=key,
        columns=tuple(columns),
        rows=tuple(
            tuple(plain(cell) if isinstance(cell, str) else cell for cell in row) for row in rows
        ),
    )
