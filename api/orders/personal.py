"""What is personal of an order's row: taken out before it is kept, sealed, shown masked."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.days.documents.personal import mask_phone
from api.days.intake.cells import clean_text
from api.days.intake.contact_text import clean_address, clean_note
from api.errors import ApiError
from api.kit.canonical import canonical, parsed

CONTACT_FIELDS: Final = ("contact", "phone")
_NONCE_BYTES: Final = 12

Row = Mapping[str, Any]


class ContactUnreadable(ApiError):
    """A sealed contact opens with none of our keys: a key is missing, or the row was changed."""

    code = "contact-unreadable"


class ContactSeal:
    """Seals with one key (AES-256-GCM) and opens with all, so that keys can be changed."""

    def __init__(self, keys: Mapping[str, bytes], *, current: str) -> None:
        """Take the keys by id, each of 32 bytes."""
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._current = current
        if current not in keys:
            raise ValueError(f"there is no contact key {current!r}")

    def seal(self, tenant_id: str, order_id: str, personal: Row) -> str:
        """Write something so that it can be read with the key, and for this order only."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(
            nonce, canonical(personal).encode(), _whose(tenant_id, order_id)
        )
        return f"{self._current}.{base64.b64encode(nonce + sealed).decode()}"

    def open(self, tenant_id: str, order_id: str, sealed: str) -> dict[str, Any]:
        """Read what was sealed for this order.

        Raises:
            ContactUnreadable: it was sealed with a key we do not have, or for another order.
        """
        key_id, _, text = sealed.partition(".")
        try:
            raw = base64.b64decode(text, validate=True)
            plain = self._ciphers[key_id].decrypt(
                raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _whose(tenant_id, order_id)
            )
        except (KeyError, InvalidTag, ValueError, binascii.Error) as error:
            raise ContactUnreadable(
                f"the contact of order {order_id!r} cannot be opened: is its key still set?"
            ) from error
        return dict(parsed(plain.decode()))


def taken_apart(row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    """Divide a row into what anybody may see and what is personal.

    Phones and the buyer's name in address and notes count as personal, as the intake takes them
    out; such a text is kept whole with the contact, clean in the row.
    """
    name = row.get("contact")
    called = clean_text(name) if isinstance(name, str) else ""
    open_row = {key: value for key, value in row.items() if key not in CONTACT_FIELDS}
    personal = {
        key: row[key] for key in CONTACT_FIELDS if key in row and row[key] not in (None, "")
    }
    for key, clean in (
        ("address", clean_address),
        ("note", clean_note),
        ("trade_in_note", clean_note),
    ):
        text = row.get(key)
        if not isinstance(text, str):
            continue
        whole = clean_text(text)
        cleaned = clean(whole, name=called)
        if cleaned != whole:
            personal[key] = text
            open_row[key] = cleaned
    return open_row, personal


def put_together(open_row: Row, personal: Row) -> dict[str, Any]:
    """Give the row as it came."""
    return {**open_row, **personal}


def masked(personal: Row) -> dict[str, Any]:
    """Show enough of a contact to recognise it: `张*`, `138****0001`; texts stay clean."""
    shown: dict[str, Any] = {}
    if name := str(personal.get("contact", "")):
        shown["contact"] = name[0] + "*" * min(3, max(1, len(name) - 1))
    if phone := str(personal.get("phone", "")):
        shown["phone"] = mask_phone(phone)
    return shown


def _whose(tenant_id: str, order_id: str) -> bytes:
    return canonical([tenant_id, order_id]).encode()
