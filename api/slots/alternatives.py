"""What else a buyer could have when the window they wanted is gone: near it, and true just now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from api.kit.clock import Clock
from api.slots.answers import CHINA_ZONE
from api.slots.errors import DayNotOpen
from api.slots.offering import Offered
from api.slots.reading import BookingReader
from api.slots.service import Book
from api.slots.tokens import Offer
from routing.domain.windows import Window
from routing.witness import Told

SAME_DAY: Final = 4
"""Windows of the same day that are judged."""
OTHER_DAYS: Final = (1, -1, 2)
"""The same hours on other days, in the order in which buyers take them."""
_DAY: Final = timedelta(days=1)


class Nearby:
    """Offers for windows near one that is gone; each may be held at once."""

    def __init__(self, book: Book, reader: BookingReader, clock: Clock) -> None:
        self._book = book
        self._reader = reader
        self._clock = clock

    def of_offer(self, tenant_id: str, offer: Offer, load: Told) -> list[Offered]:
        """Look around an offer that cannot be held any more."""
        return self._offers(
            tenant_id, offer.pool, offer.day, offer.order_ref, offer.window, CHINA_ZONE, load
        )

    def of_promise(self, tenant_id: str, promise_id: str) -> list[Offered]:
        """Look around a hold that cannot be booked any more.

        Raises:
            UnknownPromise: the tenant has no such hold.
        """
        row = self._book.promise(tenant_id, promise_id)
        day, ask = self._reader.day_of(row), row.promise.ask
        return self._offers(
            tenant_id, day.pool, day.day, ask.order_ref, ask.window, row.zone, ask.load
        )

    def _offers(
        self,
        tenant_id: str,
        pool: str,
        day: date,
        order_ref: str,
        window: Window,
        zone: str,
        load: Told,
    ) -> list[Offered]:
        asked = [(day, list(islice(around(window, zone), SAME_DAY)))]
        asked += [(day + each * _DAY, [_moved(window, each * _DAY)]) for each in OTHER_DAYS]
        found: list[Offered] = []
        for its_day, windows in asked:
            still = [each for each in windows if each.end > self._clock.now()]
            try:
                found += self._book.offers(
                    tenant_id, pool=pool, day=its_day, order_ref=order_ref, load=load, windows=still
                )
            except DayNotOpen:
                continue
        return [each for each in found if each.token]


def around(window: Window, zone: str) -> Iterator[Window]:
    """Give windows of the same length and local day: the next one, the one before, and so on out.

    An hour is as long as any other: zones that change theirs are not served.
    """
    length = window.end - window.start
    midnight = window.start.astimezone(ZoneInfo(zone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    for steps in range(1, 1 + int(_DAY / length)):
        for shift in (steps * length, -steps * length):
            moved = _moved(window, shift)
            if midnight <= moved.start and moved.end <= midnight + _DAY:
                yield moved


def _moved(window: Window, by: timedelta) -> Window:
    return Window(start=window.start + by, end=window.end + by)
