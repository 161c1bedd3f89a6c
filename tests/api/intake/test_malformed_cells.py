"""Wrong cells, one at a time: each gives exactly its code, at its row and column.

The header is row 1 of every sheet written here, so the spoiled row is row 2 (settings: as told).
"""

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from tests.api.intake.days import (
    Row,
    codes,
    day_with,
    driver,
    order,
    read,
    truck,
    vin,
    warehouse,
    write_xlsx,
)

Case = tuple[dict[str, Any], str, str]
"""Cells that replace good ones, the code, and the column it is reported in ("" = the row)."""

ORDERS: list[Case] = [
    ({"订单号": None}, "cell.missing", ""),
    ({"VIN": None}, "cell.missing", ""),
    ({"VIN": "LFBTEST0"}, "vin.length", "VIN"),
    ({"VIN": vin(1) + "0"}, "vin.length", "VIN"),
    ({"VIN": "LFBTEST0OTA000001"}, "vin.characters", "VIN"),
    ({"VIN": "LFBTEST0试TA000001"}, "vin.characters", "VIN"),
    ({"VIN": "LFBTEST09TA000001"}, "vin.check_digit", "VIN"),
    ({"VIN": 12345678901234567}, "vin.length", "VIN"),  # Excel keeps 15 digits
    ({"VIN": True}, "cell.kind", "VIN"),
    ({"VIN": "#N/A"}, "cell.error", "VIN"),
    ({"VIN": "#REF!"}, "cell.error", "VIN"),
    ({"VIN": "########"}, "cell.error", "VIN"),
    ({"车型": None}, "cell.missing", ""),
    ({"车型": "没有的车"}, "model.unknown", "车型"),
    ({"车型": date(2026, 11, 23)}, "cell.kind", "车型"),
    ({"版本": "豪华限量版"}, "edition.unknown", "版本"),
    ({"仓库": None}, "cell.missing", ""),
    ({"仓库": "W9"}, "warehouse.unknown", "仓库"),
    ({"地址": None}, "address.missing", ""),
    ({"地址": "鼓楼区中山路1号"}, "address.ambiguous", "地址"),
    ({"地址": "火星基地"}, "address.unknown", "地址"),
    ({"地址": "长" * 2_001}, "cell.too_long", "地址"),
    ({"纬度": 34.7}, "position.half", "纬度"),
    ({"经度": 113.6}, "position.half", "经度"),
    ({"纬度": 113.6, "经度": 34.7}, "position.swapped", "纬度"),
    ({"纬度": 0, "经度": 0}, "position.outside", "纬度"),
    ({"纬度": 34.7, "经度": -113.6}, "position.outside", "纬度"),
    ({"纬度": 34.7, "经度": 136.0}, "position.outside", "纬度"),
    ({"纬度": "abc", "经度": 113.6}, "position.format", "纬度"),
    ({"纬度": "NaN", "经度": 113.6}, "position.format", "纬度"),
    ({"纬度": 34.7, "经度": "Infinity"}, "position.format", "经度"),
    ({"纬度": True, "经度": 113.6}, "position.format", "纬度"),
    ({"纬度": 1e300, "经度": 113.6}, "position.format", "纬度"),
    ({"纬度": 43.8, "经度": 87.6}, "position.elsewhere", "纬度"),
    ({"经纬度": "113.6"}, "position.format", "经纬度"),
    ({"经纬度": "东经113度"}, "position.format", "经纬度"),
    ({"经纬度": "1,2,3"}, "position.format", "经纬度"),
    ({"经纬度": "13.6,4.7"}, "position.outside", "经纬度"),
    ({"纬度": 34.7, "经度": 113.9, "坐标系": "北京54"}, "choice.unknown", "坐标系"),
    ({"交付方式": "无人机"}, "choice.unknown", "交付方式"),
    ({"交付点": "没有的网点"}, "place.unknown", "交付点"),
    ({"最大板车": "航母"}, "choice.unknown", "最大板车"),
    ({"状态": "也许"}, "choice.unknown", "状态"),
    ({"优先级": "超级"}, "choice.unknown", "优先级"),
    ({"可送时段": "随缘"}, "window.format", "可送时段"),
    ({"可送时段": "14点"}, "window.format", "可送时段"),
    ({"可送时段": "25-26点"}, "window.format", "可送时段"),
    ({"可送时段": "周三上午"}, "window.format", "可送时段"),
    ({"可送时段": "9-11点；随缘"}, "window.format", "可送时段"),
    ({"可送时段": "9-11点;" * 60}, "window.format", "可送时段"),
    ({"可送时段": 14}, "window.format", "可送时段"),
    ({"可送时段": time(14)}, "window.format", "可送时段"),
    ({"可送时段": "16-14点"}, "window.reversed", "可送时段"),
    ({"可送时段": "14-14点"}, "window.reversed", "可送时段"),
    ({"可送时段": "2026-11-22 14-16"}, "window.past", "可送时段"),
    ({"可送时段": "11月20日上午"}, "window.past", "可送时段"),
    ({"可送时段": "2026-11-24 14-16"}, "window.other_day", "可送时段"),
    ({"可送时段": "11月24日、11月25日"}, "window.other_day", "可送时段"),
    ({"可送时段": "2026-02-30 14-16"}, "window.format", "可送时段"),
    ({"可送时段": "明天上午"}, "date.relative", "可送时段"),
    ({"可送时段": "今天 14-16点"}, "date.relative", "可送时段"),
    ({"可送时段": date(2026, 9, 11)}, "window.excel_date", "可送时段"),
    ({"可送时段": date(2026, 11, 24)}, "window.excel_date", "可送时段"),
    ({"可送时段": "9-11点", "最想要的时段": "14-16点"}, "preferred.outside", "最想要的时段"),
    ({"可送时段": None, "状态": "已确认"}, "promise.no_window", "状态"),
    ({"可送时段": "9-11点、14-16点", "状态": "已确认"}, "promise.many_windows", "可送时段"),
    ({"已确认时段": "9-11点;14-16点"}, "promise.many_windows", "已确认时段"),
    ({"已确认时段": "2026-11-22 14-16"}, "window.past", "已确认时段"),
    ({"已确认时段": "11月23日 9-11点;11月24日 9-11点"}, "window.other_day", "已确认时段"),
    ({"电话": "12345"}, "phone.format", "电话"),
    ({"电话": "1380000000"}, "phone.format", "电话"),
    ({"电话": "138000000011"}, "phone.format", "电话"),
    ({"电话": "1.38E+10"}, "phone.lost_digits", "电话"),
    ({"电话": 1.5}, "phone.format", "电话"),
    ({"电话": True}, "phone.format", "电话"),
    ({"电话": "打微信"}, "phone.format", "电话"),
    ({"电话": "13800000001/没有"}, "phone.format", "电话"),
    ({"卸车时长": "很快"}, "number.format", "卸车时长"),
    ({"卸车时长": -5}, "number.range", "卸车时长"),
    ({"卸车时长": "20 光年"}, "number.unit", "卸车时长"),
    ({"卸车时长": "NaN"}, "number.format", "卸车时长"),
    ({"卸车时长": "1e999"}, "number.format", "卸车时长"),
    ({"交车时长": 100_000}, "number.range", "交车时长"),
    ({"交车时长": "Infinity"}, "number.format", "交车时长"),
    ({"交车时长": True}, "number.format", "交车时长"),
    ({"卸车时长": 0, "交车时长": 0}, "service.zero", "卸车时长"),
    ({"到库时间": "不久"}, "moment.format", "到库时间"),
    ({"到库时间": "后天"}, "date.relative", "到库时间"),
    ({"到库时间": "11月31日"}, "moment.format", "到库时间"),
    ({"到库时间": "2026-13-01"}, "moment.format", "到库时间"),
    ({"到库时间": "11月24日", "最晚到库": "11月23日"}, "quantiles.order", "最晚到库"),
    ({"PDI完成": "差不多"}, "yes_no.unknown", "PDI完成"),
    ({"尾款": "明天"}, "date.relative", "尾款"),
    ({"保险": "大概"}, "yes_no.unknown", "保险"),
]

