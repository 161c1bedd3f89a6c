"""The tables of a plan, once for the workbook, the CSV files and the page.

Cells are typed (text, numbers, moments); whoever writes them chooses the format of their kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Final

from api.days.documents import wording as w
from api.days.documents.by_day import days_of, part_of
from api.days.documents.deck_work import deck_text
from api.days.documents.figures import (
    Locale,
    hours,
    latest_begin,
    latest_return,
    plain,
    specialist_of,
)
from api.days.documents.kpis import kpi_lines, measure
from api.days.documents.trips import trip_of
from routing.domain.windows import Window
from routing.plan import FIX_SEARCH_CANCELLED, LeftBehind, Plan, Route, Stop

Cell = str | int | float | datetime | None

PRIORITY_ORDER: Final = ("urgent", "high", "normal", "low")


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    COUNT = "count"
    KM = "km"
    YUAN = "yuan"
    HOURS = "hours"
    MINUTES = "minutes"
    DEGREES = "degrees"
    MOMENT = "moment"
    SHARE = "share"
    FIGURE = "figure"
    """Anything: counts, sums and clock times in one column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A heading (key into `wording.HEADINGS`), what it holds and its width in characters."""

    key: str
    kind: Kind = Kind.TEXT
    width: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A named table; every row has one cell per column."""

    key: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def by_urgency(left: Sequence[LeftBehind]) -> list[LeftBehind]:
    """Order left-behind orders as a dispatcher must look at them: promises, then priority."""
    rank = {name: index for index, name in enumerate(PRIORITY_ORDER)}
    return sorted(
        left,
        key=lambda order: (not order.promised, rank.get(order.priority, 99), order.order_id),
    )


def all_tables(plan: Plan, locale: Locale) -> tuple[Table, ...]:
    """Build every table of the workbook; carriers and skipped rows only when there are any."""
    tables = [
        routes_table(plan, locale),
        stops_table(plan, locale),
        *_of_carriers(plan, locale),
        left_behind_table(plan, locale),
        *([days_table(plan, locale)] if plan.days > 1 else []),
        kpi_table(plan, locale),
        sources_table(plan, locale),
    ]
    if plan.skipped:
        tables.append(skipped_table(plan))
    return tuple(tables)


def _of_carriers(plan: Plan, locale: Locale) -> list[Table]:
    # It is made of this file's tables, so it cannot be imported before they are there.
    from api.days.documents.carrier_table import outsourced_table

    return [outsourced_table(plan, locale)] if plan.outsourced else []


