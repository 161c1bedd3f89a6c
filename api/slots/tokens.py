"""Offer tokens: what was offered, until when, signed. An offer reserves nothing and is not stored.

`v1.KEY_ID.PAYLOAD.SIGNATURE`, the payload canonical JSON in base64url, the signature HMAC-SHA256.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from api.kit.canonical import canonical
from api.slots.errors import BadOffer
from routing.domain.windows import Window

_VERSION: Final = "v1"
TOKEN_MAX: Final = 2_048
"""Characters; a longer one is refused before it is decoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A window that could be promised at `seq` of its pool-day."""

    tenant_id: str
    order_ref: str
    pool: str
    day: date
    window: Window
    seq: int
    valid_until: datetime
    conditions: tuple[str, ...] = ()
    """What the buyer must accept, such as `pin`; signed, so that no caller can leave it out."""


class OfferSigner:
    """Signs with one key and believes all of `keys`, so that a key can be changed while old offers
    are about."""

    def __init__(self, keys: Mapping[str, bytes], *, current: str) -> None:
        """Take the keys by id, each of 32 bytes at least."""
        if short := [name for name, key in keys.items() if len(key) < 32]:
            raise ValueError(f"offer keys of less than 32 bytes: {', '.join(sorted(short))}")
        self._keys = dict(keys)
        self._current = current
        if current not in keys:
            raise ValueError(f"there is no offer key {current!r}")

    def sign(self, offer: Offer) -> str:
        """Write an offer as a token."""
        told = {
            "tenant": offer.tenant_id,
            "order": offer.order_ref,
            "pool": offer.pool,
            "day": offer.day.isoformat(),
            "from": offer.window.start.isoformat(),
            "to": offer.window.end.isoformat(),
            "seq": offer.seq,
            "until": offer.valid_until.isoformat(),
            "conditions": list(offer.conditions),
        }
        payload = base64.urlsafe_b64encode(canonical(told).encode()).rstrip(b"=").decode()
        signed = f"{_VERSION}.{self._current}.{payload}"
        return f"{signed}.{self._signature(self._current, signed)}"

    def read(self, token: str) -> Offer:
        """Give back the offer.

        Raises:
            BadOffer: changed, cut, of another version, or signed with a key we do not have.
        """
        version, key_id, payload, signature = _parts(token)
        known = version == _VERSION and key_id in self._keys
        signed = f"{version}.{key_id}.{payload}"
        if not known or not hmac.compare_digest(
            self._signature(key_id, signed).encode(), signature.encode("utf-8", "replace")
        ):
            raise BadOffer("this is not an offer of ours: search again")
        try:
            told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        except (binascii.Error, ValueError) as error:
            raise BadOffer("this is not an offer of ours: search again") from error
        return Offer(
            tenant_id=told["tenant"],
            order_ref=told["order"],
            pool=told["pool"],
            day=date.fromisoformat(told["day"]),
            window=Window(
                start=datetime.fromisoformat(told["from"]), end=datetime.fromisoformat(told["to"])
            ),
            seq=told["seq"],
            valid_until=datetime.fromisoformat(told["until"]),
            # Offers of an older version, signed minutes ago, have none.
            conditions=tuple(told.get("conditions", ())),
        )

    def _signature(self, key_id: str, signed: str) -> str:
        return hmac.new(self._keys[key_id], signed.encode(), hashlib.sha256).hexdigest()


def _parts(token: str) -> tuple[str, str, str, str]:
    parts = token.split(".") if len(token) <= TOKEN_MAX and token.isascii() else []
    if len(parts) != 4:
        raise BadOffer("this is not an offer of ours: search again")
    version, key_id, payload, signature = parts
    return version, key_id, payload, signature
