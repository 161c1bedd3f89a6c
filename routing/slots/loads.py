"""What a judge must know of an order, as JSON: everything but its window and the buyer's name."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from routing.domain.orders import Order
from routing.plan_json import heard, tell
from routing.witness import Ask, Told

NOT_OF_THE_LOAD: Final = ("id", "windows", "promised", "contact")
"""The ask has its own id and window, and personal data stays out of the ledger."""


def load_of(order: Order) -> Told:
    """Write an order down for an ask."""
    told = tell(replace(order, contact=None))
    return {name: value for name, value in told.items() if name not in NOT_OF_THE_LOAD}


def order_of(ask: Ask) -> Order:
    """Read the order of an ask: promised in its window, its id the promise's.

    One order may be promised twice on a day while it moves, so its own id would not do.

    Raises:
        BadPlan: the load is not an order's; lists every fault.
    """
    window = tell(ask.window)
    told = {**ask.load, "id": ask.promise_id, "windows": [window], "promised": True}
    return heard(told, Order, f"ask {ask.promise_id}")
