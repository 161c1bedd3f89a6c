"""Stories are planned by the compiled search: one worker compiles it, the others wait."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def search_is_compiled(compiled_search: None) -> None:
    """Hold every story until the search is there."""
