"""Papers of a day on which a carrier brings a car: nobody may take it for left behind."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from api.days.documents.backdrop import EMPTY_BACKDROP
from api.days.documents.figures import locale_of
from api.days.documents.geojson import geojson_bytes
from api.days.documents.kpis import kpi_lines, measure
from api.days.documents.order_story import order_story, story_text
from api.days.documents.page.map import HEIGHT, WIDTH, build_map
from api.days.documents.page.render import html_bytes
from api.days.documents.personal import without_contacts
from api.days.documents.slots import bookdate_csv_bytes, slot_rows
from api.days.documents.summary import summary_json, summary_text
from api.days.documents.workbook import workbook_bytes
from api.settings import Language
from routing.plan import Plan
from routing.plan_json import plan_from_json, plan_to_json
from tests.days import carrier, km, matrix_of, order, request
from tests.solving import solve

pytestmark = pytest.mark.usefixtures("compiled_search")


@pytest.fixture(scope="module")
def plan() -> Plan:
    """O1 on the truck, O2 far away with C1 for 900 yuan."""
    day = request(
        order("O1"), order("O2", place=km(300)), carriers=[carrier(base=30_000, per_km=200)]
    )
    return solve(day, matrix_of(day)).plan


def test_the_plan_reads_back_as_written(plan: Plan) -> None:
    """plan.json carries who takes what for how much."""
    assert [each.order_id for each in plan.outsourced] == ["O2"]
    assert plan_from_json(plan_to_json(plan)) == plan


def test_figures_count_it_apart_and_pay_for_it(plan: Plan) -> None:
    """Two orders, one on a truck, one with a carrier, none left behind."""
    kpis = measure(plan)
    assert (kpis.orders, kpis.served, kpis.outsourced, kpis.left_behind) == (2, 1, 1, 0)
    assert kpis.outsourced_minor == 90_000
    assert kpis.cost_minor == 90_000 + plan.routes[0].cost.total
    assert kpis.cost_per_car_minor == kpis.cost_minor // 2
    keys = {line.key for line in kpi_lines(kpis, locale_of(plan, Language.CHINESE))}
    assert {"outsourced", "outsourced_cost"} <= keys


def test_a_day_without_carriers_says_nothing_of_them() -> None:
    """No empty sheet, no line of noughts."""
    day = request(order("O1"))
    plain = solve(day, matrix_of(day)).plan
    keys = {line.key for line in kpi_lines(measure(plain), locale_of(plain, Language.ENGLISH))}
    assert not {"outsourced", "outsourced_cost"} & keys
    book = load_workbook(BytesIO(workbook_bytes(plain, lang=Language.CHINESE)))
    assert "外协" not in book.sheetnames


def test_the_workbook_has_the_list_that_is_sent_to_the_carrier(plan: Plan) -> None:
    """Car, address, window and price of each."""
    book = load_workbook(BytesIO(workbook_bytes(plan, lang=Language.CHINESE)))
    rows = list(book["外协"].iter_rows(values_only=True))
    line = dict(zip(rows[0], rows[1], strict=True))
    assert (line["承运商"], line["订单号"], line["成本(元)"]) == ("C1 零担运输", "O2", 900)
    assert line["里程(km)"] == 300


def test_the_order_system_hears_of_the_carriers_window(plan: Plan) -> None:
    """To confirm like any new window; the carrier stands where the truck does."""
    row = next(row for row in slot_rows(plan) if row.order_id == "O2")
    assert (row.status, row.truck_id, row.plate) == ("to_confirm", "C1", "C1 零担运输")
    assert row.window_start == "2026-11-23T09:00:00+08:00"
    assert "2026-11-23 09-18" in bookdate_csv_bytes(plan).decode("utf-8-sig")


@pytest.mark.parametrize("lang", list(Language))
def test_explain_and_summary_name_carrier_and_price(plan: Plan, lang: Language) -> None:
    """Whoever asks for the order hears who brings it."""
    story = order_story(plan, "O2")
    text = story_text(story, lang=lang)
    assert "C1 零担运输" in text
    assert "900" in text
    assert json.loads(json.dumps(story.as_json()))["status"] == "outsourced"
    said = summary_text(plan, lang=lang, width=100, audit_findings=0)
    assert "900" in said
    answer = summary_json(plan, audit_findings=0)
    assert (answer["outsourced"], answer["outsourced_minor"]) == (1, 90_000)


def test_the_page_lists_it_beside_the_trucks(plan: Plan) -> None:
    """With window, carrier and price; nothing is left behind."""
    page = html_bytes(
        plan,
        geometry=None,
        backdrop=lambda *_: EMPTY_BACKDROP,
        audit_findings=0,
        lang=Language.ENGLISH,
    ).decode()
    assert "C1 零担运输" in page
    assert "Every order is with a truck or a carrier." in page


def test_no_phone_stays_in_a_note_to_the_carrier(plan: Plan) -> None:
    """Notes are free text."""
    (given,) = plan.outsourced
    noted = replace(plan, outsourced=(replace(given, note="打 13800000001"),))
    assert "13800000001" not in plan_to_json(without_contacts(noted, {}))


def test_the_map_shows_where_carriers_go(plan: Plan) -> None:
    """A numbered square, as the list of carriers numbers it; a day of carriers alone has a map."""
    drawn = build_map(plan, geometry=None, backdrop=lambda *_: EMPTY_BACKDROP)
    (mark,) = drawn.given
    assert (mark.order_id, mark.seq) == ("O2", 1)
    assert 0 <= mark.x <= WIDTH and 0 <= mark.y <= HEIGHT
    page = html_bytes(
        plan, geometry=None, backdrop=lambda *_: EMPTY_BACKDROP, audit_findings=0,
        lang=Language.CHINESE,
    ).decode()  # fmt: skip
    assert page.count('data-order="O2"') == 2
    assert "mark-given" in page
    alone = replace(plan, routes=(), sites={})
    assert build_map(alone, geometry=None, backdrop=lambda *_: EMPTY_BACKDROP).given


def test_other_maps_get_what_carriers_bring(plan: Plan) -> None:
    """A point of its own layer, with who, when and for how much."""
    features = json.loads(geojson_bytes(plan, geometry=None))["features"]
    (given,) = [each for each in features if each["properties"]["layer"] == "outsourced"]
    assert given["id"] == "outsourced-O2"
    assert given["properties"]["carrier"] == "C1"
    assert given["properties"]["price_minor"] == 90_000
    assert given["geometry"]["coordinates"] == [
        round(plan.outsourced[0].lon, 6), round(plan.outsourced[0].lat, 6)
    ]  # fmt: skip
