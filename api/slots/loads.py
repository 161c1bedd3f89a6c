"""What the book must know of an order when its window is held."""

from __future__ import annotations

from typing import Protocol

from routing.witness import Told


class OrderLoads(Protocol):
    """Whoever keeps the orders: gives what the judge must know of one."""

    def load(self, tenant_id: str, order_ref: str) -> Told:
        """Give the order as an ask's `load`, without personal data.

        Raises:
            Refused: the tenant has no such order, or it is not ready to be sold.
        """
        ...
