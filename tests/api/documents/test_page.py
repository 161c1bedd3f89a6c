"""plan.html: opens anywhere, asks nobody, says everything."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from api.days.documents.backdrop import EMPTY_BACKDROP, Backdrop
from api.days.documents.figures import locale_of
from api.days.documents.page.cards import truck_cards
from api.days.documents.page.map import HEIGHT, MARKER_PX, WIDTH, build_map, fit, path_data, spread
from api.days.documents.page.render import html_bytes
from api.days.documents.page.timeline import build_timeline
from api.settings import Language
from routing.plan import Plan
from tests.api.documents.test_write import two_counties
from tests.plans import henan_plan, large_plan

ZH, EN = Language.CHINESE, Language.ENGLISH


def _html(plan: Plan, *, lang: Language = ZH, findings: int | None = 0) -> str:
    return html_bytes(
        plan, geometry=None, backdrop=two_counties, audit_findings=findings, lang=lang
    ).decode()


class _Page(HTMLParser):
    """Collects the elements and the text outside of scripts and styles."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def test_the_page_loads_nothing_from_anywhere() -> None:
    """It opens on a machine without a network; only anchors, which a person clicks, lead out."""
    text = _html(large_plan())
    page = _Page(text)
    for tag, attributes in page.elements:
        assert tag not in {"link", "iframe", "object", "embed", "img", "base", "image", "use"}
        for name in ("src", "srcset", "data", "poster", "xlink:href", "action", "background"):
            assert name not in attributes, (tag, name)
        if "href" in attributes:
            assert tag == "a"
            assert attributes["href"].startswith("https://uri.amap.com/")
    style_and_script = "".join(re.findall(r"<(?:style|script)>.*?</(?:style|script)>", text, re.S))
    for loader in ("url(", "@import", "fetch(", "XMLHttpRequest", "import(", "http:", "https:"):
        assert loader not in style_and_script
    policy = next(a["content"] for t, a in page.elements if "http-equiv" in a)
    assert "default-src 'none'" in policy


def test_the_page_is_well_formed_and_escapes_what_people_typed() -> None:
    """An address may hold `<b>`; it must be read, not obeyed."""
    text = _html(henan_plan())
    page = _Page(text)
    assert page.unbalanced == []
    assert page.open == []
    assert "<b>中牟县</b>" not in text
    assert "&lt;b&gt;中牟县" in text


@pytest.mark.parametrize("lang", [ZH, EN])
def test_the_page_tells_the_whole_story_without_script(lang: Language) -> None:
    """Every truck, stop, left-behind order, fix, assumption and skipped row is in the text."""
    plan = henan_plan()
    words = _Page(_html(plan, lang=lang)).text
    for route in plan.routes:
        assert route.plate in words
        assert all(stop.order_id in words and stop.address in words for stop in route.stops)
    for left in plan.left_behind:
        assert left.order_id in words
        assert (left.text if lang is ZH else left.text_en) in words
        if left.fix:
            assert (left.fix.text if lang is ZH else left.fix.text_en) in words
    for text in (*plan.provenance.assumptions, *plan.provenance.sources, plan.skipped[0].faults[0]):
        assert text in words


def test_the_english_page_has_no_chinese_of_ours() -> None:
    """Names, addresses and the plan's own notes stay as they are; everything else is English."""
    plan = henan_plan()
    words = _Page(_html(plan, lang=EN)).text
    for label in ("未安排", "车辆", "时间轴", "装车", "交付", "假设", "已约", "到门", "复核", "台"):
        assert label not in words.replace("单板车可达", "").replace("货车", ""), label
    for label in ("Left behind", "Trucks", "Timeline", "Assumptions", "Audit clean"):
        assert label in words


def test_the_seal_says_what_the_auditor_found() -> None:
    """A plan nobody has checked must not look like one that passed."""
    assert "独立复核通过" in _html(henan_plan(), findings=0)
    assert "复核发现 3 处问题" in _html(henan_plan(), findings=3)
    unseen = _Page(_html(henan_plan(), findings=None)).text
    assert "未复核" in unseen
    assert "独立复核通过" not in unseen


def test_a_large_day_stays_small() -> None:
    """Some 150 orders on 39 trucks: well under 3 MB before the counties."""
    assert len(_html(large_plan()).encode()) < 1_000_000


def test_straight_lines_are_called_straight() -> None:
    """A dashed line that looks like a road would be believed."""
    assert "虚线为直线示意" in _html(henan_plan())


def test_a_plan_without_routes_still_has_a_page() -> None:
    """Everything left behind is a day, too."""
    page = _Page(_html(replace(henan_plan(), routes=(), sites={})))
    assert "D-2013" in page.text
    assert page.unbalanced == []


# ---- map ----------------------------------------------------------------------------------


