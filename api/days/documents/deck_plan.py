"""Who stands where on a deck and in which order the cars go up, for drawing it."""

from __future__ import annotations

from dataclasses import dataclass

from routing.domain.fleet import DeckTemplate
from routing.plan import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckCell:
    """One position; `order_id` is empty where no car stands, then the numbers are 0.

    `seq` is the stop at which the car leaves, `load_rank` its turn when loading, both from 1.
    """

    position_id: str
    order_id: str = ""
    model_name: str = ""
    vin: str = ""
    seq: int = 0
    load_rank: int = 0


def deck_cells(route: Route, template: DeckTemplate | None) -> tuple[DeckCell, ...]:
    """List the positions of a truck's deck, in the deck's own order.

    What leaves last goes up first: the plan's deck is such that at every stop nothing stands in
    the way, so loading in reverse works too. Without the template (a plan read without its day)
    only positions that carry a car are known.
    """
    count = len(route.stops)
    seq_by_order = {stop.order_id: seq for seq, stop in enumerate(route.stops, start=1)}
    models = {stop.order_id: stop.model_name for stop in route.stops}
    taken = {
        car.position_id: DeckCell(
            position_id=car.position_id,
            order_id=car.order_id,
            model_name=models[car.order_id],
            vin=car.vin,
            seq=seq_by_order[car.order_id],
            load_rank=count + 1 - seq_by_order[car.order_id],
        )
        for car in route.deck
    }
    if template is None:
        return tuple(taken[name] for name in sorted(taken))
    known = [position.id for position in template.positions]
    others = sorted(set(taken) - set(known))
    return tuple(taken.get(name, DeckCell(position_id=name)) for name in [*known, *others])
