"""Every rule of the relay broken once: the suite fails, wherever the bug is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from standardwebhooks import WebhookVerificationError

from api.kit.db import Database
from tests.databases import KINDS, empty_tables, new_database
from tests.planted.book_bugs import BookBug
from tests.planted.relay_bugs import RELAY_BUGS


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Database]]:
    """One database of each kind."""
    folder: Path = tmp_path_factory.mktemp("planted")
    made = {kind: new_database(kind, folder) for kind in KINDS}
    yield made
    for each in made.values():
        each.close()


@pytest.mark.parametrize("bug", RELAY_BUGS, ids=lambda bug: bug.name)
def test_the_suite_notices(
    bug: BookBug, databases: dict[str, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By an assertion that fails, or an expected answer that does not come."""
    database = databases[bug.kind]
    empty_tables(database)
    bug.trial(database, monkeypatch)  # sound, the trial passes
    empty_tables(database)
    with monkeypatch.context() as patch:
        bug.plant(patch)
        with pytest.raises((AssertionError, pytest.fail.Exception, WebhookVerificationError)):
            bug.trial(database, patch)
