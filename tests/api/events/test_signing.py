"""Signatures that the public library of the standard verifies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from api.events.relay.signing import new_secret, signed
from api.kit.clock import CHINA

BODY = '{"type":"booking.confirmed.v1"}'


def test_the_standards_library_verifies_them() -> None:
    """With the moment told in China's zone: the library would take its wall time for UTC."""
    secret = new_secret()
    headers = signed("evt_1", BODY, live_secrets=[secret], now=datetime.now(UTC).astimezone(CHINA))
    assert Webhook(secret).verify(BODY, dict(headers)) == {"type": "booking.confirmed.v1"}
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY + " ", dict(headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(BODY, dict(headers))


def test_while_a_secret_is_replaced_both_verify() -> None:
    """A receiver changes its secret whenever it likes within the day."""
    old, new = new_secret(), new_secret()
    headers = signed("evt_1", BODY, live_secrets=[new, old], now=datetime.now(UTC))
    for secret in (old, new):
        Webhook(secret).verify(BODY, dict(headers))


def test_an_old_message_is_not_taken_again() -> None:
    """Whoever recorded a message cannot play it back tomorrow."""
    secret = new_secret()
    late = datetime.now(UTC) - timedelta(minutes=6)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, dict(signed("evt_1", BODY, live_secrets=[secret], now=late)))


def test_secrets_are_long_and_never_the_same() -> None:
    """The standard asks for 24 to 64 bytes."""
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(each.startswith("whsec_") and len(each) == len("whsec_") + 44 for each in made)
