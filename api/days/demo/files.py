"""Workbooks, CSV and TOML as people keep them, with the same bytes every time."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from typing import Final

from api.days.demo.orders import Row

WIDEST: Final = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Rows under one header; a title above and a total below are written where given."""

    name: str
    rows: Sequence[Row]
    title: str = ""
    total: str = ""


def write_workbook(path: Path, sheets: Sequence[Sheet], *, day: date) -> None:
    """Write a workbook; it says that it was made at the start of the day, not now."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    book.set_properties({"author": "Flatbed", "created": datetime.combine(day, time())})
    bold = book.add_format({"bold": True, "bg_color": "#E8EDF3", "border": 1, "text_wrap": True})
    large = book.add_format({"bold": True, "font_size": 14, "align": "center"})
    for one in sheets:
        sheet = book.add_worksheet(one.name)
        header = list(one.rows[0])
        line = 0
        if one.title:
            sheet.merge_range(0, 0, 0, len(header) - 1, one.title, large)
            line = 1
        for column, name in enumerate(header):
            sheet.write_string(line, column, name, bold)
            longest = max(len(str(row[name])) for row in one.rows)
            sheet.set_column(column, column, min(WIDEST, 3 + 1.6 * max(len(name), longest)))
        sheet.freeze_panes(line + 1, 1)
        for row in one.rows:
            line += 1
            for column, name in enumerate(header):
                value = row[name]
                if isinstance(value, str):
                    if value:
                        sheet.write_string(line, column, value)
                else:
                    sheet.write_number(line, column, value)
        if one.total:
            # A blank row, then the total, as on any sheet that is printed.
            sheet.write_string(line + 2, 0, "合计", bold)
            sheet.write_string(line + 2, 1, one.total, bold)
    book.close()


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    """Write CSV that spreadsheets open in Chinese (utf-8 with its mark, CRLF)."""
    text = StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def write_toml(path: Path, values: Mapping[str, str | int]) -> None:
    """Write flat settings."""
    lines = (
        f'"{name}" = "{value}"' if isinstance(value, str) else f'"{name}" = {value}'
        for name, value in values.items()
    )
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
