"""The lists other systems read: slots.csv, slots.json, bookdate.csv and left_behind.csv.

`slots` is the confirmation list for the order system and names every order of the day;
`bookdate` speaks the form in which carriers post a date back: `2026-11-23 14-16`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from api.days.documents.cells import csv_bytes
from api.days.documents.figures import Locale, locale_of, yuan
from api.days.documents.left_behind_table import by_urgency, left_behind_table
from api.days.documents.table_form import Cell, Column, Kind
from api.days.documents.wording import HEADINGS, name_of
from api.settings import Language
from geodata.units import DAY_S, HOUR_S, MINUTE_S
from routing.domain.windows import Window
from routing.plan import Plan

HALF_DAY_S: Final = 4 * HOUR_S


class SlotStatus(StrEnum):
    """What the order system has to do with an order."""

    PROMISED = "promised"
    """Confirmed before and kept: nothing to do."""
    TO_CONFIRM = "to_confirm"
    """New window: tell the buyer."""
    NEEDS_INPUT = "needs_input"
    """New window that holds only once `required_fields` are given."""
    LEFT_BEHIND = "left_behind"
    """On no truck; the window is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRow:
    """One order of the day. Moments are ISO 8601 with their offset."""

    order_id: str
    vin: str
    status: SlotStatus
    promised: bool
    window_start: str
    window_end: str
    granularity: str
    required_fields: tuple[str, ...]
    truck_id: str
    plate: str


def slot_rows(plan: Plan) -> tuple[SlotRow, ...]:
    """List every order by id, with its window or as left behind."""
    locale = locale_of(plan, Language.CHINESE)
    rows = [
        SlotRow(
            order_id=stop.order_id,
            vin=stop.vin,
            status=_status(stop.slot.promised, stop.slot.required_fields),
            promised=stop.slot.promised,
            window_start=locale.local(stop.slot.window.start).isoformat(),
            window_end=locale.local(stop.slot.window.end).isoformat(),
            granularity=granularity(stop.slot.window),
            required_fields=stop.slot.required_fields,
            truck_id=route.truck_id,
            plate=route.plate,
        )
        for route in plan.routes
        for stop in route.stops
    ]
    rows += [
        SlotRow(
            order_id=left.order_id,
            vin=left.vin,
            status=SlotStatus.LEFT_BEHIND,
            promised=left.promised,
            window_start="",
            window_end="",
            granularity="",
            required_fields=(),
            truck_id="",
            plate="",
        )
        for left in plan.left_behind
    ]
    rows += [
        SlotRow(
            order_id=given.order_id,
            vin=given.vin,
            status=_status(given.promised, ()),
            promised=given.promised,
            window_start=locale.local(given.window.start).isoformat(),
            window_end=locale.local(given.window.end).isoformat(),
            granularity=granularity(given.window),
            required_fields=(),
            truck_id=given.carrier_id,
            plate=given.carrier_name,
        )
        for given in plan.outsourced
    ]
    return tuple(sorted(rows, key=lambda row: row.order_id))


def _status(promised: bool, required: tuple[str, ...]) -> SlotStatus:
    if promised:
        return SlotStatus.PROMISED
    return SlotStatus.NEEDS_INPUT if required else SlotStatus.TO_CONFIRM


def granularity(window: Window) -> str:
    """Name the width: `day`, `half_day` (from 4 h), else `2h` or `90min`."""
    width_s = int((window.end - window.start).total_seconds())
    if width_s >= DAY_S // 3:
        return "day"
    if width_s >= HALF_DAY_S:
        return "half_day"
    if width_s % HOUR_S == 0:
        return f"{width_s // HOUR_S}h"
    return f"{width_s // MINUTE_S}min"


def slots_csv_bytes(plan: Plan) -> bytes:
    """Write slots.csv; `required_fields` are joined by `;`."""
    rows = slot_rows(plan)
    header = list(SlotRow.__dataclass_fields__)
    return csv_bytes(header, [[_csv_cell(getattr(row, name)) for name in header] for row in rows])


def _csv_cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ";".join(str(item) for item in value)
    return str(value)


def slots_json_bytes(plan: Plan) -> bytes:
    """Write slots.json; the window is null for an order left behind."""
    orders: list[Mapping[str, object]] = []
    for row in slot_rows(plan):
        record = asdict(row)
        start, end = record.pop("window_start"), record.pop("window_end")
        record["window"] = {"start": start, "end": end} if start else None
        orders.append(record)
    document = {
        "format": 1,
        "day": plan.day.isoformat(),
        "time_zone": plan.time_zone,
        "request_digest": plan.provenance.request_digest,
        "orders": orders,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def book_date(window: Window, locale: Locale) -> str:
    """Write a window as carriers do: `2026-11-23 14-16`, off the hour `2026-11-23 14:30-16:30`.

    Hours have two digits; an end at midnight is 24.
    """
    start, end = locale.local(window.start), locale.local(window.end)
    whole = start.minute == end.minute == 0
    ends_hour = 24 if end.date() > start.date() and not (end.hour or end.minute) else end.hour
    if whole:
        return f"{start:%Y-%m-%d} {start:%H}-{ends_hour:02d}"
    return f"{start:%Y-%m-%d %H:%M}-{ends_hour:02d}:{end:%M}"


def bookdate_csv_bytes(plan: Plan) -> bytes:
    """Write bookdate.csv: one row for every order on a truck or with a carrier."""
    locale = locale_of(plan, Language.CHINESE)
    rows = [
        [stop.order_id, stop.vin, book_date(stop.slot.window, locale)]
        for route in plan.routes
        for stop in route.stops
    ]
    rows += [
        [given.order_id, given.vin, book_date(given.window, locale)] for given in plan.outsourced
    ]
    rows.sort()
    return csv_bytes(("orderId", "vin", "bookDate"), rows)


def left_behind_csv_bytes(plan: Plan, *, lang: Language) -> bytes:
    """Write left_behind.csv: the sheet of the workbook as text, with the raw measure added."""
    locale = locale_of(plan, lang)
    table = left_behind_table(plan, locale)
    header = [name_of(HEADINGS, column.key, lang) for column in table.columns]
    raw = [(str(left.short_by), left.unit.value) for left in by_urgency(plan.left_behind)]
    rows = [
        [*(_shown(cell, column) for cell, column in zip(row, table.columns, strict=True)), *extra]
        for row, extra in zip(table.rows, raw, strict=True)
    ]
    return csv_bytes([*header, "short_by", "unit"], rows)


def _shown(cell: Cell, column: Column) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat()
    if column.kind is Kind.YUAN and not isinstance(cell, str):
        return yuan(round(cell * 100)).replace(",", "")
    return str(cell)
