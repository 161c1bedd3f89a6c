"""Data that costs seconds to build is built once, and shared by parallel workers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geodata.addresses import Locator, load_locator
from geodata.divisions import Register, load_register
from geodata.divisions.polygons import CountyMap, load_county_map


@pytest.fixture(scope="session")
def geo_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache directory of this test run; its files are written whole, so workers may race."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return shared / "geo-cache"


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
