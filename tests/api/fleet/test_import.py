"""A day over the wire is read as a day in a folder: the same rows make the same request."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.days.map_locator import MapLocator
from api.days.planning import BANS_FILE
from api.errors import FaultyInput
from api.kit.db import Database
from api.orders.errors import VinTwice
from geodata.corrections import Corrections
from tests.api.demo.conftest import DAY as DEMO_DAY
from tests.api.demo.conftest import DayRead, day_read, read_demo  # noqa: F401  # fixtures
from tests.api.fleet.desks import TENANT, Desk, desk_at, order_row
from tests.api.intake.days import (
    DAY,
    Sheets,
    day_with,
    driver,
    order,
    read,
    truck,
    vin,
    write_csv_folder,
    write_json,
    write_xlsx,
)


@pytest.fixture
def desk(database: Database) -> Desk:
    return desk_at(database)


def files_of(path: Path) -> dict[str, bytes]:
    """A folder or a file as it is sent."""
    found = [path] if path.is_file() else sorted(path.iterdir())
    return {file.name: file.read_bytes() for file in found if file.name != BANS_FILE}


def test_the_demonstration_day_is_the_same_day_over_the_wire(
    database: Database,
    day_read: DayRead,  # noqa: F811  # the fixture
    road_cache: Path,
) -> None:
    """Workbooks with titles and totals, CSV, TOML, free text in addresses: one digest."""
    locator = MapLocator(corrections=Corrections(), cache_dir=road_cache)
    desk = desk_at(database, locator=locator)
    imported = desk.imports.take(TENANT, files_of(day_read.demo.path))
    assert imported.day == DEMO_DAY and imported.counts["orders"] == 150
    again = desk.days.read(TENANT, DEMO_DAY, contacts=True)
    assert again.request is not None, again.faults
    assert again.request.digest == day_read.request.digest
    assert again.request == day_read.request  # contacts included
    bare = desk.days.read(TENANT, DEMO_DAY).request
    assert bare is not None and bare.digest == day_read.request.digest


WRITERS: dict[str, Callable[[Path, Sheets], Path]] = {
    "book.xlsx": write_xlsx,
    "day.json": write_json,
    "folder": write_csv_folder,
}


@pytest.mark.parametrize("form", WRITERS)
def test_units_dates_and_papers_survive(desk: Desk, tmp_path: Path, form: str) -> None:
    """A header's unit, a paper left empty among filled ones, a driver's day off."""
    sheets = day_with(
        orders=[
            order(1, 尾款="是", 到库时间="2026-11-23 08:00", **{"卸车时长(h)": 0.5}),
            order(2, 地址="河南省郑州市新密市 1380000xxxx", 备注="找张试"),
        ],
        trucks=[truck(司机="司机1")],
        drivers=[driver(休息日="2026-11-24")],
    )
    path = WRITERS[form](tmp_path / form, sheets)
    reading = read(path)
    assert reading.request is not None, reading.faults
    imported = desk.imports.take(TENANT, files_of(path))
    assert imported.day == DAY
    again = desk.days.read(TENANT, DAY, contacts=True)
    assert again.request == reading.request


def test_an_import_with_one_fault_keeps_nothing(desk: Desk, tmp_path: Path) -> None:
    """All faults are told, each with its file, row and column."""
    path = write_json(
        tmp_path / "day.json", day_with(orders=[order(1), order(2, VIN="LFB"), order(3, 车型="?")])
    )
    with pytest.raises(FaultyInput) as caught:
        desk.imports.take(TENANT, files_of(path))
    assert [(fault.code, fault.row) for fault in caught.value.faults] == [
        ("vin.length", 2),
        ("model.unknown", 3),
    ]
    assert desk.fleet.listed(TENANT, "trucks", after=None, limit=9) == []
    assert desk.orders.listed(TENANT, after=None, limit=9) == []


def test_orders_alone_are_read_beside_the_fleet_that_is_kept(desk: Desk, tmp_path: Path) -> None:
    """The fleet came last week; today come orders. Orders that do not come again stay."""
    desk.imports.take(TENANT, files_of(write_json(tmp_path / "day.json", day_with())))
    more = {"orders.json": json.dumps([{"order_id": "B1", **order_row(7)}]).encode()}
    assert desk.imports.take(TENANT, more).counts == {"orders": 1}
    ids = [record.key for record, _ in desk.orders.listed(TENANT, after=None, limit=9)]
    assert ids == ["A001", "B1"]
    again = {"orders.json": json.dumps([{"order_id": "B2", **order_row(1)}]).encode()}
    with pytest.raises(VinTwice):
        desk.imports.take(TENANT, again)


def test_trucks_that_do_not_come_again_are_gone(desk: Desk, tmp_path: Path) -> None:
    """A sheet of trucks is the fleet."""
    sheets = day_with(trucks=[truck(1), truck(2)])
    desk.imports.take(TENANT, files_of(write_json(tmp_path / "day.json", sheets)))
    desk.imports.take(TENANT, files_of(write_json(tmp_path / "day.json", day_with())))
    kept = desk.fleet.listed(TENANT, "trucks", after=None, limit=9)
    assert [record.key for record in kept] == ["T1"]


def test_two_orders_may_swap_their_cars(desk: Desk, tmp_path: Path) -> None:
    """Judged when all rows are there, not on the way."""
    for cars in ((1, 2), (2, 1)):
        sheets = day_with(orders=[order(n, VIN=vin(car)) for n, car in enumerate(cars, start=1)])
        desk.imports.take(TENANT, files_of(write_json(tmp_path / "day.json", sheets)))
    _, shown = desk.orders.show(TENANT, "A001")
    assert shown["vin"] == vin(2)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), name=st.sampled_from(["orders.json", "x.xlsx", "../a.csv"]))
def test_any_bytes_are_kept_or_refused_with_faults(desk: Desk, content: bytes, name: str) -> None:
    """Never another error: it is what a stranger sends."""
    try:
        desk.imports.take(TENANT, {name: content})
    except FaultyInput as error:
        assert error.faults
