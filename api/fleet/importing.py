"""A whole day's sheets at once: all or nothing, and all faults at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection

from api.days.intake.faults import Fault, FaultLog, Where
from api.days.intake.grid import Grid
from api.days.intake.locating import Locator
from api.days.intake.settings_sheet import read_settings
from api.days.intake.sources import grids_in
from api.days.intake.tables import read_table
from api.days.records import store
from api.days.records.grids import rows_of, settings_of, sheets_of
from api.days.records.judging import NOT_OF_THE_ROW
from api.days.records.keys import KEY_COLUMNS, POSITIONS, SETTINGS, SETTINGS_KEY, is_fit, key_of
from api.days.records.store import ORDERS
from api.days.request import read_grids
from api.errors import FaultyInput
from api.kit.clock import CHINA, Clock, tomorrow
from api.kit.db import Database
from api.orders.service import OrderService
from api.settings import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import has put, by sheet; `day` is the day that its settings name."""

    counts: Mapping[str, int]
    day: date | None
    warnings: tuple[Fault, ...]


class Importer:
    """Takes a day folder over the wire."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        locator: Locator,
        orders: OrderService,
        *,
        language: Language = Language.ENGLISH,
    ) -> None:
        """`language` is that of the faults."""
        self._database = database
        self._clock = clock
        self._locator = locator
        self._orders = orders
        self._language = language

    def take(self, tenant_id: str, files: Mapping[str, bytes]) -> Imported:
        """Keep the sheets of files by name, as they would lie in a day's folder.

        A sheet that comes takes the place of the one before: rows that do not come again are taken
        away. Orders are added and changed, never taken away. All of it is read together with the
        sheets that are kept and do not come, as `flatbed plan` would read them.

        Raises:
            FaultyInput: anything is wrong with any row; lists every fault, and nothing is kept.
            VinTwice, KeyTwice: a kept order has the car or, in another spelling, the id.
        """
        log = FaultLog()
        grids = dict(grids_in({_plain_name(name): text for name, text in files.items()}, log=log))
        if not grids and not log.faults:
            log.fault("file.empty", Where())
        with self._database.writing() as connection:
            store.lock_tenant(connection, tenant_id)
            return self._keep(connection, tenant_id, grids, log)

    def _keep(
        self, connection: Connection, tenant_id: str, grids: Mapping[str, Grid], log: FaultLog
    ) -> Imported:
        named = _day_named(grids)
        kept = store.all_sheets(connection, tenant_id, but=[ORDERS, *grids])
        whole = {**sheets_of(kept, log=log).grids, **grids}
        day = named or tomorrow(self._clock)
        reading = read_grids(whole, locator=self._locator, date=day, log=log)
        read = {
            sheet: _by_key(sheet, rows_of(table))
            for sheet, grid in grids.items()
            if sheet != SETTINGS
            and (table := read_table(grid, sheet=sheet, log=FaultLog())) is not None
        }
        for sheet, rows in read.items():
            for key in rows:
                if not is_fit(sheet, key):
                    log.fault("id.unfit", Where(file=grids[sheet].file, sheet=sheet), id=key)
        wrong = [*reading.faults, *log.cascades, *(f for f in log.faults if f.code == "id.unfit")]
        if named is None:
            wrong = [fault for fault in wrong if fault.code not in NOT_OF_THE_ROW]
        if wrong:
            raise FaultyInput(
                tuple(fault.told(self._language) for fault in wrong), undone="nothing was kept"
            )
        counts: dict[str, int] = {}
        for sheet, grid in grids.items():
            if sheet == SETTINGS:
                settings = settings_of(grid)
                self._put(connection, tenant_id, SETTINGS, {SETTINGS_KEY: settings})
                counts[sheet] = len(settings)
                continue
            rows = read.get(sheet, {})
            if sheet == ORDERS:
                self._orders.keep_imported(connection, tenant_id, rows)
            else:
                self._put(connection, tenant_id, sheet, rows)
            counts[sheet] = len(rows)
        self._read_again(connection, tenant_id, day, list(read.get(ORDERS, {})))
        return Imported(counts=counts, day=named, warnings=reading.warnings)

    def _read_again(
        self, connection: Connection, tenant_id: str, day: date, orders: Sequence[str]
    ) -> None:
        """Let nothing be kept that cannot be read as it is kept.

        Raises:
            FaultyInput: it cannot, though it could as it came.
        """
        log = FaultLog()
        records = store.all_sheets(connection, tenant_id, but=[ORDERS])
        if orders:
            records[ORDERS] = [
                store.find(connection, tenant_id, sheet=ORDERS, key=key) for key in orders
            ]
        sheets = sheets_of(records, log=log)
        reading = read_grids(sheets.grids, locator=self._locator, date=day, days=1, log=log)
        wrong = [
            fault for fault in (*reading.faults, *log.cascades) if fault.code not in NOT_OF_THE_ROW
        ]
        if wrong:
            raise FaultyInput(
                tuple(fault.told(self._language) for fault in wrong), undone="nothing was kept"
            )

    def _put(
        self,
        connection: Connection,
        tenant_id: str,
        sheet: str,
        rows: Mapping[str, Mapping[str, Any]],
    ) -> None:
        for old in store.listed(connection, tenant_id, sheet=sheet):
            if old.key not in rows:
                store.remove(connection, tenant_id, sheet=sheet, key=old.key)
        for key, row in rows.items():
            store.put(connection, tenant_id, sheet=sheet, key=key, body=row, now=self._clock.now())


def _by_key(sheet: str, rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if sheet == "decks":
            key = str(row.pop(KEY_COLUMNS[sheet]))
            found.setdefault(key, {POSITIONS: []})[POSITIONS].append(row)
        else:
            found[key_of(sheet, row)] = row
    return found


def _day_named(grids: Mapping[str, Grid]) -> date | None:
    """Read the day that the settings name, if they do."""
    settings = read_settings(grids.get(SETTINGS), day=None, zone=CHINA, log=FaultLog())
    return settings.day if settings.day_known else None


def _plain_name(name: str) -> str:
    """Take the last part of a file's name, so that it lies in the folder and nowhere else."""
    plain = PurePath(name.replace("\\", "/")).name
    return plain if plain not in ("", ".", "..") else "file"
