"""`flatbed repair` on small days: what it writes, says and refuses."""

import json
from pathlib import Path

import pytest

from tests.api.cli.process import flatbed_here
from tests.api.cli.test_plan import QUICK
from tests.api.intake.days import day_with, order, truck, write_csv_folder, write_json

pytestmark = pytest.mark.usefixtures("road_cache", "compiled_search")


def test_a_repair_writes_plan_papers_and_diff(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One order is cancelled; the other keeps its truck, and the papers say so."""
    day = write_json(tmp_path / "day.json", day_with(orders=[order(1), order(2)]))
    ended = flatbed_here(capsys, "plan", str(day), "-o", str(tmp_path / "out"), *QUICK, "--json")
    assert ended.code == 0, ended.err
    plan = tmp_path / "out" / "plan.json"
    first = json.loads(plan.read_text(encoding="utf-8"))["routes"][0]["stops"][0]["order_id"]
    told = ("--event", f"取消：{first}", "--now", "05:00", "--lang", "en")
    new = tmp_path / "new"
    ended = flatbed_here(capsys, "repair", str(day), str(plan), *told, "-o", str(new))
    assert ended.code == 0, ended.err
    assert f"{first} is cancelled" in ended.out
    diff = json.loads((new / "diff.json").read_text(encoding="utf-8"))
    assert (diff["format"], diff["changes"], diff["events"]) == (1, 0, [f"取消：{first}"])
    assert diff["lines"][0]["kind"] == "cancelled"
    assert (new / "manifests.pdf").is_file()
    ended = flatbed_here(capsys, "audit", str(day), str(new / "plan.json"), "--json")
    assert ended.answer["clean"], ended.answer["findings"]


def test_a_row_file_adds_its_orders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The day's own sheets stay as they are; the second truck takes the new car."""
    trucks = [truck(1), truck(2)]
    day = write_json(tmp_path / "day.json", day_with(orders=[order(1)], trucks=trucks))
    ended = flatbed_here(capsys, "plan", str(day), "-o", str(tmp_path / "out"), *QUICK, "--json")
    assert ended.code == 0, ended.err
    rows = write_csv_folder(tmp_path / "more", day_with(orders=[order(2)]))
    sheet = next(path for path in rows.iterdir() if path.stem in ("orders", "订单"))
    ended = flatbed_here(
        capsys, "repair", str(day), str(tmp_path / "out" / "plan.json"),
        "--event", f"added:{sheet}", "--now", "05:00", "-o", str(tmp_path / "new"), "--json",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert [line["kind"] for line in ended.answer["lines"]].count("added") == 1


def test_a_second_repair_remembers_the_lost_truck(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """T1 is gone; when T2 has room again later that day, nobody sends T1 once more."""
    trucks = [truck(1), truck(2)]
    day = write_json(tmp_path / "day.json", day_with(orders=[order(1), order(2)], trucks=trucks))
    ended = flatbed_here(capsys, "plan", str(day), "-o", str(tmp_path / "out"), *QUICK, "--json")
    assert ended.code == 0, ended.err
    first, second = tmp_path / "first", tmp_path / "second"
    flatbed_here(
        capsys, "repair", str(day), str(tmp_path / "out" / "plan.json"),
        "--event", "lost:T1", "--now", "05:00", "-o", str(first),
    )  # fmt: skip
    plan = json.loads((first / "plan.json").read_text(encoding="utf-8"))
    (left,) = [each["order_id"] for each in plan["left_behind"]]
    ended = flatbed_here(
        capsys, "repair", str(day), str(first / "plan.json"),
        "--event", f"added:{left}", "--now", "05:10", "-o", str(second), "--json",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert ended.answer["in_force"] == ["lost:T1@05:00"]
    after = json.loads((second / "plan.json").read_text(encoding="utf-8"))
    assert [route["truck_id"] for route in after["routes"]] == ["T2"]


def test_a_line_is_rejected_and_the_rest_repaired_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """O2 was added by a sheet; its line goes back, what is told is kept, and the audit agrees."""
    trucks = [truck(1), truck(2)]
    day = write_json(tmp_path / "day.json", day_with(orders=[order(1)], trucks=trucks))
    ended = flatbed_here(capsys, "plan", str(day), "-o", str(tmp_path / "out"), *QUICK, "--json")
    assert ended.code == 0, ended.err
    rows = write_csv_folder(tmp_path / "more", day_with(orders=[order(2)]))
    sheet = next(path for path in rows.iterdir() if path.stem in ("orders", "订单"))
    first, again = tmp_path / "first", tmp_path / "again"
    ended = flatbed_here(
        capsys, "repair", str(day), str(tmp_path / "out" / "plan.json"),
        "--event", f"added:{sheet}", "--now", "05:00", "-o", str(first), "--json",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    lines = {line["kind"]: line for line in ended.answer["lines"]}
    ended = flatbed_here(
        capsys, "repair", str(day), str(first / "plan.json"),
        "--reject", str(lines["added"]["number"]), "-o", str(again), "--json",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert ended.answer["rejected"] == [lines["added"]["order_id"]]
    assert "added" not in [line["kind"] for line in ended.answer["lines"]]
    for folder in (first, again):
        audit = flatbed_here(capsys, "audit", str(day), str(folder / "plan.json"), "--json")
        assert audit.answer["clean"], audit.answer["findings"]
    (first / "before.json").unlink()
    assert flatbed_here(capsys, "audit", str(day), str(first / "plan.json")).code != 0


def test_lines_are_those_of_a_repair(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A plan that is no repair has none; an event and a verdict are two commands."""
    day = write_json(tmp_path / "day.json", day_with(orders=[order(1)]))
    ended = flatbed_here(capsys, "plan", str(day), "-o", str(tmp_path / "out"), *QUICK, "--json")
    assert ended.code == 0, ended.err
    call = ("repair", str(day), str(tmp_path / "out" / "plan.json"), "-o", str(tmp_path / "new"))
    ended = flatbed_here(capsys, *call, "--accept", "1")
    assert ended.code == 3
    assert "is no repair" in ended.err
    ended = flatbed_here(capsys, *call, "--accept", "1", "--event", "lost:T1")
    assert ended.code == 2
    assert not (tmp_path / "new").exists()


def test_events_that_cannot_be_read_are_told_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with the form it should have."""
    day = write_json(tmp_path / "day.json", day_with(orders=[order(1)]))
    ended = flatbed_here(capsys, "plan", str(day), "-o", str(tmp_path / "out"), *QUICK, "--json")
    assert ended.code == 0, ended.err
    ended = flatbed_here(
        capsys, "repair", str(day), str(tmp_path / "out" / "plan.json"),
        "--event", "stolen:T1", "--event", "late:O1", "--event", "lost:T1@25:00",
        "--now", "noon", "-o", str(tmp_path / "new"), "--lang", "en",
    )  # fmt: skip
    assert ended.code == 3
    assert "4 faults in the input; nothing was repaired" in ended.err
    for word in ("stolen:T1", "late:ORDER=11:30", "lost:TRUCK@09:30", "noon"):
        assert word in ended.err
    assert not (tmp_path / "new").exists()
