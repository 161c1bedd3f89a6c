"""One distribution, four import packages, everything they need in the wheel, pins without URLs."""

import importlib
import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import api
from tests.contracts.tree import FLOORS, ROOT, all_files, pyproject, relative


@pytest.mark.parametrize("floor", FLOORS)
def test_the_import_name_is_ours(floor: str) -> None:
    """Four short names are easily taken; another distribution that ships one would shadow it."""
    others = {
        found.metadata["Name"]
        for found in metadata.distributions()
        if found.metadata["Name"] != "flatbed"
        and any(file.parts[0] in (floor, f"{floor}.py") for file in found.files or ())
    }
    assert others == set()
    origin = importlib.import_module(floor).__file__
    assert origin is not None
    assert Path(origin) == ROOT / floor / "__init__.py"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as pip would build it, without asking any index."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return next(out.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_floors(wheel: Path) -> None:
    """Configuration, templates and example data travel with the code that reads them."""
    ours = {relative(path) for path in all_files() if path.relative_to(ROOT).parts[0] in FLOORS}
    names = set(zipfile.ZipFile(wheel).namelist())
    assert ours - names == set()
    # and nothing else: no tests, no demo, no stray top-level module
    assert {name.split("/")[0] for name in names} - set(FLOORS) == {
        f"flatbed-{api.__version__}.dist-info"
    }


def test_the_wheel_carries_licence_notice_and_command(wheel: Path) -> None:
    """Apache-2.0 asks for LICENSE and NOTICE; without the entry point there is no `flatbed`."""
    archive = zipfile.ZipFile(wheel)
    info = f"flatbed-{api.__version__}.dist-info"
    assert {f"{info}/licenses/LICENSE", f"{info}/licenses/NOTICE"} <= set(archive.namelist())
    scripts = archive.read(f"{info}/entry_points.txt").decode()
    assert "flatbed = api.cli.main:main" in scripts


def test_the_version_is_written_once(wheel: Path) -> None:
    """pyproject reads it from `api`; a second copy would be forgotten at the next release."""
    project = pyproject()
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["hatch"]["version"]["path"] == "api/__init__.py"
    assert wheel.name.startswith(f"flatbed-{api.__version__}-")


def pins() -> dict[str, list[Version]]:
    """Every pinned version by name; a name may have one per Python version."""
    found: dict[str, list[Version]] = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        name, _, rest = line.partition("==")
        found.setdefault(canonicalize_name(name), []).append(Version(rest.split(";")[0].strip()))
    return found


def test_constraints_name_versions_and_no_places() -> None:
    """Whoever installs chooses the index; a URL in here would choose for them."""
    pin = re.compile(r"[a-z0-9.-]+==[\w.]+( ; [\w\s.'<>=!()]+)?")
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not pin.fullmatch(line)] == []


def test_every_dependency_is_pinned_inside_its_range() -> None:
    """`make constraints` after every change of pyproject.toml; this notices when it was not run."""
    project = pyproject()["project"]
    wanted = [
        Requirement(text)
        for text in (*project["dependencies"], *project["optional-dependencies"]["dev"])
    ]
    pinned = pins()
    assert [
        str(requirement)
        for requirement in wanted
        if not any(
            version in requirement.specifier
            for version in pinned.get(canonicalize_name(requirement.name), ())
        )
    ] == []
