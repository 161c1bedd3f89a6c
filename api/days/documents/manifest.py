"""manifests.pdf: what the driver holds, one truck after the other, on A4.

After the trucks come the people in own cars. Phones stand here, in `truck_text`,
`specialist_text` and `calls`; `mask` hides their middle digits. The bytes repeat: no clock, no
random ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, PageBreak, Spacer, Table, TableStyle

from api.days.documents.deck_plan import DeckCell, deck_cells
from api.days.documents.deck_work import deck_lines
from api.days.documents.figures import (
    Locale,
    km,
    latest_begin,
    latest_return,
    locale_of,
    specialist_of,
)
from api.days.documents.fonts import cjk_font
from api.days.documents.manifest_drawing import FAINT, DeckSketch
from api.days.documents.manifest_parts import (
    WIDTH,
    PageLabel,
    buyer_cell,
    facts_grid,
    lined,
    navigation_cell,
    paper_bytes,
    paragraph,
    title_line,
)
from api.days.documents.nights import is_night, night_line
from api.days.documents.specialist_manifest import specialist_page
from api.days.documents.trips import numbered_trips, trip_line
from api.days.documents.wording import REST_PLACES, TRUCK_KINDS, name_of
from api.settings import Language
from routing.domain.fleet import DeckTemplate
from routing.domain.orders import Contact
from routing.plan import Plan, Rest, RestPlace, Route, Stop, Trip

_COLUMNS: Final = (8 * mm, 29 * mm, 34 * mm, 66 * mm, 23 * mm, 30 * mm)


def manifests_bytes(
    plan: Plan,
    *,
    contacts: Mapping[str, Contact],
    mask: bool,
    lang: Language,
    decks: Mapping[str, DeckTemplate],
) -> bytes:
    """Build the manifests of all trucks, and of specialists in own cars; `decks` (by truck) lets
    empty positions be drawn."""
    cjk_font()
    reader = locale_of(plan, lang)
    story: list[Flowable] = []
    for route in sorted(plan.routes, key=lambda route: route.day):
        locale = reader.on(route.day)
        if story:
            story.append(PageBreak())
        story.append(PageLabel(f"{route.plate}  {locale.date_line()}"))
        story += _header(plan, route, locale)
        for number, (first, trip) in enumerate(numbered_trips(route), start=1):
            cells = deck_cells(route, decks.get(route.truck_id), trip=number - 1)
            if route.reloads:
                story += [paragraph(trip_line(route, number, locale), 11), Spacer(1, 1 * mm)]
            story += [DeckSketch(cells, width=WIDTH, locale=locale), Spacer(1, 1 * mm)]
            table = _stop_table(route, trip, first, cells, contacts, mask=mask, locale=locale)
            story += [table, Spacer(1, 1.5 * mm)] if number < len(route.trips) else [table]
        story += _rests(route, locale)
    for person in plan.specialists:
        story += [PageBreak()] if story else []
        story += specialist_page(plan, person, contacts, mask=mask, reader=reader)
    if not story:
        story.append(paragraph(reader.say("今天没有车辆出车。", "No truck leaves today."), 12))
    return paper_bytes(
        story,
        title=reader.say(f"派车单 {plan.day}", f"Manifests {plan.day}"),
        foot=reader.say("计划", "plan") + f" {plan.provenance.request_digest[:12]}",
        locale=reader,
    )


def _header(plan: Plan, route: Route, locale: Locale) -> list[Flowable]:
    say = locale.say
    title = title_line(say("派车单", "Delivery manifest"), route.plate, locale)
    facts = (
        (say("司机", "Driver"), route.driver_name),
        (say("交付专员", "Specialist"), specialist_of(route) or "–"),
        (say("仓库", "Warehouse"), plan.warehouses.get(route.warehouse_id, route.warehouse_id)),
        (say("车辆", "Truck"), name_of(TRUCK_KINDS, route.kind, locale.lang)),
        (say("装车", "Loading"), _loading_text(route, locale)),
        (say("出发", "Departs"), locale.clock(route.departs)),
        (
            say("回仓", "Returns"),
            f"{locale.clock(route.returns)} "
            + say(f"最晚 {locale.clock(latest_return(route))}",
                  f"latest {locale.clock(latest_return(route))}"),
        ),
        (say("台数 / 里程", "Cars / distance"), f"{len(route.stops)} / {km(route.metres)} km"),
    )  # fmt: skip
    grid = facts_grid(facts)
    return [title, Spacer(1, 1.5 * mm), grid, Spacer(1, 1 * mm)]


def _loading_text(route: Route, locale: Locale) -> str:
    bay = locale.say(f"{route.bay} 号位", f"bay {route.bay}")
    return f"{locale.span(route.load)}  {bay}"


def _stop_table(
    route: Route,
    trip: Trip,
    first: int,
    cells: Sequence[DeckCell],
    contacts: Mapping[str, Contact],
    *,
    mask: bool,
    locale: Locale,
) -> Table:
    say = locale.say
    head: list[Any] = [
        paragraph(text, 8)
        for text in (
            say("序", "No."),
            say("时间", "Time"),
            say("车辆", "Car"),
            say("客户与地址", "Buyer and address"),
            say("导航", "Navigation"),
            say("签收", "Signature"),
        )
    ]
    by_order = {cell.order_id: cell for cell in cells if cell.order_id}
    rows: list[list[Any]] = [head]
    for seq, stop in enumerate(trip.stops, start=first):
        contact = contacts.get(stop.order_id)
        rows.append(
            [
                paragraph(str(seq), 14, align=TA_CENTER),
                _time_cell(stop, locale),
                _car_cell(route, stop, by_order[stop.order_id], locale),
                buyer_cell(stop, contact, mask=mask, locale=locale),
                navigation_cell(stop),
                _signature_cell(locale),
            ]
        )
    return Table(
        rows,
        colWidths=_COLUMNS,
        repeatRows=1,
        style=lined(signed=5),
    )


def _time_cell(stop: Stop, locale: Locale) -> list[Flowable]:
    kept = locale.say("已约", "promised") if stop.slot.promised else locale.say("新约", "new")
    arrives, begins = locale.clock(stop.leg.arrives), locale.clock(stop.begins)
    when = [locale.say("到达 ", "arrives ") + arrives]
    if begins != arrives:
        when.append(locale.say("开始 ", "begins ") + begins)
    return [
        paragraph(locale.span(stop.slot.window), 10.5),
        paragraph(kept, 7, colour=FAINT),
        *(paragraph(line, 8.5) for line in when),
        paragraph(
            locale.say("最晚开始 ", "begin by ") + locale.clock(latest_begin(stop)), 7, colour=FAINT
        ),
    ]


def _car_cell(route: Route, stop: Stop, cell: DeckCell, locale: Locale) -> list[Flowable]:
    lines: list[Flowable] = [
        paragraph(stop.model_name, 10),
        paragraph(f"VIN …{stop.vin[-6:]}", 8.5),
        paragraph(stop.order_id, 7.5, colour=FAINT),
        paragraph(locale.say("板位 ", "position ") + cell.position_id, 7.5, colour=FAINT),
    ]
    return [*lines, *(paragraph(line, 8) for line in deck_lines(route, stop, locale))]


def _signature_cell(locale: Locale) -> list[Flowable]:
    """Leave room to sign, above it what both have looked at."""
    seen = locale.say("□ 身份  □ 外观  □ 钥匙", "□ identity  □ body  □ keys")
    return [paragraph(seen, 7, colour=FAINT)]


def _rests(route: Route, locale: Locale) -> list[Flowable]:
    lines = [
        (rest, seq)
        for seq, leg_rests in enumerate(
            [*(stop.leg.road_rests for stop in route.stops), route.home.road_rests], start=1
        )
        for rest in leg_rests
    ]
    lines += [
        (rest, reload.before)
        for reload in route.reloads
        for rest in (*reload.leg.road_rests, *reload.rests)
        if rest.end > rest.start
    ]
    lines += [
        (rest, seq)
        for seq, stop in enumerate(route.stops, start=1)
        for rest in stop.rests
        if rest.end > rest.start
        and rest.place is not RestPlace.HANDOVER
        and not is_night(route, rest)
    ]
    lines.sort(key=lambda item: item[0].start)
    texts = [_rest_text(rest, seq, len(route.stops), locale) for rest, seq in lines]
    texts += [night_line(night, locale) for night in route.nights]
    if any(rest.place is RestPlace.HANDOVER for stop in route.stops for rest in stop.rests):
        # said once: it is so at every stop, and eight lines of it would cost a second page
        texts.append(name_of(REST_PLACES, RestPlace.HANDOVER, locale.lang))
    if not texts:
        return []
    heading = locale.say("休息与等候", "Rests and waits")
    text = locale.say("；", "; ").join(texts)
    return [
        Spacer(1, 1.5 * mm),
        Table(
            [[paragraph(heading, 8, colour=FAINT)], [paragraph(text, 8.5)]],
            colWidths=(WIDTH,),
            style=TableStyle(
                [
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("TOPPADDING", (0, 0), (-1, -1), 1),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
                ]
            ),
        ),
    ]


def _rest_text(rest: Rest, seq: int, stops: int, locale: Locale) -> str:
    span = f"{locale.clock(rest.start)}–{locale.clock(rest.end)}"
    what = name_of(REST_PLACES, rest.place, locale.lang)
    if rest.place in (RestPlace.ROAD, RestPlace.HELD):
        where = (
            locale.say(f"去第 {seq} 站途中", f"on the way to stop {seq}")
            if seq <= stops
            else locale.say("回仓途中", "on the way home")
        )
    else:
        where = locale.say(f"第 {seq} 站", f"stop {seq}")
    return f"{span} {what} " + locale.say(f"（{where}）", f"({where})")
