"""The outer door: exit codes, streams, and errors in one shape."""

import json
from collections.abc import Callable
from typing import NoReturn

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from api import __version__
from api.cli.main import main, run
from api.cli.registry import ENTRIES, Entry, load, new_app
from api.errors import BadUsage, Fault, FaultyInput

FAULTS = FaultyInput(
    (
        Fault(code="bad_vin", message="wrong check digit", fix="copy it again", row=3),
        Fault(code="no_window", message="no window", fix="name one", row=9),
    )
)


def command_that_raises(error: Exception) -> TyperCommand | TyperGroup:
    app = new_app()

    @app.command()
    def plan(as_json: bool = typer.Option(False, "--json")) -> None:
        raise error

    return typer.main.get_command(app)


def exit_of(call: Callable[[], NoReturn]) -> int:
    with pytest.raises(SystemExit) as end:
        call()
    return int(end.value.code or 0)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """The list is the table of the registry, nothing else."""
    assert exit_of(lambda: main(["--help"])) == 0
    shown = capsys.readouterr().out
    assert [entry.name for entry in ENTRIES if f"\n  {entry.name} " not in shown] == []


def test_version_is_the_packages_own(capsys: pytest.CaptureFixture[str]) -> None:
    """Support asks for it first."""
    assert exit_of(lambda: main(["--version"])) == 0
    assert capsys.readouterr().out == f"flatbed {__version__}\n"


def test_a_mistyped_command_is_usage_and_gets_a_suggestion(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 2, nothing on stdout, the nearest word on stderr."""
    assert exit_of(lambda: main(["plna"])) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "'plan'" in shown.err


def test_every_fault_is_printed_and_the_exit_code_is_three(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A dispatcher mends a sheet once, not once per fault."""
    command = command_that_raises(FAULTS)
    assert exit_of(lambda: run(command, [])) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "row 3: wrong check digit" in shown.err
    assert "row 9: no window" in shown.err
    assert "Traceback" not in shown.err


def test_under_json_an_error_is_one_object_on_stdout(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A program that asked for JSON parses stdout whatever happens."""
    command = command_that_raises(FAULTS)
    assert exit_of(lambda: run(command, ["--json"])) == 3
    error = json.loads(capsys.readouterr().out)["error"]
    assert [fault["row"] for fault in error["faults"]] == [3, 9]


def test_contradicting_options_are_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 2 whether Typer or a command finds the contradiction."""
    command = command_that_raises(BadUsage("--time or --iterations, not both"))
    assert exit_of(lambda: run(command, [])) == 2
    assert "not both" in capsys.readouterr().err


def test_a_bug_shows_its_traceback_and_says_whose_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Hiding it would cost the next person an hour; blaming the files would cost the dispatcher."""
    command = command_that_raises(KeyError("bug"))
    assert exit_of(lambda: run(command, [])) == 1
    shown = capsys.readouterr().err
    assert "Traceback" in shown
    assert "fault of Flatbed" in shown


def test_a_module_without_an_app_is_refused_by_name() -> None:
    """Whoever adds a command reads what is missing, not an AttributeError."""
    with pytest.raises(TypeError, match="needs `app"):
        load(Entry(name="kit", module="api.kit.clock", summary=""))
