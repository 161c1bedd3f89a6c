"""What is wrong with a row that somebody wants to keep, judged beside all the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from api import errors
from api.days.intake.faults import Fault, FaultLog
from api.days.intake.locating import Locator
from api.days.records.grids import sheets_of
from api.days.records.store import ORDERS, Record
from api.days.request import NEED_THE_DAY, DayGround, read_ground
from api.settings import Language

NOT_OF_THE_ROW: Final = NEED_THE_DAY | {"warehouse.closed"}
"""Faults that are there on some days only: they say something about the day, not about the row."""

Told = tuple[str, str, str, str]
"""Sheet, key of the row (empty: of the sheet), column and code: which fault it is, whatever number
its row has now."""


def judged(
    records: Mapping[str, Sequence[Record]], *, day: date, locator: Locator
) -> tuple[DayGround, dict[Told, Fault]]:
    """Read kept rows that are not orders, and say what is wrong with which."""
    log = FaultLog()
    sheets = sheets_of({k: v for k, v in records.items() if k != ORDERS}, log=log)
    ground = read_ground(sheets.grids, locator=locator, date=day, log=log)
    faults: dict[Told, Fault] = {}
    for fault in ground.faults:
        if fault.code in NOT_OF_THE_ROW:
            continue
        where = fault.where
        names = sheets.keys.get(where.sheet, ())
        key = names[where.row - 1] if where.row and where.row <= len(names) else ""
        faults[where.sheet, key, where.column, fault.code] = fault
    return ground, faults


def told(fault: Fault, language: Language, *, row: bool) -> errors.Fault:
    """Say a fault to who put the row; its number counts only where many were put at once."""
    said = fault.told(language)
    return errors.Fault(
        code=said.code,
        message=said.message,
        fix=said.fix,
        sheet=said.sheet,
        row=said.row if row else None,
        column=said.column,
        raw=said.raw,
    )
