"""Conditional restrictions of OSM: `no @ (Mo-Fr 07:00-09:00)`, `no @ (weight>7.5)`.

What a truck must obey is kept on the safe side: a clause that is not understood holds when it
forbids and does not hold when it permits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from geodata.rows import clock_s
from geodata.units import DAY_S

WEEK: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
EVERY_DAY: Final = frozenset(range(7))

_PART: Final = re.compile(r"([^@;]+)@\s*(?:\(([^)]*)\)|([^;]+))")
_LIMIT: Final = re.compile(r"(weight|height|width|length|axles)\s*(<=|>=|<|>|=)\s*([\d.]+)\s*(\w*)")
_TIMES: Final = re.compile(r"\d{1,2}:\d{2}-\d{1,2}:\d{2}(?:\s*,\s*\d{1,2}:\d{2}-\d{1,2}:\d{2})*")
_DAYS: Final = re.compile(r"(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:[-,\s]+(?:Mo|Tu|We|Th|Fr|Sa|Su))*")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekHours:
    """Seconds [start_s, end_s) of some weekdays (Monday 0)."""

    days: frozenset[int]
    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeClause:
    """A comparison with the truck: `weight>7.5` in tonnes, lengths in metres, axles."""

    quantity: str
    relation: str
    value: float

    def holds(self, size: Mapping[str, float]) -> bool:
        mine = size[self.quantity]
        return {
            "<": mine < self.value,
            "<=": mine <= self.value,
            ">": mine > self.value,
            ">=": mine >= self.value,
            "=": mine == self.value,
        }[self.relation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """An access value and when it holds; no hours means always."""

    value: str
    hours: tuple[WeekHours, ...]
    sizes: tuple[SizeClause, ...]
    understood: bool

    def holds(
        self, *, forbids: bool, size: Mapping[str, float], weekday: int, start_s: int, end_s: int
    ) -> bool:
        """Say whether the value holds for a truck at any second of [start_s, end_s).

        A value that permits must hold in all of it.
        """
        if not self.understood:
            return forbids
        if not all(clause.holds(size) for clause in self.sizes):
            return False
        if not self.hours:
            return True
        today = [hours for hours in self.hours if weekday in hours.days]
        if forbids:
            return any(hours.start_s < end_s and hours.end_s > start_s for hours in today)
        return any(hours.start_s <= start_s and end_s <= hours.end_s for hours in today)


def read_conditions(text: str) -> tuple[Condition, ...]:
    """Read the value of a `...:conditional` tag; later conditions win over earlier ones."""
    found = []
    for match in _PART.finditer(text):
        value, bracketed, bare = match.groups()
        found.append(_condition(value.strip(), (bracketed or bare or "").strip()))
    return tuple(found)


def _condition(value: str, text: str) -> Condition:
    hours: list[WeekHours] = []
    sizes: list[SizeClause] = []
    understood = True
    for clause in re.split(r"\s+AND\s+", text, flags=re.IGNORECASE):
        limit = _LIMIT.fullmatch(clause.strip())
        if limit:
            quantity, relation, number, unit = limit.groups()
            understood &= unit in ("", "t", "m") and number.count(".") <= 1 and number != "."
            if understood:
                sizes.append(SizeClause(quantity=quantity, relation=relation, value=float(number)))
            continue
        read = _week_hours(clause)
        understood &= read is not None and not (hours and read)
        hours.extend(read or ())
    return Condition(value=value, hours=tuple(hours), sizes=tuple(sizes), understood=understood)


def _week_hours(text: str) -> list[WeekHours] | None:
    """Read opening hours of weekdays and clock times; None where anything else stands.

    Public holidays are not known to a weekday, so a closing `PH off` is passed over.
    """
    found: list[WeekHours] = []
    for rule in text.split(";"):
        rule = re.sub(r"\bPH\s+off\b", "", rule).strip(" ,")
        if not rule:
            continue
        if rule == "24/7":
            found.append(WeekHours(days=EVERY_DAY, start_s=0, end_s=DAY_S))
            continue
        days, times = _DAYS.match(rule), _TIMES.search(rule)
        rest = rule
        for part in (days, times):
            rest = rest.replace(part.group(), "", 1) if part else rest
        if rest.strip(" ,:") or not (days or times):
            return None
        weekdays = _weekdays(days.group()) if days else EVERY_DAY
        spans = times.group().split(",") if times else ["00:00-24:00"]
        found.extend(chain.from_iterable(_span(span, weekdays) for span in spans))
    return found or None


def _weekdays(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in re.split(r"[,\s]+", text):
        first, dash, last = part.partition("-")
        if first not in WEEK:
            continue
        begin = WEEK.index(first)
        end = WEEK.index(last) if dash and last in WEEK else begin
        found.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    return frozenset(found)


def _span(text: str, days: frozenset[int]) -> list[WeekHours]:
    """Read `22:00-06:00`; across midnight it goes on, on the next weekday."""
    start, _, end = text.strip().partition("-")
    start_s, end_s = clock_s(start) or 0, clock_s(end) or 0
    if start_s < end_s:
        return [WeekHours(days=days, start_s=start_s, end_s=end_s)]
    tomorrow = frozenset((day + 1) % 7 for day in days)
    halves = [WeekHours(days=days, start_s=start_s, end_s=DAY_S)]
    if end_s:
        halves.append(WeekHours(days=tomorrow, start_s=0, end_s=end_s))
    return halves
