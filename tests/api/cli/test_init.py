"""`flatbed init` as a newcomer types it."""

from pathlib import Path

import pytest

from api.days.intake.columns import sheet_plans
from tests.api.cli.process import SCRIPT, flatbed, flatbed_here


def test_every_sheet_is_written_and_named(tmp_path: Path) -> None:
    """A new folder with one workbook a sheet; the answer lists exactly what was written."""
    folder = tmp_path / "new" / "day"
    ended = flatbed("init", str(folder), "--json")
    assert ended.code == 0
    assert {Path(name) for name in ended.answer["written"]} == set(folder.iterdir())
    assert {path.stem for path in folder.iterdir()} == set(sheet_plans())


def test_without_json_there_is_a_line_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a shell loop can read."""
    ended = flatbed_here(capsys, "init", str(tmp_path), "--lang", "en")
    assert ended.code == 0
    assert {Path(line) for line in ended.out.splitlines()} == set(tmp_path.iterdir())


def test_the_folder_may_be_shared_with_colleagues(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sheets carry the rights that any new file of this user has, not those of a secret."""
    plain = tmp_path / "plain.txt"
    plain.touch()
    flatbed_here(capsys, "init", str(tmp_path / "day"))
    rights = {path.stat().st_mode for path in (tmp_path / "day").iterdir()}
    assert rights == {plain.stat().st_mode}


def test_filled_sheets_are_never_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second `init` is refused, names the files and changes none."""
    flatbed_here(capsys, "init", str(tmp_path))
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    ended = flatbed_here(capsys, "init", str(tmp_path), "--json")
    assert ended.code == 2
    assert ended.answer["error"]["code"] == "bad_usage"
    assert "orders.xlsx" in ended.answer["error"]["message"]
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Usage, before anything is written."""
    (tmp_path / "day").touch()
    ended = flatbed_here(capsys, "init", str(tmp_path / "day"))
    assert ended.code == 2
    assert ended.out == ""


def test_the_help_of_the_installed_command_names_its_options() -> None:
    """The console script is the door most people use."""
    if not SCRIPT.exists():
        pytest.skip("the console script is not installed beside this Python")
    ended = flatbed("init", "--help", program=(str(SCRIPT),))
    assert ended.code == 0
    assert "--lang" in ended.out
    assert "--json" in ended.out
    assert "DIR" in ended.out
