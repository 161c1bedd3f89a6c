"""How likely a stop is reached inside its window: an estimate from the slack, for ranking offers.

The policy's spreads are taken for a normal distribution of the moment of arrival, legs as one
drive, services before it as independent. The simulation of a finished plan says more.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

from routing.domain.orders import Order
from routing.domain.policy import PlanPolicy


def chance_on_time(
    policy: PlanPolicy, order: Order, road_class: str, *, typical_s: int, left_s: int, stops: int
) -> float:
    """Chance (0 to 1) that a service begins before its window ends.

    `typical_s` from departure to the typical begin, `left_s` from there to the end of the window;
    `stops` others on the route, of which half are taken to lie before it and to last as long as
    this one.
    """
    spread = policy.uncertainty
    service = order.unload_s + order.handover_s
    before = stops / 2
    drives = max(0.0, typical_s - before * service)
    roads = drives * sqrt(spread.travel.sigma(road_class, 0) ** 2 + spread.travel.day_sd**2)
    services = service * spread.handover_cv[order.mode] * sqrt(before)
    sigma = sqrt(roads**2 + services**2)
    if sigma == 0:
        return 1.0 if left_s > 0 else 0.0
    return round(NormalDist().cdf(left_s / sigma), 4)
