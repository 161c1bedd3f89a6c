"""The one CJK font that is embedded in PDFs: WenQuanYi Micro Hei, from its own package."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

CJK: Final = "WenQuanYiMicroHei"
_MICRO_HEI: Final = 0
"""Index inside the collection; 1 is the monospaced face."""


@cache
def cjk_font() -> TTFont:
    """Make the font known to reportlab and return it; reading it takes some 0.3 s once."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    path = files("paperang_p2_fonts_cjk") / "fonts" / "wqy-microhei.ttc"
    font = TTFont(CJK, str(path), subfontIndex=_MICRO_HEI)
    pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(CJK, normal=CJK, bold=CJK, italic=CJK, boldItalic=CJK)
    return font


def glyph_or_box(text: str) -> str:
    """Replace characters the font cannot draw by `□`, so that a gap is seen and not swallowed."""
    glyphs = cjk_font().face.charToGlyph
    return "".join(char if ord(char) in glyphs or char == "\n" else "□" for char in text)
