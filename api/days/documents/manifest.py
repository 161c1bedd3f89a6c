"""manifests.pdf: what the driver holds, one truck after the other, on A4.

This is one of the two documents that carry phones (the other is `truck_text`); `mask` hides their
middle digits. The bytes repeat: no clock, no random ids.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from api.days.documents.cell_words import required_text
from api.days.documents.deck_plan import DeckCell, deck_cells
from api.days.documents.deck_work import deck_lines
from api.days.documents.figures import (
    Locale,
    km,
    latest_begin,
    latest_return,
    locale_of,
    plain,
    specialist_of,
)
from api.days.documents.fonts import CJK, cjk_font, glyph_or_box
from api.days.documents.manifest_drawing import FAINT, FILL, INK, LINE, DeckSketch, NavigationCode
from api.days.documents.navigation import TEXT_RADIUS_M, navigation_url
from api.days.documents.nights import is_night, night_line
from api.days.documents.personal import mask_phone
from api.days.documents.trips import numbered_trips, trip_line
from api.days.documents.wording import MODES, REST_PLACES, TRUCK_KINDS, name_of
from api.settings import Language
from routing.domain.fleet import DeckTemplate
from routing.domain.orders import Contact
from routing.plan import Plan, Rest, RestPlace, Route, Stop, Trip

_MARGIN: Final = 10 * mm
_WIDTH: Final = A4[0] - 2 * _MARGIN
_FRAME_PADDING: Final = 6.0
"""Points that reportlab's frame adds on each side."""

_QR_SIDE: Final = 16.3 * mm
_COLUMNS: Final = (8 * mm, 29 * mm, 34 * mm, 66 * mm, 23 * mm, 30 * mm)


def manifests_bytes(
    plan: Plan,
    *,
    contacts: Mapping[str, Contact],
    mask: bool,
    lang: Language,
    decks: Mapping[str, DeckTemplate],
) -> bytes:
    """Build the manifests of all trucks; `decks` (by truck) lets empty positions be drawn."""
    cjk_font()
    reader = locale_of(plan, lang)
    story: list[Flowable] = []
    for route in sorted(plan.routes, key=lambda route: route.day):
        locale = reader.on(route.day)
        if story:
            story.append(PageBreak())
        story.append(_PageLabel(f"{route.plate}  {locale.date_line()}"))
        story += _header(plan, route, locale)
        for number, (first, trip) in enumerate(numbered_trips(route), start=1):
            cells = deck_cells(route, decks.get(route.truck_id), trip=number - 1)
            if route.reloads:
                story += [_paragraph(trip_line(route, number, locale), 11), Spacer(1, 1 * mm)]
            story += [DeckSketch(cells, width=_WIDTH, locale=locale), Spacer(1, 1 * mm)]
            table = _stop_table(route, trip, first, cells, contacts, mask=mask, locale=locale)
            story += [table, Spacer(1, 1.5 * mm)] if number < len(route.trips) else [table]
        story += _rests(route, locale)
    if not story:
        story.append(_paragraph(reader.say("今天没有车辆出车。", "No truck leaves today."), 12))
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=_MARGIN - _FRAME_PADDING,
        rightMargin=_MARGIN - _FRAME_PADDING,
        topMargin=9 * mm,
        bottomMargin=12 * mm,
        title=reader.say(f"派车单 {plan.day}", f"Manifests {plan.day}"),
        author="Flatbed",
        invariant=1,
    )
    foot = reader.say("计划", "plan") + f" {plan.provenance.request_digest[:12]}"
    document.build(story, canvasmaker=_numbered(foot, reader))
    return out.getvalue()