TRUCKS: list[Case] = [
    ({"车牌": None}, "cell.missing", ""),
    ({"类型": None}, "cell.missing", ""),
    ({"类型": "拖拉机"}, "choice.unknown", "类型"),
    ({"仓库": None}, "cell.missing", ""),
    ({"仓库": "W9"}, "warehouse.unknown", "仓库"),
    ({"板位模板": "没有的板"}, "deck.unknown", "板位模板"),
    ({"出车时间": "天亮"}, "clock.format", "出车时间"),
    ({"出车时间": "25:00"}, "clock.format", "出车时间"),
    ({"出车时间": "07:75"}, "clock.format", "出车时间"),
    ({"出车时间": "20:00", "收车时间": "07:00"}, "truck.shift", "收车时间"),
    ({"最长出勤": 30}, "number.range", "最长出勤"),
    ({"最长出勤": 0}, "number.range", "最长出勤"),
    ({"每公里费用": -1}, "number.range", "每公里费用"),
    ({"每公里费用": "便宜"}, "number.format", "每公里费用"),
    ({"每小时费用": "60 美元"}, "number.unit", "每小时费用"),
    ({"可用": "看心情"}, "yes_no.unknown", "可用"),
    ({"准驾车型": "Z9"}, "licence.unknown", "准驾车型"),
    ({"交付专员": "没有的人"}, "specialist.unknown", "交付专员"),
]

