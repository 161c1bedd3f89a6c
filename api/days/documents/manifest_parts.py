"""What the papers of drivers and specialists are put together from; A4, bytes that repeat."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, Literal
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table, TableStyle

from api.days.documents.cell_words import required_text
from api.days.documents.figures import Locale, km, plain
from api.days.documents.fonts import CJK, glyph_or_box
from api.days.documents.manifest_drawing import FAINT, FILL, INK, LINE, NavigationCode
from api.days.documents.navigation import TEXT_RADIUS_M, navigation_url
from api.days.documents.personal import mask_phone
from api.days.documents.wording import MODES, name_of
from routing.domain.orders import Contact
from routing.plan import Stop

_MARGIN: Final = 10 * mm
WIDTH: Final = A4[0] - 2 * _MARGIN
_FRAME_PADDING: Final = 6.0
"""Points that reportlab's frame adds on each side."""

_QR_SIDE: Final = 16.3 * mm


def paper_bytes(story: list[Flowable], *, title: str, foot: str, locale: Locale) -> bytes:
    """Lay out a story; under every page stands whose it is, which of how many, and `foot`."""
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=_MARGIN - _FRAME_PADDING,
        rightMargin=_MARGIN - _FRAME_PADDING,
        topMargin=9 * mm,
        bottomMargin=12 * mm,
        title=title,
        author="Flatbed",
        invariant=1,
    )
    document.build(story, canvasmaker=_numbered(foot, locale))
    return out.getvalue()


def title_line(what: str, whose: str, locale: Locale) -> Table:
    """Write what a paper is, its date, and whose it is."""
    return Table(
        [
            [
                paragraph(what, 17),
                paragraph(locale.date_line(), 11, align=TA_CENTER),
                paragraph(whose, 19, align=TA_RIGHT),
            ]
        ],
        colWidths=(WIDTH * 0.36, WIDTH * 0.28, WIDTH * 0.36),
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


def facts_grid(facts: Sequence[tuple[str, str]]) -> Table:
    """Set named facts in rows of four."""
    cells: list[Any] = [
        [paragraph(name, 7, colour=FAINT), paragraph(value, 10)] for name, value in facts
    ]
    cells += [""] * (-len(cells) % 4)
    return Table(
        [cells[at : at + 4] for at in range(0, len(cells), 4)],
        colWidths=[WIDTH * share for share in (0.3, 0.18, 0.3, 0.22)],
        style=TableStyle(
            [
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        ),
    )


def lined(*, signed: int) -> TableStyle:
    """Style a table with a heading; in column `signed` people sign below what stands on top."""
    return TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.5, LINE),
            ("BACKGROUND", (0, 0), (-1, 0), FILL),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("VALIGN", (signed, 1), (signed, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ]
    )


class PageLabel(Flowable):
    """Tells the canvas whose pages follow; takes no room."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label = label

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Tell the room it needs: none."""
        return 0, 0

    def draw(self) -> None:
        """Hand the label to the canvas."""
        canvas: Any = self.canv  # the NumberedCanvas of `_numbered`
        canvas.page_label = self._label


def _numbered(foot: str, locale: Locale) -> type[Canvas]:
    """Make a canvas that writes `whose, page x/y` under every page once all are known."""

    class NumberedCanvas(Canvas):
        page_label = ""

        def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - reportlab's own
            super().__init__(*args, **options)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]  # reportlab's recipe; missing in stubs

        def save(self) -> None:
            totals = Counter(page.get("page_label", "") for page in self._pages)
            seen: Counter[str] = Counter()
            for page in self._pages:
                self.__dict__.update(page)
                seen[self.page_label] += 1
                self._write_foot(seen[self.page_label], totals[self.page_label])
                super().showPage()
            super().save()

        def _write_foot(self, number: int, total: int) -> None:
            self.setFont(CJK, 7.5)
            self.setFillColor(FAINT)
            page = locale.say(f"第 {number} / {total} 页", f"page {number} / {total}")
            self.drawString(_MARGIN, 7 * mm, glyph_or_box(f"{self.page_label}   {foot}"))
            self.drawRightString(A4[0] - _MARGIN, 7 * mm, page)

    return NumberedCanvas


def buyer_cell(
    stop: Stop, contact: Contact | None, *, mask: bool, locale: Locale
) -> list[Flowable]:
    """Say who the buyer is and where, with what a driver must know of the place."""
    if contact is None:
        who = locale.say("联系人见订单系统", "contact: see the order system")
    else:
        phone = mask_phone(contact.phone) if mask else contact.phone
        who = f"{contact.name}  {phone}"
    lines: list[Flowable] = [paragraph(who, 10), paragraph(stop.address, 9)]
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
    lines += [paragraph(fact, 7.5, colour=FAINT) for fact in facts]
    return lines


def navigation_cell(stop: Stop) -> NavigationCode:
    """Draw the code that opens the way to a buyer."""
    code = NavigationCode(navigation_url(stop), side=_QR_SIDE)
    code.hAlign = "CENTER"
    return code


def paragraph(
    text: str, size: float, *, colour: Color = INK, align: Literal[0, 1, 2] = TA_LEFT
) -> Paragraph:
    """Set text as it is, wrapped as Chinese is."""
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
