"""Who stands where: the position of every car of a route, with the fewest cars in the way.

Exact by dynamic programming over the set of taken positions, last delivery first: at most
positions x 2^positions steps, 2,048 for eight cars.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from routing.domain.fleet import DeckTemplate
from routing.domain.vehicles import Model
from routing.rules.deck import stands_on


def place_cars(deck: DeckTemplate, models: Sequence[Model]) -> tuple[str, ...] | None:
    """Give each car (in order of delivery) a position; None when they do not fit together.

    Minimises how often a car delivered later stands in the way of one delivered earlier; among
    equals, earlier deliveries stand on positions listed later (towards the rear).
    """
    positions = deck.positions
    row = {position.id: bit for bit, position in enumerate(positions)}
    in_the_way = [sum(1 << row[name] for name in position.blocked_by) for position in positions]
    if sum(model.mass_kg for model in models) > deck.payload_kg:
        return None

    @cache
    def best(car: int, taken: int) -> tuple[int, tuple[int, ...]] | None:
        """Fewest blockings when cars 0 to `car` still need a position, and their positions."""
        if car < 0:
            return 0, ()
        found: tuple[int, tuple[int, ...]] | None = None
        for bit, position in enumerate(positions):
            if taken >> bit & 1 or not stands_on(models[car], position):
                continue
            rest = best(car - 1, taken | 1 << bit)
            if rest is None:
                continue
            blocked = (taken & in_the_way[bit]).bit_count() + rest[0]
            if found is None or blocked < found[0]:
                found = blocked, (*rest[1], bit)
        return found

    placed = best(len(models) - 1, 0)
    return None if placed is None else tuple(positions[bit].id for bit in placed[1])
