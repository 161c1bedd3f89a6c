"""The environment decides little, and a wrong value is refused by name."""

import base64
from pathlib import Path

import pytest

from api.errors import BadUsage
from api.settings import Language, read_serving_settings, read_settings


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


def test_serving_needs_nothing_set() -> None:
    """`flatbed serve` on an empty machine: a file of SQLite and a key file in one folder."""
    settings = read_serving_settings({"FLATBED_DATA_DIR": "kept"})
    assert settings.database_url == f"sqlite:///{Path('kept/flatbed.db').absolute()}"
    assert settings.secret_keys == {}
    assert settings.hold_ttl.total_seconds() == 15 * 60


def test_the_first_secret_key_is_the_current_one_and_none_is_shown() -> None:
    """Settings end up in logs; keys must not."""
    keys = [base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2)]
    settings = read_serving_settings({"FLATBED_SECRET_KEYS": f"new:{keys[0]},old:{keys[1]}"})
    assert list(settings.secret_keys) == ["new", "old"]
    assert "new" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FLATBED_SECRET_KEYS", "k1"),
        ("FLATBED_SECRET_KEYS", "k1:c2hvcnQ="),
        ("FLATBED_HOLD_MINUTES", "0"),
        ("FLATBED_HOLD_MINUTES", "1.5"),
        ("FLATBED_OFFER_MINUTES", "-1"),
        ("FLATBED_REQUESTS_PER_MINUTE", "many"),
        ("FLATBED_LIVE_HOLDS_MAX", "9" * 30),
        ("FLATBED_WEBHOOKS_LOOPBACK", "yes"),
    ],
)
def test_a_value_that_cannot_be_meant_stops_the_start(name: str, value: str) -> None:
    """Named, so that whoever set it finds it."""
    with pytest.raises(BadUsage, match=name):
        read_serving_settings({name: value})
