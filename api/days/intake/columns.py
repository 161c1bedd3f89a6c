"""The sheets and columns of a day, read once from `columns.toml`."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

UNITS: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType(
    {
        "length": {"mm": 1, "毫米": 1, "cm": 10, "厘米": 10, "公分": 10, "m": 1000, "米": 1000},
        "mass": {"kg": 1, "公斤": 1, "千克": 1, "t": 1000, "吨": 1000},
        "money": {"yuan": 100, "元": 100, "cny": 100, "rmb": 100, "¥": 100, "fen": 1, "分": 1},
        "duration": {
            "s": 1, "秒": 1, "min": 60, "minutes": 60, "分钟": 60, "分": 60,
            "h": 3600, "hours": 3600, "小时": 3600, "时": 3600, "d": 86400, "天": 86400,
        },
        "decimal": {"%": 1},
    }
)  # fmt: skip
"""Accepted units by kind of column, as multiples of mm, kg, fen and seconds."""

_DROPPED: Final = re.compile(r"[\s_\-*:'\"·]+")
_NOTE: Final = re.compile(r"^(.*?)[(\[【](.*?)[)\]】]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its names, what kind of cell it holds, and what it means.

    `unit` is that of a bare number; `low` and `high` bound it in base units (mm, kg, fen,
    seconds). `default` says in words what an empty cell means.
    """

    key: str
    zh: str
    en: str
    kind: str
    about_zh: str
    about_en: str
    also: tuple[str, ...] = ()
    required: bool = False
    unit: str = ""
    low: int | None = None
    high: int | None = None
    choices: str = ""
    default: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPlan:
    """One sheet: its names and columns."""

    key: str
    zh: str
    also: tuple[str, ...]
    about_zh: str
    about_en: str
    columns: tuple[Column, ...]

    @property
    def required(self) -> tuple[Column, ...]:
        """The columns without which a row says nothing."""
        return tuple(column for column in self.columns if column.required)

    def column(self, key: str) -> Column:
        """Find a column by its key."""
        return next(column for column in self.columns if column.key == key)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderMatch:
    """A header understood: the column, and the unit written with it ("" if none).

    `odd_unit` tells of a unit that this column does not take.
    """

    column: Column
    unit: str = ""
    odd_unit: bool = False


@lru_cache(maxsize=20_000)
def normal(text: str) -> str:
    """Fold a name for comparing: width, case, blanks, underscores, hyphens and stars."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _DROPPED.sub("", "".join(c for c in folded if unicodedata.category(c) != "Cf"))


@cache
def sheet_plans() -> Mapping[str, SheetPlan]:
    """Give every sheet by key, in the order of the documentation."""
    file = resources.files("api.days.intake") / "columns.toml"
    plans = {}
    for key, table in tomllib.loads(file.read_text(encoding="utf-8")).items():
        columns = tuple(_column(row) for row in table["columns"])
        plans[key] = SheetPlan(
            key=key,
            zh=table["zh"],
            also=tuple(table["also"]),
            about_zh=table["about_zh"],
            about_en=table["about_en"],
            columns=columns,
        )
    return MappingProxyType(plans)


def _column(row: Mapping[str, Any]) -> Column:
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
    }
    return Column(**fields)


@lru_cache(maxsize=5_000)
def sheet_of(name: str) -> str:
    """Find which sheet a name means: "订单" and "Orders" are one; "" when none."""
    wanted = normal(name)
    for plan in sheet_plans().values():
        if wanted in {normal(known) for known in (plan.key, plan.zh, *plan.also)}:
            return plan.key
    return ""


@lru_cache(maxsize=5_000)
def match_header(sheet: str, text: str) -> HeaderMatch | None:
    """Understand one header cell of a sheet: a known name, with or without a unit."""
    index = _index(sheet)
    found = index.get(normal(text))
    if found is not None:
        return HeaderMatch(column=found)
    folded = unicodedata.normalize("NFKC", text).strip()
    noted = _NOTE.match(folded)
    if noted:
        return _with_note(index.get(normal(noted[1])), note=normal(noted[2]))
    return _with_suffix(index, normal(folded))


_REMARKS: Final = frozenset({"必填", "选填", "可选", "非必填", "required", "optional", ""})


def _with_note(column: Column | None, *, note: str) -> HeaderMatch | None:
    if column is None:
        return None
    units = UNITS.get(column.kind, {})
    if note in units:
        return HeaderMatch(column=column, unit=note)
    return HeaderMatch(column=column, odd_unit=bool(units) and note not in _REMARKS)


def _with_suffix(index: Mapping[str, Column], folded: str) -> HeaderMatch | None:
    """Read "车长mm" or "车长/m": the unit hangs on the name."""
    for split in range(1, len(folded)):
        column = index.get(folded[:split].rstrip("/"))
        if column is not None and folded[split:].lstrip("/") in UNITS.get(column.kind, {}):
            return HeaderMatch(column=column, unit=folded[split:].lstrip("/"))
    return None


@cache
def _index(sheet: str) -> Mapping[str, Column]:
    """Names to columns; a column's own name wins over another one's synonym."""
    plan = sheet_plans()[sheet]
    index: dict[str, Column] = {}
    for column in plan.columns:
        for name in (column.zh, column.en, column.key):
            index.setdefault(normal(name), column)
    for column in plan.columns:
        for name in column.also:
            index.setdefault(normal(name), column)
    return index
