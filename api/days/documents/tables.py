"""Every table of the workbook, in its order."""

from __future__ import annotations

from api.days.documents.carrier_table import outsourced_table
from api.days.documents.figures import Locale
from api.days.documents.left_behind_table import left_behind_table
from api.days.documents.made_tables import kpi_table, sources_table
from api.days.documents.route_tables import days_table, routes_table, stops_table
from api.days.documents.specialist_table import specialists_table
from api.days.documents.table_form import Column, Kind, Table, new_table
from routing.plan import Plan


def all_tables(plan: Plan, locale: Locale) -> tuple[Table, ...]:
    """Build every table of the workbook; specialists in own cars, carriers and skipped rows only
    when there are any."""
    tables = [
        routes_table(plan, locale),
        stops_table(plan, locale),
        *([specialists_table(plan, locale)] if plan.specialists else []),
        *([outsourced_table(plan, locale)] if plan.outsourced else []),
        left_behind_table(plan, locale),
        *([days_table(plan, locale)] if plan.days > 1 else []),
        kpi_table(plan, locale),
        sources_table(plan, locale),
    ]
    if plan.skipped:
        tables.append(skipped_table(plan))
    return tuple(tables)


def skipped_table(plan: Plan) -> Table:
    """The input rows that were left out on request."""
    columns = (
        Column(key="sheet", width=14),
        Column(key="row", kind=Kind.COUNT, width=7),
        Column(key="order", width=14),
        Column(key="faults", width=80),
    )
    rows = [(row.sheet, row.row, row.order_id, "; ".join(row.faults)) for row in plan.skipped]
    return new_table("skipped", columns, rows)
