"""The lists beside the map: trucks with their stops, and orders left behind with their fix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from api.days.documents import wording as w
from api.days.documents.cell_words import plates_by_truck, position_of, required_text, spans
from api.days.documents.deck_work import deck_lines
from api.days.documents.figures import (
    Locale,
    km,
    latest_begin,
    likely_begin,
    percent,
    specialist_of,
)
from api.days.documents.left_behind_table import by_urgency, tried_text
from api.days.documents.navigation import TEXT_RADIUS_M, navigation_url
from api.days.documents.page.palette import truck_colour
from api.days.documents.trips import numbered_trips, trip_line
from routing.plan import LeftBehind, Miss, Plan, Route, Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class StopLine:
    """One stop, ready to print."""

    seq: int
    slot: str
    slot_kind: str
    promised: bool
    arrives: str
    latest: str
    likely: str
    late: str
    risky: bool
    order_id: str
    model: str
    vin: str
    position: str
    address: str
    county: str
    url: str
    remarks: str
    trip: str = ""
    """Before the first stop of each trip, where there are several: coming home and loading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckCard:
    """One truck, ready to print."""

    truck_id: str
    plate: str
    colour: str
    kind: str
    crew: str
    warehouse: str
    load: str
    bay: int
    hours: str
    km: str
    cost: str
    cost_parts: str
    cars: str
    overtime: str
    stops: tuple[StopLine, ...]
    day: str = ""
    day_title: str = ""
    """Before the first truck of each day, in a plan for several."""
    trips: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftCard:
    """One order left behind, ready to print; `misses` says why for every truck tried."""

    order_id: str
    priority: str
    priority_code: str
    promised: bool
    reason: str
    by: str
    address: str
    accepted: str
    text: str
    nearest: str
    fix_kind: str
    fix: str
    fix_cost: str
    proved: bool
    proof: str
    misses: tuple[str, ...]


def truck_cards(
    plan: Plan, locale: Locale, *, county_names: Mapping[str, str]
) -> tuple[TruckCard, ...]:
    """Make the cards of all trucks, in the order of the plan."""
    cards = [
        _truck_card(plan, route, truck_colour(index), locale.on(route.day), county_names)
        for index, route in enumerate(plan.routes)
    ]
    if plan.days == 1:
        return tuple(cards)
    ordered = sorted(zip(plan.routes, cards, strict=True), key=lambda both: both[0].day)
    days = [route.day for route, _ in ordered]
    return tuple(
        replace(
            card,
            day=route.day.isoformat(),
            day_title=locale.day_name(route.day) if route.day not in days[:at] else "",
        )
        for at, (route, card) in enumerate(ordered)
    )


def _truck_card(
    plan: Plan, route: Route, colour: str, locale: Locale, county_names: Mapping[str, str]
) -> TruckCard:
    cost = route.cost
    at_risk = plan.outlook.at_risk if plan.outlook else ()
    parts = (
        (locale.say("里程", "km"), cost.km),
        (locale.say("工时", "hours"), cost.hours),
        (locale.say("加班", "overtime"), cost.overtime),
        (locale.say("固定", "fixed"), cost.fixed),
        (locale.say("过路费", "tolls"), cost.tolls),
        (locale.say("倒车", "shunts"), cost.shunts),
        (locale.say("过夜", "nights"), cost.nights),
    )
    return TruckCard(
        truck_id=route.truck_id,
        plate=route.plate,
        colour=colour,
        kind=w.name_of(w.TRUCK_KINDS, route.kind, locale.lang),
        crew=" + ".join(part for part in (route.driver_name, specialist_of(route)) if part),
        warehouse=plan.warehouses.get(route.warehouse_id, route.warehouse_id),
        load=locale.span(route.load),
        bay=route.bay,
        hours=f"{locale.clock(route.departs)}–{locale.clock(route.returns)}",
        km=km(route.metres),
        cost=f"¥{round(cost.total / 100):,}",
        cost_parts=" · ".join(f"{name} {locale.money(fen)}" for name, fen in parts if fen),
        cars=locale.cars(len(route.stops)),
        overtime=locale.duration(route.overtime_s) if route.overtime_s else "",
        stops=tuple(
            _stop_line(route, seq, stop, locale, county_names, at_risk=at_risk)
            for seq, stop in enumerate(route.stops, start=1)
        ),
        trips=locale.say(f"{len(route.trips)} 趟", f"{len(route.trips)} trips")
        if route.reloads
        else "",
    )


