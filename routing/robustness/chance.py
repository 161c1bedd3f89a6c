"""Draws of chance: the same seed, day and truck give the same ones, whatever else is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from routing.domain.uncertainty import sigma_of
from routing.plan import Reload
from routing.robustness.execution import MILLION, Draws
from routing.robustness.journey import Journey

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest
    from routing.plan import Route

_DAY_STREAM = 0


class Chances(NamedTuple):
    """Logarithms of factors, one row a day: `travel` (days, legs) and `handover` (days, stops)."""

    travel: NDArray[np.float64]
    handover: NDArray[np.float64]


class World(Protocol):
    """Whoever says what happens: the policy's model, or, for its calibration, something else."""

    def __call__(self, request: PlanRequest, journey: Journey, *, days: int, seed: int) -> Chances:
        """Draw so many days of a truck's or a person's journey."""


def modelled(request: PlanRequest, journey: Journey, *, days: int, seed: int) -> Chances:
    """Draw days as the policy's model has them.

    Each truck, and each person in an own car, has a stream of its own, so that the draws of one do
    not depend on the others; the factor of the day is common to all.
    """
    policy = request.policy.uncertainty
    spread = policy.travel
    sigmas = np.array([spread.sigma(journey.road_class, band) for band in journey.bands])
    own = stream(seed, *journey.stream)
    shared = own.standard_normal((days, 1))
    each = own.standard_normal((days, len(sigmas)))
    handovers = own.standard_normal((days, len(journey.modes)))
    common = stream(seed, _DAY_STREAM).standard_normal((days, 1))
    rho = spread.route_correlation
    modes = {mode.value: sigma_of(cv) for mode, cv in policy.handover_cv.items()}
    return Chances(
        travel=sigmas * (np.sqrt(rho) * shared + np.sqrt(1 - rho) * each) + spread.day_sd * common,
        handover=handovers * np.array([modes[mode] for mode in journey.modes]),
    )


def draws_of(route: Route, chances: Chances) -> Draws:
    """Turn logarithms into whole numbers; loading between two trips takes what is planned."""
    stretch = iter(millionths(chances.handover).T)
    days = len(chances.travel)
    unload, handover = np.zeros((2, days, len(route.halts)), dtype=np.int64)
    for at, halt in enumerate(route.halts):
        if isinstance(halt, Reload):
            unload[:, at] = int((halt.load.end - halt.load.start).total_seconds())
            continue
        factor = next(stretch)
        unload[:, at] = -(-(halt.unload_s + halt.deck_s) * factor // MILLION)
        handover[:, at] = -(-halt.handover_s * factor // MILLION)
    return Draws(pace=millionths(chances.travel), unload=unload, handover=handover)


def millionths(logarithms: NDArray[np.float64]) -> NDArray[np.int64]:
    """Factors in whole millionths; at least one of them, at most a hundredfold."""
    factors = np.clip(np.exp(logarithms), 1 / MILLION, 100.0)
    return np.ascontiguousarray(np.rint(factors * MILLION).astype(np.int64))


def stream(seed: int, *names: int) -> np.random.Generator:
    """Open the stream of random numbers with this name; independent of every other one."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=names)))
