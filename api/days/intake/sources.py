"""Which files a day consists of, and which sheet of the day each of their grids is."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.days.intake.columns import sheet_of, sheet_plans
from api.days.intake.faults import FaultLog, Where
from api.days.intake.grid import FILE_LARGEST_BYTES, MEBIBYTE, Grid
from api.days.intake.read_csv import read_csv
from api.days.intake.read_json import read_json, settings_grid
from api.days.intake.read_xlsx import OLE_START, ZIP_START, read_xlsx

READ_KINDS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt", ".json", ".toml"})
NEEDED: Final = ("orders", "trucks", "warehouses")
FILES_MOST: Final = 200
"""In a folder: more is somebody's download folder and no day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    path: Path
    sheet: str
    """The sheet its name means; "" for a workbook of any name."""


def collect_grids(path: Path, *, log: FaultLog) -> Mapping[str, Grid]:
    """Read every sheet of a folder, workbook or JSON file; needed ones that lack are noted."""
    files = _files(path, log=log)
    if files is None:
        return {}
    found: dict[str, Grid] = {}
    for file in files:
        _add(found, _sheets_of(file, alone=not path.is_dir(), log=log), log=log)
    unread = {file.sheet for file in files} - set(found)
    for sheet in NEEDED:
        if sheet not in found and sheet not in unread and not _any_unreadable(log):
            plan = sheet_plans()[sheet]
            log.fault("sheet.missing", Where(file=path.name), sheet_zh=plan.zh, sheet_en=plan.key)
    return found


def grids_in(files: Mapping[str, bytes], *, log: FaultLog) -> Mapping[str, Grid]:
    """Read the sheets of files that were handed in, by their names, as if they lay in a folder.

    No sheet is needed here. A file of a kind or name that means no sheet is a fault: somebody has
    sent it for a reason.
    """
    found: dict[str, Grid] = {}
    for name, content in sorted(files.items()):
        path = Path(name)
        if path.suffix.lower() not in READ_KINDS:
            log.fault("file.kind", Where(file=name), kind=path.suffix or name)
        elif len(content) > FILE_LARGEST_BYTES:
            size, limit = len(content) // MEBIBYTE, FILE_LARGEST_BYTES // MEBIBYTE
            log.fault("file.too_large", Where(file=name), size_mib=size, limit_mib=limit)
        elif not content.strip():
            log.fault("file.empty", Where(file=name))
        else:
            file = _File(path=path, sheet=sheet_of(path.stem))
            _add(found, _sheets_in(file, content, alone=len(files) == 1, log=log), log=log)
    return found


def _add(found: dict[str, Grid], more: list[tuple[str, Grid]], *, log: FaultLog) -> None:
    """Put sheets beside those that were found before; one that is there already is a fault."""
    for sheet, grid in more:
        if sheet not in found:
            found[sheet] = grid
            continue
        plan, other = sheet_plans()[sheet], found[sheet]
        log.fault(
            "sheet.twice",
            Where(file=grid.file, sheet=grid.sheet),
            sheet_zh=plan.zh,
            sheet_en=plan.key,
            other=f"{other.file} {other.sheet}".strip(),
        )


def order_grid(path: Path, *, log: FaultLog) -> Grid | None:
    """Read one more order sheet; None (and faults) when it cannot be read."""
    if not path.is_file():
        log.fault("file.missing", Where(file=path.name), what=path.name)
        return None
    if path.suffix.lower() not in READ_KINDS:
        log.fault("file.kind", Where(file=path.name), kind=path.suffix or path.name)
        return None
    sheets = dict(_sheets_of(_File(path=path, sheet="orders"), alone=False, log=log))
    return sheets.get("orders")


