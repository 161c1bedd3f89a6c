"""What the book must know of an order when its window is held."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from routing.witness import Told


class OrderLoads(Protocol):
    """Whoever keeps the orders: gives what the judge must know of one."""

    def load(self, tenant_id: str, order_ref: str, day: date) -> Told:
        """Give the order as an ask's `load` on a day, without personal data.

        What is ready when depends on the day.

        Raises:
            Refused: the tenant has no such order, or it is not ready to be sold.
            FaultyInput: it cannot be read on that day.
        """
        ...
