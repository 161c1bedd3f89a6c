"""Draws of chance: the same seed, day and truck give the same ones, whatever else is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from routing.domain.uncertainty import sigma_of
from routing.robustness.course import departure_bands
from routing.robustness.execution import MILLION, Draws

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest
    from routing.plan import Route

_DAY_STREAM = 0
_TRUCK_STREAM = 1


class World(Protocol):
    """Whoever says what happens: the policy's model, or, for its calibration, something else."""

    def __call__(
        self,
        request: PlanRequest,
        travel: TravelMatrix,
        route: Route,
        *,
        days: int,
        seed: int,
    ) -> Draws:
        """Draw so many days of a route."""


def modelled(
    request: PlanRequest,
    travel: TravelMatrix,
    route: Route,
    *,
    days: int,
    seed: int,
) -> Draws:
    """Draw days as the policy's model has them.

    Each truck has a stream of its own, named after its id, so that the draws of one route do not
    depend on the others; the factor of the day is common to all.
    """
    policy = request.policy.uncertainty
    road_class = {each.id: each for each in request.trucks}[route.truck_id].road_class
    spread = policy.travel
    sigmas = np.array(
        [spread.sigma(road_class, band) for band in departure_bands(request, travel, route)]
    )
    own = stream(seed, _TRUCK_STREAM, crc32(route.truck_id.encode()))
    shared = own.standard_normal((days, 1))
    each = own.standard_normal((days, len(sigmas)))
    handovers = own.standard_normal((days, len(route.stops)))
    common = stream(seed, _DAY_STREAM).standard_normal((days, 1))
    rho = spread.route_correlation
    travel_log = sigmas * (np.sqrt(rho) * shared + np.sqrt(1 - rho) * each) + spread.day_sd * common
    modes = {mode.value: sigma_of(cv) for mode, cv in policy.handover_cv.items()}
    handover_log = handovers * np.array([modes[stop.mode] for stop in route.stops])
    return draws_of(route, travel_log, handover_log)


def draws_of(
    route: Route, travel_log: NDArray[np.float64], handover_log: NDArray[np.float64]
) -> Draws:
    """Turn logarithms of factors, (days, legs) and (days, stops), into whole numbers."""
    stretch = millionths(handover_log)
    unload = np.array([stop.unload_s + stop.deck_s for stop in route.stops], dtype=np.int64)
    handover = np.array([stop.handover_s for stop in route.stops], dtype=np.int64)
    return Draws(
        pace=millionths(travel_log),
        unload=(unload * stretch + MILLION - 1) // MILLION,
        handover=(handover * stretch + MILLION - 1) // MILLION,
    )


def millionths(logarithms: NDArray[np.float64]) -> NDArray[np.int64]:
    """Factors in whole millionths; at least one of them, at most a hundredfold."""
    factors = np.clip(np.exp(logarithms), 1 / MILLION, 100.0)
    return np.ascontiguousarray(np.rint(factors * MILLION).astype(np.int64))


def stream(seed: int, *names: int) -> np.random.Generator:
    """Open the stream of random numbers with this name; independent of every other one."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=names)))