def read_bounded(path: Path, *, log: FaultLog) -> bytes | None:
    """Read a file that is small enough; its size is asked before a byte is read."""
    where = Where(file=path.name)
    try:
        size = path.stat().st_size
        if size > FILE_LARGEST_BYTES:
            limit = FILE_LARGEST_BYTES // MEBIBYTE
            log.fault("file.too_large", where, size_mib=size // MEBIBYTE, limit_mib=limit)
            return None
        with path.open("rb") as file:
            # One byte more than it had tells a file that grows while it is read.
            content = file.read(size + 1)
    except OSError as error:
        log.fault("file.unreadable", where, why=error.strerror or type(error).__name__)
        return None
    if len(content) > size:
        log.fault("file.unreadable", where, why="the file is still being written")
        return None
    if not content.strip():
        log.fault("file.empty", where)
        return None
    return content


def _files(path: Path, *, log: FaultLog) -> list[_File] | None:
    """List the files of a day; None when there is no such day (noted)."""
    if path.is_file():
        if path.suffix.lower() not in READ_KINDS:
            log.fault("file.kind", Where(file=path.name), kind=path.suffix or path.name)
            return None
        return [_File(path=path, sheet="")]
    if not path.is_dir():
        log.fault("file.missing", Where(file=path.name), what=path.name)
        return None
    try:
        # "~$" and "." mark the lock files of open workbooks and hidden files.
        names = sorted(one for one in path.iterdir() if not one.name.startswith(("~$", ".")))
    except OSError as error:
        log.fault("file.unreadable", Where(file=path.name), why=error.strerror or "?")
        return None
    files = []
    for one in names[:FILES_MOST]:
        sheet, kind = sheet_of(one.stem), one.suffix.lower()
        if not one.is_file():
            continue
        if kind in READ_KINDS and (sheet or kind in {".xlsx", ".xlsm", ".xls"}):
            files.append(_File(path=one, sheet=sheet))
        elif sheet:
            log.fault("file.kind", Where(file=one.name), kind=kind or one.name)
    return files


def _sheets_of(file: _File, *, alone: bool, log: FaultLog) -> list[tuple[str, Grid]]:
    """Read one file and say which sheet of the day each of its grids is."""
    content = read_bounded(file.path, log=log)
    return [] if content is None else _sheets_in(file, content, alone=alone, log=log)


def _sheets_in(
    file: _File, content: bytes, *, alone: bool, log: FaultLog
) -> list[tuple[str, Grid]]:
    name = file.path.name
    grids = _reader(file.path, content)(content, file=name, log=log)
    by_name = [(sheet_of(grid.sheet), grid) for grid in grids]
    known = [(sheet, grid) for sheet, grid in by_name if sheet]
    spare = [grid for sheet, grid in by_name if not sheet]
    own = file.sheet or (sheet_of(file.path.stem) if alone else "")
    if own and not any(sheet == own for sheet, _ in known) and spare:
        # The file's name says what its one sheet is, whatever that sheet is called.
        first = next((grid for grid in spare if grid.rows), spare[0])
        known.append((own, first))
        spare.remove(first)
    elif not known and spare and not spare[0].sheet:
        known.append(("orders", spare.pop(0)))  # a bare list or table is the order sheet
    for grid in spare:
        if grid.rows:
            log.warn("sheet.unknown", Where(file=name, sheet=grid.sheet), name=grid.sheet)
    return known


Reader = Callable[..., list[Grid]]


def _reader(path: Path, content: bytes) -> Reader:
    """Choose by what the file is, then by what it is called."""
    if content.startswith((ZIP_START, OLE_START)):
        return read_xlsx
    kind = path.suffix.lower()
    if kind == ".json":
        return read_json
    if kind == ".toml":
        return _read_toml
    return read_xlsx if kind in {".xlsx", ".xlsm", ".xls"} else read_csv


def _read_toml(content: bytes, *, file: str, log: FaultLog) -> list[Grid]:
    if len(content) > MEBIBYTE:
        log.fault(
            "file.too_large", Where(file=file), size_mib=len(content) // MEBIBYTE, limit_mib=1
        )
        return []
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        log.fault("file.encoding", Where(file=file), byte=error.start)
        return []
    except tomllib.TOMLDecodeError as error:
        log.fault("toml.syntax", Where(file=file), why=error)
        return []
    return [settings_grid(values, file=file)]


def _any_unreadable(log: FaultLog) -> bool:
    """A workbook that cannot be read may hold the missing sheet: one fault is enough."""
    return any(fault.code.startswith(("file.", "json.", "csv.")) for fault in log.faults)
