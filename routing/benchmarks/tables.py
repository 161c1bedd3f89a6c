"""Tables of a VRPLIB document as arrays: one row per node or per vehicle, each number once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from routing.benchmarks.sections import Document, Row
from routing.model import Floats

_SHOWN: Final = 5
"""So many missing numbers are named."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Reads quantities that are told once for all (`KEY: 3`) or row by row (`KEY_SECTION`)."""

    document: Document

    def quantity(self, key: str, rows: int, *, default: float, columns: int | None = 1) -> Floats:
        """Give a quantity as (rows, columns); `columns` None takes as many as the first row.

        Negative numbers are faults.
        """
        if key not in self.document.sections:
            number = self.document.number(key)
            value = default if number is None else number
            if value < 0:
                self._fault(f"{key} is {value:g}", "write 0 or more", "", self._line(key))
            return np.full((rows, columns or 1), value, np.float64)
        listed = self.numbered(key, rows)
        width = columns or max(1, min((len(row.values) - 1 for row in listed.values()), default=1))
        found = np.full((rows, width), default, np.float64)
        for number, row in listed.items():
            if len(row.values) - 1 != width:
                self._fault(
                    f"{len(row.values) - 1} values after number {number}, expected {width}",
                    "complete the row, or remove what is too much",
                    key,
                    row.line,
                )
            elif min(row.values[1:], default=0.0) < 0 and key != "NODE_COORD":
                self._fault("a negative value", "write 0 or more", key, row.line)
            else:
                found[number - 1] = row.values[1:]
        return found

    def lists(self, key: str, rows: int, *, limit: int) -> list[tuple[int, ...]] | None:
        """Give a list of numbers from 1 to `limit` for each row; none without the section."""
        if key not in self.document.sections:
            return None
        found: list[tuple[int, ...]] = [()] * rows
        for number, row in self.numbered(key, rows).items():
            wrong = [each for each in row.values[1:] if not 1 <= each <= limit or each % 1]
            if wrong:
                self._fault(
                    f"{wrong[0]:g} is no number from 1 to {limit}", "correct it", key, row.line
                )
            else:
                found[number - 1] = tuple(int(each) for each in row.values[1:])
        return found

    def numbered(self, key: str, rows: int) -> dict[int, Row]:
        """Sort the rows of a section by the number in front; 1 to `rows` must be there once."""
        found: dict[int, Row] = {}
        section = self.document.sections[key]
        for row in section.rows:
            if row.values == (-1.0,):
                continue
            number = row.values[0]
            if number % 1 or not 1 <= number <= rows:
                self._fault(
                    f"number {number:g} is not between 1 and {rows}",
                    "correct it, or DIMENSION or VEHICLES",
                    key,
                    row.line,
                )
            elif int(number) in found:
                self._fault(f"number {number:g} is there twice", "keep one", key, row.line)
            else:
                found[int(number)] = row
        missing = [each for each in range(1, rows + 1) if each not in found]
        if missing:
            listed = ", ".join(map(str, missing[:_SHOWN])) + (" ..." if missing[_SHOWN:] else "")
            self._fault(
                f"{len(missing)} of {rows} numbers are missing: {listed}",
                "add their rows, or correct DIMENSION or VEHICLES",
                key,
                section.line,
            )
        return found

    def _line(self, key: str) -> int:
        return self.document.values[key][0] if key in self.document.values else 0

    def _fault(self, message: str, fix: str, section: str, line: int) -> None:
        self.document.faults.add(message, fix, section=section, line=line)
