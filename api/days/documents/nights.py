"""Nights out in the papers: where a tour sleeps, from when to when, on which days."""

from __future__ import annotations

from datetime import datetime

from api.days.documents.figures import Locale
from routing.plan import Rest, Route
from routing.plan_nights import Night


def night_lines(route: Route, seq: int, locale: Locale, *, before_service: bool) -> list[str]:
    """Say it of the nights before or after the service of a stop (from 1)."""
    return [
        night_line(night, locale)
        for night in route.nights
        if night.stop == seq - 1 and night.before_service == before_service
    ]


def night_line(night: Night, locale: Locale) -> str:
    """Say where and from when to when a night is spent."""
    start, end = _moment(night.start, locale), _moment(night.end, locale)
    seq = night.stop + 1
    if night.before_service:
        return locale.say(
            f"第 {seq} 站交车前过夜 {start} 至 {end}",
            f"Night before the handover of stop {seq}: {start} to {end}",
        )
    return locale.say(
        f"第 {seq} 站交车后过夜 {start} 至 {end}",
        f"Night after the handover of stop {seq}: {start} to {end}",
    )


def is_night(route: Route, rest: Rest) -> bool:
    """Tell whether a stretch at a stop is a night, told as such."""
    return any((night.start, night.end) == (rest.start, rest.end) for night in route.nights)


def back_text(route: Route, locale: Locale) -> str:
    """When the truck is back: with the day when it is a later one."""
    return _moment(route.returns, locale) if route.nights else locale.clock(route.returns)


def _moment(moment: datetime, locale: Locale) -> str:
    local = locale.local(moment)
    return f"{local:%m-%d %H:%M}"
