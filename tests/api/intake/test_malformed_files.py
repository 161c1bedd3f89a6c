"""Wrong files, sheets and headers: refused with a code, before anything is unpacked or read."""

import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from api.days.intake.faults import FaultLog
from api.days.intake.grid import CELLS_MOST, COLUMNS_MOST, FILE_LARGEST_BYTES, ROWS_MOST
from api.days.intake.sources import read_bounded
from tests.api.intake.days import (
    FakeMap,
    Sheets,
    codes,
    day_with,
    driver,
    grid,
    order,
    plain_day,
    read,
    truck,
    vin,
    write_csv_folder,
    write_json,
    write_xlsx,
)

ZIP_PARTS = 2_001


def xlsx_bytes(sheets: Sheets | None = None) -> bytes:
    content = BytesIO()
    book = Workbook()
    del book["Sheet"]
    for name, rows in (sheets or plain_day()).items():
        sheet = book.create_sheet(name)
        for line in grid(rows):
            sheet.append(line)
    book.save(content)
    return content.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as container:
        for name, part in parts.items():
            container.writestr(name, part)
    return content.getvalue()


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A good workbook with one part changed."""
    with zipfile.ZipFile(BytesIO(xlsx_bytes())) as container:
        parts = {one: container.read(one) for one in container.namelist()}
    parts[name] = change(parts[name])
    return zipped(parts)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET1 = "xl/worksheets/sheet1.xml"
CELL = b'<c r="A1" t="n"><v>1</v></c>'
DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'

FILES: list[tuple[str, bytes, str]] = [
    ("day.xlsx", b"", "file.empty"),
    ("day.xlsx", b" \r\n\t", "file.empty"),
    ("day.xlsx", b"not a workbook", "file.broken"),
    ("day.xlsx", b"PK\x03\x04 cut off", "file.broken"),
    ("day.xlsx", xlsx_bytes()[:2_000], "file.broken"),
    ("day.xlsx", zipped({"hello.txt": b"no workbook"}), "file.broken"),
    ("day.xlsx", with_part(SHEET1, lambda xml: xml[: len(xml) // 2]), "file.broken"),
    ("day.xlsx", with_part("xl/workbook.xml", lambda xml: DTD + xml[55:]), "file.broken"),
    ("day.xlsx", with_part(SHEET1, lambda xml: xml.replace(b'r="1"', b'r="x"')), "file.broken"),
    ("day.xlsx", with_part(SHEET1, lambda xml: xml + b" " * (80 << 20)), "file.zip_bomb"),
    ("day.xlsx", zipped({"xl/a.xml": b"0" * (5 << 20)}), "file.zip_bomb"),
    ("day.xlsx", zipped({f"p{n}": b"x" for n in range(ZIP_PARTS)}), "file.zip_bomb"),
    (
        "day.xlsx",
        with_part(
            SHEET1, lambda xml: xml.replace(b"</row>", CELL * (CELLS_MOST + 1) + b"</row>", 1)
        ),
        "file.zip_bomb",
    ),
    ("day.xls", OLE + b"\0" * 600, "file.old_xls"),
    ("day.xlsx", OLE + b"\0" * 600, "file.old_xls"),
    ("day.xlsx", OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "file.password"),
    ("day.pdf", b"%PDF-1.7", "file.kind"),
    ("day.et", b"whatever", "file.kind"),
    ("day.json", b"{", "json.syntax"),
    ("day.json", b'{"orders": [1,]}', "json.syntax"),
    ("day.json", b'{"orders": [{"lat": NaN}]}', "json.syntax"),
    ("day.json", b'{"orders": [{"lat": -Infinity}]}', "json.syntax"),
    ("day.json", b'{"orders": [], "orders": []}', "json.syntax"),
    ("day.json", b"[" * 100_000, "json.syntax"),
    ("day.json", b'{"a": ' + b"9" * 5_000 + b"}", "json.syntax"),
    ("day.json", b"\xff\xfe\xfa", "file.encoding"),
    ("day.json", b"3", "json.shape"),
    ("day.json", b'"text"', "json.shape"),
    ("orders.csv", "订单号,VIN\n".encode() + b"\xff\xff\n", "file.encoding"),
    ("orders.csv", b"a,b\n\x00\x01,2\n", "file.binary"),
    ("orders.csv", '订单号,VIN\nA1,"never closed\n'.encode(), "csv.quotes"),
    ("orders.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "file.binary"),
    ("orders.csv", b"," * (CELLS_MOST + 1), "file.too_many_cells"),
    ("day.json", b"[" + b"[]," * CELLS_MOST + b"[]]", "file.too_many_cells"),
    ("day.toml", b"#" * ((1 << 20) + 1), "file.too_large"),
    ("day.toml", b"date = ", "toml.syntax"),
    ("day.toml", b"\xff\xff", "file.encoding"),
]


@pytest.mark.parametrize(
    ("name", "content", "code"), FILES, ids=[f"{n}-{c}-{i}" for i, (n, _, c) in enumerate(FILES)]
)
def test_a_wrong_file_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    """One code for the file, with its name; never a traceback, nothing planned."""
    path = tmp_path / name
    path.write_bytes(content)
    reading = read(path)
    assert codes(reading)[0] == code
    assert reading.faults[0].where.file == name
    assert reading.request is None
    assert sorted(one.name for one in tmp_path.iterdir()) == [name]  # nothing was written


def test_200_mb_are_refused_by_their_size_alone(tmp_path: Path) -> None:
    """A sparse file: the test writes nothing, the reader reads nothing."""
    path = tmp_path / "orders.csv"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    tracemalloc.start()
    reading = read(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "file.too_large" in codes(reading)
    assert peak < 8 << 20
    assert "200" in next(f.message for f in reading.faults if f.code == "file.too_large")


def test_a_file_at_the_limit_is_still_read(tmp_path: Path) -> None:
    """The limit is the last size that passes."""
    path = tmp_path / "orders.csv"
    for size, passes in ((FILE_LARGEST_BYTES, True), (FILE_LARGEST_BYTES + 1, False)):
        with path.open("wb") as file:
            file.write(b"x")
            file.truncate(size)
        assert (read_bounded(path, log=FaultLog()) is not None) is passes


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """80 MiB of blanks pack into 80 KiB; memory stays at what the container lists."""
    content = with_part(SHEET1, lambda xml: xml + b" " * (80 << 20))
    path = tmp_path / "day.xlsx"
    path.write_bytes(content)
    tracemalloc.start()
    assert codes(read(path)) == ["file.zip_bomb"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_too_many_cells_are_refused(tmp_path: Path) -> None:
    """Formatted blank cells cost memory like any other; varied ones pack badly enough to pass
    the ratio."""
    cells = b"".join(b'<c r="A1" s="%d"/>' % (n * 7919 % 100_003) for n in range(CELLS_MOST + 1))
    change = with_part(SHEET1, lambda xml: xml.replace(b"</row>", cells + b"</row>", 1))
    (tmp_path / "day.xlsx").write_bytes(change)
    assert codes(read(tmp_path / "day.xlsx")) == ["file.too_many_cells"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The commonest mistake of all."""
    reading = read(tmp_path / "none")
    assert codes(reading)[0] == "file.missing"


