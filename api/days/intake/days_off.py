"""Days off as people write them: 11月23日, 2026-11-23, 周日, Sunday, 周末, 节假日."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Final

from api.days.intake.cells import RowReader
from api.days.intake.clock_text import is_relative, plain, read_date
from geodata.calendar import DayKind, day_kind

WEEKDAYS: Final = ("一", "二", "三", "四", "五", "六", "日")
ENGLISH_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY: Final = frozenset({"节假日", "法定节假日", "节日", "holiday", "holidays"})
WEEKEND: Final = frozenset({"周末", "双休日", "双休", "weekend", "weekends"})
SATURDAY: Final = 5


def read_days_off(row: RowReader, key: str, *, days: Iterable[date]) -> frozenset[date]:
    """Tell which of the planned days are days off; a word that names no day is noted.

    A weekend on which people work for a holiday (调休) is none; a date without a year is the one
    nearest to the planned day.
    """
    if not row.has(key):
        return frozenset()
    value = row.raw(key)
    tests: list[Callable[[date], bool]] = []
    if isinstance(value, str):
        for name in row.names(key):
            test = _test(name, near=row.near)
            if test is None:
                row.fault("date.relative" if is_relative(name) else "date.format", key)
            else:
                tests.append(test)
    elif value is not None:
        found = read_date(value, near=row.near)
        if found is None:
            row.fault("date.format", key)
        else:
            tests.append(found.__eq__)
    return frozenset(day for day in days if any(test(day) for test in tests))


def _test(name: str, *, near: date | None) -> Callable[[date], bool] | None:
    folded = plain(name)
    if folded in HOLIDAY:
        return lambda day: day_kind(day) is DayKind.HOLIDAY
    if folded in WEEKEND:
        return lambda day: day.weekday() >= SATURDAY and day_kind(day) is not DayKind.MAKEUP_WORKDAY
    weekday = _weekday(folded)
    if weekday is not None:
        return lambda day: day.weekday() == weekday
    found = read_date(name, near=near)
    if found is None:
        return None
    wanted = found.date() if isinstance(found, datetime) else found
    return lambda day: day == wanted


def _weekday(folded: str) -> int | None:
    for prefix in ("周", "星期", "礼拜"):
        if folded.startswith(prefix):
            last = folded[-1].replace("天", "日")
            return WEEKDAYS.index(last) if last in WEEKDAYS else None
    return ENGLISH_WEEKDAYS.index(folded[:3]) if folded[:3] in ENGLISH_WEEKDAYS else None
