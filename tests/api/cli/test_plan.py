"""`flatbed plan` and `flatbed audit` on small days: what they say, write and leave alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.days.planning import DayOptions, save_learned
from api.settings import Language, read_settings
from geodata.corrections import Corrections
from geodata.matrix import TravelMatrix
from tests.api.cli.process import flatbed_here
from tests.api.intake.days import (
    Sheets,
    day_with,
    order,
    truck,
    warehouse,
    write_csv_folder,
    write_json,
)

PIN: dict[str, Any] = {"纬度": 34.78, "经度": 113.93}
QUICK = ("--iterations", "0")

pytestmark = pytest.mark.usefixtures("road_cache", "compiled_search")


def planned(
    capsys: pytest.CaptureFixture[str], day: Path, out: Path, *more: str
) -> dict[str, object]:
    """Plan a day and read the summary that programs read."""
    ended = flatbed_here(capsys, "plan", str(day), "-o", str(out), *QUICK, "--json", *more)
    assert ended.code == 0, ended.err
    answer: dict[str, object] = ended.answer
    return answer


def without_phones(count: int) -> Sheets:
    """A day of which every order is a warning: nobody can be called."""
    return day_with(orders=[order(number, 电话=None) for number in range(1, count + 1)])


def test_inside_the_day_and_from_outside_the_same_pins_are_remembered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`cd day && flatbed plan .` and `flatbed plan day` share one memory, beside the day."""
    day = write_csv_folder(tmp_path / "day", day_with(orders=[order(**PIN)]))
    monkeypatch.chdir(day)
    planned(capsys, Path(), tmp_path / "out")
    assert (tmp_path / "corrections.json").is_file()
    assert not (day / "corrections.json").exists()


def test_an_audit_writes_nothing_beside_the_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Looking is not learning: only a plan remembers pins."""
    day = write_json(tmp_path / "day.json", day_with(orders=[order(**PIN)]))
    planned(capsys, day, tmp_path / "out")
    (tmp_path / "corrections.json").unlink()
    ended = flatbed_here(capsys, "audit", str(day), str(tmp_path / "out" / "plan.json"))
    assert ended.code == 0, ended.out
    assert not (tmp_path / "corrections.json").exists()


def test_a_plan_of_addresses_with_phones_passes_its_audit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The plan holds the very text of the request, so nothing differs and no phone is shown."""
    row = order(
        地址="河南省郑州市中牟县官渡镇测试路1号 张试收 13800000001", 备注="或打138.0000.0002"
    )
    day = write_json(tmp_path / "day.json", day_with(orders=[row]))
    planned(capsys, day, tmp_path / "out")
    ended = flatbed_here(capsys, "audit", str(day), str(tmp_path / "out" / "plan.json"))
    assert ended.code == 0, ended.out
    office = (tmp_path / "out" / "plan.json").read_text(encoding="utf-8")
    for word in ("13800000001", "138.0000.0002", "张试"):
        assert word not in ended.out + ended.err + office


def test_a_memory_that_cannot_be_written_costs_no_plan(tmp_path: Path) -> None:
    """A day where nothing may be written beside it is planned all the same; the desk is told."""
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    options = DayOptions(path=in_the_way / "day", cache_dir=tmp_path, lang=Language.ENGLISH)
    assert [told.code for told in save_learned(options, Corrections())] == ["corrections.unsaved"]
    assert save_learned(options, None) == ()


def test_warnings_of_the_day_reach_the_desk_and_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing phone stops no plan; somebody has to hear of it all the same."""
    day = write_json(tmp_path / "day.json", without_phones(2))
    out = tmp_path / "out"
    ended = flatbed_here(capsys, "plan", str(day), "-o", str(out), *QUICK, "--json")
    assert [warning["code"] for warning in ended.answer["warnings"]] == ["contact.missing"]
    assert "注意" in ended.err
    assert "[contact.missing]" in ended.err
    audit = flatbed_here(capsys, "audit", str(day), str(out / "plan.json"), "--json", "--lang=en")
    assert [warning["code"] for warning in audit.answer["warnings"]] == ["contact.missing"]
    assert "note: " in audit.err


def test_a_day_without_a_usable_truck_explains_every_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All trucks in the workshop: the desk learns that no truck is there, not of empty classes."""
    day = write_json(tmp_path / "day.json", day_with(trucks=[truck(可用="否")]))
    answer = planned(capsys, day, tmp_path / "out")
    assert answer["served"] == 0
    left = answer["left_behind"]
    assert isinstance(left, list)
    assert [one["reason"] for one in left] == ["no_truck"]


