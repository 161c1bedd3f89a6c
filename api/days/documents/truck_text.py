"""truck-<plate>.txt: one truck's day as text to paste into a chat; short lines, phones in full."""

from __future__ import annotations

import re
from collections.abc import Mapping

from api.days.documents.cell_words import position_of, required_text
from api.days.documents.deck_work import deck_lines
from api.days.documents.figures import Locale, km, likely_begin, locale_of, plain, specialist_of
from api.days.documents.navigation import TEXT_RADIUS_M
from api.days.documents.nights import back_text, night_lines
from api.days.documents.personal import mask_phone
from api.days.documents.trips import numbered_trips, trip_line
from api.days.documents.wording import TRUCK_KINDS, name_of
from api.settings import Language
from routing.domain.orders import Contact
from routing.plan import Plan, Rest, RestPlace, Route, Stop


def truck_text(
    plan: Plan,
    route: Route,
    *,
    contacts: Mapping[str, Contact],
    mask: bool,
    lang: Language,
) -> str:
    """Write a truck's day; `mask` hides the middle of phones."""
    locale = locale_of(plan, lang).on(route.day)
    say = locale.say
    warehouse = plan.warehouses.get(route.warehouse_id, route.warehouse_id)
    crew = " + ".join(name for name in (route.driver_name, specialist_of(route)) if name)
    leaves, cars = locale.clock(route.departs), locale.cars(len(route.stops))
    lines = [
        f"【{route.plate}】{locale.date_line()}",
        f"{name_of(TRUCK_KINDS, route.kind, lang)} · {crew}",
        say(f"{warehouse} {route.bay} 号位装车 {locale.span(route.load)}",
            f"{warehouse}, bay {route.bay}, load {locale.span(route.load)}"),
        say(f"{leaves} 出发，{cars}，{km(route.metres)} km",
            f"Leave {leaves}, {cars}, {km(route.metres)} km"),
    ]  # fmt: skip
    starts = {seq: number for number, (seq, _) in enumerate(numbered_trips(route), start=1)}
    for seq, stop in enumerate(route.stops, start=1):
        if route.reloads and seq in starts:
            lines.append("")
            if starts[seq] > 1:
                leg = route.reloads[starts[seq] - 2].leg
                lines += [_rest_line(rest, locale) for rest in leg.road_rests]
            lines.append(trip_line(route, starts[seq], locale))
        lines += ["", *_stop_lines(route, seq, stop, contacts, mask=mask, locale=locale)]
    lines += ["", *(_rest_line(rest, locale) for rest in route.home.road_rests)]
    back = back_text(route, locale)
    lines.append(say(f"{back} 回仓", f"Back {back}"))
    return "\n".join(plain(line) for line in lines) + "\n"


def truck_file_name(plan: Plan, route: Route) -> str:
    """Name a truck's text file, with its day in a plan of several; what no file system likes
    becomes `_`."""
    plate = re.sub(r"[^0-9A-Za-z_一-鿿-]+", "", plain(route.plate)) or "_"
    return f"truck-{plate}.txt" if plan.days == 1 else f"truck-{plate}-{route.day:%m-%d}.txt"


def _stop_lines(
    route: Route,
    seq: int,
    stop: Stop,
    contacts: Mapping[str, Contact],
    *,
    mask: bool,
    locale: Locale,
) -> list[str]:
    say = locale.say
    place = position_of(route, stop)
    lines = [_rest_line(rest, locale) for rest in stop.leg.road_rests]
    arrives, begins = locale.clock(stop.leg.arrives), locale.clock(stop.begins)
    when = say(f"约 {arrives} 到", f"arrive {arrives}")
    if begins != arrives:
        when += say(f"，{begins} 开始", f", begin {begins}")
    if likely := likely_begin(stop, locale):
        when += say(f"，多半 {likely}", f", likely {likely}")
    lines += night_lines(route, seq, locale, before_service=True)
    lines.append(f"{seq}) {locale.span(stop.slot.window)}" + say(f"（{when}）", f" ({when})"))
    lines.append(f"{stop.model_name} VIN …{stop.vin[-6:]}" + (f" [{place}]" if place else ""))
    lines += deck_lines(route, stop, locale)
    contact = contacts.get(stop.order_id)
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
    return [*lines, *night_lines(route, seq, locale, before_service=False)]


def _rest_line(rest: Rest, locale: Locale) -> str:
    span = f"{locale.clock(rest.start)}–{locale.clock(rest.end)}"
    if rest.place is RestPlace.HELD:
        return locale.say(f"限行，等候 {span}", f"Wait for the ban to end {span}")
    return locale.say(f"途中休息 {span}", f"Rest on the road {span}")
