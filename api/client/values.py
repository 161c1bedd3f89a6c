"""What Flatbed answers, as values. Fields that a newer Flatbed adds are left aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`[start, end)`: the handover begins inside. Moments carry their offset."""

    start: datetime
    end: datetime
    zone: str

    @classmethod
    def read(cls, told: Told) -> Self:
        """Read `{from, to, zone}`."""
        return cls(
            start=datetime.fromisoformat(told["from"]),
            end=datetime.fromisoformat(told["to"]),
            zone=told.get("zone", ""),
        )

    def told(self) -> dict[str, str]:
        """Write `{from, to, zone}`."""
        return {"from": self.start.isoformat(), "to": self.end.isoformat(), "zone": self.zone}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A window that can be held now. `told` has price, chance, CO2 and reasons."""

    offer_id: str
    window: Window
    conditions: tuple[str, ...]
    told: Told

    @classmethod
    def read(cls, told: Told) -> Self:
        """Read an offer, or an alternative of a refusal."""
        return cls(
            offer_id=told["offer_id"],
            window=Window.read(told["window"]),
            conditions=tuple(told.get("conditions", ())),
            told=told,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A window that cannot be had, and why."""

    window: Window
    reason_code: str
    told: Told

    @classmethod
    def read(cls, told: Told) -> Self:
        """Read a blocked window."""
        return cls(window=Window.read(told["window"]), reason_code=told["reason_code"], told=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a slot search found; `required_fields` of the order would let it find more."""

    offers: tuple[Offer, ...]
    blocked: tuple[Blocked, ...]
    required_fields: tuple[str, ...]

    @classmethod
    def read(cls, told: Told) -> Self:
        """Read the answer of a slot search."""
        return cls(
            offers=tuple(Offer.read(each) for each in told["offers"]),
            blocked=tuple(Blocked.read(each) for each in told.get("blocked", ())),
            required_fields=tuple(told.get("required_fields", ())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A window that is kept until `expires_at`; the buyer must accept `conditions` to have it."""

    hold_id: str
    order_ref: str
    window: Window
    conditions: tuple[str, ...]
    expires_at: datetime
    seq: int

    @classmethod
    def read(cls, told: Told) -> Self:
        """Read a hold."""
        return cls(
            hold_id=told["hold_id"],
            order_ref=told["order_ref"],
            window=Window.read(told["window"]),
            conditions=tuple(told.get("conditions", ())),
            expires_at=datetime.fromisoformat(told["expires_at"]),
            seq=told["seq"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A promise. `seq` is its version: hand it back when you change it."""

    booking_id: str
    order_ref: str
    window: Window
    status: str
    at_risk_by: str
    moved_to: str
    seq: int

    @classmethod
    def read(cls, told: Told) -> Self:
        """Read a booking, also one from an event's data."""
        return cls(
            booking_id=told["booking_id"],
            order_ref=told["order_ref"],
            window=Window.read(told["window"]),
            status=told["status"],
            at_risk_by=told.get("at_risk_by", ""),
            moved_to=told.get("moved_to", ""),
            seq=told["seq"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. `seq` counts in its `stream`, from 1 and without gaps."""

    id: str
    type: str
    timestamp: datetime
    stream: str
    seq: int
    data: Told

    @classmethod
    def read(cls, told: Told) -> Self:
        """Read an event, from a webhook or from the feed. A test message has no stream."""
        return cls(
            id=told["id"],
            type=told["type"],
            timestamp=datetime.fromisoformat(told["timestamp"]),
            stream=told.get("stream", ""),
            seq=told.get("seq", 0),
            data=told["data"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """Events of the feed. Keep `next_cursor`, whether there were any or not."""

    events: Sequence[Event]
    next_cursor: str
    more: bool

    @classmethod
    def read(cls, told: Told) -> Self:
        """Read a page of the feed."""
        return cls(
            events=tuple(Event.read(each) for each in told["items"]),
            next_cursor=told["next_cursor"],
            more=told["more"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A webhook endpoint. `secret` is there when it is new, and never again."""

    endpoint_id: str
    url: str
    status: str
    topics: tuple[str, ...]
    secret: str

    @classmethod
    def read(cls, told: Told) -> Self:
        """Read an endpoint."""
        return cls(
            endpoint_id=told["endpoint_id"],
            url=told["url"],
            status=told["status"],
            topics=tuple(told["topics"]),
            secret=told.get("secret", ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """What an endpoint answered to a test message."""

    delivered: bool
    status: int | None
    error: str

    @classmethod
    def read(cls, told: Told) -> Self:
        """Read the answer of a test."""
        return cls(delivered=told["delivered"], status=told["status"], error=told["error"])
