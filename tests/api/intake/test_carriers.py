"""The carriers sheet: who else may bring an order, for how much, how many and when."""

from __future__ import annotations

from pathlib import Path

from routing.domain.fleet import TruckKind
from tests.api.intake.days import codes, day_with, read, warehouse, write_xlsx

ROW = {
    "编号": "C1",
    "承运商": "平原零担运输",
    "起步价": 300,
    "每公里": "4元",
    "最低收费": 400,
    "每日台数": 6,
    "提车时间": "07:30",
    "送达时段": "09:00-12:00; 13:00-18:00",
    "车型": "一拖二",
    "技能": "新能源讲解",
    "带旧车": "是",
}


def test_a_carrier_is_read_with_price_places_and_windows(tmp_path: Path) -> None:
    """Each of its windows is one that it keeps as a whole; money is in fen."""
    day = read(
        write_xlsx(
            tmp_path / "d.xlsx",
            day_with(carriers=[ROW], settings=[{"名称": "外协预算", "值": 5000}]),
        )
    )
    assert codes(day) == []
    assert day.request is not None
    (carrier,) = day.request.carriers
    assert (carrier.id, carrier.name, carrier.warehouse_ids) == ("C1", "平原零担运输", ("W1",))
    assert (carrier.base, carrier.per_km, carrier.minimum) == (30_000, 400, 40_000)
    assert (carrier.cars, carrier.kind, carrier.trade_ins) == (6, TruckKind.TWO_CAR, True)
    assert carrier.skills == {"新能源讲解"}
    assert (carrier.collects.hour, carrier.collects.minute) == (7, 30)
    assert [(w.start.hour, w.end.hour) for w in carrier.windows] == [(9, 12), (13, 18)]
    assert day.request.policy.outsourcing.budget == 500_000


def test_what_the_row_does_not_say_is_taken_and_told(tmp_path: Path) -> None:
    """Every warehouse, eight o'clock, the service hours, no budget."""
    bare = {"名称": "平原零担运输", "起步价": 300, "每日台数": 2}
    two = [warehouse(), warehouse(编号="W2", 名称="二号仓")]
    day = read(write_xlsx(tmp_path / "d.xlsx", day_with(carriers=[bare], warehouses=two)))
    assert day.request is not None
    (carrier,) = day.request.carriers
    assert (carrier.id, carrier.warehouse_ids) == ("平原零担运输", ("W1", "W2"))
    assert (carrier.collects.hour, carrier.kind) == (8, TruckKind.ONE_CAR)
    assert [(w.start.hour, w.end.hour) for w in carrier.windows] == [(9, 19)]
    assert day.request.policy.outsourcing.budget is None
    assert any("08:00" in each for each in day.request.assumptions)


def test_a_carrier_that_is_not_there_today_is_left_out(tmp_path: Path) -> None:
    """People keep the row and say no."""
    day = read(write_xlsx(tmp_path / "d.xlsx", day_with(carriers=[{**ROW, "可用": "否"}])))
    assert day.request is not None
    assert day.request.carriers == ()


def test_every_fault_of_a_carrier_is_told_at_once(tmp_path: Path) -> None:
    """No price, an unknown warehouse, an hour before the cars are fetched."""
    rows = [
        {**ROW, "起步价": None},
        {**ROW, "编号": "C2", "提车仓库": "W1;W9"},
        {**ROW, "编号": "C3", "送达时段": "06:00-07:00"},
        {**ROW, "编号": "C4", "每日台数": -1},
    ]
    day = read(write_xlsx(tmp_path / "d.xlsx", day_with(carriers=rows)))
    assert sorted(codes(day)) == [
        "carrier.hours",
        "cell.missing",
        "number.range",
        "warehouse.unknown",
    ]
