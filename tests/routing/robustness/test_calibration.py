"""What the plan tells of chance comes true on fresh days, as far as the model is true."""

from functools import cache

import numpy as np

from routing.domain.uncertainty import TravelSpread
from routing.plan import Plan
from routing.robustness.chance import modelled
from routing.robustness.outlook import with_outlook
from tests.calibration import Met, meet, reliability, uncertain
from tests.generated_days import generated_day
from tests.solving import solve
from tests.strategies import Day
from tests.worlds import common_day, heavy_tails, slow_roads

SEEDS = (2, 5, 11)


@cache
def foretold() -> list[tuple[Day, Plan]]:
    """Plans of three days on roads twice as fickle as assumed, so that chances of all sizes come
    up."""
    made = []
    for seed in SEEDS:
        calm = generated_day(seed)
        day = uncertain(calm, travel=TravelSpread(cv=0.4))
        plan = solve(day.request, day.travel).plan
        made.append((day, with_outlook(day.request, day.travel, plan, seed=1)))
    return made


def test_chances_come_true_within_binomial_error() -> None:
    """Other random numbers, same model: each stop's share differs by chance and no more."""
    found = [met for day, plan in foretold() for met in meet(day, plan, world=modelled, seed=77)]
    apart = np.array([each.z for each in found])
    assert len(found) >= 50
    assert len({each.low for each in reliability(found)}) >= 5
    # of some hundred standard normal numbers the largest is near 2.6; 4.5 once in 150,000
    assert np.abs(apart).max() < 4.5
    for each in reliability(found):
        # stops of one route err together: twice the error of one stop
        error = np.sqrt(2 * max(each.told * (1 - each.told), 1e-4) / 10_000)
        assert abs(each.met - each.told) < 4 * error, each


def test_eight_days_of_ten_begin_within_the_interval() -> None:
    """80 % by definition; more where the interval ends at the opening of the slot."""
    found = [met for day, plan in foretold() for met in meet(day, plan, world=modelled, seed=78)]
    # five standard errors of a share of 10,000 days, twice (told and met)
    assert min(each.inside for each in found) > 0.8 - 0.03
    assert any(each.inside > 0.95 for each in found)


def test_a_world_that_breaks_the_model_is_missed_and_seen() -> None:
    """Slow roads make more of the handovers late than told, and so does a common bad day."""
    told, slow = _late(world_seed=5)
    assert slow["as told"] - told < 0.01
    assert slow["slow"] > told * 1.1
    assert slow["common"] != told and slow["tails"] != told


def _late(*, world_seed: int) -> tuple[float, dict[str, float]]:
    worlds = {
        "as told": modelled, "slow": slow_roads, "common": common_day, "tails": heavy_tails,
    }  # fmt: skip
    shares: dict[str, float] = {}
    told = 0.0
    for name, world in worlds.items():
        found: list[Met] = [
            met for day, plan in foretold() for met in meet(day, plan, world=world, seed=world_seed)
        ]
        told = float(np.mean([each.p_late for each in found]))
        shares[name] = float(np.mean([each.late for each in found]))
    return told, shares
