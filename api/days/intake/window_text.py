"""Delivery windows as people write them: 上午, 14-16点, 9点到11点, 11月23日 14:00-16:00, all day.

Several in one cell stand apart by a semicolon, comma, slash, line break or 或. A date said once
holds for the windows after it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from api.days.intake.clock_text import clock_s, plain, read_date

TEXT_LONGEST: Final = 300
NOON_S: Final = 12 * 3_600
EVENING_S: Final = (18 * 3_600, 21 * 3_600)

_ANY: Final = frozenset(
    {
        "全天", "整天", "一天", "都行", "都可以", "任意", "任何时间", "随时", "不限", "均可",
        "无要求", "any", "anytime", "all day", "allday", "whole day", "-", "无",
    }
)  # fmt: skip
_MORNING: Final = frozenset({"上午", "早上", "morning", "am"})
_AFTERNOON: Final = frozenset({"下午", "afternoon", "pm"})
_EVENING: Final = frozenset({"晚上", "晚间", "evening"})

_DATE: Final = re.compile(
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?t?|\d{1,2}月\d{1,2}[日号]?|^\d{1,2}[-/]\d{1,2}(?=\s)"
)
_APART: Final = re.compile(r"[;,、/\n|]|或者|或|以及|和| or | and ")
_RANGE: Final = re.compile(r"^(.*?\S)\s*(?:--|-|~|至|到|—|–|to)\s*(\S.*)$")
_AFTER: Final = re.compile(r"^(.*?)(?:以后|之后|后|起)$|^after (.*)$")
_BEFORE: Final = re.compile(r"^(.*?)(?:以前|之前|前)$|^before (.*)$")
_HALF: Final = re.compile(r"^(上午|早上|中午|下午|晚上)")
_BLANKS: Final = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenWindow:
    """One window as written: seconds of the local day; `day` is None where none was said.

    `reversed` marks an end that is not after its start.
    """

    start_s: int
    end_s: int
    day: date | None = None

    @property
    def reversed(self) -> bool:
        return self.end_s <= self.start_s


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceHours:
    """The hours in which buyers are served, in seconds of the day."""

    start_s: int
    end_s: int


def read_windows(
    text: str, *, hours: ServiceHours, near: date | None
) -> tuple[WrittenWindow, ...] | None:
    """Read all windows of a cell in the order written; None when any part is no window.

    "" and "all day" give the service hours. A date without a year is the one nearest to `near`.
    """
    if len(text) > TEXT_LONGEST:
        return None
    folded = plain(text).replace("〜", "~").replace("～", "~")
    dates: list[date] = []

    def shelve(match: re.Match[str]) -> str:
        day = read_date(match[0].rstrip("t"), near=near)
        if day is None:
            return match[0]
        dates.append(day)
        return f" @{len(dates) - 1}@ "

    # Dates first: the slash of 2026/11/23 parts no windows.
    folded = _DATE.sub(shelve, folded)
    folded = re.sub(r"(@\d+@) *\(?(?:周|星期|礼拜)[一二三四五六日天]\)?", r"\1", folded)
    # "2026-11-23T14:00/2026-11-23T16:00", an interval of ISO 8601, repeats its date.
    folded = re.sub(r"@(\d+)@ *(\d[\d:]*) */ *@\d+@ *(\d[\d:]*)", r"@\1@ \2-\3", folded)
    found: list[WrittenWindow] = []
    day: date | None = None
    parts = [part.strip() for part in _APART.split(folded)]
    for part in parts:
        dated = re.match(r"^@(\d+)@(.*)$", part)
        if dated:
            day, part = dates[int(dated[1])], dated[2].strip()
        if not part and not dated and len(parts) > 1:
            continue
        span = _span(part, hours=hours)
        if span is None:
            return None
        found.append(WrittenWindow(start_s=span[0], end_s=span[1], day=day))
    return tuple(found)


def read_hours(text: str) -> tuple[tuple[int, int], ...] | None:
    """Read opening hours such as "06:00-12:00; 13:00-20:00", in seconds of the day."""
    if len(text) > TEXT_LONGEST:
        return None
    spans: list[tuple[int, int]] = []
    for part in re.split(r"[;,、\n]", plain(text)):
        if not part.strip():
            continue
        span = _between(part.strip())
        if span is None:
            return None
        spans.append(span)
    return tuple(spans) or None


def joined(windows: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Sort windows and join those that overlap or touch: together they say the same."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(windows):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def _span(text: str, *, hours: ServiceHours) -> tuple[int, int] | None:
    text = _BLANKS.sub(" ", text)
    if not text or text in _ANY:
        return hours.start_s, hours.end_s
    if text in _MORNING:
        return min(hours.start_s, NOON_S - 3_600), NOON_S
    if text in _AFTERNOON:
        return NOON_S, max(hours.end_s, NOON_S + 3_600)
    if text in _EVENING:
        return EVENING_S
    between = _between(text)
    if between is not None:
        return between
    if match := _AFTER.match(text):
        start = clock_s(match[1] or match[2])
        return None if start is None else (start, max(hours.end_s, start + 3_600))
    if match := _BEFORE.match(text):
        end = clock_s(match[1] or match[2])
        return None if end is None else (min(hours.start_s, end - 3_600), end)
    return None


def _between(text: str) -> tuple[int, int] | None:
    """Read "14-16点", "下午2点到4点", "9am-11am": the half of the day is said once."""
    match = _RANGE.match(text)
    if match is None:
        return None
    first, second = match[1].strip(), match[2].strip()
    half = _HALF.match(first)
    start, end = clock_s(first), clock_s(second, half=half[1] if half else "")
    if start is None or end is None:
        return None
    if not re.search(r"[ap]m$", first) and second.endswith("pm") and not half:
        # "2-4pm" means both in the afternoon, "10-2pm" does not.
        later = clock_s(f"{first}pm")
        start = later if later is not None and later < end else start
    return start, end
