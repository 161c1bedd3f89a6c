"""The county data, opened once a process; tests/conftest.py builds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.addresses import Locator, load_locator
from geodata.divisions import Register, load_register
from geodata.divisions.polygons import CountyMap, load_county_map


@pytest.fixture(scope="session")
def register(geo_cache: Path) -> Register:
    """The register of counties."""
    return load_register(geo_cache)


@pytest.fixture(scope="session")
def county_map(geo_cache: Path) -> CountyMap:
    """The county polygons."""
    return load_county_map(geo_cache)


@pytest.fixture(scope="session")
def locator(geo_cache: Path) -> Locator:
    """Both address parsers."""
    return load_locator(geo_cache)
