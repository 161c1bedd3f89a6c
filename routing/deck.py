"""Who stands where, and what must be moved at which stop: docs/schedule.md, *The deck*.

Exact by dynamic programming, the last stop first, over the set of positions taken by cars
delivered later and the set taken by trade-ins loaded before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

from routing.domain.fleet import DeckTemplate
from routing.domain.orders import Order
from routing.domain.policy import DeckPolicy
from routing.domain.vehicles import Model
from routing.plan import Stop
from routing.plan_deck import LoadedTradeIn, Shunt
from routing.rules.deck import blockers, stands_on


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckPlan:
    """Positions by stop: of the car delivered, of the trade-in loaded ("" for none), and of the
    cars that are moved, in the order in which they are driven off."""

    cars: tuple[str, ...]
    trade_ins: tuple[str, ...]
    moved: tuple[tuple[str, ...], ...]

    @property
    def shunts(self) -> int:
        """Cars moved in all."""
        return sum(len(names) for names in self.moved)


def plan_deck(
    deck: DeckTemplate, models: Sequence[Model], trade_ins: Sequence[Model | None] = ()
) -> DeckPlan | None:
    """Give each car (in order of delivery) a position and each trade-in one at its stop.

    None when they do not fit. Of all ways the one with the fewest shunts, then with the fewest
    at the first stop, the second and so on, then, from the last stop to the first, with the
    trade-in and the car on the position listed first.
    """
    old_cars = tuple(trade_ins) or (None,) * len(models)
    if not _carries(deck, models, old_cars):
        return None
    fits = [_where(deck, model) for model in models]
    old_fits = [0 if model is None else _where(deck, model) for model in old_cars]
    direct = blockers(deck)

    @cache
    def best(stop: int, later: int, old: int) -> _Ways | None:
        """Best for the stops up to this one: shunts in all, stop by stop, positions taken."""
        if stop < 0:
            return (0, (), ()) if old == 0 else None
        found: _Ways | None = None
        for loaded in _bits(old & old_fits[stop]) if old_cars[stop] else (0,):
            before = old & ~loaded
            for bit in _bits(fits[stop] & ~later & ~before):
                rest = best(stop - 1, later | bit, before)
                if rest is None:
                    continue
                count = _in_the_way(direct, bit | loaded, later | before).bit_count()
                way = (count + rest[0], (*rest[1], count), ((loaded, bit), *rest[2]))
                if found is None or way < found:
                    found = way
        return found

    last, places = len(models) - 1, [1 << bit for bit in range(len(deck.positions))]
    ways = [
        way
        for chosen in combinations(places, sum(car is not None for car in old_cars))
        if (way := best(last, 0, sum(chosen))) is not None
    ]
    if not ways:
        return None
    return _described(deck, min(ways)[2][::-1], direct)


_Ways = tuple[int, tuple[int, ...], tuple[tuple[int, int], ...]]


def _carries(deck: DeckTemplate, models: Sequence[Model], old_cars: Sequence[Model | None]) -> bool:
    mass_kg = most_kg = sum(model.mass_kg for model in models)
    for model, old_car in zip(models, old_cars, strict=True):
        mass_kg += (old_car.mass_kg if old_car else 0) - model.mass_kg
        most_kg = max(most_kg, mass_kg)
    return most_kg <= deck.payload_kg


def _where(deck: DeckTemplate, model: Model) -> int:
    return sum(1 << bit for bit, each in enumerate(deck.positions) if stands_on(model, each))


def _in_the_way(direct: Sequence[int], of: int, taken: int) -> int:
    """Close over what is in the way of what is in the way."""
    found = 0
    while True:
        more = 0
        for bit in _bits(of | found):
            more |= direct[bit.bit_length() - 1] & taken
        if more | found == found:
            return found
        found |= more


def _described(
    deck: DeckTemplate, places: Sequence[tuple[int, int]], direct: Sequence[int]
) -> DeckPlan:
    names = {1 << bit: position.id for bit, position in enumerate(deck.positions)} | {0: ""}
    moved: list[tuple[str, ...]] = []
    for stop, (loaded, bit) in enumerate(places):
        taken = sum(its for _, its in places[stop + 1 :]) + sum(its for its, _ in places[:stop])
        off = _in_the_way(direct, bit | loaded, taken)
        moved.append(tuple(names[each] for each in _outermost_first(direct, off)))
    return DeckPlan(
        cars=tuple(names[bit] for _, bit in places),
        trade_ins=tuple(names[loaded] for loaded, _ in places),
        moved=tuple(moved),
    )


def _outermost_first(direct: Sequence[int], off: int) -> Iterator[int]:
    """Order positions so that each is free to go when its turn comes; mutual blockers as listed."""
    while off:
        still = off
        first = min(_bits(off), key=lambda bit: (_in_the_way(direct, bit, still) | bit).bit_count())
        yield first
        off &= ~first


def _bits(of: int) -> Iterator[int]:
    while of:
        yield of & -of
        of &= of - 1


def with_deck_work(
    stops: Sequence[Stop], orders: Sequence[Order], placed: DeckPlan, policy: DeckPolicy
) -> tuple[Stop, ...]:
    """Write down at every stop what is moved there, the trade-in loaded and the time it takes."""
    done: list[Stop] = []
    old: dict[str, Order] = {}
    for at, (stop, order) in enumerate(zip(stops, orders, strict=True)):
        cars = dict(zip(placed.cars[at:], orders[at:], strict=True))
        shunts = tuple(
            Shunt(position_id=name, order_id=old[name].id, vin="", trade_in=True)
            if name in old
            else Shunt(position_id=name, order_id=cars[name].id, vin=cars[name].vehicle.vin)
            for name in placed.moved[at]
        )
        loaded: LoadedTradeIn | None = None
        if order.trade_in is not None:
            loaded = LoadedTradeIn(
                position_id=placed.trade_ins[at], model_name=order.trade_in.model_name
            )
            old[loaded.position_id] = order
        load_s = policy.trade_in_load_s if loaded else 0
        done.append(
            replace(
                stop,
                deck_s=policy.shunt_s * len(shunts) + load_s,
                shunts=shunts,
                trade_in=loaded,
            )
        )
    return tuple(done)
