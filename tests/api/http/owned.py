"""Things of one tenant, for tests that let another one ask for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.api.site_steps import Seller


def _endpoint(shop: Seller) -> str:
    url = "https://orders.example/hooks"
    return shop.site.services.webhooks.register(shop.tenant, url=url)[0].id


def _event(shop: Seller) -> str:
    shop.booked("C")
    return str(shop.http.get("/v1/events").json()["items"][-1]["id"])


OWNED: Final[dict[str, Callable[[Seller], str]]] = {
    "hold_id": lambda shop: shop.held("A"),
    "booking_id": lambda shop: str(shop.booked("B").json()["booking_id"]),
    "endpoint_id": _endpoint,
    "event_id": _event,
}
"""By the name of a path's parameter: makes one, and gives its id. A new parameter goes here."""

CALLER_NAMED: Final[frozenset[str]] = frozenset()
"""Parameters that callers choose themselves: two tenants may use one name, so PUT makes a new
thing and does not find the other's."""
