"""plan.xlsx: the plan as sheets, for people who filter, sort and add up."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Final

from api.days.documents.cells import safe_text
from api.days.documents.figures import Locale, locale_of
from api.days.documents.table_form import Cell, Column, Kind, Table
from api.days.documents.tables import all_tables
from api.days.documents.wording import HEADINGS, SHEETS, name_of
from api.settings import Language
from routing.plan import Plan

_FORMATS: Final = {
    Kind.TEXT: {},
    Kind.COUNT: {"num_format": "#,##0"},
    Kind.KM: {"num_format": "#,##0.0"},
    Kind.YUAN: {"num_format": "#,##0.00"},
    Kind.HOURS: {"num_format": "0.00"},
    Kind.MINUTES: {"num_format": "0"},
    Kind.SHARE: {"num_format": "0.0%"},
    Kind.DEGREES: {"num_format": "0.000000"},
    Kind.MOMENT: {"num_format": "mm-dd hh:mm"},
    Kind.FIGURE: {"num_format": "#,##0.##", "align": "right"},
}
_WRAPPED: Final = frozenset({"address", "detail", "fix", "faults", "text", "note", "proof"})


def workbook_bytes(plan: Plan, *, lang: Language) -> bytes:
    """Build the workbook of a plan."""
    locale = locale_of(plan, lang)
    title = locale.say(f"配送计划 {plan.day}", f"Delivery plan {plan.day}")
    return sheets_bytes(all_tables(plan, locale), title=title, day=plan.day, locale=locale)


def sheets_bytes(tables: Iterable[Table], *, title: str, day: date, locale: Locale) -> bytes:
    """Write tables as sheets; the dates of making are that day, so the bytes repeat."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "mm-dd hh:mm"})
    book.set_properties(
        {"title": title, "author": "Flatbed", "created": datetime.combine(day, time())}
    )
    for table in tables:
        _write_sheet(book, table, locale)
    book.close()
    return out.getvalue()


def _write_sheet(book: Any, table: Table, locale: Locale) -> None:  # noqa: ANN401 - XlsxWriter has no types
    sheet = book.add_worksheet(name_of(SHEETS, table.key, locale.lang))
    head = book.add_format(
        {
            "bold": True,
            "font_color": "#FFFFFF",
            "bg_color": "#1F3A5F",
            "valign": "vcenter",
            "text_wrap": True,
            "border": 1,
            "border_color": "#C9D1DB",
        }
    )
    sheet.set_row(0, 32)
    frozen = 3 if table.key == "stops" else 1
    sheet.freeze_panes(1, frozen)
    for index, column in enumerate(table.columns):
        style = book.add_format(_style(column))
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, name_of(HEADINGS, column.key, locale.lang), head)
        for line, row in enumerate(table.rows, start=1):
            _write_cell(sheet, (line, index), row[index], style)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&R&P / &N")


def _style(column: Column) -> dict[str, object]:
    style: dict[str, object] = {"valign": "top", "border": 1, "border_color": "#E3E8EE"}
    return style | _FORMATS[column.kind] | ({"text_wrap": True} if column.key in _WRAPPED else {})


def _write_cell(sheet: Any, at: tuple[int, int], cell: Cell, style: object) -> None:  # noqa: ANN401 - XlsxWriter has no types
    """Write text as text: nothing that was typed is ever a formula, a link or a number."""
    if cell is None:
        sheet.write_blank(*at, None, style)
    elif isinstance(cell, str):
        sheet.write_string(*at, safe_text(cell), style)
    elif isinstance(cell, datetime):
        sheet.write_datetime(*at, cell.replace(tzinfo=None), style)
    else:
        sheet.write_number(*at, cell, style)