WAREHOUSES: list[Case] = [
    ({"编号": None, "名称": None}, "cell.missing", ""),
    ({"装车位": 0}, "number.range", "装车位"),
    ({"装车位": 1.5}, "number.whole", "装车位"),
    ({"装车位": 1_000}, "number.range", "装车位"),
    ({"装车时间": "白天"}, "hours.format", "装车时间"),
    ({"装车时间": "20:00-06:00"}, "hours.reversed", "装车时间"),
    ({"装车时间": "06:00-12:00;11:00-20:00"}, "hours.overlap", "装车时间"),
    ({"装车时间": 8}, "hours.format", "装车时间"),
    ({"整备时间": "09:00-10:00"}, "hours.too_short", "整备时间"),
    ({"前晚装车": "偶尔"}, "yes_no.unknown", "前晚装车"),
    ({"纬度": 113.98, "经度": 34.72}, "position.swapped", "纬度"),
    ({"纬度": None, "经度": None}, "address.missing", ""),
]

DRIVERS: list[Case] = [
    ({"姓名": None}, "cell.missing", ""),
    ({"准驾车型": None}, "cell.missing", ""),
    ({"准驾车型": "老司机"}, "licence.unknown", "准驾车型"),
    ({"仓库": "W9"}, "warehouse.unknown", "仓库"),
    ({"当天休息": "也许"}, "yes_no.unknown", "当天休息"),
    ({"休息日": "有空的时候"}, "date.format", "休息日"),
    ({"休息日": "明天"}, "date.relative", "休息日"),
    ({"上次收车": "刚才"}, "moment.format", "上次收车"),
]

MODEL: Row = {"编号": "M1", "车长": 4700, "车宽": 1900, "车高": 1650, "质量": 1900}
MODELS: list[Case] = [
    ({"编号": None}, "cell.missing", ""),
    ({"车长": None}, "cell.missing", ""),
    ({"车长": 4.7}, "number.range", "车长"),
    ({"车长": "4.7 英尺"}, "number.unit", "车长"),
    ({"车高": 165}, "number.range", "车高"),
    ({"质量": 1.9}, "number.range", "质量"),
    ({"质量": "两吨"}, "number.format", "质量"),
    ({"可托举": "不知道"}, "yes_no.unknown", "可托举"),
]

EDITION: Row = {"编号": "E1", "工时": 60, "工时p90": 90}
EDITIONS: list[Case] = [
    ({"工时": None}, "cell.missing", ""),
    ({"工时": 120}, "quantiles.order", "工时p90"),
    ({"工时": "半天多"}, "number.format", "工时"),
]

DECK: Row = {"模板": "B1", "板位": "1", "可装车长": 5000, "可装车高": 2000, "可装质量": 2500}
DECKS: list[Case] = [
    ({"板位": None}, "cell.missing", ""),
    ({"可装车长": 5}, "number.range", "可装车长"),
    ({"可装质量": None}, "cell.missing", ""),
    ({"被挡于": "9"}, "deck.blocked_by", "被挡于"),
    ({"被挡于": "1"}, "deck.blocked_by", "被挡于"),
]

PLACE: Row = {"编号": "P1", "类型": "网点", "地址": "河南省郑州市中牟县黄店镇"}
PLACES: list[Case] = [
    ({"类型": "茶馆"}, "choice.unknown", "类型"),
    ({"地址": "火星基地"}, "address.unknown", "地址"),
    ({"编号": None}, "cell.missing", ""),
]

