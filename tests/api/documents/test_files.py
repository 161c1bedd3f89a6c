"""Each kind of file on its own: what a reader of that kind relies on."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import gpxpy
import openpyxl
import pytest
from icalendar import Calendar
from pypdf import PdfReader

from api.days.documents.cells import csv_bytes, safe_text
from api.days.documents.figures import locale_of, plain
from api.days.documents.fonts import glyph_or_box
from api.days.documents.geojson import geojson_bytes
from api.days.documents.gpx import gpx_bytes
from api.days.documents.ics import ics_bytes
from api.days.documents.manifest import manifests_bytes
from api.days.documents.navigation import navigation_url
from api.days.documents.paths import Line
from api.days.documents.slots import (
    book_date,
    bookdate_csv_bytes,
    granularity,
    left_behind_csv_bytes,
    slots_csv_bytes,
    slots_json_bytes,
)
from api.days.documents.summary import columns, summary_json, summary_text
from api.days.documents.truck_text import truck_file_name, truck_text
from api.days.documents.wording import FIXES, IDLE, REASONS, REST_PLACES, STOP_REASONS, TRUCK_KINDS
from api.days.documents.workbook import workbook_bytes
from api.settings import Language
from geodata.datum import gcj02_to_wgs84
from routing.domain.fleet import TruckKind
from routing.plan import FixKind, Plan, RestPlace, StopReason
from routing.reasons import Reason
from tests.plan_values import window
from tests.plans import contacts, henan_plan

ZH, EN = Language.CHINESE, Language.ENGLISH


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _geometry(plan: Plan) -> dict[str, tuple[Line, ...]]:
    """A bend halfway along every leg."""
    found: dict[str, tuple[Line, ...]] = {}
    for route in plan.routes:
        site = plan.sites[route.warehouse_id]
        points = [(site.lon, site.lat), *((stop.lon, stop.lat) for stop in route.stops)]
        found[route.truck_id] = tuple(
            (a, ((a[0] + b[0]) / 2 + 0.05, (a[1] + b[1]) / 2), b)
            for a, b in pairwise([*points, points[0]])
        )
    return found


def test_every_published_code_has_its_words() -> None:
    """A code without a name would reach the dispatcher as it is."""
    for codes, words in (
        (Reason, REASONS),
        (FixKind, FIXES),
        (TruckKind, TRUCK_KINDS),
        (RestPlace, REST_PLACES),
        (StopReason, STOP_REASONS),
        (("not_needed", "no_driver"), IDLE),
    ):
        assert set(words) == set(codes)


# ---- workbook -----------------------------------------------------------------------------


def test_the_workbook_has_the_sheets_people_ask_for() -> None:
    """Routes, stops, what stayed behind, figures, assumptions, and rows that were skipped."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(henan_plan(), lang=ZH)))
    assert book.sheetnames == ["路线", "停靠点", "未安排", "指标", "假设与来源", "跳过的行"]
    assert all(sheet.freeze_panes for sheet in book)
    stops = list(book["停靠点"].values)
    assert len(stops) == 1 + 12
    assert stops[0][:3] == ("车牌", "序", "订单号")
    english = openpyxl.load_workbook(io.BytesIO(workbook_bytes(henan_plan(), lang=EN)))
    assert english.sheetnames[0] == "Routes"


