"""The sheets of the fleet, row by row: kept only if the intake can read them beside all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from api.days.intake.faults import Fault
from api.days.intake.locating import Locator
from api.days.records import store
from api.days.records.errors import RecordInUse, UnknownRecord
from api.days.records.judging import Told, judged, told
from api.days.records.keys import KEY_COLUMNS, SETTINGS, SETTINGS_KEY
from api.days.records.store import ORDERS, Record, Written
from api.errors import FaultyInput
from api.kit.clock import Clock, tomorrow
from api.kit.db import Database
from api.settings import Language

FLEET_SHEETS: Final = tuple(sheet for sheet in KEY_COLUMNS if sheet != ORDERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKept:
    """A row that was put, and what was odd about the fleet with it."""

    written: Written
    warnings: tuple[Fault, ...]


class FleetService:
    """The fleet of every tenant of one database."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        locator: Locator,
        *,
        language: Language = Language.ENGLISH,
    ) -> None:
        """`language` is that of the faults."""
        self._database = database
        self._clock = clock
        self._locator = locator
        self._language = language

    def put(
        self,
        tenant_id: str,
        sheet: str,
        key: str,
        row: Mapping[str, Any],
        *,
        expected: int | None = None,
    ) -> RowKept:
        """Keep a row, if it can be read beside all others and breaks none of them.

        Raises:
            FaultyInput: it has faults, or others would have; lists them all.
            RecordChanged: it is not at the `expected` version.
            KeyTwice: another row has this id in another spelling.
        """
        body = {name: value for name, value in row.items() if value is not None}
        if sheet in KEY_COLUMNS and sheet != "decks":
            body[KEY_COLUMNS[sheet]] = key
        with self._database.writing() as connection:
            before = self._fleet(connection, tenant_id)
            written = store.put(
                connection,
                tenant_id,
                sheet=sheet,
                key=key,
                body=body,
                now=self._clock.now(),
                expected=expected,
            )
            after = dict(before)
            kept = [each for each in before.get(sheet, []) if each.key != key]
            after[sheet] = sorted([*kept, written.record], key=lambda each: each.place)
            warnings, faults = self._new_faults(before, after, sheet=sheet, key=key)
            if faults:
                raise FaultyInput(
                    tuple(told(fault, self._language, row=False) for fault in faults),
                    undone="nothing was kept",
                )
        return RowKept(written=written, warnings=warnings)

    def put_settings(
        self, tenant_id: str, values: Mapping[str, Any], *, expected: int | None = None
    ) -> RowKept:
        """Keep the settings in the place of those before.

        Raises:
            FaultyInput: they have faults, or contradict each other; lists them all.
            RecordChanged: they are not at the `expected` version.
        """
        return self.put(tenant_id, SETTINGS, SETTINGS_KEY, values, expected=expected)

    def show(self, tenant_id: str, sheet: str, key: str) -> Record:
        """Read a row.

        Raises:
            UnknownRecord: there is none.
        """
        with self._database.reading() as connection:
            return store.find(connection, tenant_id, sheet=sheet, key=key)

    def settings(self, tenant_id: str) -> Record | None:
        """Read the settings; None where nobody has put any."""
        with self._database.reading() as connection:
            found = store.listed(connection, tenant_id, sheet=SETTINGS)
        return found[0] if found else None

    def listed(
        self, tenant_id: str, sheet: str, *, after: tuple[int, str] | None, limit: int
    ) -> list[Record]:
        """List rows of a sheet in the order in which they came."""
        with self._database.reading() as connection:
            return store.listed(connection, tenant_id, sheet=sheet, after=after, limit=limit)

    def remove(self, tenant_id: str, sheet: str, key: str, *, expected: int | None = None) -> None:
        """Take a row away, if no other row of the fleet needs it.

        Raises:
            UnknownRecord: there is none.
            RecordChanged: it is not at the `expected` version.
            RecordInUse: others name it; says which.
        """
        with self._database.writing() as connection:
            before = self._fleet(connection, tenant_id)
            store.remove(connection, tenant_id, sheet=sheet, key=key, expected=expected)
            after = {
                name: [each for each in rows if (name, each.key) != (sheet, key)]
                for name, rows in before.items()
            }
            after = {name: rows for name, rows in after.items() if rows}
            _, faults = self._new_faults(before, after, sheet=sheet, key=key)
            if faults:
                said = [told(fault, self._language, row=False) for fault in faults]
                raise RecordInUse(
                    f"{key!r} cannot go: {said[0].message}",
                    faults=[
                        {"code": each.code, "message": each.message, "fix": each.fix,
                         "field": each.place}
                        for each in said
                    ],
                )  # fmt: skip

    def _fleet(self, connection: Connection, tenant_id: str) -> dict[str, list[Record]]:
        """Read all rows, and keep everybody else from changing them meanwhile."""
        store.lock_tenant(connection, tenant_id)
        return store.all_sheets(connection, tenant_id, but=[ORDERS])

    def _new_faults(
        self,
        before: Mapping[str, Sequence[Record]],
        after: Mapping[str, Sequence[Record]],
        *,
        sheet: str,
        key: str,
    ) -> tuple[tuple[Fault, ...], list[Fault]]:
        """Say what is wrong afterwards that was not before; of the row itself, everything."""
        day = tomorrow(self._clock)
        _, known = judged(before, day=day, locator=self._locator)
        ground, found = judged(after, day=day, locator=self._locator)
        new = [
            fault
            for at, fault in found.items()
            if at not in known or _is_of(at, sheet=sheet, key=key)
        ]
        return ground.warnings, new


def known_sheet(name: str) -> str:
    """Let through the name of a fleet's sheet.

    Raises:
        UnknownRecord: there is no such resource.
    """
    if name not in FLEET_SHEETS:
        raise UnknownRecord(f"there is no resource {name!r}", sheet=name)
    return name


def _is_of(at: Told, *, sheet: str, key: str) -> bool:
    return at[0] == sheet and at[1] in (key, "")
