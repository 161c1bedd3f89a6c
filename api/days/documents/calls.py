"""calls.xlsx: whom to call about which window, a sheet for each day; with phones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from api.days.documents.by_day import days_of
from api.days.documents.cell_words import required_text
from api.days.documents.figures import Locale, locale_of
from api.days.documents.left_behind_table import by_urgency
from api.days.documents.personal import mask_phone
from api.days.documents.table_form import Cell, Column, Kind, Table, new_table
from api.days.documents.wording import CALLS, PRIORITIES, REASONS, name_of
from api.days.documents.workbook import sheets_bytes
from api.settings import Language
from routing.domain.orders import Contact
from routing.domain.windows import Window
from routing.plan import Plan

_COLUMNS: Final = (
    Column(key="slot_start", kind=Kind.MOMENT, width=13),
    Column(key="slot_end", kind=Kind.MOMENT, width=13),
    Column(key="buyer", width=12),
    Column(key="phone", width=15),
    Column(key="say", width=26),
    Column(key="order", width=13),
    Column(key="model", width=14),
    Column(key="plate", width=14),
    Column(key="driver", width=11),
    Column(key="address", width=38),
    Column(key="note", width=26),
    Column(key="called", width=16),
)
_REBOOKED: Final = (
    "buyer", "phone", "say", "order", "priority", "reason", "address", "called",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """One buyer to call about a window; `what` is a key of `CALLS`."""

    window: Window
    order_id: str
    what: str
    required: str
    model: str
    plate: str
    driver: str
    address: str
    note: str


def calls_bytes(
    plan: Plan, *, contacts: Mapping[str, Contact], mask: bool, lang: Language
) -> bytes:
    """Build the list of calls: every order with a window by its day, the earliest first, and those
    left behind; `mask` hides the middle of phones."""
    locale = locale_of(plan, lang)
    tables = [_of_day(plan, day, contacts, mask=mask, locale=locale) for day in days_of(plan)]
    if plan.left_behind:
        tables.append(_to_rebook(plan, contacts, mask=mask, locale=locale))
    title = locale.say(f"电话单 {plan.day}", f"Calls {plan.day}")
    return sheets_bytes(tables, title=title, day=plan.day, locale=locale)


def _of_day(
    plan: Plan, day: date, contacts: Mapping[str, Contact], *, mask: bool, locale: Locale
) -> Table:
    def row(call: _Call) -> tuple[Cell, ...]:
        return (
            locale.local(call.window.start),
            locale.local(call.window.end),
            *_who(contacts.get(call.order_id), mask=mask),
            name_of(CALLS, call.what, locale.lang) + call.required,
            call.order_id,
            call.model,
            call.plate,
            call.driver,
            call.address,
            call.note,
            "",
        )

    today = [call for call in _calls(plan, locale) if _day_of(call.window.start, locale) == day]
    today.sort(key=lambda call: (call.window.start, call.window.end, call.order_id))
    return new_table(locale.day_name(day), _COLUMNS, [row(call) for call in today])


def _calls(plan: Plan, locale: Locale) -> list[_Call]:
    calls = [
        _Call(
            window=stop.slot.window,
            order_id=stop.order_id,
            what=_about(stop.slot.promised, stop.slot.required_fields),
            required=required_text(stop, locale) if stop.slot.required_fields else "",
            model=stop.model_name,
            plate=route.plate,
            driver=route.driver_name,
            address=stop.address,
            note=stop.note,
        )
        for route in plan.routes
        for stop in route.stops
    ]
    calls += [
        _Call(
            window=given.window,
            order_id=given.order_id,
            what=_about(given.promised, ()),
            required="",
            model=given.model_name,
            plate=given.carrier_name,
            driver="",
            address=given.address,
            note=given.note,
        )
        for given in plan.outsourced
    ]
    return calls


def _about(promised: bool, required: tuple[str, ...]) -> str:
    if required:
        return "needs_input"
    return "promised" if promised else "to_confirm"


def _day_of(moment: datetime, locale: Locale) -> date:
    return locale.local(moment).date()


def _to_rebook(plan: Plan, contacts: Mapping[str, Contact], *, mask: bool, locale: Locale) -> Table:
    """Orders left behind, most pressing first: somebody has to tell their buyers."""
    widths = {column.key: column.width for column in _COLUMNS} | {"reason": 16, "priority": 9}
    rows = [
        (
            *_who(contacts.get(left.order_id), mask=mask),
            name_of(CALLS, "left_promised" if left.promised else "left_behind", locale.lang),
            left.order_id,
            name_of(PRIORITIES, left.priority, locale.lang),
            name_of(REASONS, left.reason.value, locale.lang),
            left.address,
            "",
        )
        for left in by_urgency(plan.left_behind)
    ]
    columns = [Column(key=key, width=widths[key]) for key in _REBOOKED]
    return new_table("to_rebook", columns, rows)


def _who(contact: Contact | None, *, mask: bool) -> tuple[str, str]:
    if contact is None:
        return "", ""
    return contact.name, mask_phone(contact.phone) if mask else contact.phone
