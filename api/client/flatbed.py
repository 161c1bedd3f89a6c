"""Flatbed as an order system sees it: one method an operation, values in and values out.

Every method may raise `Problem` (Flatbed said no) or `NoAnswer` (nothing came back). `once` is the
Idempotency-Key: give your own and keep it, and a request that you repeat after a crash is the same
request; without one each call is a new thing.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from api.client.connection import Connection
from api.client.values import Booking, Endpoint, EventPage, Hold, Search, Tested, Window


class Flatbed:
    """A client with one key. Close it, or use it with `with`."""

    def __init__(
        self,
        url: str,
        *,
        key: str,
        timeout_s: float = 30.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`url` is that of the server, without /v1. `transport` and `sleep` are for tests."""
        self.connection = Connection(
            url, key=key, timeout_s=timeout_s, transport=transport, sleep=sleep
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def key(self) -> Mapping[str, Any]:
        """Say whose key this is, and what it may do."""
        told: Mapping[str, Any] = self.connection.ask("GET", "/v1/key")
        return told

    # ---- orders ------------------------------------------------------------------------------

    def put_order(
        self, order_id: str, row: Mapping[str, object], *, seen: int | None = None
    ) -> Mapping[str, Any]:
        """Keep an order: a row of the order sheet. `seen` is the version that it replaces."""
        told: Mapping[str, Any] = self.connection.ask(
            "PUT", f"/v1/orders/{_segment(order_id)}", body=row, seen=seen
        )
        return told

    def orders(self, *, limit: int = 200) -> Iterator[Mapping[str, Any]]:
        """Go through the kept orders, page after page: `id`, `version`, `row`, contacts masked."""
        yield from self._pages("/v1/orders", {"limit": limit})

    # ---- windows -----------------------------------------------------------------------------

    def search_slots(
        self,
        order_id: str,
        *,
        order: Mapping[str, object] | None = None,
        first: date | None = None,
        last: date | None = None,
        granularity: str = "two_hours",
    ) -> Search:
        """Find every window of the days ahead. `order` is a draft, of an order not kept."""
        body: dict[str, object] = {"order_id": order_id, "granularity": granularity}
        if order is not None:
            body["order"] = order
        if first is not None:
            body["from"] = first.isoformat()
        if last is not None:
            body["to"] = last.isoformat()
        # Reads only, so that repeating is safe: the key says so to this client, not to Flatbed.
        return Search.read(self.connection.ask("POST", "/v1/slot-searches", body=body, once=_new()))

    def hold(self, offer_id: str, *, also: Sequence[str] = (), once: str = "") -> Hold:
        """Hold an offered window. A `Problem` with `slot-taken` brings `alternatives`."""
        body = {"offer_id": offer_id, "also": list(also)}
        return Hold.read(self.connection.ask("POST", "/v1/holds", body=body, once=once or _new()))

    def release(self, hold_id: str, *, once: str = "") -> Booking:
        """Give a held window back."""
        return Booking.read(
            self.connection.ask("DELETE", f"/v1/holds/{_segment(hold_id)}", once=once or _new())
        )

    def book(self, hold_id: str, *, accepted: Sequence[str] = (), once: str = "") -> Booking:
        """Turn a hold into a booking: from here on the window is promised."""
        body = {"hold_id": hold_id, "accepted_conditions": list(accepted)}
        return Booking.read(
            self.connection.ask("POST", "/v1/bookings", body=body, once=once or _new())
        )

    def booking(self, booking_id: str) -> Booking:
        """Read how a booking stands."""
        return Booking.read(self.connection.ask("GET", f"/v1/bookings/{_segment(booking_id)}"))

    def bookings(
        self, *, status: Sequence[str] = (), order_ref: str = "", limit: int = 200
    ) -> Iterator[Booking]:
        """Go through bookings by their last change, oldest first, page after page."""
        query: dict[str, str | int | list[str]] = {"limit": limit}
        if status:
            query["status"] = list(status)
        if order_ref:
            query["order_ref"] = order_ref
        yield from map(Booking.read, self._pages("/v1/bookings", query))

    def reschedule(
        self,
        booking_id: str,
        *,
        hold_id: str,
        seen: int,
        accepted: Sequence[str] = (),
        once: str = "",
    ) -> Booking:
        """Move a booking to a held window; gives the new booking."""
        body = {"hold_id": hold_id, "accepted_conditions": list(accepted)}
        return self._change(booking_id, "reschedule", body=body, seen=seen, once=once)

    def refine(self, booking_id: str, window: Window, *, seen: int, once: str = "") -> Booking:
        """Narrow the window of a booking."""
        body = {"window": window.told()}
        return self._change(booking_id, "refine", body=body, seen=seen, once=once)

    def cancel(self, booking_id: str, *, seen: int, once: str = "") -> Booking:
        """Give a booking up."""
        return self._change(booking_id, "cancel", body=None, seen=seen, once=once)

    def history(self, booking_id: str) -> Sequence[Mapping[str, Any]]:
        """Read what the ledger says of a booking."""
        told = self.connection.ask("GET", f"/v1/bookings/{_segment(booking_id)}/history")
        lines: Sequence[Mapping[str, Any]] = told["events"]
        return lines

    def certificate(self, booking_id: str) -> Mapping[str, Any]:
        """Read why a promise holds."""
        told: Mapping[str, Any] = self.connection.ask(
            "GET", f"/v1/bookings/{_segment(booking_id)}/certificate"
        )
        return told

    # ---- events ------------------------------------------------------------------------------

    def events(self, cursor: str = "", *, limit: int = 100) -> EventPage:
        """Read what happened since a cursor; without one, from the oldest event that is kept."""
        query: dict[str, str | int | list[str]] = {"limit": limit}
        if cursor:
            query["cursor"] = cursor
        return EventPage.read(self.connection.ask("GET", "/v1/events", query=query))

    def register_webhook(
        self, url: str, *, description: str = "", topics: Sequence[str] = ()
    ) -> Endpoint:
        """Register an endpoint. Keep its `secret`: it is shown this once."""
        body = {"url": url, "description": description, "topics": list(topics)}
        return Endpoint.read(self.connection.ask("POST", "/v1/webhook-endpoints", body=body))

    def webhooks(self) -> tuple[Endpoint, ...]:
        """List the endpoints of the tenant."""
        told = self.connection.ask("GET", "/v1/webhook-endpoints")
        return tuple(Endpoint.read(each) for each in told["items"])

    def rotate_webhook_secret(self, endpoint_id: str) -> str:
        """Get a new secret; for a day the one before signs, too."""
        told = self.connection.ask("POST", f"{_webhook(endpoint_id)}/rotate-secret")
        return str(told["secret"])

    def test_webhook(self, endpoint_id: str) -> Tested:
        """Have a signed test message sent now."""
        return Tested.read(self.connection.ask("POST", f"{_webhook(endpoint_id)}/test"))

    def enable_webhook(self, endpoint_id: str, *, active: bool) -> Endpoint:
        """Let events be carried to an endpoint, or let them collect."""
        body = {"status": "active" if active else "disabled"}
        return Endpoint.read(self.connection.ask("PATCH", _webhook(endpoint_id), body=body))

    def replay_dead_letters(self, endpoint_id: str) -> int:
        """Have the events sent once more that an endpoint never took; says how many."""
        told = self.connection.ask("POST", f"{_webhook(endpoint_id)}/replay-dead-letters")
        return int(told["replayed"])

    def delete_webhook(self, endpoint_id: str) -> None:
        """Forget an endpoint."""
        self.connection.ask("DELETE", _webhook(endpoint_id))

    def _pages(
        self, path: str, query: dict[str, str | int | list[str]]
    ) -> Iterator[Mapping[str, Any]]:
        while True:
            page = self.connection.ask("GET", path, query=query)
            yield from page["items"]
            if not page["next_cursor"]:
                return
            query = {**query, "cursor": page["next_cursor"]}

    def _change(
        self,
        booking_id: str,
        what: str,
        *,
        body: Mapping[str, object] | None,
        seen: int,
        once: str,
    ) -> Booking:
        path = f"/v1/bookings/{_segment(booking_id)}/{what}"
        return Booking.read(
            self.connection.ask("POST", path, body=body, seen=seen, once=once or _new())
        )


def _new() -> str:
    return secrets.token_hex(16)


def _segment(name: str) -> str:
    return quote(name, safe="")


def _webhook(endpoint_id: str) -> str:
    return f"/v1/webhook-endpoints/{_segment(endpoint_id)}"
