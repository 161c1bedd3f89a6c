"""What was odd about a day's files, on stderr: short enough to be read."""

from collections.abc import Sequence
from typing import Final

import typer

from api.errors import Fault
from api.settings import Language

MOST_LINES: Final = 10
"""More warnings than this are counted; `--json` has them all."""


def tell_warnings(warnings: Sequence[Fault], *, lang: Language) -> None:
    """Say the first warnings on stderr, and how many more there are."""
    chinese = lang is Language.CHINESE
    for warning in warnings[:MOST_LINES]:
        typer.echo(f"注意 {warning.in_chinese()}" if chinese else f"note: {warning}", err=True)
    more = len(warnings) - MOST_LINES
    if more > 0:
        text = f"另有 {more} 条注意事项，见 --json" if chinese else f"and {more} more: see --json"
        typer.echo(text, err=True)
