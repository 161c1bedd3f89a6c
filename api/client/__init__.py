"""A Python client of Flatbed's HTTP interface. It needs httpx and nothing else of ours: this folder
can be copied into an order system as it is.

    with Flatbed("https://flatbed.example", key="flatbed_...") as flatbed:
        found = flatbed.search_slots("SO-1")
        held = flatbed.hold(found.offers[0].offer_id)
        booking = flatbed.book(held.hold_id)
"""

from api.client.connection import Connection
from api.client.errors import BadSignature, ClientError, NoAnswer, Problem
from api.client.flatbed import Flatbed
from api.client.signatures import verified
from api.client.values import (
    Blocked,
    Booking,
    Endpoint,
    Event,
    EventPage,
    Hold,
    Offer,
    Search,
    Tested,
    Window,
)

__all__ = [
    "BadSignature",
    "Blocked",
    "Booking",
    "ClientError",
    "Connection",
    "Endpoint",
    "Event",
    "EventPage",
    "Flatbed",
    "Hold",
    "NoAnswer",
    "Offer",
    "Problem",
    "Search",
    "Tested",
    "Window",
    "verified",
]