class _PageLabel(Flowable):
    """Tells the canvas whose pages follow; takes no room."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label = label

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        canvas: Any = self.canv  # the NumberedCanvas of `_numbered`
        canvas.truck_label = self._label


def _numbered(foot: str, locale: Locale) -> type[Canvas]:
    """Make a canvas that writes `truck, page x/y` under every page once all are known."""

    class NumberedCanvas(Canvas):
        truck_label = ""

        def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - reportlab's own
            super().__init__(*args, **options)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]  # reportlab's recipe; missing in stubs

        def save(self) -> None:
            totals = Counter(page.get("truck_label", "") for page in self._pages)
            seen: Counter[str] = Counter()
            for page in self._pages:
                self.__dict__.update(page)
                seen[self.truck_label] += 1
                self._write_foot(seen[self.truck_label], totals[self.truck_label])
                super().showPage()
            super().save()

        def _write_foot(self, number: int, total: int) -> None:
            self.setFont(CJK, 7.5)
            self.setFillColor(FAINT)
            page = locale.say(f"第 {number} / {total} 页", f"page {number} / {total}")
            self.drawString(_MARGIN, 7 * mm, glyph_or_box(f"{self.truck_label}   {foot}"))
            self.drawRightString(A4[0] - _MARGIN, 7 * mm, page)

    return NumberedCanvas


def _header(plan: Plan, route: Route, locale: Locale) -> list[Flowable]:
    say = locale.say
    title = Table(
        [
            [
                _paragraph(say("派车单", "Delivery manifest"), 17),
                _paragraph(locale.date_line(), 11, align=TA_CENTER),
                _paragraph(route.plate, 19, align=TA_RIGHT),
            ]
        ],
        colWidths=(_WIDTH * 0.36, _WIDTH * 0.28, _WIDTH * 0.36),
        style=TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
                ("LINEBELOW", (0, 0), (-1, -1), 1.2, INK),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
            ]
        ),
    )
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
    cells = [[_paragraph(name, 7, colour=FAINT), _paragraph(value, 10)] for name, value in facts]
    grid = Table(
        [cells[:4], cells[4:]],
        colWidths=[_WIDTH * share for share in (0.3, 0.18, 0.3, 0.22)],
        style=TableStyle(
            [
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        ),
    )
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
        _paragraph(text, 8)
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
                _paragraph(str(seq), 14, align=TA_CENTER),
                _time_cell(stop, locale),
                _car_cell(route, stop, by_order[stop.order_id], locale),
                _buyer_cell(stop, contact, mask=mask, locale=locale),
                _navigation_cell(stop),
                _signature_cell(locale),
            ]
        )
    return Table(
        rows,
        colWidths=_COLUMNS,
        repeatRows=1,
        style=TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, LINE),
                ("BACKGROUND", (0, 0), (-1, 0), FILL),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("VALIGN", (5, 1), (5, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ]
        ),
    )


def _time_cell(stop: Stop, locale: Locale) -> list[Flowable]:
    kept = locale.say("已约", "promised") if stop.slot.promised else locale.say("新约", "new")
    arrives, begins = locale.clock(stop.leg.arrives), locale.clock(stop.begins)
    when = [locale.say("到达 ", "arrives ") + arrives]
    if begins != arrives:
        when.append(locale.say("开始 ", "begins ") + begins)
    return [
        _paragraph(locale.span(stop.slot.window), 10.5),
        _paragraph(kept, 7, colour=FAINT),
        *(_paragraph(line, 8.5) for line in when),
        _paragraph(
            locale.say("最晚开始 ", "begin by ") + locale.clock(latest_begin(stop)), 7, colour=FAINT
        ),
    ]


def _car_cell(route: Route, stop: Stop, cell: DeckCell, locale: Locale) -> list[Flowable]:
    lines: list[Flowable] = [
        _paragraph(stop.model_name, 10),
        _paragraph(f"VIN …{stop.vin[-6:]}", 8.5),
        _paragraph(stop.order_id, 7.5, colour=FAINT),
        _paragraph(locale.say("板位 ", "position ") + cell.position_id, 7.5, colour=FAINT),
    ]
    return [*lines, *(_paragraph(line, 8) for line in deck_lines(route, stop, locale))]


def _buyer_cell(
    stop: Stop, contact: Contact | None, *, mask: bool, locale: Locale
) -> list[Flowable]:
    if contact is None:
        who = locale.say("联系人见订单系统", "contact: see the order system")
    else:
        phone = mask_phone(contact.phone) if mask else contact.phone
        who = f"{contact.name}  {phone}"
    lines: list[Flowable] = [_paragraph(who, 10), _paragraph(stop.address, 9)]
    facts = [] if stop.mode == "door" else [name_of(MODES, stop.mode, locale.lang)]
    if stop.radius_m > TEXT_RADIUS_M:
        facts.append(
            locale.say(
                f"位置误差 {km(stop.radius_m)} km，扫码为搜索地址，出发前电话确认",
                f"position within {km(stop.radius_m)} km, the code searches the address; "
                "call first",
            )
        )
    if stop.slot.required_fields:
        facts.append(locale.say("缺：", "missing: ") + required_text(stop, locale))
    if stop.note:
        facts.append(stop.note)
    lines += [_paragraph(fact, 7.5, colour=FAINT) for fact in facts]
    return lines


def _navigation_cell(stop: Stop) -> NavigationCode:
    code = NavigationCode(navigation_url(stop), side=_QR_SIDE)
    code.hAlign = "CENTER"
    return code


def _signature_cell(locale: Locale) -> list[Flowable]:
    """Leave room to sign, above it what both have looked at."""
    seen = locale.say("□ 身份  □ 外观  □ 钥匙", "□ identity  □ body  □ keys")
    return [_paragraph(seen, 7, colour=FAINT)]


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
            [[_paragraph(heading, 8, colour=FAINT)], [_paragraph(text, 8.5)]],
            colWidths=(_WIDTH,),
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


def _paragraph(
    text: str, size: float, *, colour: Color = INK, align: Literal[0, 1, 2] = TA_LEFT
) -> Paragraph:
    style = ParagraphStyle(
        f"cjk-{size}-{align}",
        fontName=CJK,
        fontSize=size,
        leading=size * 1.25,
        textColor=colour,
        alignment=align,
        wordWrap="CJK",
    )
    return Paragraph(escape(glyph_or_box(plain(text))), style)
