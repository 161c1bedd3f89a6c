"""Text that is safe in a spreadsheet cell: what a stranger typed must never run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_FORMULA_STARTS: Final = tuple("=+-@\t\r\n＝＋－＠")
"""As listed by OWASP, "CSV Injection", with the full-width forms that spreadsheets fold."""


def safe_text(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would read as a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write a CSV that Excel opens in Chinese: UTF-8 with its mark, CRLF, formulas disarmed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_text(cell) for cell in header])
    writer.writerows([safe_text(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