SPECIALIST: Row = {"编号": "S1", "姓名": "孙试", "仓库": "W1", "出行方式": "随车", "车辆": "T1"}
SPECIALISTS: list[Case] = [
    ({"车辆": None}, "specialist.truck_needed", "出行方式"),
    ({"出行方式": "自驾"}, "specialist.truck_given", "车辆"),
    ({"出行方式": "飞"}, "choice.unknown", "出行方式"),
    ({"车辆": "T9"}, "truck.unknown", "车辆"),
    ({"仓库": "W9"}, "warehouse.unknown", "仓库"),
]

SHEETS: list[tuple[str, str, Row, list[Case]]] = [
    ("orders", "订单", order(), ORDERS),
    ("trucks", "车辆", truck(), TRUCKS),
    ("warehouses", "仓库", warehouse(), WAREHOUSES),
    ("drivers", "司机", driver(), DRIVERS),
    ("models", "车型", MODEL, MODELS),
    ("editions", "版本", EDITION, EDITIONS),
    ("decks", "板位", DECK, DECKS),
    ("places", "地点", PLACE, PLACES),
    ("specialists", "交付专员", SPECIALIST, SPECIALISTS),
]
CASES = [
    pytest.param(key, sheet, {**row, **cells}, code, column, id=f"{key}-{code}-{number}")
    for key, sheet, row, cases in SHEETS
    for number, (cells, code, column) in enumerate(cases)
]


@pytest.mark.parametrize(("key", "sheet", "row", "code", "column"), CASES)
def test_a_wrong_cell_is_told_with_its_code_row_and_column(
    tmp_path: Path, key: str, sheet: str, row: Row, code: str, column: str
) -> None:
    """Nothing else is reported, and nothing is planned."""
    reading = read(write_xlsx(tmp_path / "day.xlsx", day_with(**{key: [row]})))
    assert codes(reading) == [code]
    fault = reading.faults[0]
    assert (fault.where.file, fault.where.sheet, fault.where.row) == ("day.xlsx", sheet, 2)
    assert fault.where.column.split(" (")[0] == column
    assert fault.message and fault.message_en and fault.what_to_do and fault.what_to_do_en
    assert reading.request is None


SETTINGS: list[tuple[str, Any, str]] = [
    ("日期", "2026-11-24", "id.twice"),
    ("排班员", "张三", "setting.unknown"),
    ("时段宽渡", 60, "setting.unknown"),
    ("可送时间", "白天", "hours.format"),
    ("时段宽度", 5, "number.range"),
    ("时段间隔", 180, "settings.contradict"),
    ("连续驾驶", 5, "number.range"),
    ("途中休息", 10, "number.range"),
    ("交车算休息", "有时", "yes_no.unknown"),
    ("行车余量", -10, "number.range"),
    ("行车余量", "一点点", "number.format"),
    ("备车起算", "下班后", "clock.format"),
    ("PDI时长p90", 5, "quantiles.order"),
    ("违约代价", "很贵", "number.format"),
    ("slot_width_min", "2 parsec", "number.unit"),
]


@pytest.mark.parametrize(("name", "value", "code"), SETTINGS)
def test_a_wrong_setting_stops_the_day(tmp_path: Path, name: str, value: Any, code: str) -> None:  # noqa: ANN401
    """Settings hold for every row: they cannot be skipped. The added one is row 4."""
    day = day_with(settings=[{"名称": name, "值": value}])
    for skip in (False, True):
        reading = read(write_xlsx(tmp_path / "day.xlsx", day), skip_faulty=skip)
        assert codes(reading) == [code]
        assert reading.request is None
    if code != "settings.contradict":  # two settings are at fault then
        assert (reading.faults[0].where.sheet, reading.faults[0].where.row) == ("设置", 4)