def test_the_map_shows_every_stop_and_warehouse_inside_the_picture() -> None:
    """Nothing is cut off at the edge, whatever the shape of the day."""
    view = build_map(large_plan(), geometry=None, backdrop=two_counties)
    assert len(view.markers) == 13 * 12
    for mark in view.markers:
        assert 0 < mark.x + mark.dx < WIDTH
        assert 0 < mark.y + mark.dy < HEIGHT
    assert [site.name for site in view.sites] == ["洛阳仓", "郑州仓"]


def test_crowded_stops_are_moved_apart() -> None:
    """Eight orders known only to one county seat lie on one point; all numbers must be read."""
    places = [(100.0, 100.0)] * 8 + [(400.0, 200.0)]
    at = np.array(places) + np.array(spread(places))
    distance = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(distance, np.inf)
    assert distance.min() >= 2 * MARKER_PX - 1
    assert spread(places)[-1] == (0.0, 0.0)  # who stands alone stays
    assert spread([]) == []


def test_one_stop_in_one_town_is_drawn_with_some_country_around() -> None:
    """No zoom to a single pixel, no division by zero."""
    projection = fit([(113.0, 34.0)])
    assert projection.xy((113.0, 34.0)) == pytest.approx((WIDTH / 2, HEIGHT / 2))
    bounds = fit([]).bounds
    assert bounds.west < 104 < bounds.east


def test_paths_are_short_and_drop_repeated_points() -> None:
    """Tenths of a pixel, relative: a third of the bytes of absolute degrees."""
    assert path_data([(1.04, 2.0), (1.04, 2.01), (3.5, 2.0)]) == "M1 2l2.5 0"
    assert path_data([(1.0, 1.0)]) == "M1 1l0 0"


# ---- timeline -----------------------------------------------------------------------------


def test_the_timeline_holds_everything_between_its_edges() -> None:
    """A block outside of the scale would be invisible."""
    view = build_timeline(large_plan(), locale_of(large_plan(), ZH), county_names={})
    for row in view.rows:
        for block in row.blocks:
            assert block.left >= -0.001
            assert block.left + block.width <= 100.001
        for slot in row.slots:
            assert slot.left >= -0.001
            assert slot.left + slot.width <= 100.001


def test_loading_of_the_evening_before_is_said_and_not_stretched_to() -> None:
    """Thirteen empty hours would squeeze the day."""
    view = build_timeline(henan_plan(), locale_of(henan_plan(), ZH), county_names={})
    assert view.hours[0].label == "06:00"
    assert [bool(row.evening) for row in view.rows] == [False, False, True]
    assert view.rows[2].evening == "前晚装 18:08–19:00"
    assert view.rows[2].evening_title == "装车 11-22 18:08–19:00"


def test_a_block_is_as_long_as_what_it_stands_for() -> None:
    """Loading from 07:34 to 08:10 on a scale of 06:00 to 22:00."""
    plan = henan_plan()
    view = build_timeline(plan, locale_of(plan, ZH), county_names={"410183": "新密市"})
    load, _drive, service = view.rows[0].blocks[:3]
    assert len(view.hours) == 16
    assert load.left == pytest.approx(100 * (94 / 60) / 16, abs=0.01)
    assert load.width == pytest.approx(100 * (36 / 60) / 16, abs=0.01)
    assert (service.label, service.place) == ("1", "新密市")


def test_an_order_left_behind_is_marked_where_it_would_have_gone() -> None:
    """Seen beside the routes, a fix is judged at a glance; an order without a place has no mark."""
    plan = henan_plan()
    known = [left for left in plan.left_behind if left.lat is not None]
    view = build_map(plan, geometry=None, backdrop=lambda bounds, detail: EMPTY_BACKDROP)
    assert [mark.order_id for mark in view.left] == [left.order_id for left in known]
    assert 0 < len(known) < len(plan.left_behind)


def test_the_corner_of_the_map_names_the_map_and_the_roads_alone() -> None:
    """Six lines of sources once hid a third of the routes; the others stand below the page."""
    plan = henan_plan()
    made = replace(plan.provenance, sources=("x: OpenStreetMap contributors, ODbL", "tolls: y"))
    view = build_map(
        replace(plan, provenance=made),
        geometry=None,
        backdrop=lambda bounds, detail: Backdrop(counties=(), attribution="© 天地图"),
    )
    assert view.attribution == "© 天地图 · x: OpenStreetMap contributors, ODbL"


def test_papers_name_the_specialist_and_not_the_staff_number() -> None:
    """The buyer asks for a person."""
    plan = henan_plan()
    cards = truck_cards(plan, locale_of(plan, ZH), county_names={})
    assert cards[1].crew == f"{plan.routes[1].driver_name} + 程予安"
