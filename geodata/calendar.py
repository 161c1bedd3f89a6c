"""Workdays, weekends, holidays and make-up workdays of mainland China.

2004-2026 come from the `chinesecalendar` package (the yearly notices of the State Council).
Later years follow the weekday and `config/holidays.toml`, and say that they are not published.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from geodata.errors import BadGeoData

FORMAT: Final = 1
SHIPPED: Final = Path(__file__).parent / "config" / "holidays.toml"
SATURDAY: Final = 5


class DayKind(StrEnum):
    """What a date means for offices, shops and registration desks."""

    WORKDAY = "workday"
    MAKEUP_WORKDAY = "makeup_workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One date and how sure we are of it.

    `name` is the holiday, also of the make-up workday that pays for it; empty on plain days.
    `published` is False when the year's notice is not known here: only the weekday and the
    statutory days speak, so a bridge or a make-up workday may be missing.
    """

    day: date
    kind: DayKind
    name: str = ""
    published: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayFile:
    """Days that win over the package, and the years this file knows completely."""

    days: Mapping[date, CalendarDay]
    published_years: frozenset[int]


def day_kind(day: date) -> DayKind:
    """Classify a date; see `describe_day` for its name and certainty."""
    return describe_day(day).kind


def describe_day(day: date, *, overrides: HolidayFile | None = None) -> CalendarDay:
    """Say what a date is, by the overrides first, the package second, the weekday last."""
    if isinstance(day, datetime):
        raise TypeError("describe_day takes a local date, not a moment: convert it first")
    listed = shipped_holidays() if overrides is None else overrides
    if day in listed.days:
        return listed.days[day]
    published = _from_package(day)
    if published is not None:
        return published
    return CalendarDay(day=day, kind=_by_weekday(day), published=day.year in listed.published_years)


@cache
def shipped_holidays() -> HolidayFile:
    """Read the override file that comes with Flatbed, once."""
    return read_holidays(SHIPPED)


def read_holidays(path: Path) -> HolidayFile:
    """Read an override file (schema in the head of `config/holidays.toml`).

    Raises:
        BadGeoData: every fault of the file, each with its place.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadGeoData(f"{path.name} cannot be read as TOML: {error}") from error
    faults: list[str] = []
    if raw.get("format") != FORMAT:
        faults.append(f"format is {raw.get('format')!r}, not {FORMAT}")
    years = raw.get("published", [])
    if not isinstance(years, list) or not all(type(year) is int for year in years):
        faults.append("published must be a list of years")
        years = []
    entries = raw.get("day", [])
    if not isinstance(entries, list):
        faults.append("day must be a list of tables: write [[day]]")
        entries = []
    days: dict[date, CalendarDay] = {}
    for number, entry in enumerate(entries, start=1):
        fault, read = _read_day(entry, published_years=frozenset(years))
        if read is None:
            faults.append(f"day {number}: {fault}")
        elif read.day in days:
            faults.append(f"day {number}: {read.day} is listed twice")
        else:
            days[read.day] = read
    if faults:
        raise BadGeoData(f"{path.name}: " + "; ".join(faults))
    return HolidayFile(days=MappingProxyType(days), published_years=frozenset(years))


def _read_day(entry: object, *, published_years: frozenset[int]) -> tuple[str, CalendarDay | None]:
    if not isinstance(entry, dict):
        return "is not a table", None
    day, kind = entry.get("date"), entry.get("kind")
    name, source = entry.get("name"), entry.get("source")
    if not isinstance(day, date) or isinstance(day, datetime):
        return f"date {day!r} is not a date such as 2027-01-01", None
    if kind not in (DayKind.HOLIDAY, DayKind.MAKEUP_WORKDAY):
        return f"{day}: kind {kind!r} is neither holiday nor makeup_workday", None
    if not isinstance(name, str) or not name:
        return f"{day}: name is missing", None
    if not isinstance(source, str) or not source:
        return f"{day}: source is missing", None
    published = day.year in published_years
    return "", CalendarDay(day=day, kind=DayKind(kind), name=name, published=published)


def _from_package(day: date) -> CalendarDay | None:
    import chinese_calendar

    try:
        free, holiday = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None  # the package says so for years before 2004 and after its last notice
    if holiday is not None:
        name = chinese_calendar.Holiday(holiday).chinese
        kind = DayKind.HOLIDAY if free else DayKind.MAKEUP_WORKDAY
        return CalendarDay(day=day, kind=kind, name=name)
    return CalendarDay(day=day, kind=_by_weekday(day))


def _by_weekday(day: date) -> DayKind:
    return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKDAY
