"""A database of an older Flatbed is brought up, with everything that was promised in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

import api.days.records.tables
import api.events.tables
import api.fleet.tables
import api.jobs.tables
import api.keys.tables
import api.kit.tables
import api.orders.tables
import api.selling.tables
import api.slots.tables  # noqa: F401  # they register themselves
from api.kit.db import METADATA, Database
from api.migrations.upgrade import NewerDatabase, revision_of, scripts, upgrade
from tests.api.slots.books import NEXT, TENANT, shop_at, trucks
from tests.databases import KINDS, empty_url

HEAD = scripts().get_current_head()
TABLES_OF_1 = {
    "pool_day", "promise", "event", "idempotency", "outbox", "outbox_stream",
}  # fmt: skip


@pytest.fixture(params=KINDS)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database without any tables."""
    return Database(empty_url(request.param, tmp_path))


def test_the_steps_lead_to_the_tables_of_the_code(fresh: Database) -> None:
    """A column that is only in one of both is found by the first customer otherwise."""
    upgrade(fresh)
    assert revision_of(fresh) == HEAD
    with fresh.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, METADATA) == []
        for table in METADATA.sorted_tables:
            checks = inspect(connection).get_check_constraints(table.name)
            declared = {c.name for c in table.constraints if str(c.name).startswith("ck_")}
            assert {check["name"] for check in checks} == declared


def test_upgrading_twice_changes_nothing(fresh: Database) -> None:
    """Every start of the server upgrades."""
    upgrade(fresh)
    shop = shop_at(fresh, trucks(2))
    shop.booked("A")
    upgrade(fresh)
    shop.assert_sound()


def test_an_older_book_is_brought_up_and_goes_on(fresh: Database) -> None:
    """A book of the first version, with bookings, made by taking the newer parts away again."""
    upgrade(fresh)
    shop = shop_at(fresh, trucks(2))
    booking = shop.booked("A")
    with fresh.writing() as connection:
        for table in reversed(METADATA.sorted_tables):
            if table.name not in TABLES_OF_1:
                connection.execute(text(f"drop table {table.name}"))
        for index in ("ix_promise_updated", "ix_promise_held_of_client"):
            connection.execute(text(f"drop index {index}"))
        for column in ("took", "client_id", "county", "updated_at", "conditions"):
            connection.execute(text(f"alter table promise drop column {column}"))
        for index in ("ix_outbox_without_position", "ix_outbox_feed"):
            connection.execute(text(f"drop index {index}"))
        connection.execute(text("alter table outbox drop column position"))
        connection.execute(text("update alembic_version set version_num = '0001'"))
    upgrade(fresh)
    assert revision_of(fresh) == HEAD
    shop.assert_sound()
    # The moment of the last change was in the ledger all the time.
    assert shop.book.promise(TENANT, booking).updated_at == shop.clock.now()
    other = shop.beside("newer")
    other.supply("red", 1)
    assert other.hold("B", day=NEXT, stock="red").status == 201
    assert other.book.cancel(other.caller(), booking).status == 200
    shop.assert_sound()


def test_a_newer_database_is_left_alone(fresh: Database) -> None:
    """An old program must not write into tables that it does not know."""
    upgrade(fresh)
    with fresh.writing() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(NewerDatabase, match="9999"):
        upgrade(fresh)
