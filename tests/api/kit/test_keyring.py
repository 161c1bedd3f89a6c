"""Secrets: sealed texts open where they belong and nowhere else; the key file is its owner's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import BadUsage
from api.kit.key_file import keyring_at
from api.kit.keyring import Keyring, SealBroken

OLD = Keyring({"k1": b"1" * 32}, current="k1")
RING = Keyring({"k1": b"1" * 32, "k2": b"2" * 32}, current="k2")


@given(st.binary(max_size=200))
def test_what_is_sealed_opens_with_any_key_that_is_still_there(plain: bytes) -> None:
    """A new master key must not lock away what the old one sealed."""
    for ring in (OLD, RING):
        assert (
            RING.unseal("contacts", ring.seal("contacts", plain, about="o1"), about="o1") == plain
        )


def test_a_sealed_text_opens_nowhere_else() -> None:
    """Another row, another purpose, another key, one changed character."""
    sealed = RING.seal("contacts", b"x", about="o1")
    for ring, purpose, about, text in (
        (RING, "contacts", "o2", sealed),
        (RING, "webhooks", "o1", sealed),
        (OLD, "contacts", "o1", sealed),
        (RING, "contacts", "o1", sealed[:-3] + "AA="),
        (RING, "contacts", "o1", "v1.k2."),
        (RING, "contacts", "o1", ""),
    ):
        with pytest.raises(SealBroken):
            ring.unseal(purpose, text, about=about)


def test_purposes_share_no_key() -> None:
    """Who learns how offers are signed can still open nothing."""
    assert RING.keys_for("offers") != RING.keys_for("contacts")


def test_the_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """The second start must be able to read what the first one sealed."""
    path = tmp_path / "new" / "secret.key"
    sealed = keyring_at(path).seal("contacts", b"x", about="o1")
    assert path.stat().st_mode & 0o777 == 0o600
    assert keyring_at(path).unseal("contacts", sealed, about="o1") == b"x"
    assert list(path.parent.iterdir()) == [path]


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """Its keys are not secret any more."""
    path = tmp_path / "secret.key"
    keyring_at(path)
    path.chmod(0o644)
    with pytest.raises(BadUsage, match="chmod 600"):
        keyring_at(path)


@pytest.mark.parametrize("text", ["", "k1\n", "k1 short\n", "k1 ====\n", "a/b " + "A" * 44 + "\n"])
def test_another_file_is_no_key_file(tmp_path: Path, text: str) -> None:
    """Better no start than one with a weak key."""
    path = tmp_path / "secret.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(BadUsage):
        keyring_at(path)
