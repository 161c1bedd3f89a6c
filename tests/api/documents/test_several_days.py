"""Papers of a plan for several days: each truck's day is a day of its own."""

import io
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from api.days.documents.by_day import days_of, part_of
from api.days.documents.figures import locale_of
from api.days.documents.ics import ics_bytes
from api.days.documents.kpis import measure
from api.days.documents.page.cards import truck_cards
from api.days.documents.page.timeline import build_timelines
from api.days.documents.summary import summary_text
from api.days.documents.truck_text import truck_text
from api.days.documents.workbook import workbook_bytes
from api.days.documents.write import Papers, truck_texts
from api.settings import Language
from routing.plan import Plan, Route
from routing.plan_json import plan_from_json, plan_to_json
from tests.plans import henan_plan

TOMORROW = timedelta(days=1)
ZH = Language.CHINESE


def moved(value: Any) -> Any:  # noqa: ANN401 - any part of a route
    """The same thing a day later."""
    if isinstance(value, datetime):
        return value + TOMORROW
    if isinstance(value, tuple):
        return tuple(moved(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{one.name: moved(getattr(value, one.name)) for one in fields(value)}
        )
    return value


def again(route: Route) -> Route:
    """The same tour a day later, with other orders."""
    later: Route = moved(route)
    return replace(
        later,
        day=route.day + TOMORROW,
        truck_id=f"{route.truck_id}@11-24",
        stops=tuple(replace(stop, order_id=f"{stop.order_id}-B") for stop in later.stops),
        deck=tuple(replace(car, order_id=f"{car.order_id}-B") for car in later.deck),
    )


@pytest.fixture(scope="module")
def three_days() -> Plan:
    """The trucks of one day go out again the next; on the third nobody does."""
    plan = henan_plan()
    return replace(plan, days=3, routes=(*plan.routes, *map(again, plan.routes)))


def test_it_reads_back_as_written(three_days: Plan) -> None:
    """Day and vehicle of every route are in the file."""
    assert plan_from_json(plan_to_json(three_days)) == three_days


def test_a_day_outside_the_plan_is_refused(three_days: Plan) -> None:
    """A reader would look for it in vain."""
    with pytest.raises(Exception, match="is no day of the plan"):
        plan_from_json(plan_to_json(replace(three_days, days=1)))


def test_the_drivers_paper_is_about_one_day(three_days: Plan) -> None:
    """Its own date above, and plain clock times below; a file for each day."""
    route = three_days.routes[-1]
    text = truck_text(three_days, route, contacts={}, mask=False, lang=ZH)
    assert "2026-11-24 周二" in text
    assert "11-24 0" not in text
    names = truck_texts(three_days, Papers())
    assert len(names) == len(three_days.routes)
    assert any(name.endswith("-11-24.txt") for name in names)


def test_the_days_add_up(three_days: Plan) -> None:
    """Cars and money of the days are those of the plan; a truck that goes twice is one truck."""
    whole = measure(three_days)
    parts = [measure(part_of(three_days, day)) for day in days_of(three_days)]
    assert sum(each.served for each in parts) == whole.served
    assert sum(each.cost_minor for each in parts) == whole.cost_minor
    assert [each.trucks_used for each in parts] == [whole.trucks_used, whole.trucks_used, 0]


def test_the_workbook_has_a_row_for_each_day(three_days: Plan) -> None:
    """And the day before each plate."""
    book = load_workbook(io.BytesIO(workbook_bytes(three_days, lang=ZH)))
    days = [row[0].value for row in book["按天"].iter_rows(min_row=2)]
    assert days == ["2026-11-23 周一", "2026-11-24 周二", "2026-11-25 周三"]
    assert [cell.value for cell in book["路线"][1]][:2] == ["日期", "车牌"]
    assert "按天" not in load_workbook(io.BytesIO(workbook_bytes(henan_plan(), lang=ZH))).sheetnames


def test_the_page_groups_trucks_and_timeline_by_day(three_days: Plan) -> None:
    """One scale a day, and no group for the day on which nobody drives."""
    locale = locale_of(three_days, ZH)
    views = build_timelines(three_days, locale, county_names={})
    assert [view.title for view in views] == ["2026-11-23 周一", "2026-11-24 周二"]
    assert [row.plate for row in views[0].rows] == [row.plate for row in views[1].rows]
    cards = truck_cards(three_days, locale, county_names={})
    assert [card.day_title for card in cards if card.day_title] == ["11-23 周一", "11-24 周二"]
    assert cards[0].hours == cards[len(cards) // 2].hours


def test_the_calendar_holds_both_days_of_a_truck(three_days: Plan) -> None:
    """Each with an id of its own."""
    text = ics_bytes(three_days, lang=ZH).decode()
    vehicle = three_days.routes[0].vehicle_id
    for day in ("2026-11-23", "2026-11-24"):
        assert f"{day}-truck-{vehicle}@flatbed" in text


def test_the_terminal_tells_day_by_day(three_days: Plan) -> None:
    """Also of the day on which nobody drives."""
    text = summary_text(three_days, lang=ZH, width=100, audit_findings=0)
    assert "2026-11-23 周一 – 11-25 周三" in text
    assert "11-25 周三：没有车辆出车" in text
