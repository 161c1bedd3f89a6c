"""The real roads, opened once."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.fleet.roads import RoadBook
from api.kit.db import Database
from geodata.travel import open_roads
from tests.api.selling.shops import RealShop, real_shop


@pytest.fixture(scope="session")
def roads(road_cache: Path) -> RoadBook:
    return RoadBook(lambda: open_roads(cache_dir=road_cache))


@pytest.fixture
def shop(database: Database, roads: RoadBook) -> RealShop:
    """One warehouse, one small truck, nothing promised."""
    return real_shop(database, roads)