@pytest.mark.parametrize("name", ["订单", "车辆", "仓库"])
def test_a_needed_sheet_that_is_missing_is_told(tmp_path: Path, name: str) -> None:
    """Once, and not in every row that refers to it."""
    day = plain_day()
    del day[name]
    assert codes(read(write_xlsx(tmp_path / "day.xlsx", day))) == ["sheet.missing"]


@pytest.mark.parametrize("name", ["订单", "车辆", "仓库"])
def test_a_needed_sheet_without_rows_is_told(tmp_path: Path, name: str) -> None:
    """A header alone is no day."""
    lines: dict[str, list[list[Any]]] = {key: grid(rows) for key, rows in plain_day().items()}
    lines[name] = lines[name][:1]
    assert "sheet.empty" in codes(read(write_xlsx(tmp_path / "day.xlsx", lines)))


HEADERS: list[tuple[str, Callable[[list[list[Any]]], object], str, int | None]] = [
    ("no header", lambda rows: rows.pop(0), "header.missing", None),
    ("foreign header", lambda rows: rows.__setitem__(0, ["a", "b", "c"]), "header.missing", None),
    ("no VIN", lambda rows: rows[0].__setitem__(1, "随便"), "header.column_missing", 1),
    ("twice", lambda rows: rows[0].__setitem__(6, "地址"), "header.twice", 1),
    ("synonym twice", lambda rows: rows[0].__setitem__(6, "送车地址"), "header.twice", 1),
    ("odd unit", lambda rows: rows[0].__setitem__(6, "卸车时长(光年)"), "header.unit", 1),
    ("too wide", lambda rows: rows[1].extend(["x"] * COLUMNS_MOST), "sheet.too_wide", None),
]


@pytest.mark.parametrize(("claim", "spoil", "code", "row"), HEADERS, ids=[h[0] for h in HEADERS])
def test_a_wrong_header_is_told(
    tmp_path: Path,
    claim: str,
    spoil: Callable[[list[list[Any]]], object],
    code: str,
    row: int | None,
) -> None:
    """A sheet that cannot be understood stops the day, even with skip_faulty."""
    lines = {key: grid(rows) for key, rows in plain_day().items()}
    spoil(lines["订单"])
    reading = read(write_xlsx(tmp_path / "day.xlsx", lines), skip_faulty=True)
    assert codes(reading) == [code], claim
    assert (reading.faults[0].where.sheet, reading.faults[0].where.row) == ("订单", row)
    assert reading.request is None


