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
from numba.core import config, types

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


def _in_one_form(function: Any) -> Any:  # noqa: ANN401  # numba has no types
    """Let compiled callers share one compiled form of a function.

    Numba makes one for every mix of `int32`, `int64` and written-out numbers among the arguments:
    twice the code, and all of it again in every caller, because callees are optimised with them.
    """
    if config.DISABLE_JIT:  # type: ignore[attr-defined]  # plain Python, for planted slips
        return function
    template = function.get_call_template

    def shared(args: tuple[Any, ...], kws: dict[str, Any]) -> Any:  # noqa: ANN401  # as above
        wide = {name: _widest(kind) for name, kind in kws.items()}
        return template(tuple(_widest(kind) for kind in args), wide)

    function.get_call_template = shared
    return function


def _widest(kind: Any) -> Any:  # noqa: ANN401  # as above
    """Give the kind that stands for a signed whole number of any width, or for a truth."""
    if isinstance(kind, types.BooleanLiteral):
        return types.boolean
    whole = isinstance(kind, types.IntegerLiteral) or (
        isinstance(kind, types.Integer) and getattr(kind, "signed", False)
    )
    return types.int64 if whole else kind


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

    def _compiling(**options: bool) -> Callable[[Function], Function]:
        return numba.njit(cache=True, nogil=True, **options)

    def _once(make: Callable[[Function], Function]) -> Callable[[Function], Function]:
        return lambda function: _in_one_form(make(function))

    _HIDDEN = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    entry = _once(_compiling(_nrt=True))
    inner = _once(_compiling(_nrt=True, **_HIDDEN))
    lean = _once(_compiling(_nrt=False, **_HIDDEN))
    # Gone into its callers, a form more costs nothing, and a number written out saves time.
    spliced = _compiling(_nrt=False, forceinline=True, **_HIDDEN)
