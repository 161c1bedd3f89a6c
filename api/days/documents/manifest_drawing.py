"""The drawn parts of a manifest: the deck with its cars, and a navigation code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import segno
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from api.days.documents.deck_plan import DeckCell
from api.days.documents.figures import Locale
from api.days.documents.fonts import CJK, glyph_or_box

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

INK: Final = HexColor("#16202C")
FAINT: Final = HexColor("#5B6876")
LINE: Final = HexColor("#9AA6B2")
FILL: Final = HexColor("#EEF2F6")

_UPPER: Final = ("上", "U", "u")
"""How positions of an upper deck are named in deck templates."""


class NavigationCode(Flowable):
    """A QR code drawn as rectangles; sharp at any print size."""

    def __init__(self, url: str, *, side: float) -> None:
        super().__init__()
        self.width = self.height = side
        self._rows = tuple(tuple(row) for row in segno.make(url, error="l", micro=False).matrix)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Tell the room it needs."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw runs of dark modules; the quiet zone is the cell's padding."""
        module = self.width / len(self._rows)
        self.canv.setFillColor(INK)
        for y, row in enumerate(self._rows):
            x = 0
            while x < len(row):
                run = 0
                while x + run < len(row) and row[x + run]:
                    run += 1
                if run:
                    bottom = self.height - (y + 1) * module
                    self.canv.rect(x * module, bottom, run * module, module, stroke=0, fill=1)
                x += max(run, 1)


class DeckSketch(Flowable):
    """The deck from the side, cab at the left: which car stands where, and when it goes up."""

    CELL_HEIGHT: Final = 15 * mm
    CAB_WIDTH: Final = 13 * mm

    def __init__(self, cells: Sequence[DeckCell], *, width: float, locale: Locale) -> None:
        super().__init__()
        upper = [cell for cell in cells if cell.position_id.startswith(_UPPER)]
        lower = [cell for cell in cells if not cell.position_id.startswith(_UPPER)]
        self._decks = [deck for deck in (upper, lower) if deck]
        self._locale = locale
        self.width = width
        self.height = len(self._decks) * self.CELL_HEIGHT + 3 * mm

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Tell the room it needs."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the cab, then deck by deck from the top."""
        self._draw_cab()
        room = self.width - self.CAB_WIDTH - 2 * mm
        columns = max(4, *(len(deck) for deck in self._decks))
        wide = room / columns
        for row, deck in enumerate(self._decks):
            bottom = self.height - (row + 1) * self.CELL_HEIGHT
            for column, cell in enumerate(deck):
                left = self.CAB_WIDTH + 2 * mm + column * wide
                self._draw_cell(cell, left, bottom, wide - 1 * mm)

    def _draw_cab(self) -> None:
        canvas = self.canv
        canvas.setStrokeColor(LINE)
        canvas.setFillColor(FILL)
        canvas.setLineWidth(0.8)
        path = canvas.beginPath()
        bottom, high = 3 * mm, min(self.height - 4 * mm, 16 * mm)
        path.moveTo(0, bottom)
        path.lineTo(0, bottom + high * 0.55)
        path.lineTo(3.5 * mm, bottom + high)
        path.lineTo(self.CAB_WIDTH, bottom + high)
        path.lineTo(self.CAB_WIDTH, bottom)
        path.close()
        canvas.drawPath(path, stroke=1, fill=1)
        canvas.setFillColor(FAINT)
        canvas.circle(4 * mm, bottom, 1.6 * mm, stroke=0, fill=1)
        self._text(self._locale.say("车头", "cab"), 4.2 * mm, bottom + high * 0.3, 7, FAINT)

    def _draw_cell(self, cell: DeckCell, left: float, bottom: float, wide: float) -> None:
        canvas = self.canv
        high = self.CELL_HEIGHT - 1.2 * mm
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.8)
        canvas.setDash([] if cell.order_id else [2, 2])
        canvas.setFillColor(HexColor("#FFFFFF"))
        canvas.roundRect(left, bottom, wide, high, 1.2 * mm, stroke=1, fill=1)
        canvas.setDash([])
        top = bottom + high - 3.4 * mm
        self._text(cell.position_id, left + 1.5 * mm, top, 7, FAINT)
        if not cell.order_id:
            self._text(self._locale.say("空", "empty"), left + 1.5 * mm, bottom + 4 * mm, 8, FAINT)
            return
        turn = self._locale.say(f"第 {cell.load_rank} 个装", f"load {cell.load_rank}")
        self._text(turn, left + wide - 1.5 * mm, top, 7, INK, right=True)
        canvas.setFillColor(INK)
        canvas.circle(left + 4.6 * mm, bottom + 5 * mm, 3 * mm, stroke=0, fill=1)
        canvas.setFillColor(HexColor("#FFFFFF"))
        canvas.setFont(CJK, 10)
        canvas.drawCentredString(left + 4.6 * mm, bottom + 3.75 * mm, str(cell.seq))
        text_left = left + 9 * mm
        room = wide - 10 * mm
        self._text(cell.model_name, text_left, bottom + 6 * mm, 8, INK, room=room)
        self._text(f"VIN {cell.vin[-6:]}", text_left, bottom + 2.4 * mm, 7, FAINT, room=room)

    def _text(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        colour: Color,
        *,
        right: bool = False,
        room: float | None = None,
    ) -> None:
        canvas: Canvas = self.canv
        shown = glyph_or_box(text)
        while room is not None and len(shown) > 1 and canvas.stringWidth(shown, CJK, size) > room:
            shown = f"{shown.rstrip('…')[:-1]}…"
        canvas.setFillColor(colour)
        canvas.setFont(CJK, size)
        (canvas.drawRightString if right else canvas.drawString)(x, y, shown)
