"""Who stands where on a deck and in which order the cars go up, for drawing it."""

from __future__ import annotations

from collections.abc import Mapping
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


def deck_cells(
    route: Route, template: DeckTemplate | None, *, trip: int = 0
) -> tuple[DeckCell, ...]:
    """List the positions of a truck's deck on a trip (from 0), in the deck's own order.

    Without the template (a plan read without its day) only positions that carry a car are known,
    and nothing of which goes up before which.
    """
    seqs = {stop.order_id: seq for seq, stop in enumerate(route.stops, start=1)}
    models = {stop.order_id: stop.model_name for stop in route.stops}
    deck = route.trips[trip].deck
    at = {car.position_id: seqs[car.order_id] for car in deck}
    behind = _blockers(template, at)
    ranks = _load_ranks(at, behind)
    taken = {
        car.position_id: DeckCell(
            position_id=car.position_id,
            order_id=car.order_id,
            model_name=models[car.order_id],
            vin=car.vin,
            seq=at[car.position_id],
            load_rank=ranks[car.position_id],
        )
        for car in deck
    }
    if template is None:
        return tuple(taken[name] for name in sorted(taken))
    known = [position.id for position in template.positions]
    others = sorted(set(taken) - set(known))
    return tuple(taken.get(name, DeckCell(position_id=name)) for name in [*known, *others])


def _blockers(template: DeckTemplate | None, at: Mapping[str, int]) -> dict[str, frozenset[str]]:
    """Find, for every taken position, the taken positions that block it."""
    blocked_by = {} if template is None else {p.id: p.blocked_by for p in template.positions}
    return {name: frozenset(blocked_by.get(name, ())) & at.keys() for name in at}


def _load_ranks(at: Mapping[str, int], behind: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """Number the cars in an order in which they can go up: a blocked position before its blocker,
    and where the deck leaves a choice, what leaves last goes up first.

    Positions that block each other can go up in no order; they follow the choice alone.
    """
    ranks: dict[str, int] = {}
    left = sorted(at, key=lambda name: -at[name])
    while left:
        free = [name for name in left if not any(name in behind[other] for other in left)]
        chosen = (free or left)[0]
        ranks[chosen] = len(ranks) + 1
        left.remove(chosen)
    return ranks
