"""Sheets as people keep them give the day they mean."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from api.days.intake.phone import Phone, PhoneFault, read_phone
from api.days.intake.window_text import ServiceHours, read_windows
from api.kit.clock import CHINA
from routing.domain.fleet import TruckKind
from routing.domain.orders import DeliveryMode, Order, Priority
from routing.domain.readiness import Precondition, StepKind
from routing.domain.request import PlanRequest
from tests.api.intake.days import (
    DAY,
    FakeMap,
    Row,
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
    warehouse,
    write_csv_folder,
    write_json,
    write_xlsx,
)

HOURS = ServiceHours(start_s=9 * 3_600, end_s=19 * 3_600)


def request_of(path: Path) -> PlanRequest:
    reading = read(path)
    assert reading.request is not None, reading.faults
    return reading.request


def order_of(tmp_path: Path, **cells: object) -> Order:
    """Read the plain day's one order with some cells changed."""
    changed = {**order(), **cells}
    return request_of(write_xlsx(tmp_path / "d.xlsx", day_with(orders=[changed]))).orders[0]


def local(hour: int, minute: int = 0, *, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


def test_one_day_is_the_same_in_every_format(tmp_path: Path) -> None:
    """Workbook, JSON, and CSV in both encodings carry the same request."""
    day = day_with(orders=[order(1), order(2, 最大板车="一拖二", 备注="有狗")], drivers=[driver()])
    digests = {
        request_of(path).digest
        for path in (
            write_xlsx(tmp_path / "a.xlsx", day),
            write_json(tmp_path / "a.json", day),
            write_csv_folder(tmp_path / "utf8", day),
            write_csv_folder(tmp_path / "gb", day, encoding="gb18030"),
            write_csv_folder(tmp_path / "utf16", day, encoding="utf-16"),
        )
    }
    assert len(digests) == 1


def test_a_messy_sheet_reads_like_a_tidy_one(tmp_path: Path) -> None:
    """Title, merged title, blank rows, full width, a total, a header repeated, notes."""
    tidy = request_of(write_xlsx(tmp_path / "tidy.xlsx", day_with(orders=[order(1), order(2)])))
    header, first, second = grid([order(1), order(2)])
    messy = [
        ["一号仓 11月23日 送车订单"],
        [],
        ["＊订单号（必填）", "ＶＩＮ码", *header[2:]],
        ["说明：一行一单"],
        first,
        [],
        header,
        second,
        ["合计：2 台"],
        ["", "小计", 2],
    ]
    lines = {name: grid(rows) for name, rows in plain_day().items()}
    path = write_xlsx(tmp_path / "messy.xlsx", {**lines, "订单": messy})
    book = load_workbook(path)
    book["订单"].merge_cells("A1:H1")
    book.save(path)
    assert request_of(path).digest == tidy.digest


def test_a_header_in_two_rows_is_the_lower_one(tmp_path: Path) -> None:
    """联系人 stands merged over 姓名 and 电话; single columns are merged downwards."""
    header, first = grid([order(1)])
    group = [*header[:6], "联系人", "联系人"]
    parts = [*header[:6], "姓名", "电话"]
    lines = {name: grid(rows) for name, rows in plain_day().items()}
    path = write_xlsx(tmp_path / "d.xlsx", {**lines, "订单": [group, parts, first]})
    contact = request_of(path).orders[0].contact
    assert contact is not None
    assert (contact.name, contact.phone) == ("张试", "13800000001")


def test_merged_cells_count_for_every_row_they_cover(tmp_path: Path) -> None:
    """Three orders under one merged warehouse and address."""
    rows = [order(number) for number in (1, 2, 3)]
    path = write_xlsx(tmp_path / "d.xlsx", day_with(orders=rows))
    book = load_workbook(path)
    book["订单"].merge_cells("D2:D4")
    book["订单"].merge_cells("E2:E4")
    book.save(path)
    read_back = request_of(path)
    assert [one.warehouse_id for one in read_back.orders] == ["W1"] * 3
    assert len({one.place.id for one in read_back.orders}) == 1


def test_a_fault_below_a_title_names_the_row_of_the_sheet(tmp_path: Path) -> None:
    """Title in row 1, header in row 3: the second order stands in row 6."""
    header, first, second = grid([order(1), order(2, VIN="short")])
    lines = {name: grid(rows) for name, rows in plain_day().items()}
    lines["订单"] = [["标题"], [], header, first, [], second]
    fault = read(write_xlsx(tmp_path / "d.xlsx", lines)).faults[0]
    assert (fault.where.row, fault.where.column) == (6, "VIN (B)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上午", [(9, 12)]),
        ("下午", [(12, 19)]),
        ("全天", [(9, 19)]),
        ("都行", [(9, 19)]),
        ("", [(9, 19)]),
        ("14-16点", [(14, 16)]),
        ("14:00-16:00", [(14, 16)]),
        ("１４：００～１６：００", [(14, 16)]),
        ("9点到11点", [(9, 11)]),
        ("上午9-11点", [(9, 11)]),
        ("下午2点-4点", [(14, 16)]),
        ("14点以后", [(14, 19)]),
        ("11点前", [(9, 11)]),
        ("11月23日 14-16点", [(14, 16)]),
        ("2026-11-23 14-16", [(14, 16)]),
        ("2026/11/23 14:30-16:00", [(14.5, 16)]),
        ("2026-11-23T14:00/2026-11-23T16:00", [(14, 16)]),
        ("9-11点;14-16点", [(9, 11), (14, 16)]),
        ("9-11点、14-16点", [(9, 11), (14, 16)]),
        ("9-11/14-16", [(9, 11), (14, 16)]),
        ("9-11点\n14-16点", [(9, 11), (14, 16)]),
        ("morning", [(9, 12)]),
        ("2-4pm", [(14, 16)]),
        ("10am-2pm", [(10, 14)]),
        ("11月23日(周一) 上午", [(9, 12)]),
    ],
)
def test_windows_are_read_as_people_write_them(
    text: str, expected: list[tuple[float, float]]
) -> None:
    """In hours of the day; the date is the planned one."""
    found = read_windows(text, hours=HOURS, near=DAY)
    assert found is not None
    assert [(one.start_s / 3_600, one.end_s / 3_600) for one in found] == expected
    assert {one.day for one in found} <= {None, DAY}


