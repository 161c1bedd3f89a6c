"""Prices become whole numbers without losing money, as far as whole numbers go."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from routing.model import Model
from routing.search.engines.whole_money import money_scale, whole
from tests.models import plain_model


def priced(**values: float) -> Model:
    model = plain_model([(0, 0), (10, 0), (0, 10)])
    arrays = {name: np.array([value]) for name, value in values.items()}
    return replace(model, fleet=replace(model.fleet, closes=np.array([86_400]), **arrays))


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ({"per_distance": 2.0, "fixed": 30.0}, 1),
        ({"per_distance": 0.25, "fixed": 30.0}, 100),
        ({"per_distance": 350 / 1_000}, 100),
        ({"per_duration": 4_500 / 3_600}, 100),
        ({"per_duration": 4_000 / 3_600}, 3_600),
        ({"per_distance": 351 / 1_000, "per_duration": 4_001 / 3_600}, 18_000),
    ],
)
def test_takes_the_smallest_factor_that_makes_every_price_whole(
    values: dict[str, float], scale: int
) -> None:
    """Fen a kilometre and fen an hour, by the metre and by the second, are whole by 18,000."""
    assert money_scale(priced(**values)) == scale


def test_prizes_count_and_prices_of_nobody_do_not() -> None:
    """A required client has no prize, whatever its row says."""
    model = priced()
    model = replace(model, clients=replace(model.clients, prize=np.array([0.5, 0.0])))
    assert money_scale(model) == 1
    optional = replace(model.clients, required=np.zeros(2, dtype=np.bool_))
    assert money_scale(replace(model, clients=optional)) == 10


def test_is_as_near_as_fits_when_no_factor_will_do() -> None:
    """A seventh: half a unit in a million at most; less room, less near."""
    model = priced(per_distance=1 / 7)
    assert money_scale(model) == 1_000_000
    assert whole(model.fleet.per_distance, 1_000_000).tolist() == [142_857]
    assert money_scale(model, limit=1_000) < 1_000_000
