"""A desk for tests: orders and fleet over one database, a map that needs no data, a stopped
clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.days.intake.locating import Locator
from api.days.records.grounds import GroundBook
from api.fleet.days import KeptDays
from api.fleet.importing import Importer
from api.fleet.service import FleetService
from api.kit.clock import CHINA
from api.kit.db import Database
from api.orders.personal import ContactSeal
from api.orders.service import OrderService
from api.slots.store import live_promises
from tests.api.intake.days import DAY, FakeMap, vin
from tests.api.slots.books import HandClock

TENANT = "acme"
EVE = datetime(2026, 11, 22, 12, 0, tzinfo=CHINA)
"""Noon before the day of the intake's tests."""
assert EVE.date() < DAY

HOUSE: Mapping[str, Any] = {
    "name": "一号仓", "lat": 34.72, "lon": 113.98, "datum": "WGS-84", "bays": 2,
}  # fmt: skip
TRUCK: Mapping[str, Any] = {"plate": "豫A00001", "kind": "one_car", "warehouse": "W1"}


def order_row(number: int = 1, **cells: object) -> dict[str, Any]:
    """An order as an order system sends it."""
    return {
        "vin": vin(number),
        "model": "通用中型SUV",
        "warehouse": "W1",
        "address": "河南省郑州市中牟县官渡镇",
        "contact": "张试",
        "phone": "13800000001",
        **cells,
    }


@dataclass(slots=True)
class Desk:
    """All services of kept rows."""

    database: Database
    clock: HandClock
    locator: Locator
    grounds: GroundBook
    orders: OrderService
    fleet: FleetService
    imports: Importer
    days: KeptDays

    def with_house(self) -> Desk:
        """Put one warehouse and one truck."""
        self.fleet.put(TENANT, "warehouses", "W1", HOUSE)
        self.fleet.put(TENANT, "trucks", "T1", TRUCK)
        return self


def desk_at(database: Database, *, locator: Locator | None = None) -> Desk:
    """Open a desk over an upgraded database."""
    clock, where = HandClock(EVE), locator or FakeMap()
    seal = ContactSeal({"k1": b"1" * 32, "k2": b"2" * 32}, current="k2")
    grounds = GroundBook(where)
    orders = OrderService(database, clock, grounds, seal, promised=live_promises)
    return Desk(
        database=database,
        clock=clock,
        locator=where,
        grounds=grounds,
        orders=orders,
        fleet=FleetService(database, clock, where),
        imports=Importer(database, clock, where, orders),
        days=KeptDays(database, where, orders),
    )
