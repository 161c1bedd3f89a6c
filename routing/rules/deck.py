"""Deck capacity by position: every car needs a position long, high and strong enough.

What stands in the way of a car must be driven off and put back (a shunt).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.domain.fleet import DeckPosition, DeckTemplate
from routing.domain.vehicles import Model
from routing.reasons import Reason
from routing.rules.layout import Layout


class DeckTable(NamedTuple):
    """`fits` (decks, orders): bit p is set where the car may stand on position p.

    `plain`: no deck blocks a position and no order has a trade-in, there is nothing to move.
    `blocking` (decks,): some position is blocked by another. `reach` (decks, positions, sets):
    the positions in the way of a position when that set of positions is taken, as bits.
    `kind` (decks, orders): cars of one kind may stand on the same positions, and so may their
    trade-ins; numbered from 1 over all decks.
    """

    fits: NDArray[np.int64]
    positions: NDArray[np.int64]
    payload_kg: NDArray[np.int64]
    mass_kg: NDArray[np.int64]
    deck_of: NDArray[np.int64]
    plain: bool
    blocking: NDArray[np.bool_]
    reach: NDArray[np.int16]
    kind: NDArray[np.int64]
    shunt_s: int
    shunt_fen: int


def stands_on(model: Model, position: DeckPosition) -> bool:
    """Tell whether a car of this model may stand on this position."""
    return (
        model.length_mm <= position.length_mm
        and model.height_mm <= position.height_mm
        and model.mass_kg <= position.mass_kg
        and (model.wheel_lift_ok or not position.wheel_lift)
    )


def positions_for(
    models: Sequence[Model | None], decks: Sequence[DeckTemplate]
) -> NDArray[np.int64]:
    """Bits of the positions on which each car may stand (decks, cars); none for no car."""
    known: dict[tuple[int, Model], int] = {}
    fits = np.zeros((len(decks), len(models)), dtype=np.int64)
    for row, deck in enumerate(decks):
        for column, model in enumerate(models):
            if model is None:
                continue
            if (row, model) not in known:
                known[row, model] = sum(
                    1 << bit
                    for bit, position in enumerate(deck.positions)
                    if stands_on(model, position)
                )
            fits[row, column] = known[row, model]
    return fits


def blockers(deck: DeckTemplate) -> list[int]:
    """Bits of the positions that directly block each position."""
    row = {position.id: bit for bit, position in enumerate(deck.positions)}
    return [sum(1 << row[name] for name in position.blocked_by) for position in deck.positions]


class Deck:
    """Which cars fit together on which deck, and what must be moved for which."""

    reason = Reason.DECK_NO_FIT

    def compile(self, day: Layout) -> DeckTable:
        """Position masks, masses and what stands in whose way."""
        fits = positions_for([order.vehicle.model for order in day.orders], day.decks)
        old_cars = [order.trade_in.model if order.trade_in else None for order in day.orders]
        blocking = np.array([any(blockers(deck)) for deck in day.decks], dtype=np.bool_)
        plain = not blocking.any() and not any(old_cars)
        return DeckTable(
            fits=fits,
            positions=np.array([len(deck.positions) for deck in day.decks], dtype=np.int64),
            payload_kg=np.array([deck.payload_kg for deck in day.decks], dtype=np.int64),
            mass_kg=np.array([order.vehicle.model.mass_kg for order in day.orders], dtype=np.int64),
            deck_of=np.array([day.deck_row[truck.deck.id] for truck in day.trucks], dtype=np.int64),
            plain=plain,
            blocking=blocking,
            reach=_reach(() if plain else day.decks),
            kind=_kinds(fits, positions_for(old_cars, day.decks), old_cars),
            shunt_s=day.request.policy.deck.shunt_s,
            shunt_fen=int(day.request.policy.deck.shunt_fen),
        )


def _reach(decks: Sequence[DeckTemplate]) -> NDArray[np.int16]:
    """Close `blocked_by` over every set of taken positions."""
    widest = max((len(deck.positions) for deck in decks), default=0)
    reach = np.zeros((len(decks), widest, 1 << widest), dtype=np.int16)
    taken = np.arange(1 << widest, dtype=np.int16)
    for row, deck in enumerate(decks):
        direct = blockers(deck)
        for bit in range(len(direct)):
            found = taken & np.int16(direct[bit])
            for _ in direct:
                for other, its in enumerate(direct):
                    found |= np.where(found >> other & 1, taken & np.int16(its), np.int16(0))
            reach[row, bit] = found & ~np.int16(1 << bit)
    return reach


def _kinds(
    fits: NDArray[np.int64], old_fits: NDArray[np.int64], old_cars: Sequence[Model | None]
) -> NDArray[np.int64]:
    kinds = np.zeros(fits.shape, dtype=np.int64)
    seen: dict[tuple[int, int, int], int] = {}
    for row, column in np.ndindex(*fits.shape):
        old = int(old_fits[row, column]) if old_cars[column] else -1
        traits = row, int(fits[row, column]), old
        kinds[row, column] = seen.setdefault(traits, len(seen) + 1)
    return kinds
