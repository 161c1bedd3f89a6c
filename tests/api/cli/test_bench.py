"""`flatbed bench` as a shell and a program see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.bench.rows import COLUMNS
from routing.benchmarks.solutions import TABLE
from tests.api.cli.process import flatbed_here
from tests.routing.benchmarks.texts import SOLOMON, vrplib

QUICK = ("--engine", "pyvrp", "--iterations", "30")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Three customers whose best plan is 180.0, and a table that says so."""
    (tmp_path / TABLE).write_text("instance,distance_1_decimal\nTINY,180.0\n")
    path = tmp_path / "tiny.txt"
    path.write_text(SOLOMON)
    return path


def test_a_row_has_the_published_fields(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs read one object a line; a perfect plan has a gap of 0."""
    ended = flatbed_here(capsys, "bench", str(tiny), *QUICK, "--json")
    assert ended.code == 0
    (row,) = ended.answers
    assert tuple(row) == COLUMNS
    assert {**row, "seconds": 0} == {
        "instance": "tiny", "engine": "pyvrp", "cost": 1800, "best_known": 1800, "gap_pct": 0.0,
        "feasible": True, "unserved": 0, "seconds": 0, "seed": 1,
    }  # fmt: skip


def test_people_get_a_table_and_progress_apart(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows in the order in which they are run: for each file and seed, every engine."""
    ended = flatbed_here(capsys, "bench", str(tiny), *QUICK, "--seed", "3", "--seed", "1")
    head, *lines = ended.out.splitlines()
    assert tuple(head.split()) == COLUMNS
    assert [line.split()[-1] for line in lines] == ["3", "1"]
    assert "[2/2] tiny pyvrp seed 1" in ended.err


def test_made_up_instances_and_days_are_addressed_by_size_and_seed(
    compiled_search: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """A day is planned by the whole planner and judged by the auditor; nothing is known of it."""
    ended = flatbed_here(capsys, "bench", "county:8:1", "rich:6:1", *QUICK, "--json")
    county, rich = ended.answers
    assert (county["instance"], county["engine"], county["feasible"]) == (
        "county:8:1", "pyvrp", True,
    )  # fmt: skip
    assert (rich["instance"], rich["engine"], rich["feasible"]) == ("rich:6:1", "flatbed", True)
    assert rich["best_known"] is None
    assert rich["gap_pct"] is None
    assert ended.code == 0


def test_units_may_be_chosen(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Thousandths; the table is in tenths and says nothing then."""
    ended = flatbed_here(capsys, "bench", str(tiny), *QUICK, "--units", "exact", "--json")
    (row,) = ended.answers
    assert (row["cost"], row["best_known"]) == (180_000, None)


def test_a_fleet_that_cannot_serve_everybody_is_a_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not feasible, somebody unserved, code 0: the engine did what could be done."""
    path = tmp_path / "short.vrp"
    path.write_text(vrplib({"VEHICLES": 1}))
    ended = flatbed_here(capsys, "bench", str(path), *QUICK, "--json")
    (row,) = ended.answers
    assert ended.code == 0
    assert not row["feasible"]
    assert row["unserved"] >= 1
    assert row["gap_pct"] is None
    assert "short pyvrp seed 1: " in ended.err


def test_files_of_one_name_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """PR11A is there twice, with several depots and with road classes."""
    files = []
    for family in ("MDVRPTW", "SDVRPTW"):
        (tmp_path / family).mkdir()
        files.append(tmp_path / family / "PR11A.vrp")
        files[-1].write_text(vrplib())
    ended = flatbed_here(capsys, "bench", *map(str, files), *QUICK, "--json")
    assert [row["instance"] for row in ended.answers] == ["MDVRPTW/PR11A", "SDVRPTW/PR11A"]


def test_faults_of_all_files_come_before_any_search(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One shape of error, code 3, every file's faults, and nothing was run."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.vrp").write_text(vrplib({"BACKHAUL": 1}))
    files = (str(tiny), str(tmp_path / "a.vrp"), str(tmp_path / "b.vrp"))
    ended = flatbed_here(capsys, "bench", *files, *QUICK, "--json")
    assert ended.code == 3
    error = json.loads(ended.out)["error"]
    assert error["code"] == "bad_instance"
    assert [fault["message"].split(",")[0] for fault in error["faults"]] == ["a.vrp", "b.vrp"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("nowhere.vrp",), "nowhere.vrp: no such file"),
        (("county:0:1",), "needs at least 1 order"),
        (("county:5:1", "--engine", "magic"), "--engine magic: choose flatbed, kernel, pyvrp"),
        (("county:5:1", "--units", "feet"), "--units feet: choose dimacs or exact"),
        (("county:5:1", "--time", "0"), "--time 0: choose more than 0"),
        (("county:5:1", "--time", "1", "--iterations", "9"), "exclude each other"),
    ],
)
def test_wrong_use_is_told(
    args: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 2, and what to choose instead."""
    ended = flatbed_here(capsys, "bench", *args)
    assert ended.code == 2
    assert told in ended.err
