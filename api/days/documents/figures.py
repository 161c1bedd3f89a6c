"""Figures as people read them: clock times, spans, kilometres, yuan, and by how much."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from api.days.documents.wording import WEEKDAYS, pick
from api.settings import Language
from geodata.units import HOUR_S, MINUTE_S
from routing.domain.windows import Window
from routing.plan import Plan, Route, Stop
from routing.reasons import Unit

_UNITS: Final = {
    Unit.MILLIMETRES: ("毫米", "mm"),
    Unit.KILOGRAMS: ("千克", "kg"),
    Unit.METRES: ("米", "m"),
}
_COUNTED: Final = {
    Unit.CARS: ("台", "car"),
    Unit.SKILLS: ("项技能", "skill"),
    Unit.SIZES: ("级车型", "truck size"),
    Unit.CHANGES: ("处改动", "change"),
    Unit.NIGHTS: ("晚", "night"),
}
_BOTH: Final = re.compile(r"(?P<chinese>.*[\u4e00-\u9fff].*) / (?P<english>[^\u4e00-\u9fff].*)")
"""How a plan writes a sentence in both languages: `中文 / English`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """How one reader sees figures: language, zone, and the day that needs no naming."""

    lang: Language
    zone: ZoneInfo
    day: date
    days: int = 1
    """Of a plan for several days, which then stand in its date line."""

    def on(self, day: date) -> Locale:
        """The same reader, looking at one day of a plan."""
        return replace(self, day=day, days=1)

    def say(self, chinese: str, english: str) -> str:
        """Take the text in the reader's language."""
        return pick((chinese, english), self.lang)

    def half(self, text: str) -> str:
        """Take the reader's half of `中文 / English`; any other text as it is."""
        both = _BOTH.fullmatch(text)
        return self.say(both["chinese"], both["english"]) if both else text

    def cars(self, count: int) -> str:
        """Count cars: `3 台`, `1 car`."""
        return self.say(f"{count} 台", _counted(count, "car"))

    def local(self, moment: datetime) -> datetime:
        """Move a moment into the plan's zone."""
        return moment.astimezone(self.zone)

    def date_line(self) -> str:
        """Name the day: `2026-11-23 周一`; or the days: `2026-11-23 周一 – 11-25 周三`."""
        first = f"{self.day.isoformat()} {self._weekday(self.day)}"
        last = self.day + timedelta(days=self.days - 1)
        return first if last == self.day else f"{first} – {last:%m-%d} {self._weekday(last)}"

    def day_name(self, day: date) -> str:
        """Name one of the days: `11-24 周二`."""
        return f"{day:%m-%d} {self._weekday(day)}"

    def _weekday(self, day: date) -> str:
        return pick(WEEKDAYS[day.weekday()], self.lang)

    def clock(self, moment: datetime) -> str:
        """Show a moment as `08:05`; on another day than the plan's as `11-22 18:30`."""
        local = self.local(moment)
        return local.strftime("%H:%M" if local.date() == self.day else "%m-%d %H:%M")

    def span(self, window: Window) -> str:
        """Show a window as `14:00–16:00`, its end at midnight as `24:00`."""
        start, end = self.local(window.start), self.local(window.end)
        if end.date() == start.date():
            return f"{self.clock(start)}–{end:%H:%M}"
        midnight = (end.hour, end.minute) == (0, 0) and (end.date() - start.date()).days == 1
        return f"{self.clock(start)}–{'24:00' if midnight else self.clock(end)}"

    def duration(self, seconds: int) -> str:
        """Show seconds as `2 小时 05 分`, whole minutes, rounded to the nearest."""
        return self._minutes((abs(seconds) + MINUTE_S // 2) // MINUTE_S)

    def _minutes(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        if not hours:
            return self.say(f"{rest} 分钟", f"{rest} min")
        return self.say(f"{hours} 小时 {rest:02d} 分", f"{hours} h {rest:02d} min")

    def short_by(self, amount: int, unit: Unit) -> str:
        """Show by how much a limit is missed; empty where there is no measure.

        Time is rounded up: who concedes what is shown has conceded enough.
        """
        if unit is Unit.NONE or amount == 0:
            return ""
        if unit is Unit.SECONDS:
            return self._minutes(-(-amount // MINUTE_S))
        if unit is Unit.MINOR:
            return self.say(f"{yuan(amount)} 元", f"CNY {yuan(amount)}")
        if unit is Unit.METRES and amount >= 1000:
            return f"{km(amount)} km"
        if unit in _COUNTED:
            chinese, english = _COUNTED[unit]
            return self.say(f"{amount} {chinese}", _counted(amount, english))
        return f"{amount:,} {pick(_UNITS[unit], self.lang)}"

    def money(self, minor: int) -> str:
        """Show fen as yuan with the currency sign: `¥1,234.50`."""
        return f"¥{yuan(minor)}"


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def locale_of(plan: Plan, lang: Language) -> Locale:
    """Make the locale in which a plan is read."""
    return Locale(lang=lang, zone=ZoneInfo(plan.time_zone), day=plan.day, days=plan.days)


def latest_begin(stop: Stop) -> datetime:
    """Tell by when a service begins at the latest.

    With every buffer used up a driver may rest elsewhere and begin *earlier* than is typical; to
    people the later of the two moments is the latest.
    """
    return max(stop.begins, stop.begins_latest)


def specialist_of(route: Route) -> str:
    """Name who hands over beside the driver; empty when nobody does."""
    return route.specialist_name or route.specialist_id


def latest_return(route: Route) -> datetime:
    """Tell by when a truck is back at the latest; see `latest_begin`."""
    return max(route.returns, route.returns_latest)


def likely_begin(stop: Stop, locale: Locale) -> str:
    """Show the interval in which a service is likely to begin; nothing where none was simulated."""
    if stop.eta_from is None or stop.eta_to is None:
        return ""
    start, end = locale.clock(stop.eta_from), locale.clock(stop.eta_to)
    return start if start == end else f"{start}–{end}"


def percent(share: float | None) -> str:
    """Show a chance: `<1 %`, `7 %`, nothing where it is unknown."""
    if share is None:
        return ""
    return "<1 %" if 0 < share < 0.01 else f"{round(100 * share)} %"


def km(metres: int) -> str:
    """Show metres as kilometres with one decimal."""
    return f"{metres / 1000:,.1f}"


def yuan(minor: int) -> str:
    """Show fen as yuan with two decimals, exact in whole fen."""
    sign = "-" if minor < 0 else ""
    whole, rest = divmod(abs(minor), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def hours(seconds: int) -> float:
    """Turn seconds into hours with two decimals, for cells that people add up."""
    return round(seconds / HOUR_S, 2)


def plain(text: str) -> str:
    """Replace control characters, which XML, calendars and fonts cannot carry, by blanks."""
    return "".join(" " if unicodedata.category(char) in ("Cc", "Cs") else char for char in text)
