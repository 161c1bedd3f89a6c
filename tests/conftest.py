"""What costs seconds to build is built once a machine: every test and every worker shares it.

The user's own cache serves, because every file in it is named after the versions and the recipe it
was built from. A first build is done by one worker while the others wait for it.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.settings import read_settings


@contextmanager
def one_at_a_time(directory: Path, what: str) -> Iterator[None]:
    """Hold a lock that other test processes of this machine wait for."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / f"tests-{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def geo_cache() -> Path:
    """The cache directory, with counties, polygons and township points in it."""
    from geodata.cli_places import build

    directory = read_settings().cache_dir
    with one_at_a_time(directory, "places"):
        build(cache_dir=directory)
    return directory


@pytest.fixture(scope="session")
def road_cache(geo_cache: Path) -> Path:
    """The cache directory, with the China highways cut and ordered in it as well."""
    from geodata.travel import open_roads

    with one_at_a_time(geo_cache, "roads"):
        open_roads(cache_dir=geo_cache)
    return geo_cache


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the long forms of tests that are quick by default."""
    parser.addoption("--slow", action="store_true", help="run the tests marked slow as well")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark."""
    config.addinivalue_line("markers", "slow: minutes of work; runs with --slow only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave slow tests out unless they are asked for."""
    if config.getoption("--slow"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


@pytest.fixture(scope="session")
def compiled_search() -> None:
    """The search, compiled: a minute on a new machine or after a change of it, else seconds."""
    from routing.warm_up import warm_up

    with one_at_a_time(read_settings().cache_dir, "search"):
        warm_up()
