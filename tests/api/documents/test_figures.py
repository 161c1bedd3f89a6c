"""Figures and sentences as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.days.documents.figures import Locale, locale_of, percent
from api.days.documents.summary import clip, columns, wrapped
from api.settings import Language
from routing.reasons import Unit
from tests.plans import henan_plan

ZH = locale_of(henan_plan(), Language.CHINESE)
EN = locale_of(henan_plan(), Language.ENGLISH)


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("没写时段 / no window given", "没写时段", "no window given"),
        ("窗口 9 / 14 点 / two windows", "窗口 9 / 14 点", "two windows"),
        ("no window given", "no window given", "no window given"),
        ("scgraph-data / OpenStreetMap", "scgraph-data / OpenStreetMap", None),
        ("限行 三环内 / truck ban 三环内", "限行 三环内", "truck ban 三环内"),
    ],
)
def test_a_reader_sees_one_language(text: str, chinese: str, english: str | None) -> None:
    """Plans keep both halves in one line; a page of two languages is twice as long to read."""
    assert ZH.half(text) == chinese
    assert EN.half(text) == (english if english is not None else text)


@pytest.mark.parametrize(
    ("amount", "unit", "chinese", "english"),
    [
        (61, Unit.SECONDS, "2 分钟", "2 min"),
        (3_600, Unit.SECONDS, "1 小时 00 分", "1 h 00 min"),
        (1, Unit.SKILLS, "1 项技能", "1 skill"),
        (2, Unit.SIZES, "2 级车型", "2 truck sizes"),
        (1, Unit.CARS, "1 台", "1 car"),
        (320, Unit.MILLIMETRES, "320 毫米", "320 mm"),
        (70_457, Unit.MINOR, "704.57 元", "CNY 704.57"),
        (5, Unit.NONE, "", ""),
    ],
)
def test_what_is_missing_has_its_unit(amount: int, unit: Unit, chinese: str, english: str) -> None:
    """Time is rounded up: 61 seconds conceded as one minute would still be too few."""
    assert (ZH.short_by(amount, unit), EN.short_by(amount, unit)) == (chinese, english)


@pytest.mark.parametrize("locale", [ZH, EN], ids=["zh", "en"])
def test_one_car_is_not_one_cars(locale: Locale) -> None:
    """Small, and on every line of every list."""
    assert locale.cars(1) in ("1 台", "1 car")
    assert locale.cars(10) in ("10 台", "10 cars")


TEXTS = st.text(alphabet="改期一天豫D0，（）。 +ab¥1.50", min_size=1, max_size=90)


@given(text=TEXTS, width=st.integers(min_value=12, max_value=60))
def test_wrapping_loses_nothing_and_stays_within_the_width(text: str, width: int) -> None:
    """A price that is cut off is the one that was needed; blanks alone may go at a line's end."""
    lines = wrapped(text, width, indent=4)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        word = max((columns(piece) for piece in line.split()), default=0)
        assert columns(line) <= width or word + 4 > width


def test_a_plate_is_not_torn_apart() -> None:
    """豫 at the end of one line and D0007 on the next is no plate."""
    lines = wrapped("给 豫D0007 配会讲解的人，给 豫D0007 配会讲解的人", 14, indent=2)
    assert sum("豫D0007" in line for line in lines) == 2


def test_a_clipped_line_says_so() -> None:
    """An address may be cut, with a sign that it was."""
    assert clip("河南省洛阳市", 7) == "河南省…"


def test_a_chance_below_one_percent_is_not_called_nothing() -> None:
    """0 % reads like never; one day in two hundred is not never."""
    assert [percent(share) for share in (None, 0.0, 0.004, 0.07, 1.0)] == [
        "", "0 %", "<1 %", "7 %", "100 %",
    ]  # fmt: skip