def test_the_workbook_holds_numbers_that_add_up() -> None:
    """A dispatcher sums the column; the sum is the plan's cost, and times are times."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(henan_plan(), lang=ZH)))
    routes = list(book["路线"].values)
    cost, departs = routes[0].index("成本(元)"), routes[0].index("出发")
    total = sum(float(str(row[cost])) for row in routes[1:])
    assert round(total * 100) == henan_plan().cost_minor
    assert routes[1][departs] == datetime(2026, 11, 23, 8, 10)  # noqa: DTZ001 - cells have no zone


def test_nothing_typed_by_a_stranger_becomes_a_formula() -> None:
    """The address `=HYPERLINK(...)` arrives as text, in the workbook and in the CSV."""
    plan = henan_plan()
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(plan, lang=ZH)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert any(str(cell.value).startswith("'=HYPERLINK") for cell in cells)
    assert b"'=HYPERLINK" in left_behind_csv_bytes(plan, lang=ZH)


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "  =", "\t="]
)
def test_formula_starts_are_disarmed_however_they_are_written(start: str) -> None:
    """Full-width signs and leading blanks are folded by some spreadsheets."""
    assert safe_text(f"{start}1+1") == f"'{start}1+1"
    (row,) = _rows(csv_bytes(("a",), [(f"{start}1+1",)]))
    assert row["a"].startswith("'")


def test_ordinary_text_is_left_alone() -> None:
    """An apostrophe before every cell would be noise."""
    for text in ("", "D-2001", "豫A·D0031", "a=b", "1-2"):
        assert safe_text(text) == text


# ---- manifests ----------------------------------------------------------------------------


def _pages(plan: Plan, lang: Language = ZH) -> list[str]:
    content = manifests_bytes(plan, contacts=contacts(plan), mask=False, lang=lang, decks={})
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_each_truck_has_its_page_in_chinese_with_all_a_driver_needs() -> None:
    """Window, address, last six of the VIN, bay, loading, and the way to sign."""
    pages = _pages(henan_plan())
    assert len(pages) == 3
    for words in ("派车单", "豫A·D0058", "08:00–10:00", "药城路", "000102", "签收", "1 号位",
                  "第 1 / 1 页", "途中休息", "07:20"):  # fmt: skip
        assert words in pages[1], words
    assert "村口桥限宽" in pages[0]


def test_eight_stops_fit_on_one_page_and_more_are_numbered() -> None:
    """Eight cars is the largest carrier; the driver should not have to turn the page."""
    plan = henan_plan()
    route = plan.routes[1]

    def with_stops(count: int) -> Plan:
        stops = tuple(
            replace(route.stops[index % 6], order_id=f"D-{index}", note="")
            for index in range(count)
        )
        deck = tuple(
            replace(route.deck[0], order_id=f"D-{index}", position_id=f"{'上下'[index % 2]}{index}")
            for index in range(count)
        )
        return replace(plan, routes=(replace(route, stops=stops, deck=deck),))

    assert len(_pages(with_stops(8))) == 1
    pages = _pages(with_stops(11))
    assert ["第 1 / 2 页" in pages[0], "第 2 / 2 页" in pages[1]] == [True, True]
    assert "签收" in pages[1]  # the heading is repeated


def test_a_long_address_wraps_and_is_not_cut() -> None:
    """The end of an address is the part the driver needs."""
    plan = henan_plan()
    stop = replace(plan.routes[0].stops[0], address="河南省新密市" + "青屏街道育才路" * 12 + "末号")
    route = replace(plan.routes[0], stops=(stop, *plan.routes[0].stops[1:]))
    text = "".join(_pages(replace(plan, routes=(route,)))).replace("\n", "")
    assert "末号" in text


def test_rare_characters_of_names_are_drawn_and_unknown_ones_are_seen() -> None:
    """GB2312 lacks these; a gap in a name must show as a box, never vanish."""
    assert glyph_or_box("喆翀赟祎嫒祺堃") == "喆翀赟祎嫒祺堃"
    assert glyph_or_box("\U0002a6d6") == "□"


def test_the_english_manifest_is_english() -> None:
    """No half-translated page."""
    (first, *_) = _pages(henan_plan(), EN)
    for words in ("Delivery manifest", "Signature", "Two-car flatbed", "page 1 / 1", "bay 2"):
        assert words in first, words
    assert "派车单" not in first


def test_navigation_goes_to_a_known_point_in_gcj02_and_else_searches_the_text() -> None:
    """Beyond 500 m a point would lead to the wrong village with confidence."""
    known, vague = henan_plan().routes[0].stops
    url = navigation_url(known)
    lon, lat = url.split("to=")[1].split(",")[:2]
    back_lat, back_lon = gcj02_to_wgs84(float(lat), float(lon))
    assert abs(float(back_lat) - known.lat) < 2e-6
    assert abs(float(back_lon) - known.lon) < 2e-6
    assert abs(float(lon) - known.lon) > 0.003  # GCJ-02 lies hundreds of metres east here
    assert url.endswith("&mode=car&coordinate=gaode")
    assert navigation_url(vague).startswith("https://uri.amap.com/search?keyword=%E7%99%BB")
    assert "to=" not in navigation_url(vague)


def test_the_chat_text_is_short_lines_with_everything() -> None:
    """It is read on a phone, in a cab."""
    plan = henan_plan()
    text = truck_text(plan, plan.routes[1], contacts=contacts(plan), mask=False, lang=ZH)
    assert max(columns(line) for line in text.splitlines()) <= 60
    for words in ("【豫A·D0058】", "1 号位装车 06:12–07:20", "5) 15:30–19:30", "13800001002",
                  "途中休息", "缺：地图定位", "20:25 回仓"):  # fmt: skip
        assert words in text, words
    english = truck_text(plan, plan.routes[1], contacts={}, mask=False, lang=EN)
    assert "Rest on the road" in english
    assert "途中" not in english


def test_plates_make_file_names_that_every_system_takes() -> None:
    """A plate may hold a dot, a slash or a blank; a name of two dots would climb out."""
    route = henan_plan().routes[0]
    assert truck_file_name(henan_plan(), route) == "truck-豫AD0031.txt"
    assert truck_file_name(henan_plan(), replace(route, plate="../.. 豫A/1")) == "truck-豫A1.txt"
    assert truck_file_name(henan_plan(), replace(route, plate="..")) == "truck-_.txt"


# ---- maps and calendars -------------------------------------------------------------------


@pytest.mark.parametrize("with_roads", [True, False])
def test_geojson_is_rfc_7946(with_roads: bool) -> None:
    """Longitude first, WGS-84, lines of two points and more, the sources named."""
    plan = henan_plan()
    document = json.loads(geojson_bytes(plan, geometry=_geometry(plan) if with_roads else None))
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    layers = [feature["properties"]["layer"] for feature in document["features"]]
    assert [layers.count(name) for name in ("route", "stop", "warehouse")] == [3, 12, 2]
    assert len({feature["id"] for feature in document["features"]}) == len(layers)
    for feature in document["features"]:
        shape = feature["geometry"]
        points = shape["coordinates"] if shape["type"] == "LineString" else [shape["coordinates"]]
        assert len(points) >= (2 if shape["type"] == "LineString" else 1)
        for lon, lat in points:
            assert 111 < lon < 116
            assert 33 < lat < 36
    routes = [f["properties"] for f in document["features"] if f["properties"]["layer"] == "route"]
    assert {route["straight_legs"] for route in routes} == {not with_roads}
    assert any("OpenStreetMap" in text for text in document["attribution"])


def test_gpx_has_a_route_per_truck_and_a_track_where_the_roads_are_known() -> None:
    """A straight line as a track would be driven."""
    plan = henan_plan()
    known = gpxpy.parse(gpx_bytes(plan, geometry=_geometry(plan), lang=ZH).decode())
    assert [route.name for route in known.routes] == [route.plate for route in plan.routes]
    assert [len(track.segments) for track in known.tracks] == [3, 7, 5]
    assert len(known.routes[1].points) == 6 + 2  # out of the warehouse and back
    assert gpxpy.parse(gpx_bytes(plan, geometry=None, lang=ZH).decode()).tracks == []


def test_the_calendar_parses_and_updates_instead_of_doubling() -> None:
    """Ids come from day and order; the stamp is the day's midnight, not the clock's."""
    plan = henan_plan()
    calendar = Calendar.from_ical(ics_bytes(plan, lang=ZH))
    events = list(calendar.walk("VEVENT"))
    assert len(events) == 3 + 12
    ids = [str(event["UID"]) for event in events]
    assert len(set(ids)) == len(ids)
    assert "2026-11-23-order-D-2001@flatbed" in ids
    first = next(event for event in calendar.events if str(event["UID"]).endswith("D-2001@flatbed"))
    assert first.start == plan.routes[0].stops[0].begins
    assert {str(event["DTSTAMP"].to_ical()) for event in events} == {"b'20261122T160000Z'"}


def test_control_characters_break_no_file() -> None:
    """A sheet may hold anything; XML and calendars may not."""
    plan = henan_plan()
    stop = replace(plan.routes[0].stops[0], address="新密\x0b市\x00青屏\r\n街道", note="\x1b[31m")
    route = replace(plan.routes[0], stops=(stop, *plan.routes[0].stops[1:]))
    plan = replace(plan, routes=(route, *plan.routes[1:]))
    assert gpxpy.parse(gpx_bytes(plan, geometry=None, lang=ZH).decode()).routes
    assert len(list(Calendar.from_ical(ics_bytes(plan, lang=ZH)).walk("VEVENT"))) == 15
    assert openpyxl.load_workbook(io.BytesIO(workbook_bytes(plan, lang=ZH)))
    assert "\x1b" not in truck_text(plan, route, contacts={}, mask=False, lang=ZH)
    assert plain("a\x00b\nc") == "a b c"


# ---- lists for other systems --------------------------------------------------------------


def test_the_slot_list_names_every_order_of_the_day() -> None:
    """The order system must not have to guess what became of an order."""
    plan = henan_plan()
    document = json.loads(slots_json_bytes(plan))
    status = {order["order_id"]: order["status"] for order in document["orders"]}
    assert len(status) == 17
    assert status["D-2001"] == "promised"
    assert status["D-2002"] == "to_confirm"
    assert status["D-2004"] == "needs_input"
    assert status["D-2013"] == "left_behind"
    vague = next(order for order in document["orders"] if order["order_id"] == "D-2004")
    assert vague["required_fields"] == ["pin"]
    assert vague["granularity"] == "half_day"
    assert vague["window"] == {
        "start": "2026-11-23T10:30:00+08:00",
        "end": "2026-11-23T14:30:00+08:00",
    }


def test_the_slot_csv_says_the_same_as_the_json() -> None:
    """Two forms of one list."""
    plan = henan_plan()
    orders = json.loads(slots_json_bytes(plan))["orders"]
    rows = _rows(slots_csv_bytes(plan))
    assert [row["order_id"] for row in rows] == [order["order_id"] for order in orders]
    for row, order in zip(rows, orders, strict=True):
        assert row["status"] == order["status"]
        assert row["window_start"] == (order["window"]["start"] if order["window"] else "")
        assert row["required_fields"].split(";") == (order["required_fields"] or [""])


@pytest.mark.parametrize(
    ("start", "end", "book", "width"),
    [
        ("14:00", "16:00", "2026-11-23 14-16", "2h"),
        ("08:00", "10:00", "2026-11-23 08-10", "2h"),
        ("14:30", "16:30", "2026-11-23 14:30-16:30", "2h"),
        ("14:00", "15:30", "2026-11-23 14:00-15:30", "90min"),
        ("08:00", "12:00", "2026-11-23 08-12", "half_day"),
        ("08:00", "18:00", "2026-11-23 08-18", "day"),
    ],
)
def test_book_dates_are_written_as_carriers_write_them(
    start: str, end: str, book: str, width: str
) -> None:
    """`bookDate "2026-11-23 14-16"`; off the hour with minutes."""
    locale = locale_of(henan_plan(), ZH)
    assert book_date(window(start, end), locale) == book
    assert granularity(window(start, end)) == width


def test_the_bookdate_file_has_one_row_for_each_order_on_a_truck() -> None:
    """Left-behind orders have no date to post back."""
    rows = _rows(bookdate_csv_bytes(henan_plan()))
    assert len(rows) == 12
    assert rows[2] == {
        "orderId": "D-2003",
        "vin": henan_plan().routes[1].stops[0].vin,
        "bookDate": "2026-11-23 08-10",
    }


def test_left_behind_orders_come_most_pressing_first() -> None:
    """Broken promises lead, then urgent to low."""
    rows = _rows(left_behind_csv_bytes(henan_plan(), lang=EN))
    assert [row["Order"] for row in rows] == ["D-2013", "D-2015", "D-2014", "D-2017", "D-2016"]
    assert (rows[0]["short_by"], rows[0]["unit"]) == ("2580", "s")


# ---- terminal -----------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("lang", [ZH, EN])
def test_the_summary_fits_the_terminal(width: int, lang: Language) -> None:
    """Wide characters take two columns; a wrapped table is unreadable."""
    text = summary_text(henan_plan(), lang=lang, width=width, audit_findings=0)
    assert max(columns(line) for line in text.splitlines()) <= width


def test_the_summary_says_what_matters_first() -> None:
    """How many, what it costs, who stayed behind and what would help."""
    text = summary_text(henan_plan(), lang=ZH, width=100, audit_findings=0)
    lines = text.splitlines()
    assert "12 / 17 单上车，3 辆出车" in lines[1]
    assert "D-2013" in text[text.index("未安排") :].splitlines()[1]
    assert "请客户把窗口推迟到" in text
    assert "独立复核通过" in text
    bad = summary_text(henan_plan(), lang=ZH, width=100, audit_findings=2)
    assert "不要使用" in bad


def test_the_summary_for_programs_has_no_words_and_no_floats() -> None:
    """Codes and whole units; a script compares them with ==."""
    document = json.loads(json.dumps(summary_json(henan_plan(), audit_findings=0)))
    assert document["served"] == 12
    assert document["orders"] == 17
    assert document["cost_minor"] == henan_plan().cost_minor
    assert document["left_behind"][0]["reason"] == "window_missed"
    assert not any(isinstance(value, float) for value in document.values())
