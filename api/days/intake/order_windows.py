"""The windows of an order: what the buyer accepts on the planned days, and what was promised.

A window without a date holds on every planned day; one that was confirmed is on the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from api.days.intake.cells import RowReader
from api.days.intake.choices import OrderStatus
from api.days.intake.clock_text import is_relative
from api.days.intake.settings_sheet import DaySettings
from api.days.intake.window_text import WrittenWindow, joined, read_windows
from geodata.units import DAY_S
from routing.domain.windows import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWindows:
    """Ascending and apart; `open_ended` marks an order that named no hours at all."""

    windows: tuple[Window, ...]
    promised: bool
    open_ended: bool = False
    preferred: tuple[Window, ...] = ()


def read_order_windows(row: RowReader, *, settings: DaySettings) -> OrderWindows | None:
    """Read accepted and confirmed windows; None when nothing usable is left (noted)."""
    status = row.choice("status", OrderStatus)
    promised = row.has("confirmed") or status is OrderStatus.CONFIRMED
    key = "confirmed" if row.has("confirmed") else "windows"
    if promised and not row.has(key):
        row.fault("promise.no_window", "status")
        return None
    written = _written(row, key, settings=settings)
    if written is None:
        return None
    usable = _on_the_days(row, key, written, days=settings.dates, promised=promised)
    if usable is None:
        return None
    spans = joined(usable)
    if promised and len(spans) != 1:
        row.fault("promise.many_windows", key)
        return None
    windows = tuple(Window(start=settings.at(start), end=settings.at(end)) for start, end in spans)
    return OrderWindows(
        windows=windows,
        promised=promised,
        open_ended=not row.has(key),
        preferred=_preferred(row, spans, settings=settings),
    )


def _preferred(
    row: RowReader, accepted: Sequence[tuple[int, int]], *, settings: DaySettings
) -> tuple[Window, ...]:
    """Read what the buyer would like best, as far as it is accepted; none of it: a fault."""
    if not row.has("preferred"):
        return ()
    written = _written(row, "preferred", settings=settings)
    if written is None:
        return ()
    wished = _on_the_days(row, "preferred", written, days=settings.dates, promised=False)
    if wished is None:
        return ()
    inside = [
        (max(start, wish_start), min(end, wish_end))
        for start, end in accepted
        for wish_start, wish_end in wished
        if max(start, wish_start) < min(end, wish_end)
    ]
    if not inside:
        row.fault("preferred.outside", "preferred")
    return tuple(
        Window(start=settings.at(start), end=settings.at(end)) for start, end in joined(inside)
    )


def _written(
    row: RowReader, key: str, *, settings: DaySettings
) -> tuple[WrittenWindow, ...] | None:
    value = row.raw(key)
    if row.faulty and value is None and row.has(key):
        return None
    if isinstance(value, date):
        midnight = not isinstance(value, datetime) or value.time() == time()
        day = value.date() if isinstance(value, datetime) else value
        if not midnight or day not in settings.dates:
            row.fault("window.excel_date", key, found=value)
            return None
        hours = settings.service_hours
        return (WrittenWindow(start_s=hours.start_s, end_s=hours.end_s, day=day),)
    if value is not None and not isinstance(value, str):
        row.fault("window.format", key)
        return None
    written = read_windows(value or "", hours=settings.service_hours, near=settings.day)
    if written is None:
        row.fault("date.relative" if is_relative(value) else "window.format", key)
        return None
    if any(one.reversed for one in written):
        row.fault("window.reversed", key)
        return None
    return written


def _on_the_days(
    row: RowReader,
    key: str,
    written: tuple[WrittenWindow, ...],
    *,
    days: Sequence[date],
    promised: bool,
) -> list[tuple[int, int]] | None:
    """Keep the windows of the planned days, in seconds of the first; others beside them wait for
    their own plan."""
    spans = [
        (number * DAY_S + one.start_s, number * DAY_S + one.end_s)
        for one in written
        for number, day in enumerate(days)
        if one.day == day or (one.day is None and (number == 0 or not promised))
    ]
    others = [one.day for one in written if one.day is not None and one.day not in days]
    if not others:
        return spans
    planned = f"{days[0]}" if len(days) == 1 else f"{days[0]} – {days[-1]:%m-%d}"
    if spans and not promised:
        row.log.warn("window.other_day_left_out", row.where(key), row.raw(key), day=planned)
        return spans
    past = all(other < days[0] for other in others)
    row.fault("window.past" if past else "window.other_day", key, day=planned)
    return None