def test_under_chinese_the_progress_is_chinese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Steps of the roads, too; only file names and codes stay as they are."""
    day = write_json(tmp_path / "day.json", day_with())
    out = tmp_path / "out"
    ended = flatbed_here(capsys, "plan", str(day), "-o", str(out), *QUICK, "--lang=zh")
    assert [line for line in ended.err.splitlines() if line.isascii()] == []
    assert "准备路网" in ended.err


def test_faults_are_counted_in_the_readers_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A Chinese desk reads Chinese words around the fault, a program the same codes."""
    day = write_json(tmp_path / "day.json", day_with(orders=[order(电话="12")]))
    chinese = flatbed_here(capsys, "plan", str(day), "-o", str(tmp_path / "out"))
    assert chinese.code == 3
    assert "输入有 1 处问题，没有排线" in chinese.err
    assert "第 " in chinese.err
    english = flatbed_here(capsys, "plan", str(day), "-o", str(tmp_path / "out"), "--lang=en")
    assert "1 fault in the input; nothing was planned" in english.err
    coded = flatbed_here(capsys, "plan", str(day), "-o", str(tmp_path / "out"), "--json")
    assert [fault["code"] for fault in json.loads(coded.out)["error"]["faults"]] == ["phone.format"]


def test_reliability_comes_from_the_sheet_or_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both plan at that chance and say what slack it took; the audit reads it from the plan."""
    asked = [{"名称": "可靠度", "值": 90}, {"名称": "行程波动", "值": 30}]
    sheet = write_json(tmp_path / "sheet.json", day_with(orders=[order(1)], settings=asked))
    plain = write_json(tmp_path / "plain.json", day_with(orders=[order(1)], settings=asked[1:]))
    told = []
    for name, day, more in (("a", sheet, ()), ("b", plain, ("--reliability", "0.9"))):
        out = tmp_path / name
        ended = flatbed_here(capsys, "plan", str(day), "-o", str(out), *QUICK, "--json", *more)
        assert ended.code == 0, ended.err
        plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
        chance = plan["policy"]["uncertainty"]
        assert (chance["judge"], chance["quantile"]) == ("quantile", 0.9)
        assert chance["travel"]["cv"] == 0.3
        assert any("90 %" in step for step in plan["provenance"]["steps"])
        told.append(plan["policy"]["buffers"])
        audit = flatbed_here(capsys, "audit", str(day), str(out / "plan.json"), "--json")
        assert audit.answer["clean"], audit.answer["findings"]
    assert told[0] == told[1]


def test_a_day_of_two_warehouses_is_planned_and_audited_without_one_matrix(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each warehouse has the roads of its own; no matrix with the places of both is made."""
    day = write_json(
        tmp_path / "day.json",
        day_with(
            orders=[order(1), order(2, 仓库="W2")],
            trucks=[truck(1), truck(2, 仓库="W2")],
            warehouses=[warehouse(), warehouse(编号="W2", 名称="二号仓", 纬度=34.60, 经度=113.50)],
        ),
    )
    matrices = read_settings().cache_dir / "matrices"
    before = set(matrices.glob("*.npz"))
    out = tmp_path / "out"
    ended = flatbed_here(
        capsys, "plan", str(day), "-o", str(out), *QUICK, "--workers", "1", "--json"
    )
    assert ended.code == 0, ended.err
    assert ended.answer["served"] == 2
    for made in set(matrices.glob("*.npz")) - before:
        assert len(TravelMatrix.load(made).place_ids) == 2
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert plan["provenance"]["engine"].endswith("; 2 parts")
    audit = flatbed_here(capsys, "audit", str(day), str(out / "plan.json"), "--json")
    assert audit.answer["clean"], audit.answer["findings"]