def _table(key: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Table:
    return Table(
        key=key,
        columns=tuple(columns),
        rows=tuple(
            tuple(plain(cell) if isinstance(cell, str) else cell for cell in row) for row in rows
        ),
    )


_ROUTE_COLUMNS: Final = (
    Column(key="plate", width=12),
    Column(key="truck_kind", width=14),
    Column(key="warehouse", width=14),
    Column(key="driver", width=10),
    Column(key="specialist", width=10),
    Column(key="bay", kind=Kind.COUNT, width=8),
    Column(key="load_start", kind=Kind.MOMENT, width=13),
    Column(key="load_end", kind=Kind.MOMENT, width=13),
    Column(key="departs", kind=Kind.MOMENT, width=13),
    Column(key="returns", kind=Kind.MOMENT, width=13),
    Column(key="returns_latest", kind=Kind.MOMENT, width=13),
    Column(key="stops", kind=Kind.COUNT, width=7),
    Column(key="km", kind=Kind.KM, width=11),
    Column(key="drive_h", kind=Kind.HOURS, width=10),
    Column(key="duty_h", kind=Kind.HOURS, width=10),
    Column(key="overtime_h", kind=Kind.HOURS, width=10),
    Column(key="cost", kind=Kind.YUAN, width=12),
    Column(key="cost_km", kind=Kind.YUAN, width=12),
    Column(key="cost_hours", kind=Kind.YUAN, width=12),
    Column(key="cost_overtime", kind=Kind.YUAN, width=12),
    Column(key="cost_fixed", kind=Kind.YUAN, width=12),
    Column(key="cost_tolls", kind=Kind.YUAN, width=12),
    Column(key="cost_shunts", kind=Kind.YUAN, width=12),
    Column(key="cost_nights", kind=Kind.YUAN, width=12),
)


def routes_table(plan: Plan, locale: Locale) -> Table:
    """One row a truck and day; days and trips only where there are several."""

    def row(route: Route) -> tuple[Cell, ...]:
        cost = route.cost
        return (
            route.plate,
            w.name_of(w.TRUCK_KINDS, route.kind, locale.lang),
            plan.warehouses.get(route.warehouse_id, route.warehouse_id),
            route.driver_name,
            specialist_of(route),
            route.bay,
            locale.local(route.load.start),
            locale.local(route.load.end),
            locale.local(route.departs),
            locale.local(route.returns),
            locale.local(latest_return(route)),
            len(route.stops),
            route.metres / 1000,
            hours(route.drive_s),
            hours(route.duty_s),
            hours(route.overtime_s),
            cost.total / 100,
            cost.km / 100,
            cost.hours / 100,
            cost.overtime / 100,
            cost.fixed / 100,
            cost.tolls / 100,
            cost.shunts / 100,
            cost.nights / 100,
        )

    rows = [(*_when(plan, route, len(route.trips)), *row(route)) for route in plan.routes]
    return _table("routes", (*_when_columns(plan, "trips"), *_ROUTE_COLUMNS), rows)


def _when_columns(plan: Plan, key: str) -> tuple[Column, ...]:
    day = (Column(key="day", width=13),) if plan.days > 1 else ()
    trips = any(route.reloads for route in plan.routes)
    return (*day, Column(key=key, kind=Kind.COUNT, width=6)) if trips else day


def _when(plan: Plan, route: Route, trip: int) -> tuple[Cell, ...]:
    day: tuple[Cell, ...] = (route.day.isoformat(),) if plan.days > 1 else ()
    return (*day, trip) if any(each.reloads for each in plan.routes) else day


_DAY_COLUMNS: Final = (
    Column(key="day", width=16),
    Column(key="trucks", kind=Kind.COUNT, width=9),
    Column(key="stops", kind=Kind.COUNT, width=9),
    Column(key="kept", kind=Kind.COUNT, width=11),
    Column(key="new_slots", kind=Kind.COUNT, width=11),
    Column(key="km", kind=Kind.KM, width=11),
    Column(key="drive_h", kind=Kind.HOURS, width=10),
    Column(key="duty_h", kind=Kind.HOURS, width=10),
    Column(key="overtime_h", kind=Kind.HOURS, width=10),
    Column(key="cost", kind=Kind.YUAN, width=13),
    Column(key="returns", kind=Kind.MOMENT, width=13),
)


def days_table(plan: Plan, locale: Locale) -> Table:
    """One row a day of a plan for several."""

    def row(day: date) -> tuple[Cell, ...]:
        its = measure(part_of(plan, day))
        return (
            locale.on(day).date_line(),
            its.trucks_used,
            its.served,
            its.promises_kept,
            its.new_slots,
            its.metres / 1000,
            hours(its.drive_s),
            hours(its.duty_s),
            hours(its.overtime_s),
            its.cost_minor / 100,
            locale.local(its.last_return) if its.last_return else None,
        )

    return _table("days", _DAY_COLUMNS, [row(day) for day in days_of(plan)])


_STOP_COLUMNS: Final = (
    Column(key="plate", width=12),
    Column(key="seq", kind=Kind.COUNT, width=5),
    Column(key="order", width=13),
    Column(key="model", width=14),
    Column(key="vin", width=20),
    Column(key="position", width=10),
    Column(key="address", width=38),
    Column(key="mode", width=10),
    Column(key="slot_start", kind=Kind.MOMENT, width=13),
    Column(key="slot_end", kind=Kind.MOMENT, width=13),
    Column(key="promised", width=8),
    Column(key="required", width=14),
    Column(key="arrives", kind=Kind.MOMENT, width=13),
    Column(key="begins", kind=Kind.MOMENT, width=13),
    Column(key="begins_latest", kind=Kind.MOMENT, width=13),
    Column(key="eta_from", kind=Kind.MOMENT, width=13),
    Column(key="eta_to", kind=Kind.MOMENT, width=13),
    Column(key="p_late", kind=Kind.SHARE, width=10),
    Column(key="ends", kind=Kind.MOMENT, width=13),
    Column(key="leaves", kind=Kind.MOMENT, width=13),
    Column(key="leg_km", kind=Kind.KM, width=10),
    Column(key="drive_min", kind=Kind.MINUTES, width=10),
    Column(key="wait_min", kind=Kind.MINUTES, width=10),
    Column(key="county", width=10),
    Column(key="lat", kind=Kind.DEGREES, width=15),
    Column(key="lon", kind=Kind.DEGREES, width=15),
    Column(key="radius_m", kind=Kind.COUNT, width=12),
    Column(key="deck_min", kind=Kind.MINUTES, width=10),
    Column(key="deck_work", width=38),
    Column(key="note", width=30),
)


def stops_table(plan: Plan, locale: Locale) -> Table:
    """One row a handover, truck by truck."""

    def row(route: Route, seq: int, stop: Stop) -> tuple[Cell, ...]:
        return (
            route.plate,
            seq,
            stop.order_id,
            stop.model_name,
            stop.vin,
            position_of(route, stop),
            stop.address,
            w.name_of(w.MODES, stop.mode, locale.lang),
            locale.local(stop.slot.window.start),
            locale.local(stop.slot.window.end),
            yes_no(stop.slot.promised, locale),
            required_text(stop, locale),
            locale.local(stop.leg.arrives),
            locale.local(stop.begins),
            locale.local(latest_begin(stop)),
            locale.local(stop.eta_from) if stop.eta_from else None,
            locale.local(stop.eta_to) if stop.eta_to else None,
            stop.p_late,
            locale.local(stop.ends),
            locale.local(stop.leaves),
            stop.leg.metres / 1000,
            stop.leg.drive_s / 60,
            stop.waits_s / 60,
            stop.county_code,
            stop.lat,
            stop.lon,
            stop.radius_m,
            stop.deck_s / 60,
            deck_text(route, stop, locale),
            stop.note,
        )

    rows = [
        (*_when(plan, route, trip_of(route, seq)), *row(route, seq, stop))
        for route in plan.routes
        for seq, stop in enumerate(route.stops, start=1)
    ]
    return _table("stops", (*_when_columns(plan, "trip"), *_STOP_COLUMNS), rows)


_LEFT_COLUMNS: Final = (
    Column(key="order", width=13),
    Column(key="priority", width=8),
    Column(key="promised", width=8),
    Column(key="reason", width=16),
    Column(key="by", width=14),
    Column(key="detail", width=52),
    Column(key="nearest", width=14),
    Column(key="fix_kind", width=14),
    Column(key="fix", width=36),
    Column(key="fix_cost", kind=Kind.YUAN, width=13),
    Column(key="proved", width=9),
    Column(key="proof", width=36),
    Column(key="address", width=34),
    Column(key="accepted", width=28),
    Column(key="warehouse", width=14),
    Column(key="vin", width=20),
    Column(key="code", width=16),
)


def left_behind_table(plan: Plan, locale: Locale) -> Table:
    """One row for each order no truck takes, the most pressing first."""
    plates = plates_by_truck(plan)

    def row(left: LeftBehind) -> tuple[Cell, ...]:
        fix = left.fix
        return (
            left.order_id,
            w.name_of(w.PRIORITIES, left.priority, locale.lang),
            yes_no(left.promised, locale),
            w.name_of(w.REASONS, left.reason, locale.lang),
            locale.short_by(left.short_by, left.unit),
            locale.say(left.text, left.text_en),
            plates.get(left.nearest.truck_id, left.nearest.truck_id) if left.nearest else "",
            w.name_of(w.FIXES, fix.kind, locale.lang) if fix else "",
            locale.say(fix.text, fix.text_en) if fix else tried_text(left, locale),
            fix.cost_minor / 100 if fix else None,
            yes_no(fix.proved, locale) if fix else "",
            locale.half(fix.proof) if fix else "",
            left.address,
            spans(left.accepted, locale.span),
            plan.warehouses.get(left.warehouse_id, left.warehouse_id),
            left.vin,
            left.reason.value,
        )

    return _table(
        "left_behind", _LEFT_COLUMNS, [row(left) for left in by_urgency(plan.left_behind)]
    )


def kpi_table(plan: Plan, locale: Locale) -> Table:
    """The figures by which the plan is judged."""
    columns = (
        Column(key="item", width=18),
        Column(key="value", kind=Kind.FIGURE, width=16),
        Column(key="unit", width=8),
    )
    rows = [
        (line.name, line.text if line.number is None else line.number, line.unit)
        for line in kpi_lines(measure(plan), locale)
    ]
    return _table("kpis", columns, rows)


def sources_table(plan: Plan, locale: Locale) -> Table:
    """What was assumed, whose data it is, and how to make the same plan again."""
    made = plan.provenance
    kind_assumption = w.name_of(w.HEADINGS, "assumption", locale.lang)
    kind_source = w.name_of(w.HEADINGS, "source", locale.lang)
    how = locale.say("求解", "Solve")
    rows: list[tuple[Cell, ...]] = [
        (kind_assumption, locale.half(text)) for text in made.assumptions
    ]
    rows += [(kind_source, locale.half(text)) for text in made.sources]
    rows += [(how, line) for line in provenance_lines(plan, locale)]
    return _table("sources", (Column(key="item", width=10), Column(key="text", width=96)), rows)


def provenance_lines(plan: Plan, locale: Locale) -> tuple[str, ...]:
    """Say how the plan was made, so that it can be made again."""
    made = plan.provenance
    ended = w.name_of(w.STOP_REASONS, made.stop_reason, locale.lang)
    return (
        locale.say(
            f"引擎 {made.engine}，种子 {made.seed}，迭代 {made.iterations:,}，{ended}",
            f"engine {made.engine}, seed {made.seed}, {made.iterations:,} iterations, {ended}",
        ),
        locale.say("请求摘要 ", "request digest ") + made.request_digest,
        locale.say("路网矩阵摘要 ", "matrix digest ") + made.matrix_digest,
        ", ".join(f"{name} {version}" for name, version in sorted(made.versions.items())),
        *(locale.half(step) for step in made.steps),
    )


def skipped_table(plan: Plan) -> Table:
    """The input rows that were left out on request."""
    columns = (
        Column(key="sheet", width=14),
        Column(key="row", kind=Kind.COUNT, width=7),
        Column(key="order", width=14),
        Column(key="faults", width=80),
    )
    rows = [(row.sheet, row.row, row.order_id, "; ".join(row.faults)) for row in plan.skipped]
    return _table("skipped", columns, rows)


def plates_by_truck(plan: Plan) -> dict[str, str]:
    """Find every truck's plate, used or idle."""
    known = {route.truck_id: route.plate for route in plan.routes}
    return known | {truck.truck_id: truck.plate for truck in plan.idle}


def position_of(route: Route, stop: Stop) -> str:
    """Find the deck position of a stop's car; empty when the plan names none."""
    decks = [trip.deck for trip in route.trips]
    return next(
        (car.position_id for deck in decks for car in deck if car.order_id == stop.order_id), ""
    )


def required_text(stop: Stop, locale: Locale) -> str:
    """Name what the buyer must still give."""
    names = (w.name_of(w.REQUIRED_FIELDS, code, locale.lang) for code in stop.slot.required_fields)
    return locale.say("、", ", ").join(names)


def tried_text(left: LeftBehind, locale: Locale) -> str:
    """Say that nothing helps and what was tried, or that nobody looked."""
    if FIX_SEARCH_CANCELLED in left.fix_tried:
        return locale.say("人工停止，未找补救", "Cancelled before a fix was looked for")
    names = (w.name_of(w.FIXES, kind, locale.lang) for kind in left.fix_tried)
    tried = locale.say("、", ", ").join(names)
    none = locale.say("没有可行的补救", "No fix found")
    return f"{none}{locale.say('，试过：', ', tried: ')}{tried}" if tried else none


def yes_no(value: bool, locale: Locale) -> str:
    """Say yes or no."""
    return locale.say("是", "yes") if value else locale.say("否", "no")


def spans(windows: Sequence[Window], show: Callable[[Window], str]) -> str:
    """Show several windows in one cell."""
    return ", ".join(show(window) for window in windows)
