"""Signed messages, as the Standard Webhooks specification 1.0.0 wants them."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

_SECRET_BYTES = 32


def new_secret() -> str:
    """Make a secret: `whsec_` and 32 random bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed(
    event_id: str, body: str, *, live_secrets: Sequence[str], now: datetime
) -> Mapping[str, str]:
    """Give the headers of one attempt; one signature for each secret that is live, newest first."""
    # The library takes the wall time of whatever zone it gets for UTC.
    moment = now.astimezone(UTC)
    signatures = (
        Webhook(secret).sign(msg_id=event_id, timestamp=moment, data=body)
        for secret in live_secrets
    )
    return {
        "Content-Type": "application/json",
        "User-Agent": "Flatbed-Webhooks",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
