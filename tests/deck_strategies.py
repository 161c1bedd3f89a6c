"""Hypothesis strategies: random decks, and random trips to load on them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from routing.domain.fleet import DeckPosition, DeckTemplate
from routing.domain.orders import TradeIn
from routing.domain.request import PlanRequest
from routing.domain.vehicles import Model
from tests.days import order, request, truck, two_level_deck


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Cars in order of delivery, and the trade-in of each stop."""

    deck: DeckTemplate
    cars: tuple[Model, ...]
    trade_ins: tuple[Model | None, ...]

    def as_request(self) -> PlanRequest:
        """A day of one truck that is to deliver these cars."""
        return request(
            *(
                order(
                    f"O{n}",
                    model=car,
                    trade_in=TradeIn(model_name="旧", model=old) if old else None,
                )
                for n, (car, old) in enumerate(zip(self.cars, self.trade_ins, strict=True))
            ),
            trucks=[truck(deck=self.deck)],
        )


@st.composite
def blocked_decks(
    draw: st.DrawFn, *, min_positions: int = 1, max_positions: int = 5, tangled: bool = False
) -> DeckTemplate:
    """Positions of different sizes; each may be blocked by any later one, with all that block it.

    `tangled`: any may stand in the way of any other, and nothing is closed.
    """
    count = draw(st.integers(min_positions, max_positions))
    names = [f"P{n}" for n in range(count)]
    blocked: dict[str, set[str]] = {}
    for at in reversed(range(count)):
        others = [*names[:at], *names[at + 1 :]] if tangled else names[at + 1 :]
        drawn = set(draw(st.lists(st.sampled_from(others), max_size=3))) if others else set()
        closed = drawn.union(*(blocked.get(name, set()) for name in drawn))
        blocked[names[at]] = drawn if tangled else closed
    positions = tuple(
        DeckPosition(
            id=name,
            length_mm=draw(st.sampled_from((4_600, 5_000, 5_300, 5_300, 5_300))),
            height_mm=draw(st.sampled_from((1_600, 2_000, 2_000, 2_000))),
            mass_kg=draw(st.sampled_from((1_900, 2_800, 2_800, 2_800))),
            wheel_lift=draw(st.sampled_from((False, False, False, False, False, True))),
            blocked_by=tuple(sorted(blocked[name])),
        )
        for name in names
    )
    payload_kg = draw(st.sampled_from((2_400, 2_400, 2_400, 1_800))) * count
    return DeckTemplate(id="drawn", positions=positions, payload_kg=payload_kg)


@st.composite
def two_level_decks(draw: st.DrawFn, *, min_positions: int, max_positions: int) -> DeckTemplate:
    """Real carriers, some with a low lower level."""
    made = two_level_deck(draw(st.integers(min_positions, max_positions)))
    low = draw(st.sampled_from((2_000, 1_600)))
    lowered = tuple(
        replace(each, height_mm=low) if each.id.startswith("下") else each
        for each in made.positions
    )
    return DeckTemplate(id=f"{made.id}-{low}", positions=lowered, payload_kg=made.payload_kg)


def car_models() -> st.SearchStrategy[Model]:
    """Small and large, low and high, liftable or not."""
    return st.builds(
        Model,
        id=st.just("drawn"),
        name=st.just("drawn"),
        length_mm=st.sampled_from((4_300, 4_300, 4_800, 5_200)),
        width_mm=st.just(1_900),
        height_mm=st.sampled_from((1_500, 1_500, 1_800)),
        mass_kg=st.sampled_from((1_600, 1_600, 2_300)),
        wheel_lift_ok=st.booleans(),
    )


@st.composite
def loads(draw: st.DrawFn, *, max_cars: int) -> Load:
    """A trip that may or may not fit, with up to two trade-ins."""
    deck = draw(blocked_decks(max_positions=max_cars, tangled=draw(st.booleans())))
    most = len(deck.positions)
    cars = draw(st.lists(car_models(), min_size=1 + most // 2, max_size=most))
    old = draw(st.lists(st.sampled_from((0, 0, 1)), min_size=len(cars), max_size=len(cars)))
    return Load(
        deck=deck,
        cars=tuple(cars),
        trade_ins=tuple(
            draw(car_models()) if swaps and sum(old[:at]) < 2 else None
            for at, swaps in enumerate(old)
        ),
    )