def test_touching_windows_are_one_and_other_days_are_left_out(tmp_path: Path) -> None:
    """9-11 and 11-13 accept the same moments as 9-13; the 24th is the 24th's business."""
    one = order_of(tmp_path, 可送时段="11-13点；9-11点；11月24日上午")
    assert [(w.start, w.end) for w in one.windows] == [(local(9), local(13))]


def test_a_confirmed_window_is_a_promise(tmp_path: Path) -> None:
    """By its own column, in the form of the old process, or by status."""
    for cells in (
        {"bookDate": "2026-11-23 14-16", "可送时段": None},
        {"状态": "已确认", "可送时段": "14-16点"},
    ):
        one = order_of(tmp_path, **cells)
        assert one.promised
        assert (one.windows[0].start, one.windows[0].end) == (local(14), local(16))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("13800000001", "13800000001"),
        (13800000001, "13800000001"),
        (13800000001.0, "13800000001"),
        ("13800000001.0", "13800000001"),
        ("1.3800000001E+10", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("１３８０００００００１", "13800000001"),
        ("0371-60000000", "0371-60000000"),
        ("(0371) 60000000 转 801", "0371-60000000-801"),
        ("400-000-0000", "4000000000"),
        ("13800000001-8765", "13800000001-8765"),
        ("13800000001/13800000002", "13800000001 / 13800000002"),
    ],
)
def test_phones_survive_spreadsheets(value: Any, expected: str) -> None:  # noqa: ANN401
    """Stored as text, as number, with prefix, in full width, two in one cell."""
    assert read_phone(value) == Phone(text=expected)


def test_a_phone_with_lost_digits_is_no_phone() -> None:
    """1.38E+10 was eleven digits once; nobody can say which."""
    assert read_phone("1.38E+10") is PhoneFault.LOST_DIGITS


