"""The days of a tenant without their orders, read from the kept rows once and remembered.

A process may remember as long as it likes: the revision of the rows is asked each time, so nobody
ever reads an order against yesterday's fleet.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date
from threading import Lock
from typing import Final

from sqlalchemy import Connection

from api.days.intake.faults import FaultLog
from api.days.intake.locating import Locator
from api.days.records import store
from api.days.records.grids import sheets_of
from api.days.records.store import ORDERS, Record
from api.days.request import DayGround, read_ground

KEPT: Final = 256
"""Days in memory, of all tenants: some 50 kB each."""


class GroundBook:
    """Reads the fleet of a day. Safe to use from many threads."""

    def __init__(self, locator: Locator) -> None:
        self.locator = locator
        self._known: OrderedDict[tuple[str, int, date], DayGround] = OrderedDict()
        self._lock = Lock()

    def ground(self, connection: Connection, tenant_id: str, day: date) -> DayGround:
        """Give a tenant's day without orders, as the rows are now."""
        return self.grounds(connection, tenant_id, [day])[0]

    def grounds(
        self, connection: Connection, tenant_id: str, days: Sequence[date]
    ) -> list[DayGround]:
        """Give several days of a tenant, all of the same rows."""
        revision = store.revision(connection, tenant_id)
        records: dict[str, list[Record]] | None = None
        found = []
        for day in days:
            key = tenant_id, revision, day
            with self._lock:
                ground = self._known.get(key)
                if ground is not None:
                    self._known.move_to_end(key)
            if ground is None:
                if records is None:
                    records = store.all_sheets(connection, tenant_id, but=[ORDERS])
                ground = read_kept(records, day=day, locator=self.locator)
                with self._lock:
                    self._known[key] = ground
                    while len(self._known) > KEPT:
                        self._known.popitem(last=False)
            found.append(ground)
        return found


def read_kept(records: Mapping[str, Sequence[Record]], *, day: date, locator: Locator) -> DayGround:
    """Read kept rows, whatever orders are among them, as one day without orders."""
    log = FaultLog()
    sheets = sheets_of({k: v for k, v in records.items() if k != ORDERS}, log=log)
    return read_ground(sheets.grids, locator=locator, date=day, log=log)