PAIRS: list[tuple[str, list[Row], list[tuple[str, int]]]] = [
    ("orders", [order(1), order(1, VIN=vin(2))], [("id.twice", 2), ("id.twice", 3)]),
    ("orders", [order(1), order(2, VIN=vin(1))], [("vin.twice", 2), ("vin.twice", 3)]),
    ("orders", [order(1), order(2, VIN=vin(1).lower())], [("vin.twice", 2), ("vin.twice", 3)]),
    ("trucks", [truck(1), truck(1)], [("id.twice", 2), ("id.twice", 3)]),
    ("warehouses", [warehouse(), warehouse(名称="二号")], [("id.twice", 2), ("id.twice", 3)]),
    ("drivers", [driver(1), driver(1)], [("id.twice", 2), ("id.twice", 3)]),
    ("decks", [DECK, {**DECK, "被挡于": None}], [("deck.position_twice", 3)]),
    (
        "decks",
        [{**DECK, "总载质量": 3000}, {**DECK, "板位": "2", "总载质量": 4000}],
        [("deck.payload", 3)],
    ),
    (
        "specialists",
        [SPECIALIST, {**SPECIALIST, "编号": "S2", "姓名": "李试"}],
        [("specialist.twice", 3)],
    ),
]


@pytest.mark.parametrize(("key", "rows", "expected"), PAIRS)
def test_rows_that_contradict_each_other_are_told_each(
    tmp_path: Path, key: str, rows: list[Row], expected: list[tuple[str, int]]
) -> None:
    """Of two equal ids nobody knows which is right: both rows are named."""
    reading = read(write_xlsx(tmp_path / "day.xlsx", day_with(**{key: rows})))
    found = [(f.code, f.where.row) for f in reading.faults]
    assert found == expected


CREWS: list[tuple[list[Row], list[Row], str, int]] = [
    ([truck(司机="D9")], [driver()], "driver.unknown", 2),
    ([truck(司机="D1", 准驾车型="A2")], [driver()], "driver.licence", 2),
    ([truck(1, 司机="D1"), truck(2, 司机="D1")], [driver()], "driver.twice", 3),
    ([truck(司机="司机同名")], [driver(1, 姓名="司机同名"), driver(2, 姓名="司机同名")],
     "name.ambiguous", 2),
]  # fmt: skip


@pytest.mark.parametrize(("trucks", "drivers", "code", "row"), CREWS)
def test_a_truck_that_names_the_wrong_driver_is_told(
    tmp_path: Path, trucks: list[Row], drivers: list[Row], code: str, row: int
) -> None:
    """The fault stands in the truck's row, column 司机."""
    day = day_with(trucks=trucks, drivers=drivers)
    reading = read(write_xlsx(tmp_path / "day.xlsx", day))
    assert codes(reading) == [code]
    assert (reading.faults[0].where.sheet, reading.faults[0].where.row) == ("车辆", row)


def test_a_driver_of_another_warehouse_is_told(tmp_path: Path) -> None:
    """Drivers do not drive 200 km to their truck."""
    day = day_with(
        warehouses=[warehouse(), warehouse(编号="W2", 名称="二号仓")],
        trucks=[truck(司机="D1")],
        drivers=[driver(仓库="W2")],
    )
    assert codes(read(write_xlsx(tmp_path / "day.xlsx", day))) == ["driver.other_warehouse"]


def test_a_position_without_a_datum_is_told_row_by_row(tmp_path: Path) -> None:
    """Hundreds of metres are at stake; no datum is assumed."""
    day = day_with(orders=[order(纬度=34.72, 经度=113.98)])
    day["设置"] = [row for row in day["设置"] if row["名称"] != "坐标系"]
    found = read(write_xlsx(tmp_path / "day.xlsx", day)).faults
    assert [(f.code, f.where.sheet, f.where.row) for f in found] == [
        ("position.datum", "仓库", 2),
        ("position.datum", "订单", 2),
    ]


def test_a_faulty_phone_is_not_repeated_in_full(tmp_path: Path) -> None:
    """Faults go to logs and plans; a number with one digit too few is still somebody's."""
    day = day_with(orders=[order(电话="1380012345")])
    reading = read(write_xlsx(tmp_path / "day.xlsx", day), skip_faulty=True)
    assert reading.faults[0].raw == "138*****45"
    assert "1380012345" not in repr(reading)


def test_all_faults_of_a_sheet_come_at_once(tmp_path: Path) -> None:
    """Ninety spoiled rows give ninety faults, in one reading."""
    rows = []
    for number, (cells, _, _) in enumerate(ORDERS, start=1):
        rows.append({**order(number), **cells})
    reading = read(write_xlsx(tmp_path / "day.xlsx", day_with(orders=rows)))
    assert {fault.where.row for fault in reading.faults} == set(range(2, len(ORDERS) + 2))
