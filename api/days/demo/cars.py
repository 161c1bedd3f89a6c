"""Invented cars: models that fit their truck together, and VINs that check out."""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import Final

from api.days.demo.design import DemoModel
from routing.deck import plan_deck
from routing.domain.fleet import DeckTemplate
from routing.domain.orders import TradeIn
from routing.domain.vehicles import Model, vin_check_digit

WMI: Final = "L0Z"
"""Invented: China by its first two characters, no maker that is known to us by the third."""

MODEL_YEARS: Final = "ABCDEFGHJKLMNPRSTVWXY123456789"
"""The tenth character repeats every 30 years from 2010 (GB 16735-2019)."""

DRAWS: Final = 12


def vins(day: date, *, rng: Random) -> Iterator[str]:
    """Yield what stands behind the check digit: year, plant and a serial that only grows."""
    year = MODEL_YEARS[(day.year - 2010) % len(MODEL_YEARS)]
    serial = rng.randrange(100_000, 400_000)
    while True:
        yield f"{year}A{serial:06d}"
        serial += rng.randrange(3, 900)


def vin(model: DemoModel, tail: str) -> str:
    """Put a VIN together, check digit and all."""
    stem = f"{WMI}{model.code}0{tail}"
    return stem[:8] + vin_check_digit(stem) + stem[9:]


def draw_models(
    models: Sequence[DemoModel], *, deck: DeckTemplate, old_cars: Sequence[bool], rng: Random
) -> list[DemoModel]:
    """Draw what a truck carries, in order of delivery, so that all of it fits the deck.

    `old_cars` says of each buyer whether an old car comes on board there. It may have to be moved,
    or a new one for it; of the new ones alone each goes when none is in its way.
    """
    shares = [model.share for model in models]
    # The light, short one stands anywhere: it keeps room for itself until it is replaced.
    smallest = min((model for model in models if model.share), key=lambda model: model.mass_kg)
    taken = [TradeIn(model_name="旧车").model if swaps else None for swaps in old_cars]
    drawn = [smallest] * len(old_cars)
    for index in range(len(drawn)):
        for _ in range(DRAWS):
            tried = [*drawn[:index], rng.choices(models, shares)[0], *drawn[index + 1 :]]
            cars = [as_model(model) for model in tried]
            alone = plan_deck(deck, cars)
            if alone is not None and not alone.shunts and plan_deck(deck, cars, taken) is not None:
                drawn = tried
                break
    return drawn


def as_model(model: DemoModel) -> Model:
    """Give a demonstration model as the domain knows it."""
    length_mm, width_mm, height_mm = model.size_mm
    return Model(
        id=model.name,
        name=model.name,
        length_mm=length_mm,
        width_mm=width_mm,
        height_mm=height_mm,
        mass_kg=model.mass_kg,
        wheel_lift_ok=model.wheel_lift_ok,
    )
