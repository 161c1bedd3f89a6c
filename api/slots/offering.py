"""Offers: windows that have room now, as signed tokens. Nothing is reserved, nothing stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from api.slots.errors import BadOffer
from api.slots.hold_desk import HoldOrder
from api.slots.tokens import Offer, OfferSigner
from routing.domain.windows import Window
from routing.judge import Judge, Refusal
from routing.witness import Ask, Told, Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One window: the token to hold it with, or why it is missing."""

    window: Window
    token: str = ""
    missing: Refusal | None = None


class OfferDesk:
    """Writes offers, and turns them into holds that are wanted."""

    def __init__(self, judge: Judge, signer: OfferSigner, *, offer_ttl: timedelta) -> None:
        self._judge = judge
        self._signer = signer
        self._offer_ttl = offer_ttl

    def offers(
        self,
        tenant_id: str,
        witness: Witness,
        *,
        order_ref: str,
        load: Told,
        windows: Sequence[Window],
        now: datetime,
    ) -> tuple[Offered, ...]:
        """Judge windows on one witness: true of that witness, for an order not on it yet."""
        offered = []
        for window in windows:
            ask = Ask(promise_id="offer", order_ref=order_ref, window=window, load=load)
            verdict = self._judge.place(witness, ask)
            if isinstance(verdict, Refusal):
                offered.append(Offered(window=window, missing=verdict))
                continue
            offer = Offer(
                tenant_id=tenant_id,
                order_ref=order_ref,
                pool=witness.pool,
                day=witness.day,
                window=window,
                seq=witness.seq,
                valid_until=now + self._offer_ttl,
            )
            offered.append(Offered(window=window, token=self._signer.sign(offer)))
        return tuple(offered)

    def read(self, tenant_id: str, token: str) -> Offer:
        """Read a token of this tenant's.

        Raises:
            BadOffer: not a token of ours, or not this tenant's.
        """
        offer = self._signer.read(token)
        if offer.tenant_id != tenant_id:
            raise BadOffer("this is not an offer of yours: search again")
        return offer

    def wanted(
        self, tenant_id: str, token: str, load: Told, also: Sequence[str]
    ) -> tuple[HoldOrder, datetime]:
        """Read a token as the hold it is for, and until when it may be used.

        `also` are tokens of the same search: their windows are told, if they have room, when the
        wanted one has none.

        Raises:
            BadOffer: not a token of ours, or not this tenant's, order's and day's.
        """
        offer, *others = (self._signer.read(each) for each in (token, *also))
        about = replace(offer, tenant_id=tenant_id)
        if any(
            (each.tenant_id, each.order_ref, each.pool, each.day)
            != (about.tenant_id, about.order_ref, about.pool, about.day)
            for each in (offer, *others)
        ):
            raise BadOffer("these offers are not of one search of yours: search again")
        wanted = HoldOrder(
            pool=offer.pool,
            day=offer.day,
            order_ref=offer.order_ref,
            window=offer.window,
            load=load,
            also=tuple(each.window for each in others),
            conditions=offer.conditions,
        )
        return wanted, offer.valid_until
