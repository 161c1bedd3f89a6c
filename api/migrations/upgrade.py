"""Bring a database to the tables of this version, from an empty or an older one, in one
transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import text

from api.errors import ApiError
from api.kit.db import Database

_LOCK: Final = 4_011_724_001
"""Any number that nobody else uses: two processes that start at once upgrade one after another."""


class NewerDatabase(ApiError):
    """The database was written by a newer Flatbed: run that one, or restore a backup."""

    code = "database-newer"


def scripts() -> ScriptDirectory:
    """Give the steps of this version."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def upgrade(database: Database, *, to: str = "head") -> None:
    """Run the steps that the database has not seen.

    Raises:
        NewerDatabase: it has seen steps that this version does not know.
    """
    steps = scripts()

    def missing(revision: tuple[str, ...], _: MigrationContext) -> list[RevisionStep]:
        known = {script.revision for script in steps.walk_revisions()}
        if strange := set(revision) - known:
            raise NewerDatabase(
                f"the database is at {', '.join(sorted(strange))}, which this version does not "
                "know: run the newer Flatbed, or restore a backup"
            )
        return steps._upgrade_revs(to, revision)  # type: ignore[arg-type]  # alembic's own env.py calls it so

    with (
        database.writing() as connection,
        EnvironmentContext(Config(), steps, fn=missing) as environment,
    ):
        if not database.is_sqlite:
            connection.execute(text(f"select pg_advisory_xact_lock({_LOCK})"))
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()


def revision_of(database: Database) -> str:
    """Say which step the database has seen last; empty for a database without any."""
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""
