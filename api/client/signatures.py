"""Signed messages: is this really from Flatbed? (Standard Webhooks 1.0.0, symmetric.)"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from api.client.errors import BadSignature
from api.client.values import Event

TOLERANCE: Final = timedelta(minutes=5)
"""How old, or how far ahead, a message may be: one that was recorded cannot be played back."""


def verified(
    body: bytes, headers: Mapping[str, str], *, secrets: Sequence[str], now: datetime
) -> Event:
    """Give the event of a message that one of our secrets signed in these minutes.

    `body` is what came, byte for byte. Hand in two secrets while one replaces the other.

    Raises:
        BadSignature: anything else. Answer 401, and look at nothing of it.
    """
    told = {name.lower(): value for name, value in headers.items()}
    event_id, sent = told.get("webhook-id", ""), told.get("webhook-timestamp", "")
    if not (sent.isascii() and sent.isdecimal() and len(sent) <= 12):
        raise BadSignature("webhook-timestamp is not a number of seconds")
    if abs(now - datetime.fromtimestamp(int(sent), tz=UTC)) > TOLERANCE:
        raise BadSignature("the message is not of these minutes")
    signed = event_id.encode() + b"." + sent.encode() + b"." + body
    given = [
        each.removeprefix("v1,")
        for each in told.get("webhook-signature", "").split(" ")
        if each.startswith("v1,")
    ]
    wanted = [_signature(secret, signed) for secret in secrets]
    # Compared in constant time, so that nobody learns a signature letter by letter.
    if not any(hmac.compare_digest(one.encode(), each) for one in given for each in wanted):
        raise BadSignature("no signature of this message is by a secret of ours")
    return Event.read(json.loads(body))


def _signature(secret: str, signed: bytes) -> bytes:
    encoded = secret.removeprefix("whsec_")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("a webhook secret is `whsec_` and base64") from error
    return base64.b64encode(hmac.digest(key, signed, "sha256"))
