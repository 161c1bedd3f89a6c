"""The tables of what is driven: routes, handovers, and days where there are several."""

from __future__ import annotations

from datetime import date
from typing import Final

from api.days.documents import wording as w
from api.days.documents.by_day import days_of, part_of
from api.days.documents.cell_words import position_of, required_text, yes_no
from api.days.documents.deck_work import deck_text
from api.days.documents.figures import (
    Locale,
    hours,
    latest_begin,
    latest_return,
    specialist_of,
)
from api.days.documents.kpis import measure
from api.days.documents.table_form import Cell, Column, Kind, Table, new_table
from api.days.documents.trips import trip_of
from routing.plan import Plan, Route, Stop

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
    return new_table("routes", (*_when_columns(plan, "trips"), *_ROUTE_COLUMNS), rows)


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

    return new_table("days", _DAY_COLUMNS, [row(day) for day in days_of(plan)])


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
    return new_table("stops", (*_when_columns(plan, "trip"), *_STOP_COLUMNS), rows)
