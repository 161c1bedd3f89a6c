"""Deck capacity by position: every car needs a position long, high and strong enough."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.domain.fleet import DeckPosition
from routing.domain.vehicles import Model
from routing.reasons import Reason
from routing.rules.layout import Layout


class DeckTable(NamedTuple):
    """`fits` (decks, orders): bit p is set where the car may stand on position p."""

    fits: NDArray[np.int64]
    positions: NDArray[np.int64]
    payload_kg: NDArray[np.int64]
    mass_kg: NDArray[np.int64]
    deck_of: NDArray[np.int64]


def stands_on(model: Model, position: DeckPosition) -> bool:
    """Tell whether a car of this model may stand on this position."""
    return (
        model.length_mm <= position.length_mm
        and model.height_mm <= position.height_mm
        and model.mass_kg <= position.mass_kg
        and (model.wheel_lift_ok or not position.wheel_lift)
    )


class Deck:
    """Which cars fit together on which deck."""

    reason = Reason.DECK_NO_FIT

    def compile(self, day: Layout) -> DeckTable:
        """Position masks and masses; a set of cars fits if a matching covers it."""
        fits = np.zeros((len(day.decks), len(day.orders)), dtype=np.int64)
        for row, deck in enumerate(day.decks):
            for column, order in enumerate(day.orders):
                for bit, position in enumerate(deck.positions):
                    if stands_on(order.vehicle.model, position):
                        fits[row, column] |= 1 << bit
        return DeckTable(
            fits=fits,
            positions=np.array([len(deck.positions) for deck in day.decks], dtype=np.int64),
            payload_kg=np.array([deck.payload_kg for deck in day.decks], dtype=np.int64),
            mass_kg=np.array([order.vehicle.model.mass_kg for order in day.orders], dtype=np.int64),
            deck_of=np.array([day.deck_row[truck.deck.id] for truck in day.trucks], dtype=np.int64),
        )
