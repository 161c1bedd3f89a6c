"""Every rule of the promise protocol broken once: the suite fails, wherever the bug is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.kit.db import Database
from tests.databases import KINDS, empty_tables, new_database
from tests.planted.book_bugs import BOOK_BUGS, BookBug


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Database]]:
    """One database of each kind."""
    folder: Path = tmp_path_factory.mktemp("planted")
    made = {kind: new_database(kind, folder) for kind in KINDS}
    yield made
    for each in made.values():
        each.close()


@pytest.mark.parametrize("bug", BOOK_BUGS, ids=lambda bug: bug.name)
def test_the_suite_notices(
    bug: BookBug, databases: dict[str, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proof that a broken protocol also passes proves nothing."""
    database = databases[bug.kind]
    empty_tables(database)
    with monkeypatch.context() as patch:
        bug.plant(patch)
        with pytest.raises(Exception, match=r"(?s).*") as noticed:
            bug.trial(database, patch)
    # Noticed for what it is, and not because the bug itself cannot run.
    assert not isinstance(noticed.value, (AttributeError, ImportError, NameError, TypeError))
    assert not isinstance(noticed.value.__cause__, TypeError)
