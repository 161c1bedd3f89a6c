"""Every suite of kept rows runs on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.kit.db import Database
from tests.databases import KINDS, empty_tables, new_database


@pytest.fixture(scope="session", params=KINDS)
def shared_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """One database of each kind for all tests, upgraded from nothing."""
    database = new_database(request.param, tmp_path_factory.mktemp("rows"))
    yield database
    database.close()


@pytest.fixture
def database(shared_database: Database) -> Database:
    """The database without rows."""
    empty_tables(shared_database)
    return shared_database
