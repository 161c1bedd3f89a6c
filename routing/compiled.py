"""How this floor compiles: entries are called from Python, inner functions only by others.

Inner functions carry no Python wrapper, which saves half of the compilation. The compiled code
is kept on disk; `api` names the folder after the digest of this floor's sources, because numba
notices a change in a function's own file only.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])

if TYPE_CHECKING:

    def entry(function: Function) -> Function:
        """Compile a function that Python calls."""

    def inner(function: Function) -> Function:
        """Compile a function that only compiled code calls."""

else:
    entry = njit(cache=True, nogil=True)
    inner = njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
