"""The day, the clock and the VINs that hand-written plans share."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from routing.domain.vehicles import vin_check_digit
from routing.domain.windows import Window

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 23)


def at(clock: str, *, day: date = DAY) -> datetime:
    """Make a local moment of the day from `HH:MM`."""
    hour, minute = (int(part) for part in clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def window(start: str, end: str) -> Window:
    """Make a window of the day from two clock times."""
    return Window(start=at(start), end=at(end))


def vin(serial: int) -> str:
    """Make a VIN with a right check digit."""
    blank = f"LFB0000A0TA{serial:06d}"
    return blank[:8] + vin_check_digit(blank) + blank[9:]
