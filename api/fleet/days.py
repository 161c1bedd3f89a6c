"""A whole day out of kept rows: what `flatbed plan` reads from files, read from the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from api.days.intake.faults import FaultLog
from api.days.intake.locating import Locator
from api.days.records import store
from api.days.records.grids import sheets_of
from api.days.records.store import ORDERS
from api.days.request import DayReading, read_grids
from api.kit.db import Database
from api.orders.personal import put_together
from api.orders.service import OrderService


class KeptDays:
    """Reads days of tenants. The same rows give the same request, whichever way they came."""

    def __init__(self, database: Database, locator: Locator, orders: OrderService) -> None:
        self._database = database
        self._locator = locator
        self._orders = orders

    def read(
        self,
        tenant_id: str,
        day: date,
        *,
        days: int | None = None,
        only: Collection[str] | None = None,
        contacts: bool = False,
        skip_faulty: bool = False,
    ) -> DayReading:
        """Read a day (or `days` of them) with all kept orders, or `only` those of these ids.

        Orders come with their contacts where the driver's papers need them.
        """
        with self._database.reading() as connection:
            records = store.all_sheets(connection, tenant_id)
            personal = self._orders.contacts(connection, tenant_id) if contacts else {}
        kept = [
            replace(each, body=put_together(each.body, personal.get(each.key, {})))
            for each in records.pop(ORDERS, [])
            if only is None or each.key in only
        ]
        log = FaultLog()
        sheets = sheets_of({ORDERS: kept, **records} if kept else records, log=log)
        return read_grids(
            sheets.grids,
            locator=self._locator,
            date=day,
            days=days or 1,
            skip_faulty=skip_faulty,
            log=log,
        )
