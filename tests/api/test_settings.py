"""The environment decides little, and a wrong value is refused by name."""

from pathlib import Path

import pytest

from api.errors import BadUsage
from api.settings import Language, read_settings


def test_an_empty_environment_gives_the_defaults() -> None:
    """Most machines set nothing; dispatchers read Chinese."""
    settings = read_settings({})
    assert settings.language is Language.CHINESE
    assert settings.colour is True
    assert settings.cache_dir.name == "flatbed"


def test_the_environment_wins_over_the_defaults() -> None:
    """A server keeps its cache on its own disk."""
    settings = read_settings(
        {"FLATBED_CACHE_DIR": "cache/here", "FLATBED_LANG": "en", "NO_COLOR": "1"}
    )
    assert settings.cache_dir == Path("cache/here")
    assert settings.language is Language.ENGLISH
    assert settings.colour is False


def test_an_empty_no_color_changes_nothing() -> None:
    """The convention (no-color.org): only a value that is not empty switches colours off."""
    assert read_settings({"NO_COLOR": ""}).colour is True


def test_an_unknown_language_is_refused_with_the_choices() -> None:
    """Falling back silently would leave people looking for the reason."""
    with pytest.raises(BadUsage, match="zh or en"):
        read_settings({"FLATBED_LANG": "fr"})
