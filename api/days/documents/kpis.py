"""The handful of figures by which a plan is judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.days.documents.figures import Locale, hours, km, yuan
from api.days.documents.wording import KPIS, name_of
from routing.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpis:
    """Whole-plan sums: counts, metres, seconds, fen."""

    orders: int
    served: int
    left_behind: int
    promises_kept: int
    promises_lost: int
    new_slots: int
    trucks_used: int
    trucks_idle: int
    metres: int
    cost_minor: int
    tolls_minor: int
    co2_g: int
    drive_s: int
    duty_s: int
    wait_s: int
    overtime_s: int
    last_return: datetime | None
    """None when no truck leaves."""
    outsourced: int = 0
    """Orders that carriers bring; `served` are those on our trucks."""
    outsourced_minor: int = 0
    """What carriers are paid; part of `cost_minor`."""
    expected_late: float | None = None
    """Handovers a day that miss their slot, on the simulated days; None without a simulation."""

    @property
    def cost_per_car_minor(self) -> int:
        """Cost of all routes and carriers over the cars they bring, in fen; 0 without cars."""
        brought = self.served + self.outsourced
        return self.cost_minor // brought if brought else 0


def measure(plan: Plan) -> Kpis:
    """Sum a plan up."""
    stops = [stop for route in plan.routes for stop in route.stops]
    brought = len(stops) + len(plan.outsourced)
    promised = sum(stop.slot.promised for stop in stops)
    promised += sum(each.promised for each in plan.outsourced)
    return Kpis(
        orders=brought + len(plan.left_behind),
        served=len(stops),
        left_behind=len(plan.left_behind),
        promises_kept=promised,
        promises_lost=sum(left.promised for left in plan.left_behind),
        new_slots=brought - promised,
        trucks_used=len({route.vehicle_id for route in plan.routes}),
        trucks_idle=len(_never_out(plan)),
        metres=sum(route.metres for route in plan.routes),
        cost_minor=plan.cost_minor,
        tolls_minor=sum(route.cost.tolls for route in plan.routes),
        co2_g=plan.co2_g,
        drive_s=sum(route.drive_s for route in plan.routes),
        duty_s=sum(route.duty_s for route in plan.routes),
        wait_s=sum(stop.waits_s for stop in stops),
        overtime_s=sum(route.overtime_s for route in plan.routes),
        last_return=max((route.returns for route in plan.routes), default=None),
        outsourced=len(plan.outsourced),
        outsourced_minor=plan.outsourced_minor,
        expected_late=plan.outlook.expected_late if plan.outlook else None,
    )


def _never_out(plan: Plan) -> set[tuple[str, str]]:
    """List the trucks that stay at home on every day, by warehouse and plate."""
    out = {(route.warehouse_id, route.plate) for route in plan.routes}
    return {(truck.warehouse_id, truck.plate) for truck in plan.idle} - out


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiLine:
    """One figure for people: its number for a cell, its text for a page."""

    key: str
    name: str
    number: int | float | None
    text: str
    unit: str


def kpi_lines(kpis: Kpis, locale: Locale) -> tuple[KpiLine, ...]:
    """Show every figure, in the order in which a dispatcher asks for them."""
    promises = kpis.promises_kept + kpis.promises_lost
    back = locale.clock(kpis.last_return) if kpis.last_return else "–"
    return (
        _count("orders", kpis.orders, locale),
        _count("served", kpis.served, locale),
        _count("left_behind", kpis.left_behind, locale),
        *_outsourced(kpis, locale),
        _line("promises_kept", None, f"{kpis.promises_kept} / {promises}", "", locale),
        _count("new_slots", kpis.new_slots, locale),
        _count("trucks_used", kpis.trucks_used, locale),
        _count("trucks_idle", kpis.trucks_idle, locale),
        _line("km", round(kpis.metres / 1000, 1), km(kpis.metres), "km", locale),
        _money("cost", kpis.cost_minor, locale),
        _money("cost_per_car", kpis.cost_per_car_minor, locale),
        _money("tolls", kpis.tolls_minor, locale),
        _line("co2", round(kpis.co2_g / 1000, 1), f"{kpis.co2_g / 1000:,.1f}", "kg", locale),
        _hours("drive_h", kpis.drive_s, locale),
        _hours("duty_h", kpis.duty_s, locale),
        _hours("wait_h", kpis.wait_s, locale),
        _hours("overtime_h", kpis.overtime_s, locale),
        *_expected_late(kpis.expected_late, locale),
        _line("last_return", None, back, "", locale),
    )


def _outsourced(kpis: Kpis, locale: Locale) -> tuple[KpiLine, ...]:
    """Only where carriers bring anything."""
    if not kpis.outsourced:
        return ()
    return (
        _count("outsourced", kpis.outsourced, locale),
        _money("outsourced_cost", kpis.outsourced_minor, locale),
    )


def _expected_late(late: float | None, locale: Locale) -> tuple[KpiLine, ...]:
    if late is None:
        return ()
    unit = locale.say("单", "orders")
    return (_line("expected_late", round(late, 2), f"{late:,.1f}", unit, locale),)


def _line(key: str, number: float | None, text: str, unit: str, locale: Locale) -> KpiLine:
    name = name_of(KPIS, key, locale.lang)
    return KpiLine(key=key, name=name, number=number, text=text, unit=unit)


def _count(key: str, count: int, locale: Locale) -> KpiLine:
    return _line(key, count, f"{count:,}", "", locale)


def _money(key: str, minor: int, locale: Locale) -> KpiLine:
    return _line(key, minor / 100, yuan(minor), locale.say("元", "CNY"), locale)


def _hours(key: str, seconds: int, locale: Locale) -> KpiLine:
    value = hours(seconds)
    return _line(key, value, f"{value:,.1f}", locale.say("小时", "h"), locale)
