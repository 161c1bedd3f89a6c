"""Worlds in which the policy's model of chance is wrong, to see how far its promises carry then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from routing.domain.uncertainty import sigma_of
from routing.robustness.chance import Chances, World, modelled, stream

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest
    from routing.robustness.journey import Journey

TAIL: Final = 3
"""Degrees of freedom of Student's t: its fourth moment is infinite."""


def common_day(request: PlanRequest, journey: Journey, *, days: int, seed: int) -> Chances:
    """Snow or a festival: all roads of a day share a factor (10 %) that the model does not know."""
    policy = request.policy
    shared = replace(policy.uncertainty.travel, day_sd=0.1)
    uncertainty = replace(policy.uncertainty, travel=shared)
    changed = replace(request, policy=replace(policy, uncertainty=uncertainty))
    return modelled(changed, journey, days=days, seed=seed)


def heavy_tails(request: PlanRequest, journey: Journey, *, days: int, seed: int) -> Chances:
    """The same spread of the logarithm, from Student's t instead of the normal distribution."""
    return _drawn(request, journey, days=days, seed=seed, heavy=True)


def slow_roads(request: PlanRequest, journey: Journey, *, days: int, seed: int) -> Chances:
    """Every drive takes a tenth longer than the matrix believes."""
    return _drawn(request, journey, days=days, seed=seed, longer=1.1)


WORLDS: Final[Mapping[str, World]] = MappingProxyType(
    {
        "as modelled": modelled,
        "a common factor of the day, 10 %": common_day,
        "heavier tails (Student's t, 3)": heavy_tails,
        "typical times 10 % low": slow_roads,
    }
)


def _drawn(
    request: PlanRequest,
    journey: Journey,
    *,
    days: int,
    seed: int,
    heavy: bool = False,
    longer: float = 1.0,
) -> Chances:
    policy = request.policy.uncertainty
    sigmas = np.array([policy.travel.sigma(journey.road_class, band) for band in journey.bands])
    dice = stream(seed, 7, *journey.stream)
    rho = policy.travel.route_correlation
    legs = np.sqrt(rho) * _spread(dice, (days, 1), heavy=heavy)
    legs = legs + np.sqrt(1 - rho) * _spread(dice, (days, len(sigmas)), heavy=heavy)
    cvs = {mode.value: cv for mode, cv in policy.handover_cv.items()}
    services = np.array([sigma_of(cvs[mode]) for mode in journey.modes])
    handovers = _spread(dice, (days, len(services)), heavy=heavy) * services
    return Chances(travel=sigmas * legs + np.log(longer), handover=handovers)


def _spread(
    dice: np.random.Generator, shape: tuple[int, int], *, heavy: bool
) -> NDArray[np.float64]:
    """Numbers of mean 0 and standard deviation 1."""
    if heavy:
        unit = np.sqrt(TAIL / (TAIL - 2))
        return np.asarray(dice.standard_t(TAIL, shape) / unit, dtype=np.float64)
    return dice.standard_normal(shape)
