"""Only the clock knows the time, only the settings know the environment."""

import ast
from fnmatch import fnmatch

import pytest

from tests.contracts.tree import FLOORS, parsed, python_files, relative

CLOCK = {
    *(f"{kind}.{call}" for kind in ("datetime", "date") for call in ("now", "today", "utcnow")),
    *(f"datetime.{kind}" for kind in ("datetime.now", "datetime.utcnow", "date.today")),
    *(f"{pandas}.Timestamp.{call}" for pandas in ("pd", "pandas") for call in ("now", "today")),
    *(f"time.{call}" for call in ("time", "time_ns", "localtime", "gmtime", "ctime", "strftime")),
}
STOPWATCH = {
    f"time.{name}{unit}"
    for name in ("perf_counter", "monotonic", "process_time", "thread_time")
    for unit in ("", "_ns")
}
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.putenv"}

MAY_READ_THE_CLOCK = ("api/kit/clock.py",)
MAY_READ_THE_ENVIRONMENT = ("api/settings.py",)
MAY_MEASURE = (
    "api/*",
    "geodata/*",
    "routing/search/*budget*",
    "routing/search/engines/*",
    "routing/isolate*",
)
"""Progress lines, time limits, and the seconds that an engine reports.

A plan may depend on a duration only through its budget."""


def names_used(tree: ast.Module) -> set[str]:
    """Dotted names a module uses, imports resolved: `from time import time as t; t` is time.time.

    Aliases of whole modules (`import datetime as dt`) are resolved too.
    """
    meaning: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("time", "os"):
            for alias in node.names:
                meaning[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import) or (
            isinstance(node, ast.ImportFrom) and node.module == "datetime"
        ):
            for alias in node.names:
                meaning[alias.asname or alias.name] = alias.name
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Attribute, ast.Name)):
            head, _, tail = ast.unparse(node).partition(".")
            head = meaning.get(head, head)
            used.add(f"{head}.{tail}" if tail else head)
    return used


@pytest.mark.parametrize(
    ("forbidden", "allowed"),
    [
        pytest.param(CLOCK, MAY_READ_THE_CLOCK, id="clock"),
        pytest.param(ENVIRONMENT, MAY_READ_THE_ENVIRONMENT, id="environment"),
        pytest.param(STOPWATCH, MAY_MEASURE, id="stopwatch"),
    ],
)
def test_only_the_allowed_files_use_the(forbidden: set[str], allowed: tuple[str, ...]) -> None:
    """Same inputs, same plan: a hidden clock or a hidden setting is a hidden input."""
    found = {
        relative(path): sorted(hits)
        for path in python_files(*FLOORS)
        if not any(fnmatch(relative(path), pattern) for pattern in allowed)
        and (hits := names_used(parsed(path)) & forbidden)
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("from datetime import datetime\ndatetime.now()", "datetime.now"),
        ("import datetime as dt\ndt.datetime.now()", "datetime.datetime.now"),
        ("from datetime import date as d\nd.today()", "date.today"),
        ("from time import time\ntime()", "time.time"),
        ("from time import monotonic as m\nm()", "time.monotonic"),
        ("import pandas as pd\npd.Timestamp.now()", "pandas.Timestamp.now"),
        ("from os import environ\nenviron['HOME']", "os.environ"),
        ("import os\nos.getenv('HOME')", "os.getenv"),
    ],
)
def test_the_scan_sees_through_imports(source: str, meaning: str) -> None:
    """A scan that an alias can fool protects nobody."""
    assert meaning in names_used(ast.parse(source))
    assert meaning in CLOCK | STOPWATCH | ENVIRONMENT
