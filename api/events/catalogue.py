"""The catalogue: every event that leaves the house, with the fields it carries and their schema.

Only fields that are listed here are sent: what somebody adds to a payload tomorrow stays inside
until it is published on purpose. Payloads are thin (who wants more asks the API) and name nobody.
A published topic never changes: a new form is a new topic, `.v2`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from api.errors import ApiError

Schema = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """One kind of event. `stream` says what keeps its order: the events of one order, or of one
    day of one pool."""

    topic: str
    when: str
    stream: str
    fields: Mapping[str, Schema]

    def published(self, payload: Mapping[str, object]) -> Mapping[str, object]:
        """Take the fields that may be sent out of a payload."""
        return {name: payload[name] for name in self.fields if name in payload}

    @property
    def data_schema(self) -> Schema:
        """The JSON Schema (2020-12) of `data`."""
        return {
            "type": "object",
            "properties": dict(self.fields),
            "required": list(self.fields),
            "additionalProperties": False,
        }

    @property
    def schema(self) -> Schema:
        """The JSON Schema (2020-12) of the whole message."""
        return {
            "type": "object",
            "description": self.when,
            "properties": {
                "id": {"type": "string", "description": "The same at every repetition."},
                "type": {"const": self.topic},
                "timestamp": {"type": "string", "format": "date-time"},
                "stream": {"type": "string", "description": self.stream},
                "seq": {"type": "integer", "minimum": 1, "description": "Gap-free in its stream."},
                "data": self.data_schema,
            },
            "required": ["id", "type", "timestamp", "stream", "seq", "data"],
            "additionalProperties": False,
        }


class UnknownTopic(ApiError):
    """Some part of Flatbed wants to tell what is not in the catalogue: a bug of ours."""

    code = "event-topic-unknown"


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}


def _count(description: str) -> Schema:
    return {"type": "integer", "minimum": 0, "description": description}


_MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
_WINDOW: Final[Schema] = {
    "type": "object",
    "description": "Half-open: the handover begins inside it.",
    "properties": {
        "from": _MOMENT,
        "to": _MOMENT,
        "zone": {"type": "string", "description": "IANA name; whose local time from and to show."},
    },
    "required": ["from", "to", "zone"],
    "additionalProperties": False,
}

_OF_AN_ORDER: Final = "the order's id: its events arrive in the order of their seq"
_OF_A_DAY: Final = "the pool-day's id"

BOOKING_FIELDS: Final[Mapping[str, Schema]] = {
    "booking_id": _text("The booking; of a hold, its hold_id, which the booking keeps."),
    "order_ref": _text("The order, as the order system calls it."),
    "window": _WINDOW,
    "status": _text("The state after this event, or at_risk."),
    "at_risk_by": _text("The outside event that put it at risk; empty if none did."),
    "moved_to": _text("The booking that took its place, after a reschedule; else empty."),
    "pool_day": _text("The day of the fleet pool that serves it."),
    "seq": _count("The version of the booking: what If-Match compares."),
}


def _booking(topic: str, when: str, **more: Schema) -> EventType:
    return EventType(topic=topic, when=when, stream=_OF_AN_ORDER, fields={**BOOKING_FIELDS, **more})


TEST_TOPIC: Final = "webhook.test.v1"
"""Sent on demand to one endpoint. It is in no stream and not in the feed."""

CATALOGUE: Final[Mapping[str, EventType]] = {
    each.topic: each
    for each in (
        _booking("hold.released.v1", "A hold was given back by the order system."),
        _booking("hold.expired.v1", "A hold was not confirmed in time, and its room is free."),
        _booking("booking.confirmed.v1", "A window is promised; also after a late payment."),
        _booking("booking.refined.v1", "The window became narrower, inside the one before."),
        _booking("booking.frozen.v1", "The day's plan is final: no change by the buyer."),
        _booking("booking.dispatched.v1", "The truck has left with the car."),
        _booking("booking.arrived.v1", "The truck is at the meeting point."),
        _booking("booking.cancelled.v1", "The booking was cancelled, and its room is free."),
        _booking(
            "booking.rescheduled.v1",
            "This booking was replaced: moved_to names the new one, whose own booking.confirmed.v1 "
            "is in the same stream.",
        ),
        _booking(
            "booking.at_risk.v1",
            "An outside event (truck lost, car late, road closed) broke the promise; a repair is "
            "sought, nothing is cancelled.",
            cause=_text("The kind of outside event."),
        ),
        _booking("booking.recovered.v1", "A promise that was at risk is kept again."),
        _booking("handover.completed.v1", "The car is with its buyer."),
        _booking("handover.failed.v1", "The truck was there and the handover did not happen."),
        EventType(
            topic="plan.published.v1",
            when="A plan of a pool-day is in force.",
            stream=_OF_A_DAY,
            fields={
                "plan_id": _text("The plan."),
                "pool_day": _text("The day of the fleet pool."),
                "seq": _count("The version of the day."),
                "plan_seq": _count("The version of its routes."),
                "recovered": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "Bookings that were at risk and are served again.",
                },
            },
        ),
    )
}


def event_type(topic: str) -> EventType:
    """Find a kind of event.

    Raises:
        UnknownTopic: nobody published it.
    """
    if topic not in CATALOGUE:
        raise UnknownTopic(f"{topic} is not in api/events/catalogue.py: publish it there first")
    return CATALOGUE[topic]


def envelope(
    *, event_id: str, topic: str, at: datetime, stream: str, seq: int, payload: Mapping[str, object]
) -> Mapping[str, object]:
    """Write an event as receivers get it, by webhook or from the feed."""
    return {
        "id": event_id,
        "type": topic,
        "timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "stream": stream,
        "seq": seq,
        "data": event_type(topic).published(payload),
    }
