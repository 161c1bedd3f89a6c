"""The repository as the contract tests see it: floors, Python files, text files."""

import ast
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
FLOORS: Final = ("api", "scenarios", "routing", "geodata")
"""From the top to the bottom; imports go down."""

_NOT_OURS: Final = {"__pycache__", "build", "dist", "demo-out", "node_modules"}


def all_files() -> list[Path]:
    """List every file of the repository, without hidden folders (except `.ci`) and products."""
    found: list[Path] = []
    for folder, children, names in os.walk(ROOT):
        children[:] = sorted(
            child
            for child in children
            if child == ".ci"
            or not (child.startswith(".") or child in _NOT_OURS or child.endswith(".egg-info"))
        )
        found += [Path(folder) / name for name in sorted(names)]
    return found


def python_files(*tops: str) -> list[Path]:
    """List the Python files under the named top folders."""
    return [
        path
        for path in all_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in tops
    ]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_files() -> Iterator[tuple[Path, str]]:
    """Yield every file that reads as UTF-8, with its text."""
    for path in all_files():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, a font, a sheet: nobody hides words there by accident


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
