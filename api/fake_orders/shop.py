"""The shop: takes every order one step further, again and again, whatever happened in between.

A step writes down what it will ask, asks under a key made of that, and writes down the answer. It
may be cut anywhere: the next time the same is asked under the same key, and answered alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Final

from api.client import Flatbed, NoAnswer, Offer, Problem
from api.fake_orders.memory import ENDS, Known, Memory, Sale, Step

ATTEMPTS_MAX: Final = 6
"""Windows that are tried for one order before it counts as sold out."""

_NO_ROOM: Final = frozenset(
    {"slot-taken", "offer-expired", "hold-expired", "counted-out", "day-not-open", "promise-gone"}
)
"""Another window may do."""

_NOT_FOR_SALE: Final = frozenset({"faulty-input", "order-not-ready", "record-not-found"})
"""No window will do until somebody mends the order."""


class Shop:
    """Sells windows of one Flatbed. `luck` decides what buyers do."""

    def __init__(
        self,
        memory: Memory,
        flatbed: Flatbed,
        luck: Random,
        *,
        rows: Mapping[str, Mapping[str, object]] | None = None,
        pays: float = 0.9,
        cancels: float = 0.05,
    ) -> None:
        """`rows` are orders to be put into Flatbed first; those that it keeps need none. `pays` and
        `cancels` are shares of buyers."""
        self._memory = memory
        self._flatbed = flatbed
        self._luck = luck
        self._rows = rows or {}
        self._pays = pays
        self._cancels = cancels

    def work(self, *, steps: int = 20) -> int:
        """Take orders further until none can be, or for so many rounds; return how many are left.

        What gets no answer stays where it is, for the next time.
        """
        for _ in range(steps):
            left = [sale for sale in self._memory.sales() if sale.step not in ENDS]
            if not left:
                return 0
            answered = [self._step(sale) for sale in left]
            if not any(answered):
                break
        return sum(sale.step not in ENDS for sale in self._memory.sales())

    def _step(self, sale: Sale) -> bool:
        take = {
            Step.SEARCH: self._search,
            Step.HOLD: self._hold,
            Step.PAY: self._pay,
            Step.RELEASE: self._release,
            Step.BOOK: self._book,
            Step.CANCEL: self._cancel,
        }[sale.step]
        try:
            after = take(sale)
        except NoAnswer:
            return False
        self._memory.write(after)
        return True

    def _search(self, sale: Sale) -> Sale:
        if sale.order_id in self._rows:
            self._flatbed.put_order(sale.order_id, self._rows[sale.order_id])
        try:
            offers = self._flatbed.search_slots(sale.order_id).offers
        except Problem as problem:
            if problem.code not in _NOT_FOR_SALE:
                raise
            offers = ()
        if not offers or sale.attempt >= ATTEMPTS_MAX:
            return replace(sale, step=Step.SOLD_OUT)
        # Buyers like the first windows, and not all of them the very first.
        return self._wanted(sale, self._luck.choice(offers[:5]))

    def _hold(self, sale: Sale) -> Sale:
        once = f"{sale.order_id}/hold/{sale.attempt}"
        try:
            held = self._flatbed.hold(sale.offer_id, once=once)
        except Problem as problem:
            return self._elsewhere(sale, problem)
        step = Step.BOOK if sale.paid else Step.PAY
        return replace(sale, step=step, hold_id=held.hold_id, conditions=held.conditions)

    def _pay(self, sale: Sale) -> Sale:
        if self._luck.random() < self._pays:
            return replace(sale, step=Step.BOOK, paid=True)
        return replace(sale, step=Step.RELEASE)

    def _release(self, sale: Sale) -> Sale:
        try:
            self._flatbed.release(sale.hold_id, once=f"{sale.order_id}/release/{sale.attempt}")
        except Problem as problem:
            # Its time was over before we gave it back: nothing is held, which is what we want.
            if problem.code != "promise-gone":
                raise
        return replace(sale, step=Step.UNPAID)

    def _book(self, sale: Sale) -> Sale:
        once = f"{sale.order_id}/book/{sale.attempt}"
        try:
            self._flatbed.book(sale.hold_id, accepted=sale.conditions, once=once)
        except Problem as problem:
            return self._elsewhere(sale, problem)
        cancels = self._luck.random() < self._cancels
        return replace(sale, step=Step.CANCEL if cancels else Step.BOOKED)

    def _cancel(self, sale: Sale) -> Sale:
        seen = self._flatbed.booking(sale.hold_id)
        try:
            self._flatbed.cancel(
                sale.hold_id, seen=seen.seq, once=f"{sale.order_id}/cancel/{seen.seq}"
            )
        except Problem as problem:
            if problem.code == "version-conflict":
                return sale  # something happened since we read it: read again
            if problem.code not in {"frozen", "promise-gone"}:
                raise
            # It is too late, or it was cancelled and we did not hear the answer.
            if self._flatbed.booking(sale.hold_id).status != "cancelled":
                return replace(sale, step=Step.BOOKED)
        return replace(sale, step=Step.CANCELLED)

    def _elsewhere(self, sale: Sale, problem: Problem) -> Sale:
        """Go on after a window was refused: with an alternative that was told, or a new search."""
        if problem.code not in _NO_ROOM:
            raise problem
        told = problem.told.get("alternatives")
        near = [Offer.read(each) for each in told] if isinstance(told, list) else []
        if near and sale.attempt < ATTEMPTS_MAX:
            return self._wanted(sale, near[0])
        return replace(sale, step=Step.SEARCH)

    def _wanted(self, sale: Sale, offer: Offer) -> Sale:
        return replace(
            sale, step=Step.HOLD, attempt=sale.attempt + 1, offer_id=offer.offer_id, hold_id=""
        )


def differences(memory: Memory, flatbed: Flatbed) -> list[str]:
    """Compare the picture that events have made with what Flatbed says; empty is right."""
    found: list[str] = []
    told = memory.known()
    for sale in memory.sales():
        of_order = [each for each in told.values() if each.order_ref == sale.order_id]
        live = [each for each in of_order if each.status not in _OVER]
        if len(live) > 1:
            found.append(f"{sale.order_id} has {len(live)} bookings")
        if sale.step is Step.BOOKED and sale.hold_id not in told:
            found.append(f"{sale.order_id}: no event told of booking {sale.hold_id}")
        if sale.step is Step.SOLD_OUT and live:
            found.append(f"{sale.order_id} counts as sold out and has a booking")
    for each in told.values():
        found += _difference(each, flatbed)
    return found


_OVER: Final = frozenset({"released", "expired", "cancelled", "rescheduled"})


def _difference(known: Known, flatbed: Flatbed) -> list[str]:
    now = flatbed.booking(known.booking_id)
    start, end = now.window.start.isoformat(), now.window.end.isoformat()
    if (now.status, start, end) == (known.status, known.start, known.end):
        return []
    return [f"{known.booking_id} is {now.status}, events told {known.status}"]
