"""JSON: a day as one object of sheets, or one sheet as a list of objects."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Final, NoReturn

from api.days.intake.faults import FaultLog, Where
from api.days.intake.grid import CELLS_MOST, COLUMNS_MOST, ROWS_MOST, CellValue, Grid, GridRow

SETTING_HEADER: Final = ("name", "value")


class _BadJson(ValueError):
    """JSON that parses elsewhere but says two things or nothing."""


def read_json(content: bytes, *, file: str, log: FaultLog) -> list[Grid]:
    """Read the sheets of one file; a bare list has no sheet name.

    Rows count from 1 in each list. NaN, Infinity and repeated keys are refused: they are no JSON.
    """
    values = sum(content.count(sign) for sign in (b",", b"[", b"{"))
    if values > CELLS_MOST:  # three bytes of JSON may become sixty of memory
        log.fault("file.too_many_cells", Where(file=file), cells=CELLS_MOST, limit=CELLS_MOST)
        return []
    try:
        day = json.loads(
            content.decode("utf-8-sig"),
            parse_constant=_refuse_constant,
            object_pairs_hook=_refuse_repeats,
        )
    except UnicodeDecodeError as error:
        log.fault("file.encoding", Where(file=file), byte=error.start)
        return []
    except (ValueError, RecursionError) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else None
        why = "nested too deeply" if isinstance(error, RecursionError) else error
        log.fault("json.syntax", Where(file=file, row=row), why=why)
        return []
    if isinstance(day, list):
        return rows_grid(day, file=file, sheet="", log=log)
    if not isinstance(day, dict):
        _misshapen(log, Where(file=file), what=file, wanted="a list or an object", zh="列表或对象")
        return []
    grids = []
    loose = {key: value for key, value in day.items() if not isinstance(value, (list, dict))}
    if loose:
        grids.append(settings_grid(loose, file=file))
    for name, value in day.items():
        if isinstance(value, dict):
            grids.append(settings_grid(value, file=file, sheet=name))
        elif isinstance(value, list):
            grids.extend(rows_grid(value, file=file, sheet=name, log=log))
    return grids


def settings_grid(values: Mapping[str, object], *, file: str, sheet: str = "settings") -> Grid:
    """Lay settings out as a sheet of names and values; nested tables give `outer.inner`."""
    rows = [GridRow(number=0, cells=SETTING_HEADER)]
    for name, value in values.items():
        inner = (
            [(f"{name}.{key}", item) for key, item in value.items()]
            if isinstance(value, dict)
            else [(name, value)]
        )
        rows += [
            GridRow(number=len(rows) + at, cells=(key, _cell(item)))
            for at, (key, item) in enumerate(inner)
        ]
    return Grid(file=file, sheet=sheet, rows=tuple(rows), lettered=False)


def rows_grid(items: Sequence[object], *, file: str, sheet: str, log: FaultLog) -> list[Grid]:
    """Lay a list of objects out as a sheet; none (and faults) where that cannot be done.

    Rows count from 1, columns are the keys of the objects.
    """
    name = sheet
    header: dict[str, int] = {}
    rows: list[GridRow] = []
    if len(items) > ROWS_MOST:
        log.fault("sheet.too_long", Where(file=file, sheet=name), limit=ROWS_MOST)
        return []
    for number, item in enumerate(items, start=1):
        where = Where(file=file, sheet=name, row=number)
        if not isinstance(item, dict):
            _misshapen(log, where, what="row", wanted="an object", zh="对象")
            continue
        cells: dict[int, CellValue] = {}
        for key, value in item.items():
            at = header.setdefault(key, len(header))
            if at > COLUMNS_MOST:
                log.fault("sheet.too_wide", where, limit=COLUMNS_MOST)
                return []
            if isinstance(value, dict) and set(value) != {"start", "end"}:
                column = Where(file=file, sheet=name, row=number, column=key)
                _misshapen(log, column, what=key, wanted="a plain value", zh="单个值")
                continue
            cells[at] = _cell(value)
        rows.append(GridRow(number=number, cells=tuple(cells.get(at) for at in range(len(header)))))
    first = GridRow(number=0, cells=tuple(header))
    return [Grid(file=file, sheet=name, rows=(first, *rows), lettered=False)]


def _cell(value: object) -> CellValue:
    """Make a cell of a value: lists are joined as people write them, `{start, end}` is a window."""
    if isinstance(value, list):
        return ";".join(str(_cell(item)) for item in value)
    if isinstance(value, dict):
        return f"{value.get('start')}/{value.get('end')}"
    if value is None or isinstance(value, (str, int, float, bool, date, time)):
        return value
    return str(value)


def _misshapen(log: FaultLog, where: Where, *, what: str, wanted: str, zh: str) -> None:
    log.fault("json.shape", where, what=what, wanted=wanted, wanted_zh=zh)


def _refuse_constant(name: str) -> NoReturn:
    raise _BadJson(f"{name} is not a number of JSON")


def _refuse_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _BadJson(f"key {key!r} is there twice in one object")
        found[key] = value
    return found
