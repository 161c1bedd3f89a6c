"""Trade-ins: a buyer's old car needs a free position from the handover to the warehouse."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.reasons import Reason
from routing.rules.deck import positions_for
from routing.rules.layout import Layout


class TradeInTable(NamedTuple):
    """Old cars by order: `taken` whether there is one, `fits` (decks, orders) as for cars."""

    taken: NDArray[np.bool_]
    fits: NDArray[np.int64]
    mass_kg: NDArray[np.int64]
    load_s: int


class TradeIns:
    """Where old cars may stand, and the driver's time to load one."""

    reason = Reason.TRADE_IN_NO_ROOM

    def compile(self, day: Layout) -> TradeInTable:
        """Position masks and masses; nothing where an order has no trade-in."""
        models = [order.trade_in.model if order.trade_in else None for order in day.orders]
        return TradeInTable(
            taken=np.array([model is not None for model in models], dtype=np.bool_),
            fits=positions_for(models, day.decks),
            mass_kg=np.array([model.mass_kg if model else 0 for model in models], dtype=np.int64),
            load_s=day.request.policy.deck.trade_in_load_s,
        )
