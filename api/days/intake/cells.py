"""One row, read cell by cell: every wrong cell is noted with its place, and reading goes on."""

import math
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise
from typing import Final, TypeVar

from api.days.intake.choices import YesNo, choose, spellings
from api.days.intake.clock_text import (
    is_relative,
    plain,
    read_clock,
    read_date,
    read_moment,
)
from api.days.intake.columns import UNITS, Column, normal
from api.days.intake.faults import FaultLog, Where
from api.days.intake.grid import CELL_LONGEST, CellValue, Formula, is_blank
from api.days.intake.phone import hidden_phones
from api.days.intake.tables import Cell, Record
from api.days.intake.window_text import read_hours
from routing.domain.crews import LICENCES, split_licence

Choice = TypeVar("Choice", bound=StrEnum)

EXCEL_ERRORS: Final = frozenset(
    {"#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!", "#spill!", "#calc!"}
)
HARMLESS_DAY: Final = date(2000, 1, 1)
"""Stands where a faulty cell was; its row is never used."""

_NUMBER: Final = re.compile(r"^([+-]?(?:\d[\d,]*)(?:\.\d*)?|[+-]?\.\d+)(e[+-]?\d+)?(.*)$")
_WORDS: Final = re.compile(r"[;,、，；/|\n]+")


