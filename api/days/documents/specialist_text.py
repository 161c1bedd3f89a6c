"""specialist-<name>.txt: the day of a specialist in an own car, to paste into a chat."""

from __future__ import annotations

import re
from collections.abc import Mapping

from api.days.documents.cell_words import required_text
from api.days.documents.figures import Locale, km, locale_of, plain
from api.days.documents.navigation import TEXT_RADIUS_M
from api.days.documents.own_cars import Meeting, meetings_of
from api.days.documents.personal import mask_phone
from api.settings import Language
from routing.domain.orders import Contact
from routing.plan import Plan
from routing.plan_specialists import SpecialistDay


def specialist_text(
    plan: Plan,
    person: SpecialistDay,
    *,
    contacts: Mapping[str, Contact],
    mask: bool,
    lang: Language,
) -> str:
    """Write a specialist's day; `mask` hides the middle of phones."""
    reader = locale_of(plan, lang)
    locale = reader.on(reader.local(person.leaves).date())
    say = locale.say
    warehouse = plan.warehouses.get(person.warehouse_id, person.warehouse_id)
    leaves, visits = locale.clock(person.leaves), len(person.visits)
    lines = [
        f"【{person.name}】{locale.date_line()}",
        say(f"自驾，最晚 {leaves} 从 {warehouse} 出发，{visits} 户",
            f"Own car, leave {warehouse} by {leaves}, {visits} to meet"),
    ]  # fmt: skip
    for number, meeting in enumerate(meetings_of(plan, person), start=1):
        contact = contacts.get(meeting.visit.order_id)
        lines += ["", *_meeting_lines(number, meeting, contact, mask=mask, locale=locale)]
    back = locale.clock(person.returns)
    lines += ["", say(f"最晚 {back} 回仓", f"Back by {back}")]
    return "\n".join(plain(line) for line in lines) + "\n"


def specialist_file_name(plan: Plan, person: SpecialistDay) -> str:
    """Name a specialist's text file, with its day in a plan of several; what no file system likes
    becomes `_`."""
    name = re.sub(r"[^0-9A-Za-z_一-鿿-]+", "", plain(person.name)) or "_"
    day = locale_of(plan, Language.CHINESE).local(person.leaves)
    return f"specialist-{name}.txt" if plan.days == 1 else f"specialist-{name}-{day:%m-%d}.txt"


def _meeting_lines(
    number: int, meeting: Meeting, contact: Contact | None, *, mask: bool, locale: Locale
) -> list[str]:
    say, stop, route = locale.say, meeting.stop, meeting.route
    begins, ends = locale.clock(meeting.visit.begins), locale.clock(meeting.visit.ends_latest)
    truck = locale.clock(stop.leg.arrives)
    lines = [
        say(f"{number}) {begins} 前到，交接最晚 {ends} 结束",
            f"{number}) be there by {begins}, done by {ends} at the latest"),
        f"{stop.model_name} VIN …{stop.vin[-6:]}",
        say(f"{route.plate} {route.driver_name} 送车，约 {truck} 到",
            f"Brought by {route.plate}, {route.driver_name}, there about {truck}"),
    ]  # fmt: skip
    if contact is not None:
        lines.append(f"{contact.name} {mask_phone(contact.phone) if mask else contact.phone}")
    lines.append(stop.address)
    if stop.radius_m > TEXT_RADIUS_M:
        lines.append(say(f"位置误差 {km(stop.radius_m)} km，先打电话",
                         f"Position within {km(stop.radius_m)} km, call first"))  # fmt: skip
    if stop.slot.required_fields:
        lines.append(say("缺：", "Missing: ") + required_text(stop, locale))
    if stop.note:
        lines.append(say("注意：", "Note: ") + stop.note)
    return lines
