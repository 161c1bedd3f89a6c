"""`flatbed`: finds the command, runs it, and turns every error into one shape and one exit code."""

import json
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, NoReturn

import typer
from typer._click.core import Context
from typer.core import TyperCommand, TyperGroup

from api import __version__
from api.cli.registry import ENTRIES, load, new_app
from api.errors import ExitCode, FaultyInput, error_body, exit_code, is_expected


class LazyGroup(TyperGroup):
    """Shows a signboard (name, summary) for each command; imports a command when it is chosen."""

    def __init__(self, **attrs: Any) -> None:  # noqa: ANN401 - Typer's own signature
        super().__init__(**attrs)
        self._entries: Final = {entry.name: entry for entry in ENTRIES}
        for entry in ENTRIES:
            self.add_command(TyperCommand(entry.name, short_help=entry.summary))

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, TyperCommand | TyperGroup | None, list[str]]:
        name, signboard, rest = super().resolve_command(ctx, args)
        if name is None or signboard is None:
            return name, None, rest
        return name, load(self._entries[name]), rest


app = new_app(
    cls=LazyGroup,
    name="flatbed",
    help="Plans the last miles of car delivery in China. 县域整车配送排线",
    no_args_is_help=True,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"flatbed {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Plans the last miles of car delivery in China. 县域整车配送排线"""


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run `flatbed` and leave the process with its exit code."""
    run(typer.main.get_command(app), sys.argv[1:] if argv is None else argv)


def run(command: Callable[..., object], argv: Sequence[str]) -> NoReturn:
    """Run a command and leave the process with its exit code (see `api.errors.ExitCode`).

    Answers go to stdout and what people read about errors to stderr. Under `--json` an error is
    an answer too: one JSON object on stdout, in the shape of `api.errors.error_body`.
    """
    try:
        command(list(argv), prog_name="flatbed")
    except Exception as error:  # the outermost door: nothing above could report it
        _report(error, as_json="--json" in argv)
        sys.exit(exit_code(error))
    sys.exit(ExitCode.FINE)


def _report(error: Exception, *, as_json: bool) -> None:
    """Say what happened; a bug shows its traceback, an expected answer never does."""
    if not is_expected(error):
        traceback.print_exception(error, file=sys.stderr)
        typer.echo("This is a fault of Flatbed, not of your files. 程序内部错误。", err=True)
    if as_json:
        typer.echo(json.dumps(error_body(error), ensure_ascii=False, sort_keys=True))
        return
    if isinstance(error, FaultyInput):
        for line in error.lines():
            typer.echo(line, err=True)
    typer.echo(f"flatbed: {error}", err=True)