@dataclass(slots=True, kw_only=True)
class RowReader:
    """Reads one record. A wrong cell is noted and a harmless value returned; ask `faulty` before
    using anything."""

    record: Record
    log: FaultLog
    near: date | None
    """The planned day: gives dates their year."""
    zone: tzinfo
    faulty: bool = field(default=False)

    def has(self, key: str) -> bool:
        """Tell whether the cell holds anything."""
        return key in self.record.cells

    def where(self, key: str = "") -> Where:
        """Place of a cell, or of the row."""
        cell = self.record.cells.get(key)
        return cell.where if cell else self.record.where

    def fault(self, code: str, key: str = "", **words: object) -> None:
        """Note a fault of a cell (or of the row) by its code."""
        self.faulty = True
        cell = self.record.cells.get(key)
        raw = _hidden(cell) if cell else ""
        self.log.fault(code, self.where(key), raw, **words)

    def missing(self, column: Column) -> None:
        """Note that a needed cell is empty."""
        self.fault("cell.missing", zh=column.zh, en=column.en)

    def text(self, key: str, default: str = "") -> str:
        """Read text as one clean line; whole numbers lose the ".0" of spreadsheets."""
        value = self._value(key)
        if value is None:
            return default
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            self._wrong_kind(key, zh="文字", en="text", found=type(value).__name__)
            return default
        return clean_text(str(value))

    def words(self, key: str) -> frozenset[str]:
        """Read a list of words, folded for comparing."""
        found = (normal(word) for word in _WORDS.split(self.text(key)))
        return frozenset(word for word in found if word)

    def names(self, key: str) -> tuple[str, ...]:
        """Read a list of names as written."""
        found = (word.strip() for word in _WORDS.split(self.text(key)))
        return tuple(word for word in found if word)

    def amount(self, key: str, *, default: int) -> int:
        """Read a number in base units: mm, kg, fen or seconds, whole."""
        value = self.decimal(key)
        return default if value is None else round(value)

    def decimal(self, key: str) -> float | None:
        """Read a number in base units, within the column's bounds; None when the cell is empty."""
        value = self._value(key)
        if value is None:
            return None
        cell = self.record.cells[key]
        column = cell.column
        if isinstance(value, timedelta) and column.kind == "duration":
            number, factor = value.total_seconds(), 1
        elif isinstance(value, time) and column.kind == "duration":
            number, factor = float(value.hour * 3_600 + value.minute * 60 + value.second), 1
        else:
            read = self._number(cell, value)
            if read is None:
                return 0.0
            number, factor = read
        scaled = number * factor
        low, high = column.low, column.high
        if (low is not None and scaled < low) or (high is not None and scaled > high):
            unit = factor_of(column)
            self.fault(
                "number.range",
                key,
                zh=column.zh,
                en=column.en,
                low=_tidy((low or 0) / unit),
                high=_tidy((high or 0) / unit),
                unit=f" {column.unit}" if column.unit else "",
                value=_tidy(scaled / unit),
            )
        return scaled

    def whole(self, key: str, *, default: int) -> int:
        """Read a whole number within the column's bounds."""
        value = self.decimal(key)
        if value is None:
            return default
        if not value.is_integer():
            column = self.record.cells[key].column
            self.fault("number.whole", key, zh=column.zh, en=column.en)
        return int(value)

    def degrees(self, key: str) -> float | None:
        """Read a decimal degree; None when the cell is empty or wrong (noted)."""
        value = self._value(key)
        if value is None:
            return None
        text = plain(value).rstrip("°nesw东经北纬 ").lstrip("东经北纬 nesw")
        try:
            number = float(text) if not isinstance(value, bool) else math.nan
        except ValueError:
            number = math.nan
        if not math.isfinite(number) or abs(number) > 360:
            self.fault("position.format", key)
            return None
        return number

    def choice(self, key: str, kind: type[Choice]) -> Choice | None:
        """Read one of the column's words; None when the cell is empty or wrong (noted)."""
        value = self._value(key)
        if value is None:
            return None
        column = self.record.cells[key].column
        found = choose(column.choices, str(value))
        if found is None:
            choices = spellings(column.choices)
            self.fault("choice.unknown", key, zh=column.zh, en=column.en, choices=choices)
            return None
        return kind(found)

    def yes(self, key: str, *, default: bool) -> bool:
        """Read yes or no in any of their spellings."""
        value = self._value(key)
        if value is None:
            return default
        found = _yes_no(value)
        if found is None:
            column = self.record.cells[key].column
            self.fault("yes_no.unknown", key, zh=column.zh, en=column.en)
            return default
        return found

    def done(self, key: str, *, day: date) -> bool | datetime | None:
        """Read whether something is done: yes, no, or the moment it will be; None when empty.

        A date before `day` is a yes: by then it has happened.
        """
        value = self._value(key)
        if value is None:
            return None
        found = _yes_no(value)
        if found is not None:
            return found
        moment = read_moment(value, near=self.near, zone=self.zone)
        if moment is None:
            column = self.record.cells[key].column
            code = "date.relative" if is_relative(value) else "yes_no.unknown"
            self.fault(code, key, zh=column.zh, en=column.en)
            return None
        return moment if moment.date() >= day else True

    def date(self, key: str) -> date | None:
        """Read a date; None when the cell is empty or wrong (noted)."""
        value = self._value(key)
        if value is None:
            return None
        found = read_date(value, near=self.near)
        if found is None:
            self.fault("date.relative" if is_relative(value) else "date.format", key)
        return found

    def moment(self, key: str) -> datetime | None:
        """Read a date with or without a time; None when the cell is empty or wrong (noted)."""
        value = self._value(key)
        if value is None:
            return None
        found = read_moment(value, near=self.near, zone=self.zone)
        if found is None:
            self.fault("date.relative" if is_relative(value) else "moment.format", key)
        return found

    def clock(self, key: str, default: time) -> time:
        """Read a time of day; 24:00 is `time.max`."""
        value = self._value(key)
        if value is None:
            return default
        found = read_clock(value)
        if found is None:
            self.fault("clock.format", key)
            return default
        return found

    def hours(self, key: str, default: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        """Read opening hours in seconds of the day, ascending and apart."""
        value = self._value(key)
        if value is None:
            return default
        spans = read_hours(str(value)) if isinstance(value, str) else None
        if spans is None:
            self.fault("hours.format", key)
            return default
        if any(end <= start for start, end in spans):
            self.fault("hours.reversed", key)
            return default
        spans = tuple(sorted(spans))
        if any(after[0] < before[1] for before, after in pairwise(spans)):
            self.fault("hours.overlap", key)
            return default
        return spans

    def licence(self, key: str, default: str) -> str:
        """Read licence classes; the motorcycle and bus classes beside them are kept."""
        text = self.text(key)
        if not text:
            return default
        classes = split_licence(unicodedata.normalize("NFKC", text))
        if not any(name in LICENCES for name in classes):
            self.fault("licence.unknown", key)
        return "".join(classes)

    def raw(self, key: str) -> CellValue:
        """Give the cell as found, once it is known to hold a plain value; None when empty."""
        return self._value(key)

    def _value(self, key: str) -> CellValue:
        cell = self.record.cells.get(key)
        if cell is None:
            return None
        value = cell.value
        if isinstance(value, Formula):
            self.fault("cell.formula", key)
            return None
        if isinstance(value, str):
            if len(value) > CELL_LONGEST:
                self.fault("cell.too_long", key, length=len(value), limit=CELL_LONGEST)
                return None
            if value.strip().casefold() in EXCEL_ERRORS or set(value.strip()) == {"#"}:
                self.fault("cell.error", key)
                return None
            return None if is_blank(value) else value
        return value

    def _number(self, cell: Cell, value: CellValue) -> tuple[float, int] | None:
        """Read a number and the factor of its unit; None when wrong (noted)."""
        column = cell.column
        words = {"zh": column.zh, "en": column.en}
        example = column.examples[0] if column.examples else "60"
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            self.fault("number.format", column.key, example=example, **words)
            return None
        text = plain(value).replace(" ", "").lstrip("¥￥")
        match = _NUMBER.match(text)
        number = float((match[1].replace(",", "") + (match[2] or "")) if match else "nan")
        if not match or not math.isfinite(number):
            self.fault("number.format", column.key, example=example, **words)
            return None
        units = UNITS.get(column.kind, {})
        unit = match[3] or cell.unit or column.unit
        if unit and unit not in units:
            code = "number.unit" if units else "number.format"
            self.fault(code, column.key, units="、".join(units), example=example, **words)
            return None
        return number, units.get(unit, 1)

    def _wrong_kind(self, key: str, *, zh: str, en: str, found: str) -> None:
        self.fault("cell.kind", key, wanted_zh=zh, wanted=en, found=found)


def clean_text(text: str) -> str:
    """Make one line: no control or invisible signs, single blanks; wording untouched."""
    kept = (" " if unicodedata.category(c) in _SPACES else c for c in text if not _invisible(c))
    return " ".join("".join(kept).split())


def factor_of(column: Column) -> int:
    """Give base units per unit of a bare number."""
    return UNITS.get(column.kind, {}).get(column.unit, 1)


_SPACES: Final = frozenset({"Cc", "Zs", "Zl", "Zp"})


def _invisible(char: str) -> bool:
    return unicodedata.category(char) == "Cf"


def _yes_no(value: CellValue) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    found = choose("yes_no", str(value))
    return None if found is None else found is YesNo.YES


def _hidden(cell: Cell) -> object:
    """Give the raw cell, the middle of a phone number hidden: faults are kept in logs."""
    if cell.column.kind != "phone":
        if isinstance(cell.value, str):
            return hidden_phones(cell.value)
        return cell.value
    text = str(cell.value)
    return text if len(text) < 6 else f"{text[:3]}{'*' * (len(text) - 5)}{text[-2:]}"


def _tidy(number: float) -> str:
    return f"{number:g}" if abs(number) < 1e6 else f"{number:.0f}"
