"""Imports go down, every file is on a declared layer, and the linter that says so has teeth."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.tree import FLOORS, ROOT, pyproject

LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run every import contract on the floors below `folder`."""
    return subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, check=False
    )


def test_every_import_contract_is_kept() -> None:
    """The same contracts `make check` runs, so that `pytest` alone cannot pass without them."""
    run = lint_imports(ROOT)
    assert run.returncode == 0, run.stdout + run.stderr


def declared_layers(floor: str) -> set[str]:
    contract = next(
        contract
        for contract in pyproject()["tool"]["importlinter"]["contracts"]
        if contract.get("containers") == [floor]
    )
    assert contract["exhaustive"] is True
    assert "exhaustive_ignores" not in contract, "a file beside the layers is a file outside them"
    return {name for layer in contract["layers"] for name in re.findall(r"\w+", layer)}


@pytest.mark.parametrize("floor", FLOORS)
def test_every_file_of_a_floor_is_on_a_declared_layer(floor: str) -> None:
    """A file on no layer obeys no rule. Write its name into pyproject.toml, at its height."""
    files = {path.stem for path in (ROOT / floor).glob("*.py")} - {"__init__"}
    folders = {path.parent.name for path in (ROOT / floor).glob("*/__init__.py")}
    assert files | folders <= declared_layers(floor)


@pytest.mark.parametrize("floor", FLOORS)
def test_every_folder_with_python_in_it_is_a_package(floor: str) -> None:
    """The linter does not see a folder without `__init__.py`; mypy and the wheel may not either."""
    folders = {path.parent for path in (ROOT / floor).rglob("*.py")}
    assert [f for f in sorted(folders) if not (f / "__init__.py").exists()] == []


SINS = {
    "a lower floor that imports a higher one": ("geodata/units/sin.py", "import routing.errors"),
    "routing that takes a heavy part of geodata": ("routing/domain/sin.py", "import geodata.graph"),
    "routing that imports pandas": ("routing/domain/sin.py", "import pandas"),
    "an auditor that looks at the planner": ("routing/audit/sin.py", "import routing.search"),
    "an auditor that counts with numpy": ("routing/audit/sin.py", "import numpy"),
    "OR-Tools outside its door": ("routing/domain/sin.py", "import ortools"),
    "pydantic in the domain": ("routing/domain/sin.py", "import pydantic"),
    "a request that leaves by an unchecked door": ("api/slots/sin.py", "import httpx"),
    "the terminal below the top floor": ("geodata/units/sin.py", "import rich"),
    "a file on no layer": ("routing/sin.py", ""),
}


@pytest.mark.parametrize(("path", "line"), SINS.values(), ids=SINS.keys())
def test_the_linter_catches(path: str, line: str, tmp_path: Path) -> None:
    """A contract that is written down wrongly is kept by everybody; so each is broken once.

    The house it is broken in is empty: every declared layer is there as a bare package.
    """
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for floor in FLOORS:
        for package in (floor, *(f"{floor}/{layer}" for layer in declared_layers(floor))):
            (tmp_path / package).mkdir()
            (tmp_path / package / "__init__.py").touch()
    assert lint_imports(tmp_path).returncode == 0, "the house must be clean before the sin"
    (tmp_path / path).write_text(f"{line}\n", encoding="utf-8")
    run = lint_imports(tmp_path)
    assert run.returncode == 1, run.stdout + run.stderr
