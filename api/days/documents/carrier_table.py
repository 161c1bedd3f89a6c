"""The sheet 外协 of the workbook: what is sent to each third-party carrier."""

from __future__ import annotations

from typing import Final

from api.days.documents.cell_words import yes_no
from api.days.documents.figures import Locale
from api.days.documents.table_form import Cell, Column, Kind, Table, new_table
from routing.plan import Plan
from routing.plan_off_routes import Outsourced

_OUTSOURCED_COLUMNS: Final = (
    Column(key="carrier", width=18),
    Column(key="order", width=13),
    Column(key="model", width=14),
    Column(key="vin", width=20),
    Column(key="warehouse", width=14),
    Column(key="collects", kind=Kind.MOMENT, width=13),
    Column(key="slot_start", kind=Kind.MOMENT, width=13),
    Column(key="slot_end", kind=Kind.MOMENT, width=13),
    Column(key="promised", width=8),
    Column(key="address", width=38),
    Column(key="km", kind=Kind.KM, width=11),
    Column(key="cost", kind=Kind.YUAN, width=12),
    Column(key="county", width=10),
    Column(key="lat", kind=Kind.DEGREES, width=15),
    Column(key="lon", kind=Kind.DEGREES, width=15),
    Column(key="note", width=30),
)


def outsourced_table(plan: Plan, locale: Locale) -> Table:
    """One row for each order that a carrier brings, carrier by carrier: what to send to it."""

    def row(each: Outsourced) -> tuple[Cell, ...]:
        return (
            each.carrier_name,
            each.order_id,
            each.model_name,
            each.vin,
            plan.warehouses.get(each.warehouse_id, each.warehouse_id),
            locale.local(each.collects),
            locale.local(each.window.start),
            locale.local(each.window.end),
            yes_no(each.promised, locale),
            each.address,
            each.metres / 1000,
            each.price_minor / 100,
            each.county_code,
            each.lat,
            each.lon,
            each.note,
        )

    return new_table("outsourced", _OUTSOURCED_COLUMNS, [row(each) for each in plan.outsourced])
