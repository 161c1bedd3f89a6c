"""The page of a specialist in an own car in manifests.pdf: where, when, whom, and which truck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from api.days.documents.figures import Locale
from api.days.documents.manifest_drawing import FAINT
from api.days.documents.manifest_parts import (
    PageLabel,
    buyer_cell,
    facts_grid,
    lined,
    navigation_cell,
    paragraph,
    title_line,
)
from api.days.documents.own_cars import Meeting, meetings_of
from routing.domain.orders import Contact
from routing.plan import Plan
from routing.plan_specialists import SpecialistDay

_COLUMNS: Final = (8 * mm, 29 * mm, 42 * mm, 66 * mm, 23 * mm, 22 * mm)


def specialist_page(
    plan: Plan,
    person: SpecialistDay,
    contacts: Mapping[str, Contact],
    *,
    mask: bool,
    reader: Locale,
) -> list[Flowable]:
    """Lay out the day of a specialist; `mask` hides the middle of phones."""
    locale = reader.on(reader.local(person.leaves).date())
    say = locale.say
    facts = (
        (say("出行", "Travels"), say("自驾", "by own car")),
        (say("户数", "Meets"), str(len(person.visits))),
        (say("仓库", "Warehouse"), plan.warehouses.get(person.warehouse_id, person.warehouse_id)),
        (
            say("出发 / 回仓", "Leaves / back"),
            say(f"最晚 {locale.clock(person.leaves)} / {locale.clock(person.returns)}",
                f"by {locale.clock(person.leaves)} / {locale.clock(person.returns)}"),
        ),
    )  # fmt: skip
    head: list[Any] = [
        paragraph(text, 8)
        for text in (
            say("序", "No."),
            say("交接", "Handover"),
            say("送车与车辆", "Truck and car"),
            say("客户与地址", "Buyer and address"),
            say("导航", "Navigation"),
            say("签收", "Signature"),
        )
    ]
    rows = [head]
    for number, meeting in enumerate(meetings_of(plan, person), start=1):
        contact = contacts.get(meeting.visit.order_id)
        rows.append(
            [
                paragraph(str(number), 14, align=TA_CENTER),
                _time_cell(meeting, locale),
                _truck_cell(meeting, locale),
                buyer_cell(meeting.stop, contact, mask=mask, locale=locale),
                navigation_cell(meeting.stop),
                [paragraph(say("□ 身份  □ 钥匙", "□ identity  □ keys"), 7, colour=FAINT)],
            ]
        )
    return [
        PageLabel(f"{person.name}  {locale.date_line()}"),
        title_line(say("交付专员派工单", "Specialist's day"), person.name, locale),
        Spacer(1, 1.5 * mm),
        facts_grid(facts),
        Spacer(1, 2 * mm),
        Table(rows, colWidths=_COLUMNS, repeatRows=1, style=lined(signed=5)),
    ]


def _time_cell(meeting: Meeting, locale: Locale) -> list[Flowable]:
    visit = meeting.visit
    return [
        paragraph(
            locale.say(f"{locale.clock(visit.begins)} 前到", f"by {locale.clock(visit.begins)}"),
            10.5,
        ),
        paragraph(
            locale.say("最晚结束 ", "done by ") + locale.clock(visit.ends_latest), 7, colour=FAINT
        ),
        paragraph(
            locale.say("客户窗口 ", "buyer's window ") + locale.span(meeting.stop.slot.window),
            7,
            colour=FAINT,
        ),
    ]


def _truck_cell(meeting: Meeting, locale: Locale) -> list[Flowable]:
    route, stop = meeting.route, meeting.stop
    arrives = locale.clock(stop.leg.arrives)
    return [
        paragraph(f"{route.plate}  {route.driver_name}", 9),
        paragraph(locale.say(f"约 {arrives} 到", f"there about {arrives}"), 8, colour=FAINT),
        paragraph(stop.model_name, 9),
        paragraph(f"VIN …{stop.vin[-6:]}", 8),
        paragraph(stop.order_id, 7.5, colour=FAINT),
    ]
