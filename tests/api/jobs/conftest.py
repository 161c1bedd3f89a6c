"""The queue's suites run on both databases, as the book's do."""

from tests.api.slots.conftest import database, shared_database

__all__ = ["database", "shared_database"]
