"""Nights out in the driver's papers: where, from when to when, and the day of the return."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

from pypdf import PdfReader

from api.days.documents.manifest import manifests_bytes
from api.days.documents.truck_text import truck_text
from api.settings import Language
from routing.plan import Plan, Rest, RestPlace
from routing.plan_nights import Night
from tests.plans import henan_plan

ZH = Language.CHINESE


def overnight() -> Plan:
    """The example plan with its first truck sleeping after its last stop."""
    plan = henan_plan()
    route = plan.routes[0]
    last, by = route.stops[-1], timedelta(hours=12)
    sleeps = Rest(start=last.ends, end=last.ends + by, place=RestPlace.AFTER_SERVICE)
    night = Night(
        stop=len(route.stops) - 1,
        before_service=False,
        start=sleeps.start,
        end=sleeps.end,
        start_latest=sleeps.start,
        end_latest=sleeps.end,
    )
    stops = (*route.stops[:-1], replace(last, leaves=sleeps.end, rests=(sleeps,)))
    moved = replace(route, stops=stops, returns=route.returns + by, nights=(night,))
    return replace(plan, routes=(moved, *plan.routes[1:]))


def test_the_text_tells_the_night_and_the_day_of_the_return() -> None:
    """A clock without its day would mislead: the truck is back on another one."""
    plan = overnight()
    route = plan.routes[0]
    text = truck_text(plan, route, contacts={}, mask=True, lang=ZH)
    assert f"第 {len(route.stops)} 站交车后过夜" in text
    assert f"{route.returns:%m-%d} " in text.splitlines()[-1]


def test_the_manifest_tells_the_night_once() -> None:
    """As a night with its days, not as a wait of twelve hours besides."""
    plan = overnight()
    made = manifests_bytes(plan, contacts={}, mask=False, lang=ZH, decks={})
    pages = PdfReader(io.BytesIO(made)).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "")
    assert text.count("交车后过夜") == 1
