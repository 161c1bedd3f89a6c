"""Webhook endpoints, deliveries and events on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, WithJsonSchema

from api.events.catalogue import CATALOGUE
from api.events.relay.sending import Outcome
from api.events.relay.targets import URL_MAX
from api.events.store import Delivery, Endpoint
from api.kit.schema import Moment, Wire, shown_as

Topic = Annotated[
    str,
    StringConstraints(max_length=64, pattern=r"^[a-z]+(\.[a-z_]+)+\.v\d+$"),
    WithJsonSchema({"type": "string", "enum": sorted(CATALOGUE)}),
]
Topics = Annotated[
    list[Topic],
    Field(max_length=64, description="Types to be told of; none: all, and those that will come."),
]
Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=URL_MAX),
    Field(examples=["https://orders.example/flatbed-events"]),
]
Description = Annotated[str, StringConstraints(max_length=200)]
EndpointStatus = Literal["active", "disabled"]
DeliveryStatus = Literal["due", "delivered", "dead"]

_ID: Final = "endpoint_5f0c9d3b7a614e2f8c1d0b9a7e6f5d4c"
_URL: Final = "https://orders.example/flatbed-events"
_EVENT_ID: Final = "evt_0b7d5e1f2a3c4d5e6f708192a3b4c5d6"
_SECRET: Final = "whsec_ZXhhbXBsZSwgbm90IGEgc2VjcmV0IGF0IGFsbCE="
_SHOWN: Final = {
    "endpoint_id": _ID,
    "url": _URL,
    "description": "orders",
    "topics": ["booking.confirmed.v1", "booking.at_risk.v1"],
    "status": "active",
    "disabled_because": "",
    "created_at": "2026-12-01T20:00:00+08:00",
}
_DELIVERY: Final = {
    "event_id": _EVENT_ID,
    "type": "booking.confirmed.v1",
    "stream": "SO-20261120-0017",
    "seq": 3,
    "status": "due",
    "attempts": 2,
    "last_status": 503,
    "last_error": "",
    "at": "2026-12-01T20:05:05+08:00",
}
_EVENT: Final = {
    "id": _EVENT_ID,
    "type": "booking.confirmed.v1",
    "timestamp": "2026-12-01T12:05:00.000+00:00",
    "stream": "SO-20261120-0017",
    "seq": 3,
    "data": {
        "booking_id": "promise_5f0c9d3b7a614e2f8c1d0b9a7e6f5d4c",
        "order_ref": "SO-20261120-0017",
        "window": {
            "from": "2026-12-05T09:00:00+08:00",
            "to": "2026-12-05T11:00:00+08:00",
            "zone": "Asia/Shanghai",
        },
        "status": "confirmed",
        "at_risk_by": "",
        "moved_to": "",
        "pool_day": "day_0b7d5e1f2a3c4d5e6f708192a3b4c5d6",
        "seq": 42,
    },
}

EventOut = Annotated[
    Mapping[str, object],
    WithJsonSchema({"oneOf": [kind.schema for kind in CATALOGUE.values()]}),
]
"""An event, as webhooks carry it."""


class EndpointIn(Wire):
    """Somebody who wants to be told, from now on."""

    model_config = shown_as({"url": _URL, "description": "orders", "topics": []})

    url: Url
    description: Description = ""
    topics: Topics = Field(default_factory=list)


class EndpointChange(Wire):
    """What changes of an endpoint; what is not told stays."""

    model_config = shown_as({"status": "active"})

    url: Url | None = None
    description: Description | None = None
    topics: Topics | None = None
    status: EndpointStatus | None = None


class EndpointOut(Wire):
    """An endpoint. `disabled_because` says why nothing is carried to it; empty while it is."""

    model_config = shown_as(_SHOWN)

    endpoint_id: str
    url: str
    description: str
    topics: list[str]
    status: EndpointStatus
    disabled_because: str
    created_at: Moment

    @classmethod
    def of(cls, endpoint: Endpoint) -> Self:
        """Show an endpoint."""
        return cls(**_endpoint_told(endpoint))  # type: ignore[arg-type]  # its fields by name


class NewEndpointOut(EndpointOut):
    """A new endpoint, and the secret that signs for it: shown this once."""

    model_config = shown_as({**_SHOWN, "secret": _SECRET})

    secret: str

    @classmethod
    def with_secret(cls, endpoint: Endpoint, secret: str) -> Self:
        """Show a new endpoint."""
        return cls(**_endpoint_told(endpoint), secret=secret)  # type: ignore[arg-type]  # its fields by name


class EndpointStateOut(EndpointOut):
    """An endpoint, and how many events are on their way to it, there, or dead letters."""

    model_config = shown_as({**_SHOWN, "due": 2, "delivered": 4711, "dead": 0})

    due: int
    delivered: int
    dead: int

    @classmethod
    def with_counts(cls, endpoint: Endpoint, counts: Mapping[str, int]) -> Self:
        """Show an endpoint with its counts."""
        return cls(**_endpoint_told(endpoint), **counts)  # type: ignore[arg-type]  # its fields by name


class EndpointsOut(Wire):
    """Every endpoint of the tenant, the oldest first."""

    model_config = shown_as({"items": [_SHOWN]})

    items: list[EndpointOut]


class SecretOut(Wire):
    """The new secret, shown this once. Until `old_secret_until` the one before signs, too."""

    model_config = shown_as({"secret": _SECRET, "old_secret_until": "2026-12-02T20:00:00+08:00"})

    secret: str
    old_secret_until: Moment


class TestedOut(Wire):
    """What the receiver answered to a test message; `error` says why there is no status."""

    model_config = shown_as({"delivered": True, "status": 200, "error": ""})

    delivered: bool
    status: int | None
    error: str

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        """Show an outcome."""
        return cls(delivered=outcome.delivered, status=outcome.status, error=outcome.error)


class DeliveryOut(Wire):
    """An event on its way to an endpoint, or there. `at` is when that was last written down."""

    model_config = shown_as(_DELIVERY)

    event_id: str
    type: str
    stream: str
    seq: int
    status: DeliveryStatus
    attempts: int
    last_status: int | None
    last_error: str
    at: Moment

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        """Show a delivery."""
        return cls(
            event_id=delivery.event_id,
            type=delivery.topic,
            stream=delivery.stream,
            seq=delivery.seq,
            status=_STATUS[delivery.status],
            attempts=delivery.attempts,
            last_status=delivery.last_status,
            last_error=delivery.last_error,
            at=delivery.at,
        )


class DeliveriesOut(Wire):
    """Deliveries, the newest event first."""

    model_config = shown_as({"items": [_DELIVERY], "next_cursor": ""})

    items: list[DeliveryOut]
    next_cursor: str


class ReplayOut(Wire):
    """How many events are sent once more."""

    model_config = shown_as({"replayed": 1})

    replayed: int


class EventsOut(Wire):
    """Events in the order of the feed. `next_cursor` is always told: keep it, and ask again from
    there. `more` says that there are others now."""

    model_config = shown_as({"items": [_EVENT], "next_cursor": "WyJldmVudHMiLDNd", "more": False})

    items: list[EventOut]
    next_cursor: str
    more: bool


_STATUS: Final[Mapping[str, DeliveryStatus]] = {
    "due": "due",
    "delivered": "delivered",
    "dead": "dead",
}


def _endpoint_told(endpoint: Endpoint) -> dict[str, object]:
    return {
        "endpoint_id": endpoint.id,
        "url": endpoint.url,
        "description": endpoint.description,
        "topics": list(endpoint.topics),
        "status": endpoint.status,
        "disabled_because": endpoint.disabled_because,
        "created_at": endpoint.created_at,
    }
