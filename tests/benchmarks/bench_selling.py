"""Slot search over kept rows: 84 windows of 14 days beside 300 promised stops, on real roads.

CPU seconds of the thread, because the machine is shared; the wall beside it is that of a busy one.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from api.days.demo import write_demo_day
from api.days.map_locator import MapLocator
from api.days.planning import BANS_FILE
from api.fleet.roads import RoadBook
from api.kit.clock import CHINA
from api.selling.search import Wanted
from api.selling.windows import Granularity, windows_of
from api.settings import read_settings
from api.slots.hold_desk import HoldOrder
from geodata.corrections import Corrections
from geodata.travel import open_roads
from routing.slots.loads import load_of
from tests.api.fleet.desks import TENANT, Desk, desk_at
from tests.api.selling.shops import RealShop, real_shop
from tests.benchmarks.measurement import Measurement
from tests.databases import new_database

FIRST: Final = date(2026, 11, 23)
STOPS: Final = 300
ASKED: Final = 40


def measure() -> Iterator[Measurement]:
    """Sell most of three demonstration days, then ask for orders nobody has asked for yet."""
    with tempfile.TemporaryDirectory() as folder:
        shop = _filled(Path(folder))
        waiting = [
            record.key
            for record, _ in shop.desk.orders.listed(TENANT, after=None, limit=1_000)
            if record.key.startswith("9-")
        ][:ASKED]
        for again, what in ((False, "first time"), (True, "once more")):
            cpu, wall = [], []
            for order_id in waiting:
                start, began = time.thread_time(), time.perf_counter()
                found = shop.search.search(TENANT, Wanted(order_id=order_id))
                cpu.append(1e3 * (time.thread_time() - start))
                wall.append(1e3 * (time.perf_counter() - began))
                assert len(found.offers) + len(found.blocked) >= 14 or found.required
            for name, times in (("CPU", cpu), ("wall", wall)):
                p95 = statistics.quantiles(times, n=20)[-1]
                how = f"{len(times)} orders, p95 {p95:.1f} ms, 84 windows, {STOPS} stops"
                yield Measurement(
                    what=f"slot search, {what}, {name} p50",
                    figure=statistics.median(times),
                    unit="ms",
                    how=how if not again else f"{how}, orders and roads remembered",
                )


def _filled(folder: Path) -> RealShop:
    cache = read_settings().cache_dir
    locator = MapLocator(corrections=Corrections(), cache_dir=cache)
    desk = desk_at(new_database("sqlite", folder), locator=locator)
    desk.clock.moment = datetime(2026, 11, 22, 12, 0, tzinfo=CHINA)
    for seed in (7, 8, 9):
        _import(desk, folder, seed, cache)
    settings = desk.fleet.settings(TENANT)
    desk.fleet.put_settings(
        TENANT, {**(settings.body if settings else {}), "service_hours": "08:00-20:00"}
    )
    shop = real_shop(desk.database, RoadBook(lambda: open_roads(cache_dir=cache)), desk=desk)
    shop.opening.roll(TENANT)
    _sell(shop)
    return shop


def _import(desk: Desk, folder: Path, seed: int, cache: Path) -> None:
    """Keep a demonstration day, its orders under a number of their own."""
    day = folder / str(seed)
    write_demo_day(day, seed=seed, day=FIRST, cache_dir=cache)
    files = {file.name: file.read_bytes() for file in day.iterdir() if file.name != BANS_FILE}
    desk.imports.take(TENANT, files)
    for record, row in desk.orders.listed(TENANT, after=None, limit=1_000):
        if record.key[1:2] != "-":
            desk.orders.remove(TENANT, record.key)
            free = {
                name: value
                for name, value in row.items()
                if name not in ("windows", "confirmed_window", "status", "contact", "phone")
            }
            desk.orders.put(TENANT, f"{seed}-{record.key}", free)


def _sell(shop: RealShop) -> None:
    """Hold windows day by day, whatever has room, until there are enough stops."""
    sold = 0
    orders = [
        record.key
        for record, _ in shop.desk.orders.listed(TENANT, after=None, limit=1_000)
        if not record.key.startswith("9-")
    ]
    for number, order_id in enumerate(orders * 2):
        day = FIRST + timedelta(days=number % 14)
        with shop.desk.database.reading() as connection:
            ground = shop.desk.grounds.ground(connection, TENANT, day)
            row = shop.desk.orders.record(connection, TENANT, order_id).body
        order = shop.desk.orders.read(row, ground).order
        if order is None:
            continue
        windows = windows_of(ground.settings, Granularity.TWO_HOURS)
        wanted = HoldOrder(
            pool=order.warehouse_id,
            day=day,
            order_ref=order_id,
            window=windows[number // 14 % len(windows)],
            load=load_of(order),
        )
        sold += shop.book.hold(shop.caller(), wanted).granted
        if sold == STOPS:
            return
