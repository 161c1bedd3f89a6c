"""`flatbed` in a process of its own, as a shell or another program calls it, or in this one."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from api.cli.main import main
from tests.contracts.tree import ROOT

FLATBED: Final = (sys.executable, "-m", "api.cli")
SCRIPT: Final = Path(sys.executable).with_name("flatbed")
PATIENCE_S: Final = 300
"""A first build on a slow machine takes a minute; a process that hangs must not hang the tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a process left behind."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:  # noqa: ANN401 - whatever JSON the command prints
        return json.loads(self.out)

    @property
    def answers(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def flatbed(*args: str | bytes, given: bytes = b"", program: tuple[str, ...] = FLATBED) -> Ended:
    """Run a command to its end with `given` on stdin; both streams are read as UTF-8."""
    ended = subprocess.run(
        [*program, *args],
        cwd=ROOT,
        input=given,
        capture_output=True,
        check=False,
        timeout=PATIENCE_S,
    )
    return Ended(
        code=ended.returncode, out=ended.stdout.decode("utf-8"), err=ended.stderr.decode("utf-8")
    )


def flatbed_here(capsys: pytest.CaptureFixture[str], *args: str) -> Ended:
    """Run a command in this process: the same door, without loading maps and parsers again."""
    with pytest.raises(SystemExit) as end:
        main(args)
    shown = capsys.readouterr()
    return Ended(code=int(end.value.code or 0), out=shown.out, err=shown.err)
