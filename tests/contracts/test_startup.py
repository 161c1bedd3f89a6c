"""`flatbed --help` answers at once, because it imports nothing heavy.

The cause of slowness is tested and not the time it takes: a loaded machine must not fail a test.
"""

import json
import subprocess
import sys

import pytest

from api.cli.registry import Entry
from tests.contracts.commands import PRESENT
from tests.contracts.tree import ROOT

HEAVY = {"pandas", "geopandas", "ortools", "numba", "scipy", "shapely", "networkx", "openpyxl"}
HEAVY |= {"xlsxwriter", "reportlab", "jinja2", "jsonschema", "frykit", "osmium", "matplotlib"}
NEEDLESS = HEAVY | {"numpy", "pydantic", "rich"}

PROBE = """
import contextlib, io, json, sys
from api.cli.main import main
code = None
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    try:
        main(sys.argv[1:])
    except SystemExit as end:
        code = int(end.code or 0)
print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def imported_by(*args: str, exits: int = 0) -> set[str]:
    """Top-level packages in memory after `flatbed ARGS`, in a fresh process."""
    run = subprocess.run(
        [sys.executable, "-c", PROBE, *args], cwd=ROOT, capture_output=True, text=True, check=True
    )
    code, packages = json.loads(run.stdout)
    assert code == exits, f"flatbed {' '.join(args)} ended with {code}"
    return set(packages)


@pytest.mark.parametrize(("args", "exits"), [(["--help"], 0), (["--version"], 0), ([], 2)])
def test_the_first_answer_imports_nothing_needless(args: list[str], exits: int) -> None:
    """Geopandas alone costs more than a second: nobody waits for it to read a list of words."""
    assert imported_by(*args, exits=exits) & NEEDLESS == set()


@pytest.mark.parametrize("entry", PRESENT, ids=lambda entry: entry.name)
def test_the_help_of_a_command_imports_nothing_heavy(entry: Entry) -> None:
    """Heavy imports belong inside the function that needs them."""
    assert imported_by(entry.name, "--help") & HEAVY == set()
