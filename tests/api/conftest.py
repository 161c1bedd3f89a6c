"""Every suite that keeps something runs on both databases; a site is the whole API over one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.kit.db import Database
from tests.api.site import Site, site_at
from tests.api.slots.books import trucks
from tests.databases import KINDS, empty_tables, new_database


@pytest.fixture(scope="session", params=KINDS)
def shared_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """One database of each kind for all tests, upgraded from nothing."""
    database = new_database(request.param, tmp_path_factory.mktemp("book"))
    yield database
    database.close()


@pytest.fixture
def database(shared_database: Database) -> Database:
    """The database without rows."""
    empty_tables(shared_database)
    return shared_database


@pytest.fixture
def site(database: Database) -> Site:
    """The whole API over an empty database, two days open, with trucks on a plane."""
    return site_at(database, trucks(6))
