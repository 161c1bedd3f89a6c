"""The database: SQLite in the process, or PostgreSQL by URL. One way to write, one way to read.

SQLite runs in WAL with synchronous=FULL: with NORMAL the last commits before a power cut, already
answered, would be gone. Writers queue on a mutex and take the write lock at once (BEGIN IMMEDIATE),
since a transaction that reads first and locks later fails instead of waiting.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, Engine, MetaData, Text, TypeDecorator, create_engine, event
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from api.errors import BadUsage

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of Flatbed. Constraints have names, so that a migration can speak of them."""

BUSY_MS: Final = 30_000
"""How long a writer of SQLite waits for another process before it gives up."""

_POSTGRES_OPTIONS: Final = " ".join(
    f"-c {name}={value}"
    for name, value in {
        # A session that hangs with a day locked would stop the sale of that day.
        "lock_timeout": "15s",
        "idle_in_transaction_session_timeout": "30s",
        "timezone": "UTC",
    }.items()
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as UTC text of one width: it sorts as time does, in any database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def moment_text(moment: datetime) -> str:
    """Write an aware moment as `2026-11-23T01:00:00.000000+00:00`."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Database:
    """Where everything lives that must survive the process."""

    def __init__(self, url: str, *, connections: int = 8) -> None:
        """Connect lazily: the first statement opens the first connection.

        Raises:
            BadUsage: the URL names no database that Flatbed can use.
        """
        try:
            parts = make_url(url)
        except ArgumentError as error:
            raise BadUsage(f"this is not the URL of a database: {error}") from error
        if parts.get_backend_name() == "sqlite":
            self.engine = _sqlite(url, connections)
            self._turn: AbstractContextManager[object] = threading.Lock()
        elif parts.get_backend_name() == "postgresql":
            driven = parts.set(drivername="postgresql+psycopg")
            self.engine = create_engine(
                driven,
                # What fails is logged; whose order it was is not.
                hide_parameters=True,
                pool_size=connections,
                max_overflow=2 * connections,
                pool_pre_ping=True,
                connect_args={"options": _POSTGRES_OPTIONS},
            )
            self._turn = nullcontext()
        else:
            raise BadUsage(
                f"{parts.get_backend_name()} is not a database Flatbed knows: "
                "give sqlite:///FILE or postgresql://..."
            )
        self._writer = self.engine.execution_options(flatbed_writes=True)

    @property
    def is_sqlite(self) -> bool:
        """Tell the embedded database from a server."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open one transaction that writes; commits at the end, rolls back on any error."""
        with self._turn, self._writer.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one transaction that only reads; it never waits for a writer."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open one transaction that reads and sees one moment, however long it takes.

        PostgreSQL's usual isolation shows each statement what is committed by then: two tables
        that are read one after the other would seem to contradict each other.
        """
        engine = self.engine
        if not self.is_sqlite:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _sqlite(url: str, connections: int) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=4 * connections,
        connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def settle(raw: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        raw.isolation_level = None  # the driver starts no transactions of its own
        for line in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MS}",
        ):
            raw.execute(f"PRAGMA {line}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("flatbed_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
