"""Dates, moments, times of day and hours as people write them."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

EXCEL_EPOCH: Final = date(1899, 12, 30)
"""Day 0 of Excel's serial numbers from March 1900 on."""
SERIAL_DAYS: Final = (36_526, 73_050)
"""2000 to 2099: a number in this range where a date belongs is a serial number."""
RELATIVE_DAYS: Final = re.compile(r"今天|明天|后天|昨天|今日|明日|次日|today|tomorrow|yesterday")

_YMD: Final = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_COMPACT: Final = re.compile(r"^(20\d{2})(\d{2})(\d{2})$")
_MONTH_DAY: Final = re.compile(r"^(\d{1,2})(?:月|[-/.])(\d{1,2})[日号]?$")
_CLOCK: Final = re.compile(
    r"^(上午|早上|早|下午|晚上|晚|中午)?(\d{1,2})(?:[:点时](\d{1,2})?分?)?(半)?(am|pm)?$"
)
_WEEKDAY: Final = re.compile(r"[ ,(]*(?:周|星期|礼拜)[一二三四五六日天]\)?")
"""Beside a date it only repeats what the date says; alone it is no date."""
_SECONDS: Final = re.compile(r"(?<=\d:\d\d):\d\d(?:\.\d+)?")
_ZONE: Final = re.compile(r"(?:z|\+08:?00)$")
_EVENING: Final = frozenset({"下午", "晚上", "晚"})


def plain(text: object) -> str:
    """Fold a written time: half-width, lower case, no blanks at the ends."""
    return unicodedata.normalize("NFKC", str(text)).casefold().strip()


def without_weekday(text: str) -> str:
    """Take a weekday's name out of a written date: 11月23日(周一) is 11月23日."""
    return _WEEKDAY.sub("", text) if any(char.isdigit() for char in text) else text


def is_relative(text: object) -> bool:
    """Tell words whose meaning depends on the day they are read."""
    return isinstance(text, str) and RELATIVE_DAYS.search(plain(text)) is not None


def read_date(value: object, *, near: date | None) -> date | None:
    """Read a date; one without a year is the one nearest to `near`. None if it is no date."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _serial(float(value))
    if not isinstance(value, str):
        return None
    text = without_weekday(plain(value)).replace(" ", "")
    text = re.sub(r"t?0{1,2}:00(:00)?$", "", text)
    if match := _YMD.match(text) or _COMPACT.match(text):
        return _day(*map(int, match.groups()))
    if match := _MONTH_DAY.match(text):
        return nearest_year(int(match[1]), int(match[2]), near=near)
    if re.fullmatch(r"\d{5}(\.0+)?", text):
        return _serial(float(text))
    return None


def nearest_year(month: int, day: int, *, near: date | None) -> date | None:
    """Give a month and day the year that brings it closest to `near`; None without one."""
    if near is None:
        return None
    around = [_day(near.year + shift, month, day) for shift in (-1, 0, 1)]
    real = [one for one in around if one is not None]
    return min(real, key=lambda one: abs((one - near).days), default=None)


def read_clock(value: object) -> time | None:
    """Read a time of day; 24:00 is `time.max`, the end of the day. None if it is none."""
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    if isinstance(value, timedelta):
        return clock_of(int(value.total_seconds()))
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        if not math.isfinite(value):
            return None
        # Excel keeps 07:30 as a fraction of the day; a bare 7 is seven o'clock.
        whole = float(value)
        return clock_of(round(whole * (86_400 if 0 < whole < 1 else 3_600)))
    return clock_of(clock_s(str(value)))


def clock_s(text: str, *, half: str = "") -> int | None:
    """Read a time of day in seconds; `half` is 上午 or 下午 said earlier. None if it is none."""
    folded = _SECONDS.sub("", plain(text).replace(" ", ""))
    match = _CLOCK.match(folded)
    if match is None:
        return None
    said, hour, minute, half_hour, meridiem = match.groups()
    said = said or half
    hours, minutes = int(hour), 30 if half_hour else int(minute or 0)
    if minutes > 59 or (half_hour and minute):
        return None
    if (said in _EVENING or meridiem == "pm") and hours < 12:
        hours += 12
    if meridiem == "am" and hours == 12:
        hours = 0
    seconds = hours * 3_600 + minutes * 60
    return seconds if seconds <= 86_400 else None


def clock_of(seconds: int | None) -> time | None:
    """Turn seconds of the day into a time; 86,400 is `time.max`."""
    if seconds is None or not 0 <= seconds <= 86_400:
        return None
    if seconds == 86_400:
        return time.max
    return time(seconds // 3_600, seconds // 60 % 60, seconds % 60)


def read_moment(value: object, *, near: date | None, zone: tzinfo) -> datetime | None:
    """Read a date with or without a time of day (then noon); None if it is neither."""
    if isinstance(value, datetime):
        return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime.combine(value, time(12), tzinfo=zone)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        day = _serial(float(value))
        if day is None:
            return None
        seconds = round((float(value) % 1) * 86_400) or 12 * 3_600
        return datetime.combine(day, time(), tzinfo=zone) + timedelta(seconds=seconds)
    if not isinstance(value, str):
        return None
    text = _ZONE.sub("", without_weekday(plain(value)))
    whole = read_date(text, near=near)
    if whole is not None:
        return datetime.combine(whole, time(12), tzinfo=zone)
    for match in re.finditer(r"[\s日号t]", text):
        at = match.end() if match[0] in "日号" else match.start()
        day, clock = read_date(text[:at], near=near), clock_s(text[match.end() :])
        if day is not None and clock is not None:
            return datetime.combine(day, time(), tzinfo=zone) + timedelta(seconds=clock)
    return None


def _serial(number: float) -> date | None:
    """A day from Excel's serial number, or from 20261123 stored as a number."""
    if SERIAL_DAYS[0] <= number < SERIAL_DAYS[1]:  # false for NaN as well
        return EXCEL_EPOCH + timedelta(days=int(number))
    if number.is_integer() and (match := _COMPACT.match(str(int(number)))):
        return _day(*map(int, match.groups()))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 31 November: the caller says what to write instead
        return None
