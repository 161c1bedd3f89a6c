"""How this floor compiles: entries are called from Python, inner functions only by others.

Inner functions carry no Python wrapper, which saves half of the compilation. Compiled code is
kept on disk in a folder named after a digest of the compiled sources, because numba itself
notices a change in a function's own file only and would go on calling yesterday's clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numba
import platformdirs
from numba.core import config

from geodata import units

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled_sources() -> list[Path]:
    """List the sources that hold compiled code, its tuples, or constants compiled into it."""
    floor = Path(__file__).parent
    constants = [Path(units.__file__), floor / "domain/fleet.py"]
    return constants + [
        source
        for source in sorted(floor.rglob("*.py"))
        if any(mark in source.read_bytes() for mark in (b"routing.compiled", b"(NamedTuple)"))
    ]


def keep_compiled_code_in(directory: Path) -> Path:
    """Name the folder of this version's compiled code under `directory`, and use it from now on.

    Has an effect on functions defined later: call it before importing the search.
    """
    sources = hashlib.sha256(numba.__version__.encode())
    for source in compiled_sources():
        sources.update(source.name.encode())
        sources.update(source.read_bytes())
    folder = directory / "compiled" / sources.hexdigest()[:16]
    config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]  # numba makes it at import
    return folder


if not config.CACHE_DIR:  # type: ignore[attr-defined]  # numba makes it at import
    keep_compiled_code_in(Path(platformdirs.user_cache_dir("flatbed", appauthor=False)))

if TYPE_CHECKING:

    def entry(function: Function) -> Function:
        """Compile a function that Python calls."""

    def inner(function: Function) -> Function:
        """Compile a function that only compiled code calls."""

    def lean(function: Function) -> Function:
        """Compile an inner function that makes no array: it does not count references either."""

    def spliced(function: Function) -> Function:
        """Compile a small function into every function that calls it.

        For the innermost loops. Let it take arrays, not tuples of arrays: reading an array out of
        a tuple counts a reference each time, which costs more than the arithmetic around it.
        """

else:
    entry = numba.njit(cache=True, nogil=True, _nrt=True)
    inner = numba.njit(
        cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=True
    )
    lean = numba.njit(
        cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False
    )
    spliced = numba.njit(
        cache=True,
        nogil=True,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        forceinline=True,
        _nrt=False,
    )
