"""`flatbed keys`: a key is printed once, works, is listed without its text, and ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.keys.errors import KeyInvalid
from api.keys.service import KeyService
from api.kit.clock import SystemClock
from api.kit.db import Database
from tests.api.cli.process import flatbed_here


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FLATBED_DATA_DIR", str(tmp_path))
    return f"sqlite:///{tmp_path / 'book.db'}"


def test_a_key_from_its_making_to_its_end(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """On a database that is not there yet."""
    at = ("--database", url)
    made = flatbed_here(capsys, "keys", "create", "--tenant", "acme", "--client", "shop", *at)
    key = made.out.strip()
    believed = KeyService(Database(url), SystemClock()).authenticate(key)
    assert (believed.tenant_id, sorted(believed.scopes)) == ("acme", ["order:write", "read"])
    listed = flatbed_here(capsys, "keys", "list", "--json", *at)
    (row,) = listed.answer["keys"]
    assert row["key_id"] == believed.id and key not in listed.out
    rotated = flatbed_here(capsys, "keys", "rotate", believed.id, "--json", *at).answer
    assert rotated["scopes"] == ["order:write", "read"] and rotated["key"] != key
    assert flatbed_here(capsys, "keys", "revoke", believed.id, *at).code == 0
    with pytest.raises(KeyInvalid):
        KeyService(Database(url), SystemClock()).authenticate(key)
    assert "revoked" in flatbed_here(capsys, "keys", "list", "--tenant", "acme", *at).out


@pytest.mark.parametrize(
    "args",
    [
        ("create", "--tenant", "a/b", "--client", "shop"),
        ("create", "--tenant", "acme", "--client", "shop", "--scopes", "everything"),
        ("create", "--tenant", "acme", "--client", "shop", "--scopes", ""),
        ("revoke", "key_0"),
        ("rotate", "key_0"),
    ],
)
def test_what_cannot_be_is_refused(
    url: str, capsys: pytest.CaptureFixture[str], args: tuple[str, ...]
) -> None:
    """As wrong usage, in a sentence."""
    ended = flatbed_here(capsys, "keys", *args, "--database", url)
    assert ended.code == 2 and ended.out == "" and "Traceback" not in ended.err