def test_units_are_read_from_header_and_cell(tmp_path: Path) -> None:
    """4.7 m, 4700 mm and 470 cm are one car."""
    for length in ({"车长(m)": 4.7}, {"车长/mm": 4_700}, {"车长": "470cm"}, {"length_m": 4.7}):
        row: Row = {"编号": "M1", **length, "车宽": 1_900, "车高": "1.65 米", "质量(吨)": 1.9}
        day = day_with(models=[row], orders=[order(车型="M1")])
        model = request_of(write_xlsx(tmp_path / "d.xlsx", day)).orders[0].vehicle.model
        assert (model.length_mm, model.height_mm, model.mass_kg) == (4_700, 1_650, 1_900)


def test_divisions_in_columns_of_their_own_belong_to_the_address(tmp_path: Path) -> None:
    """省, 市, 区县 and the rest of the address."""
    one = order_of(tmp_path, 省="河南省", 市="郑州市", 区县="中牟县", 地址="黄店镇")
    assert one.address == "河南省郑州市中牟县黄店镇"
    assert one.place.county_code == "410122"


def test_a_pin_wins_over_the_text_and_its_datum_counts(tmp_path: Path) -> None:
    """The same numbers read as GCJ-02 lie hundreds of metres away."""
    wgs = order_of(tmp_path, 纬度=34.72, 经度=113.98)
    gcj = order_of(tmp_path, 纬度=34.72, 经度=113.98, 坐标系="高德")
    assert wgs.place.radius_m == gcj.place.radius_m == 0
    assert (wgs.place.point.lat, wgs.place.point.lon) == (34.72, 113.98)
    assert 0.001 < abs(gcj.place.point.lon - 113.98) < 0.01
    either = order_of(tmp_path, 经纬度="34.72,113.98")
    assert either.place.point == wgs.place.point


def test_a_pin_in_the_next_county_is_a_warning(tmp_path: Path) -> None:
    """Near the border the pin is right more often than the text; a far one is a fault."""
    day = day_with(orders=[order(纬度=34.72, 经度=113.75)])
    reading = read(write_xlsx(tmp_path / "d.xlsx", day))
    assert [warning.code for warning in reading.warnings] == ["position.other_county"]
    assert reading.request is not None
    assert reading.request.orders[0].place.county_code == "410183"


@pytest.mark.parametrize(
    ("address", "access"),
    [
        ("河南省郑州市中牟县人民路1号", TruckKind.SHORT_CARRIER),
        ("河南省郑州市中牟县官渡镇", TruckKind.TWO_CAR),
        ("河南省郑州市中牟县官渡镇某某村3组", TruckKind.ONE_CAR),
        ("河南省郑州市中牟县", TruckKind.ONE_CAR),
    ],
)
def test_access_follows_from_the_kind_of_place(
    tmp_path: Path, address: str, access: TruckKind
) -> None:
    """And the plan says that it was assumed."""
    day = day_with(orders=[order(地址=address)])
    found = request_of(write_xlsx(tmp_path / "d.xlsx", day))
    assert found.orders[0].access is access
    assert any(access.value in line for line in found.assumptions)


def test_orders_at_a_hub_share_its_place(tmp_path: Path) -> None:
    """Two cars, one stop; the hub is reached by the biggest truck."""
    hub: Row = {"编号": "H1", "类型": "网点", "地址": "河南省郑州市中牟县黄店镇"}
    rows = [order(n, 交付方式="自提", 交付点="H1", 地址=None) for n in (1, 2)]
    day = day_with(orders=rows, places=[hub])
    first, second = request_of(write_xlsx(tmp_path / "d.xlsx", day)).orders
    assert first.place == second.place
    assert (first.mode, first.access) == (DeliveryMode.HUB, TruckKind.CARRIER)


def test_the_same_address_is_asked_once(tmp_path: Path) -> None:
    """Fifty buyers in one township."""
    spy = FakeMap()
    day = day_with(orders=[order(n) for n in range(1, 51)])
    read(write_xlsx(tmp_path / "d.xlsx", day), locator=spy)
    assert spy.asked == 2  # the township, and the warehouse's pin