def _stop_line(
    route: Route,
    seq: int,
    stop: Stop,
    locale: Locale,
    county_names: Mapping[str, str],
    *,
    at_risk: tuple[str, ...],
) -> StopLine:
    remarks = [] if stop.mode == "door" else [w.name_of(w.MODES, stop.mode, locale.lang)]
    if stop.radius_m > TEXT_RADIUS_M:
        shown = f"{km(stop.radius_m)} km"
        remarks.append(locale.say(f"位置误差 {shown}", f"position within {shown}"))
    remarks += deck_lines(route, stop, locale)
    if stop.slot.required_fields:
        remarks.append(locale.say("还需：", "needs: ") + required_text(stop, locale))
    if stop.note:
        remarks.append(stop.note)
    promised = stop.slot.promised
    return StopLine(
        seq=seq,
        slot=locale.span(stop.slot.window),
        slot_kind=locale.say("已约", "promised") if promised else locale.say("新约", "new"),
        promised=promised,
        arrives=locale.clock(stop.leg.arrives),
        latest=locale.clock(latest_begin(stop)),
        likely=likely_begin(stop, locale),
        late=percent(stop.p_late),
        risky=stop.order_id in at_risk,
        order_id=stop.order_id,
        model=stop.model_name,
        vin=stop.vin[-6:],
        position=position_of(route, stop),
        address=stop.address,
        county=county_names.get(stop.county_code, stop.county_code),
        url=navigation_url(stop),
        remarks=" · ".join(remarks),
        trip=_trip_title(route, seq, locale),
    )


def _trip_title(route: Route, seq: int, locale: Locale) -> str:
    firsts = [first for first, _ in numbered_trips(route)]
    if not route.reloads or seq not in firsts:
        return ""
    return trip_line(route, firsts.index(seq) + 1, locale)


def left_cards(plan: Plan, locale: Locale) -> tuple[LeftCard, ...]:
    """Make the cards of all orders left behind, the most pressing first."""
    plates = plates_by_truck(plan)
    return tuple(_left_card(left, plates, locale) for left in by_urgency(plan.left_behind))


def _left_card(left: LeftBehind, plates: Mapping[str, str], locale: Locale) -> LeftCard:
    fix = left.fix
    return LeftCard(
        order_id=left.order_id,
        priority=w.name_of(w.PRIORITIES, left.priority, locale.lang),
        priority_code=left.priority,
        promised=left.promised,
        reason=w.name_of(w.REASONS, left.reason, locale.lang),
        by=locale.short_by(left.short_by, left.unit),
        address=left.address,
        accepted=spans(left.accepted, locale.span),
        text=locale.say(left.text, left.text_en),
        nearest=_nearest(left, plates, locale),
        fix_kind=w.name_of(w.FIXES, fix.kind, locale.lang) if fix else "",
        fix=locale.say(fix.text, fix.text_en) if fix else tried_text(left, locale),
        fix_cost=locale.money(fix.cost_minor) if fix else "",
        proved=bool(fix and fix.proved),
        proof=locale.half(fix.proof) if fix else "",
        misses=tuple(_miss_text(miss, plates, locale) for miss in left.misses),
    )


def _nearest(left: LeftBehind, plates: Mapping[str, str], locale: Locale) -> str:
    """Say which truck came nearest, unless the explanation names it already."""
    if left.nearest is None or plates.get(left.nearest.truck_id, "") in left.text:
        return ""
    return _miss_text(left.nearest, plates, locale)


def _miss_text(miss: Miss, plates: Mapping[str, str], locale: Locale) -> str:
    reason = w.name_of(w.REASONS, miss.reason, locale.lang)
    by = locale.short_by(miss.short_by, miss.unit)
    return " ".join(part for part in (plates.get(miss.truck_id, miss.truck_id), reason, by) if part)
