"""The stock sheet: with it an order may leave its car, and its warehouse, to the plan."""

from __future__ import annotations

from pathlib import Path

from tests.api.intake.days import codes, day_with, order, read, vin, warehouse, write_xlsx

ROW = {"VIN": vin(900), "车型": "通用中型SUV", "仓库": "W1", "颜色": "白"}
OPEN = order(1, VIN=None, 仓库=None, 颜色="白")


def test_an_order_without_vin_and_warehouse_takes_any_car_of_its_kind(tmp_path: Path) -> None:
    """The car of the stock keeps its VIN, colour and place; the order names neither."""
    day = read(write_xlsx(tmp_path / "d.xlsx", day_with(orders=[OPEN], stock=[ROW])))
    assert codes(day) == []
    assert day.request is not None
    (asked,), (car,) = day.request.orders, day.request.stock
    assert asked.from_stock
    assert asked.warehouse_id == ""
    assert (car.vehicle.vin, car.warehouse_id, car.vehicle.colour) == (vin(900), "W1", "白")


def test_without_a_stock_sheet_every_order_names_its_car(tmp_path: Path) -> None:
    """Nobody could say which car to load."""
    day = read(write_xlsx(tmp_path / "d.xlsx", day_with(orders=[OPEN, order(2)])))
    assert codes(day) == ["cell.missing", "cell.missing"]


def test_a_car_that_an_order_names_is_not_given_away(tmp_path: Path) -> None:
    """People keep one list of all cars; the sold ones are told, and left out."""
    day = read(
        write_xlsx(
            tmp_path / "d.xlsx", day_with(orders=[order(1)], stock=[ROW, {**ROW, "VIN": vin(1)}])
        )
    )
    assert day.request is not None
    assert [car.vehicle.vin for car in day.request.stock] == [vin(900)]
    assert [warning.code for warning in day.warnings if "stock" in warning.code] == ["stock.sold"]


def test_a_car_on_its_way_is_ready_after_its_arrival(tmp_path: Path) -> None:
    """The same chain of work as for a sold car."""
    coming = {**ROW, "到库时间": "2026-11-23 10:00"}
    day = read(write_xlsx(tmp_path / "d.xlsx", day_with(orders=[OPEN], stock=[coming])))
    assert day.request is not None
    step = day.request.stock[0].readiness.binding_step
    assert step is not None
    assert step.done_p90.hour >= 10


def test_stock_at_an_unknown_warehouse_is_a_fault(tmp_path: Path) -> None:
    """And so is a VIN that does not check out."""
    rows = [{**ROW, "仓库": "W9"}, {**ROW, "VIN": "LFBTEST09TA000001"}]
    day = read(
        write_xlsx(
            tmp_path / "d.xlsx",
            day_with(orders=[order(1)], warehouses=[warehouse()], stock=rows),
        )
    )
    assert sorted(codes(day)) == ["vin.check_digit", "warehouse.unknown"]