def test_a_car_on_its_way_goes_through_the_whole_chain(tmp_path: Path) -> None:
    """Arrival, PDI, charge and wash are open; the standard edition needs no work."""
    one = order_of(tmp_path, 到库时间="11月22日 10:00", 最晚到库="11月22日 16:00")
    kinds = [step.kind for step in one.readiness.steps]
    assert kinds == [StepKind.ARRIVAL, StepKind.PDI, StepKind.CHARGE, StepKind.WASH]
    # From 15:00 the day before: 60 + 90 + 30 min of work, 18:00 at p50.
    assert one.readiness.steps[-1].done_p50 == local(18, day=22)
    assert one.readiness.steps[-1].done_p90 > local(8, 30)


def test_papers_not_done_before_the_day_are_missing(tmp_path: Path) -> None:
    """Yes, an earlier date, the day itself, an empty cell beside filled ones."""
    rows = [
        order(1, 尾款="是", 保险="2026-11-22", 临牌="否"),
        order(2, 尾款=None, 保险="2026-11-23", 临牌="√"),
    ]
    first, second = request_of(write_xlsx(tmp_path / "d.xlsx", day_with(orders=rows))).orders
    assert first.readiness.missing == (Precondition.TEMPORARY_PLATE,)
    assert second.readiness.missing == (Precondition.PAYMENT, Precondition.INSURANCE)


def test_drivers_are_matched_and_crews_pool_their_skills(tmp_path: Path) -> None:
    """The A2 driver takes the carrier; the one who is off stays home."""
    day = day_with(
        trucks=[truck(1), truck(2, 类型="中置轴", 技能="雨棚"), truck(3)],
        drivers=[driver(1, 准驾车型="A2", 技能="英语"), driver(2), driver(3, 休息日="周一")],
        specialists=[{"编号": "S1", "姓名": "孙试", "仓库": "W1", "车辆": "T2", "技能": "手语"}],
    )
    reading = read(write_xlsx(tmp_path / "d.xlsx", day))
    assert reading.request is not None
    assert [one.driver_id for one in reading.request.trucks] == ["D2", "D1", ""]
    assert reading.request.trucks[1].skills == {"雨棚", "英语", "手语"}
    assert [(w.code, w.where.row) for w in reading.warnings] == [("truck.no_driver", 4)]


def test_evening_loading_comes_first_within_the_horizon(tmp_path: Path) -> None:
    """Bays open the evening before and on the day."""
    day = day_with(warehouses=[warehouse(前晚装车="是", 装车时间="06:00-24:00")])
    site = request_of(write_xlsx(tmp_path / "d.xlsx", day)).warehouses[0]
    assert [(w.start, w.end) for w in site.loading] == [
        (local(17, day=22), local(21, day=22)),
        (local(6), local(0, day=24)),
    ]


def test_faulty_rows_are_skipped_when_asked_with_all_that_refers_to_them(tmp_path: Path) -> None:
    """A bad warehouse takes its truck and orders along; everything is listed, nothing personal."""
    day = day_with(
        warehouses=[warehouse(), warehouse(编号="W2", 名称="二号", 装车位=0)],
        trucks=[truck(1), truck(2, 仓库="W2")],
        orders=[order(1), order(2, 仓库="二号"), order(3, 电话="139000000")],
    )
    path = write_xlsx(tmp_path / "d.xlsx", day)
    assert codes(read(path)) == ["number.range", "phone.format"]  # the cascade is not repeated
    reading = read(path, skip_faulty=True)
    assert reading.request is not None
    assert [one.id for one in reading.request.orders] == ["A001"]
    assert [one.id for one in reading.request.trucks] == ["T1"]
    listed = [(row.sheet, row.row, row.order_id) for row in reading.skipped]
    assert listed == [
        ("仓库", 3, "W2"),
        ("订单", 3, "A002"),
        ("订单", 4, "A003"),
        ("车辆", 3, "T2"),
    ]
    assert "139000000" not in repr(reading.skipped)


