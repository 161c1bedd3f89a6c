"""The inbox: events come once, twice, late or never, and the picture of bookings is right."""

from __future__ import annotations

from enum import StrEnum

from api.client import Event, Flatbed
from api.fake_orders.memory import Known, Memory


class Took(StrEnum):
    """What an event was."""

    NEWS = "news"
    REPEATED = "repeated"
    OTHER = "other"
    """Not about a booking, such as a test."""


def take(memory: Memory, event: Event) -> Took:
    """Apply an event, in one transaction with the note that it was seen."""
    if not event.stream:
        return Took.OTHER
    with memory.transaction():
        if memory.has_seen(event.id):
            return Took.REPEATED
        memory.count(event.id, event.stream, event.seq)
        if "booking_id" not in event.data:
            return Took.OTHER
        memory.learn(_known(event))
    return Took.NEWS


def catch_up(memory: Memory, flatbed: Flatbed) -> int:
    """Read the feed from where it was read last; return how many events were news.

    Raises:
        Problem: `cursor-forgotten`, if that is more than 30 days ago.
        NoAnswer: Flatbed is away.
    """
    news = 0
    while True:
        page = flatbed.events(memory.cursor())
        for event in page.events:
            news += take(memory, event) is Took.NEWS
        # After the events: whoever crashes between reads some again, which are known then.
        memory.move_to(page.next_cursor)
        if not page.more:
            return news


def _known(event: Event) -> Known:
    data = event.data
    return Known(
        booking_id=data["booking_id"],
        order_ref=data["order_ref"],
        status=data["status"],
        start=data["window"]["from"],
        end=data["window"]["to"],
        seq=event.seq,
    )
