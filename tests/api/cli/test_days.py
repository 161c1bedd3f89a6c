"""Three days at once on the command line: each order gets its day, a truck goes out twice."""

from pathlib import Path
from typing import Any

import pytest

from routing.plan import Plan
from routing.plan_json import read_plan
from tests.api.cli.process import Ended, flatbed_here
from tests.api.intake.days import (
    Sheets,
    day_with,
    driver,
    order,
    truck,
    warehouse,
    write_csv_folder,
    write_json,
)

PIN: dict[str, Any] = {"纬度": 34.78, "经度": 113.93, "可送时段": "全天"}
MONDAY, TUESDAY, WEDNESDAY = "2026-11-23", "2026-11-24", "2026-11-25"

pytestmark = pytest.mark.usefixtures("road_cache", "compiled_search")


def three_days() -> Sheets:
    """One truck for one car that may go out twice; one buyer from Tuesday on, one car not ready,
    and the only driver is off on Wednesday."""
    return day_with(
        orders=[
            order(1, **PIN),
            order(2, **PIN),
            order(3, **{**PIN, "可送时段": "11月24日 9-12点"}),
            order(4, **PIN, 到库时间="2026-11-24 06:00", 最晚到库="2026-11-24 07:00"),
        ],
        trucks=[truck(趟数上限=2)],
        drivers=[driver(休息日="11月25日")],
        settings=[{"名称": "计划天数", "值": 3}],
    )


def run(
    capsys: pytest.CaptureFixture[str], sheets: Sheets, folder: Path, *more: str
) -> tuple[Ended, Plan]:
    """Plan a folder of sheets and read the plan."""
    day = write_csv_folder(folder / "day", sheets)
    out = folder / "out"
    ended = flatbed_here(
        capsys, "plan", str(day), "-o", str(out), "--iterations", "300", "--json", *more
    )
    assert ended.code == 0, ended.err
    return ended, read_plan(out / "plan.json")


def days_of(plan: Plan) -> dict[str, str]:
    """On which day each order goes."""
    return {stop.order_id: f"{route.day}" for route in plan.routes for stop in route.stops}


def test_every_order_gets_a_day_and_the_auditor_agrees(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is ready today goes today, in two trips; the rest tomorrow, in two more."""
    ended, plan = run(capsys, three_days(), tmp_path)
    assert ended.answer["left_behind"] == []
    assert plan.days == 3
    days = days_of(plan)
    assert days["A003"] == days["A004"] == TUESDAY
    assert set(days.values()) == {MONDAY, TUESDAY}
    assert {len(route.trips) for route in plan.routes} == {2}
    assert {route.vehicle_id for route in plan.routes} == {"T1"}
    (idle,) = plan.idle
    assert (f"{idle.day}", idle.why) == (WEDNESDAY, "no_driver")
    again = flatbed_here(
        capsys, "audit", str(tmp_path / "day"), str(tmp_path / "out" / "plan.json"), "--json"
    )
    assert again.code == 0, again.out


def test_one_day_of_the_same_folder_leaves_two_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--days` wins over the settings; a buyer who is away today is a fault of that day."""
    sheets = three_days()
    sheets["订单"] = [row for row in sheets["订单"] if row["订单号"] != "A003"]
    ended, plan = run(capsys, sheets, tmp_path, "--days", "1")
    assert plan.days == 1
    assert [each["order_id"] for each in ended.answer["left_behind"]] == ["A004"]


def test_a_closed_warehouse_and_a_truck_at_rest_leave_one_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The warehouse is shut on Tuesday, the truck stands still on Monday."""
    sheets = day_with(
        orders=[order(1, **PIN)],
        trucks=[truck(停驶日="周一")],
        warehouses=[warehouse(休息日="2026-11-24")],
    )
    _, plan = run(capsys, sheets, tmp_path, "--days", "3")
    assert days_of(plan) == {"A001": WEDNESDAY}


def test_a_warehouse_that_is_closed_on_all_planned_days_is_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Said in the sheet's row, not by a crash."""
    day = write_json(tmp_path / "day.json", day_with(warehouses=[warehouse(休息日="周一")]))
    ended = flatbed_here(capsys, "plan", str(day), "-o", str(tmp_path / "out"), "--lang=en")
    assert ended.code == 3
    assert "warehouse.closed" in ended.err
