"""Small valid days to spoil, the files they are written as, and a map that needs no data."""

import csv
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from api.days.intake.locating import CountyName, Located, LocateStatus, Locator
from api.days.request import DayReading, read_day
from geodata.places import Point
from routing.domain.vehicles import vin_check_digit

DAY = date(2026, 11, 23)
Row = dict[str, Any]
Sheets = dict[str, list[Row]]

ZHONGMU = CountyName(code="410122", name="河南省郑州市中牟县")
XINMI = CountyName(code="410183", name="河南省郑州市新密市")
FAR = CountyName(code="650102", name="新疆维吾尔自治区乌鲁木齐市天山区")
TOWNS = {"官渡镇": (34.78, 113.93), "黄店镇": (34.60, 114.02)}


class FakeMap:
    """Knows three counties by name and by degree; counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def locate(self, text: str) -> Located:
        self.asked += 1
        if "鼓楼区" in text:
            return Located(
                status=LocateStatus.AMBIGUOUS,
                candidates=("江苏省南京市鼓楼区", "福建省福州市鼓楼区"),
            )
        county = next((c for c in (ZHONGMU, XINMI, FAR) if c.name[-3:] in text), None)
        if county is None:
            return Located(status=LocateStatus.UNKNOWN)
        town = next((name for name in TOWNS if name in text), "")
        lat, lon = TOWNS.get(town) or {XINMI: (34.54, 113.39), FAR: (43.8, 87.6)}.get(
            county, (34.72, 113.98)
        )
        return Located(
            status=LocateStatus.OK,
            county=county,
            point=Point(lat=lat, lon=lon),
            radius_m=2_500 if town else 8_000,
            township=town,
        )

    def county_at(self, point: Point) -> CountyName | None:
        self.asked += 1
        if not 73 < point.lon < 135:
            return None
        if point.lon < 100:
            return FAR
        return ZHONGMU if point.lon >= 113.8 else XINMI


def vin(number: int) -> str:
    """Make a VIN that checks out; no maker uses this prefix."""
    stem = f"LFBTEST00TA{number:06d}"
    return stem[:8] + vin_check_digit(stem) + stem[9:]


def order(number: int = 1, **cells: object) -> Row:
    return {
        "订单号": f"A{number:03d}",
        "VIN": vin(number),
        "车型": "通用中型SUV",
        "仓库": "W1",
        "地址": "河南省郑州市中牟县官渡镇",
        "可送时段": "14-16点",
        "联系人": "张试",
        "电话": "13800000001",
        **cells,
    }


def truck(number: int = 1, **cells: object) -> Row:
    return {
        "编号": f"T{number}",
        "车牌": f"豫A0000{number}",
        "类型": "一拖一",
        "仓库": "W1",
        **cells,
    }


def warehouse(**cells: object) -> Row:
    return {"编号": "W1", "名称": "一号仓", "纬度": 34.72, "经度": 113.98, "装车位": 2, **cells}


def driver(number: int = 1, **cells: object) -> Row:
    return {"编号": f"D{number}", "姓名": f"司机{number}", "仓库": "W1", "准驾车型": "B2", **cells}


def plain_day() -> Sheets:
    """One order, one truck, one warehouse, on 23 November 2026."""
    return {
        "设置": [
            {"名称": "日期", "值": "2026-11-23"},
            {"名称": "坐标系", "值": "WGS-84"},
        ],
        "订单": [order()],
        "车辆": [truck()],
        "仓库": [warehouse()],
    }


def day_with(**sheets: list[Row]) -> Sheets:
    """The plain day with some sheets replaced; `orders=`, `trucks=`, ... or `settings=` added."""
    names = {
        "orders": "订单", "trucks": "车辆", "warehouses": "仓库", "drivers": "司机",
        "specialists": "交付专员", "models": "车型", "editions": "版本", "decks": "板位",
        "places": "地点", "stock": "库存", "carriers": "外协",
    }  # fmt: skip
    day = deepcopy(plain_day())
    for key, rows in sheets.items():
        if key == "settings":
            day["设置"] += rows
        else:
            day[names[key]] = rows
    return day


def grid(rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Header and cells of a list of rows."""
    header = list(dict.fromkeys(key for row in rows for key in row))
    return [header, *([row.get(key) for key in header] for row in rows)]


def write_xlsx(path: Path, sheets: Sheets | Mapping[str, list[list[Any]]]) -> Path:
    book = Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for line in grid(rows) if rows and isinstance(rows[0], dict) else rows:
            sheet.append(list(line))
    book.save(path)
    return path


def write_json(path: Path, sheets: Sheets) -> Path:
    day: dict[str, Any] = {name: rows for name, rows in sheets.items() if name != "设置"}
    day["设置"] = {row["名称"]: row["值"] for row in sheets.get("设置", [])}
    path.write_text(json.dumps(day, ensure_ascii=False), encoding="utf-8")
    return path


FILES = {
    "订单": "orders", "车辆": "trucks", "仓库": "warehouses", "司机": "司机", "设置": "设置",
    "交付专员": "specialists", "车型": "models", "版本": "editions", "板位": "decks",
    "地点": "places", "库存": "stock",
}  # fmt: skip


def write_csv_folder(path: Path, sheets: Sheets, *, encoding: str = "utf-8-sig") -> Path:
    path.mkdir(exist_ok=True)
    for name, rows in sheets.items():
        text = StringIO()
        csv.writer(text).writerows(grid(rows))
        (path / f"{FILES[name]}.csv").write_bytes(text.getvalue().encode(encoding))
    return path


def read(
    path: Path,
    *,
    locator: Locator | None = None,
    date: date | None = None,
    skip_faulty: bool = False,
) -> DayReading:
    return read_day(path, locator=locator or FakeMap(), date=date, skip_faulty=skip_faulty)


def codes(reading: DayReading) -> list[str]:
    return [fault.code for fault in reading.faults]