def test_a_warehouse_with_orders_and_no_truck_is_a_warning(tmp_path: Path) -> None:
    """It may be on purpose; it is not silent."""
    day = day_with(
        warehouses=[warehouse(), warehouse(编号="W2", 名称="二号")],
        orders=[order(1, 仓库="W2")],
    )
    reading = read(write_xlsx(tmp_path / "d.xlsx", day))
    assert [warning.code for warning in reading.warnings] == ["warehouse.no_truck"]


def test_settings_change_the_policy(tmp_path: Path) -> None:
    """In a sheet or in day.toml, by Chinese or English name."""
    folder = write_csv_folder(tmp_path / "day", plain_day())
    (folder / "设置.csv").unlink()
    (folder / "day.toml").write_text(
        'date = 2026-11-23\ndatum = "WGS-84"\nslot_width_min = 90\n"行车余量" = 15\n'
        'left_behind_urgent = 20000\nservice_hours = "08:00-20:00"\n',
        encoding="utf-8",
    )
    found = request_of(folder)
    assert found.policy.slots.width_s == 90 * 60
    assert found.policy.buffers.drive_permille == 150
    assert found.policy.left_behind[Priority.URGENT] == 2_000_000


ORDERS = st.lists(
    st.fixed_dictionaries(
        {"可送时段": st.sampled_from(["上午", "14-16点", "9-11点；14-16点", "全天", None])},
        optional={
            "优先级": st.sampled_from(["低", "普通", "高", "加急"]),
            "最大板车": st.sampled_from(["一拖一", "一拖二", "短板"]),
            "交车时长": st.integers(10, 120),
            "备注": st.sampled_from(["有狗", "到前一小时电话", "门口有坡"]),
            "到库时间": st.datetimes(
                datetime(2026, 11, 20),  # noqa: DTZ001 - Excel has no zone
                datetime(2026, 11, 24),  # noqa: DTZ001 - Excel has no zone
            ).map(lambda moment: moment.replace(second=0, microsecond=0)),
            "尾款": st.sampled_from(["是", "否"]),
        },
    ),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ORDERS, data=st.data())
def test_a_shuffled_sheet_reads_back_equal(
    tmp_path: Path, rows: Sequence[Row], data: st.DataObject
) -> None:
    """Columns in any order, a title and blank rows anywhere: the same day."""
    orders = [order(number, **cells) for number, cells in enumerate(rows, start=1)]
    tidy: Sheets = day_with(orders=orders)
    lines = {name: grid(sheet) for name, sheet in tidy.items()}
    expected = request_of(write_xlsx(tmp_path / "tidy.xlsx", lines))
    header, *body = lines["订单"]
    shuffle = data.draw(st.permutations(range(len(header))))
    shuffled = [[line[at] for at in shuffle] for line in (header, *body)]
    for at in range(len(shuffled), 0, -1):
        shuffled[at:at] = [[]] * data.draw(st.integers(0, 2))
    title = data.draw(st.lists(st.sampled_from([["订单表"], [], ["", "制表：某某"]]), max_size=3))
    lines["订单"] = [*title, *shuffled]
    assert request_of(write_xlsx(tmp_path / "messy.xlsx", lines)) == expected


@given(
    start=st.integers(0, 46), length=st.integers(1, 47), day=st.sampled_from([None, DAY]),
    form=st.sampled_from(["{a}-{b}", "{a}到{b}", "{a}~{b}", "{a} - {b}"]),
)  # fmt: skip
def test_any_half_hour_window_reads_back(
    start: int, length: int, day: date | None, form: str
) -> None:
    """Written with minutes, with and without a date."""
    end = min(48, start + length)
    a, b = (f"{half // 2:02d}:{half % 2 * 30:02d}" for half in (start, end))
    text = ("" if day is None else f"{day} ") + form.format(a=a, b=b)
    found = read_windows(text, hours=HOURS, near=DAY)
    assert found is not None
    assert [(one.start_s, one.end_s, one.day) for one in found] == [
        (start * 1_800, end * 1_800, day)
    ]


def test_vins_of_the_tests_check_out() -> None:
    """The builders would otherwise test nothing."""
    assert vin(1)[8] == "8"
