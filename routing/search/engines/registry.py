"""Every engine by name. Its libraries are loaded when it is made, not when it is listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from routing.search.engines.protocol import Engine, EngineMissing


def engines() -> Mapping[str, Callable[[], Engine]]:
    """Name every engine; calling what stands behind a name makes it.

    Making one raises `EngineMissing` when its library is an extra that is not installed.
    """
    return MappingProxyType(
        {
            "kernel": _kernel,
            "pyvrp": _pyvrp,
            "ortools": _ortools,
            "ortools-ils": _iterated,
            "vroom": _vroom,
        }
    )


def _kernel() -> Engine:
    from routing.search.engines.kernel import KernelEngine

    return KernelEngine()


def _pyvrp() -> Engine:
    from routing.search.engines.pyvrp import PyvrpEngine

    return PyvrpEngine()


def _ortools() -> Engine:
    from routing.search.engines.ortools_routing import OrtoolsEngine

    return OrtoolsEngine()


def _iterated() -> Engine:
    from routing.search.engines.ortools_routing import OrtoolsEngine

    return OrtoolsEngine(name="ortools-ils", iterated=True)


def _vroom() -> Engine:
    try:
        from routing.search.engines.vroom import VroomEngine
    except ModuleNotFoundError as error:
        raise EngineMissing(
            f"engine vroom needs {error.name}, which is not installed: install flatbed[bench]"
        ) from error
    return VroomEngine()
