"""The steps of a sale over HTTP, for tests that need a booking to begin with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response

from tests.api.site import Site
from tests.api.slots.books import DAY, POOL, TENANT
from tests.api.slots.plane import window


@dataclass(slots=True)
class Seller:
    """An order system at a site: it searches, holds and books, every request under a new key."""

    site: Site
    http: TestClient
    tenant: str = TENANT
    _numbers: count[int] = field(default_factory=count)

    def once(self, key: str = "") -> dict[str, str]:
        return {"Idempotency-Key": key or f"key-{self.tenant}-{next(self._numbers)}"}

    def offer(self, order: str, *, hours: tuple[int, int] = (2, 4), day: date = DAY) -> str:
        """Give the token of an offer, as a slot search would; hours are of UTC."""
        self.site.orders.put(order, tenant=self.tenant)
        (offered,) = self.site.services.book.offers(
            self.tenant,
            pool=POOL,
            day=day,
            order_ref=order,
            load=self.site.orders.load(self.tenant, order),
            windows=[window(day, 60 * hours[0], 60 * hours[1])],
        )
        assert offered.token, offered.missing
        return offered.token

    def hold(self, token: str, key: str = "", **more: Any) -> Response:  # noqa: ANN401
        return self.http.post("/v1/holds", json={"offer_id": token, **more}, headers=self.once(key))

    def book(self, hold_id: str, key: str = "", **more: Any) -> Response:  # noqa: ANN401
        return self.http.post(
            "/v1/bookings", json={"hold_id": hold_id, **more}, headers=self.once(key)
        )

    def held(self, order: str, **named: Any) -> str:  # noqa: ANN401
        """Hold a window; give the hold's id."""
        answer = self.hold(self.offer(order, **named))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["hold_id"])

    def booked(self, order: str, **named: Any) -> Response:  # noqa: ANN401
        """Hold and book; give the answer of the booking."""
        answer = self.book(self.held(order, **named))
        assert answer.status_code == 201, answer.text
        return answer

    def change(
        self,
        booking_id: str,
        what: str,
        tag: str | None,
        key: str = "",
        **body: Any,  # noqa: ANN401
    ) -> Response:
        """Reschedule, refine or cancel, having seen a version."""
        headers = self.once(key) | ({} if tag is None else {"If-Match": tag})
        return self.http.post(
            f"/v1/bookings/{booking_id}/{what}", json=body or None, headers=headers
        )


def seller(site: Site, tenant: str = TENANT) -> Seller:
    """Put an order system in front of a site."""
    return Seller(site, site.client(tenant), tenant)