def test_a_sheet_that_is_there_twice_is_told(tmp_path: Path) -> None:
    """订单 and orders are the same sheet."""
    day = {**plain_day(), "orders": [order(2)]}
    assert codes(read(write_xlsx(tmp_path / "day.xlsx", day))) == ["sheet.twice"]


def test_more_rows_than_a_day_has_are_refused(tmp_path: Path) -> None:
    """Somebody's whole history is no day."""
    folder = write_csv_folder(tmp_path / "day", plain_day())
    with (folder / "orders.csv").open("a", encoding="utf-8") as file:
        file.write("A1,,,,,,,\n" * ROWS_MOST)
    assert codes(read(folder)) == ["sheet.too_long"]


def test_a_formula_without_a_result_is_told_at_its_cell(tmp_path: Path) -> None:
    """Written by a program that does not calculate; guessing would be ours."""
    day = day_with(orders=[order(), order(2, 地址="=CONCATENATE(A1,B1)")])
    reading = read(write_xlsx(tmp_path / "day.xlsx", day))
    assert [(f.code, f.where.row) for f in reading.faults] == [("cell.formula", 3)]
    assert reading.faults[0].where.column == "地址 (E)"
    assert reading.faults[0].raw == "=CONCATENATE(A1,B1)"


def test_a_stray_cell_at_the_end_of_the_sheet_costs_nothing(tmp_path: Path) -> None:
    """Excel's last row is 1,048,576: only cells that exist are looked at."""
    path = write_xlsx(tmp_path / "day.xlsx", plain_day())
    book = load_workbook(path)
    book["订单"].cell(row=1_048_576, column=1, value="合计")
    book.save(path)
    assert codes(read(path)) == []


@pytest.mark.parametrize(
    ("ref", "expected"),
    [("A3:XFD1048576", ["file.too_many_cells"]), ("A1:A300001", ["file.too_many_cells"])],
)
def test_a_merged_range_as_big_as_the_sheet_is_refused(
    tmp_path: Path, ref: str, expected: list[str]
) -> None:
    """Opening it would build billions of cells from one line of XML."""
    merge = f'<mergeCells count="1"><mergeCell ref="{ref}"/></mergeCells></worksheet>'
    content = with_part(SHEET1, lambda xml: xml.replace(b"</worksheet>", merge.encode()))
    (tmp_path / "day.xlsx").write_bytes(content)
    assert codes(read(tmp_path / "day.xlsx")) == expected


def test_a_missing_day_does_not_hide_the_other_faults(tmp_path: Path) -> None:
    """Everything is told at once; what depends on the day is told once it is known."""
    day = day_with(orders=[order(VIN="x", 可送时段="11月20日上午")])
    day["设置"] = day["设置"][1:]
    path = write_xlsx(tmp_path / "day.xlsx", day)
    assert codes(read(path)) == ["date.missing", "vin.length"]
    assert codes(read(path, date=date(2026, 11, 23))) == ["vin.length", "window.past"]


def test_two_different_days_are_told(tmp_path: Path) -> None:
    """The option does not overrule the sheet: one of them is a slip."""
    path = write_xlsx(tmp_path / "day.xlsx", plain_day())
    assert codes(read(path, date=date(2026, 11, 24))) == ["date.conflict"]


def test_json_rows_that_are_no_objects_are_told_and_can_be_skipped(tmp_path: Path) -> None:
    """Row 2 is a number; row 1 is still an order."""
    day: dict[str, Any] = plain_day()
    day["订单"].append(7)
    day["订单"].append(order(3, VIN=vin(3), 联系人={"a": 1}))
    path = write_json(tmp_path / "day.json", day)
    reading = read(path)
    assert [(f.code, f.where.row, f.where.column) for f in reading.faults] == [
        ("json.shape", 2, ""),
        ("json.shape", 3, "联系人"),
    ]
    skipping = read(path, skip_faulty=True)
    assert skipping.request is not None
    assert [row.row for row in skipping.skipped] == [2, 3]


def test_reading_never_asks_the_map_for_a_refused_file(tmp_path: Path) -> None:
    """Refusing is cheap."""
    spy = FakeMap()
    (tmp_path / "day.xlsx").write_bytes(b"PK\x03\x04")
    read(tmp_path / "day.xlsx", locator=spy)
    assert spy.asked == 0


def test_a_truck_sheet_without_warehouses_is_a_fault(tmp_path: Path) -> None:
    """Its trucks belong nowhere: that is told, and the reading goes on to its end."""
    homeless = {name: cell for name, cell in truck().items() if name != "仓库"}
    for write, name in ((write_xlsx, "day.xlsx"), (write_json, "day.json")):
        reading = read(write(tmp_path / name, day_with(trucks=[homeless], drivers=[driver()])))
        assert reading.request is None
        assert "header.column_missing" in {fault.code for fault in reading.faults}
