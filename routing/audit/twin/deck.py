"""The deck section of docs/schedule.md, read a second time: forwards, stop by stop.

Written from the page, without the planner's tables: a state is who may still be on board, as two
sets of position names, and the walk goes from departure to the last stop.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations

from routing.domain.fleet import DeckPosition, DeckTemplate
from routing.domain.vehicles import Model

Places = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinDeck:
    """The least work at a deck: cars moved, stop by stop."""

    moved: tuple[int, ...]


@lru_cache(maxsize=4096)
def least_moves(
    deck: DeckTemplate, cars: tuple[Model, ...], trade_ins: tuple[Model | None, ...]
) -> TwinDeck | None:
    """Find the fewest moves of a sequence, earliest stops first among equals; None: no room."""
    if len(cars) > len(deck.positions) or not all(
        kg <= deck.payload_kg for kg in masses_on_board(cars, trade_ins)
    ):
        return None
    blocked = blocked_by(deck)
    names = tuple(position.id for position in deck.positions)
    by_car = [standing_room(deck, car) for car in cars]
    by_old = [frozenset[str]() if old is None else standing_room(deck, old) for old in trade_ins]

    @cache
    def onward(stop: int, cars_on: Places, old_on: Places) -> tuple[int, tuple[int, ...]] | None:
        if stop == len(cars):
            return 0, ()
        best: tuple[int, tuple[int, ...]] | None = None
        for place in cars_on & by_car[stop]:
            others = (cars_on - {place}) | old_on
            for loaded in _loading(trade_ins[stop], by_old[stop] - others):
                rest = onward(stop + 1, cars_on - {place}, old_on | loaded)
                if rest is None:
                    continue
                moves = len(in_the_way({place} | loaded, others, blocked))
                found = moves + rest[0], (moves, *rest[1])
                if best is None or found < best:
                    best = found
        return best

    starts = (onward(0, frozenset(load), frozenset()) for load in combinations(names, len(cars)))
    found = [each for each in starts if each is not None]
    return TwinDeck(moved=min(found)[1]) if found else None


def _loading(old_car: Model | None, free: Places) -> Iterator[Places]:
    if old_car is None:
        yield frozenset()
    else:
        yield from (frozenset({name}) for name in free)


def masses_on_board(cars: Sequence[Model], trade_ins: Sequence[Model | None]) -> Iterator[int]:
    """Kilograms on the deck at departure and on leaving each stop."""
    kg = sum(car.mass_kg for car in cars)
    yield kg
    for car, old_car in zip(cars, trade_ins, strict=True):
        kg += (0 if old_car is None else old_car.mass_kg) - car.mass_kg
        yield kg


def standing_room(deck: DeckTemplate, car: Model) -> Places:
    """Name the positions that take a car."""
    return frozenset(place.id for place in deck.positions if _takes(place, car))


def _takes(place: DeckPosition, car: Model) -> bool:
    if place.wheel_lift and not car.wheel_lift_ok:
        return False
    return (
        place.length_mm >= car.length_mm
        and place.height_mm >= car.height_mm
        and place.mass_kg >= car.mass_kg
    )


def blocked_by(deck: DeckTemplate) -> Mapping[str, Places]:
    """Read what blocks each position directly."""
    return {position.id: frozenset(position.blocked_by) for position in deck.positions}


def in_the_way(of: Iterable[str], taken: Iterable[str], blocked: Mapping[str, Places]) -> Places:
    """Follow the blockers, taken positions only, to the last one in the way."""
    standing, found, ahead = frozenset(taken), set[str](), list(of)
    while ahead:
        for name in blocked[ahead.pop()] & standing:
            if name not in found:
                found.add(name)
                ahead.append(name)
    return frozenset(found)
