"""Secrets of this installation: a few master keys, and one key for each purpose made from them.

New things are signed and sealed with the current master key; those of older ones are still read, so
that a key can be replaced without a day on which nothing works.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.errors import ApiError

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_KEY_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")


class SealBroken(ApiError):
    """Something sealed cannot be opened: changed, of another place, or its key is gone."""

    code = "seal-broken"


class Keyring:
    """Master keys by id. Purposes never share a key: what signs offers cannot open contacts."""

    def __init__(self, masters: Mapping[str, bytes], *, current: str) -> None:
        if current not in masters:
            raise ValueError(f"there is no master key {current!r}")
        for key_id, master in masters.items():
            if not _KEY_ID.fullmatch(key_id) or len(master) < KEY_BYTES:
                raise ValueError(f"a master key has a plain id and {KEY_BYTES} bytes or more")
        self._masters = dict(masters)
        self.current = current

    def keys_for(self, purpose: str) -> Mapping[str, bytes]:
        """Derive the keys of a purpose, by the id of their master (HKDF-SHA256, one block)."""
        return {each: _derived(master, purpose) for each, master in self._masters.items()}

    def seal(self, purpose: str, plain: bytes, *, about: str) -> str:
        """Encrypt (AES-256-GCM). `about` says whose it is (a row's id) and must be said again to
        open it, so that a sealed text cannot be moved to another row."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        key = _derived(self._masters[self.current], purpose)
        sealed = nonce + AESGCM(key).encrypt(nonce, plain, about.encode())
        return f"v1.{self.current}.{base64.urlsafe_b64encode(sealed).decode()}"

    def unseal(self, purpose: str, sealed: str, *, about: str) -> bytes:
        """Decrypt what `seal` wrote.

        Raises:
            SealBroken: it was changed, belongs elsewhere, or its master key is not here.
        """
        version, _, rest = sealed.partition(".")
        key_id, _, text = rest.partition(".")
        if version != "v1" or key_id not in self._masters:
            raise SealBroken("sealed with a key that this installation does not have")
        try:
            raw = base64.urlsafe_b64decode(text)
            cipher = AESGCM(_derived(self._masters[key_id], purpose))
            return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], about.encode())
        except (binascii.Error, ValueError, InvalidTag) as error:
            raise SealBroken("what was sealed was changed, or belongs elsewhere") from error


def new_master() -> bytes:
    """Make a master key: 256 random bits."""
    return secrets.token_bytes(KEY_BYTES)


def _derived(master: bytes, purpose: str) -> bytes:
    extracted = hmac.new(b"flatbed", master, hashlib.sha256).digest()
    return hmac.new(extracted, purpose.encode() + b"\x01", hashlib.sha256).digest()
