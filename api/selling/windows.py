"""The windows of a day that are looked at: two hours, half-days, or the whole day."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from api.days.intake.settings_sheet import DaySettings
from geodata.units import HOUR_S
from routing.domain.windows import Window

NOON_S = 12 * HOUR_S


class Granularity(StrEnum):
    """How wide a window is; published."""

    TWO_HOURS = "two_hours"
    """As wide as the setting `slot_width_min` says; two hours unless it is set."""
    HALF_DAY = "half_day"
    DAY = "day"


def windows_of(settings: DaySettings, granularity: Granularity) -> list[Window]:
    """Divide the service hours of a day, one window after another."""
    hours = settings.service_hours
    start, end = hours.start_s, hours.end_s
    if granularity is Granularity.DAY:
        edges = [start, end]
    elif granularity is Granularity.HALF_DAY:
        edges = [start, NOON_S, end] if start < NOON_S < end else [start, end]
    else:
        width = settings.policy.slots.width_s
        # What is left over at the end belongs to no window: it would promise more than it says.
        edges = list(range(start, end + 1, width))
        edges = edges if len(edges) > 1 else [start, end]
    return [
        Window(start=settings.at(early), end=settings.at(late)) for early, late in pairwise(edges)
    ]


def is_inside(window: Window, accepted: Sequence[Window]) -> bool:
    """Tell whether a window lies wholly within one of others."""
    return any(each.start <= window.start and window.end <= each.end for each in accepted)


def at_least_half(granularity: Granularity) -> Granularity:
    """Widen what is promised for a place that is known roughly."""
    return Granularity.HALF_DAY if granularity is Granularity.TWO_HOURS else granularity
