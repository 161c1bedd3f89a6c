"""The sheet 专员 of the workbook: whom specialists in own cars meet, where and when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from api.days.documents.figures import Locale
from api.days.documents.own_cars import meetings_of
from api.days.documents.table_form import Cell, Column, Kind, Table, new_table
from routing.plan import Plan

_COLUMNS: Final = (
    Column(key="specialist", width=13),
    Column(key="warehouse", width=14),
    Column(key="leaves_by", kind=Kind.MOMENT, width=13),
    Column(key="seq", kind=Kind.COUNT, width=5),
    Column(key="there_by", kind=Kind.MOMENT, width=13),
    Column(key="done_by", kind=Kind.MOMENT, width=13),
    Column(key="order", width=13),
    Column(key="address", width=38),
    Column(key="model", width=14),
    Column(key="vin", width=20),
    Column(key="plate", width=12),
    Column(key="driver", width=12),
    Column(key="arrives", kind=Kind.MOMENT, width=13),
    Column(key="back_by", kind=Kind.MOMENT, width=13),
    Column(key="note", width=30),
)


def specialists_table(plan: Plan, locale: Locale) -> Table:
    """One row for each visit, person by person; phones are on their own papers only."""

    def rows() -> Iterator[tuple[Cell, ...]]:
        for person in plan.specialists:
            for number, meeting in enumerate(meetings_of(plan, person), start=1):
                yield (
                    person.name,
                    plan.warehouses.get(person.warehouse_id, person.warehouse_id),
                    locale.local(person.leaves),
                    number,
                    locale.local(meeting.visit.begins),
                    locale.local(meeting.visit.ends_latest),
                    meeting.visit.order_id,
                    meeting.stop.address,
                    meeting.stop.model_name,
                    meeting.stop.vin,
                    meeting.route.plate,
                    meeting.route.driver_name,
                    locale.local(meeting.stop.leg.arrives),
                    locale.local(person.returns),
                    meeting.stop.note,
                )

    return new_table("specialists", _COLUMNS, list(rows()))
