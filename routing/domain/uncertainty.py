"""How far travel and handovers stray from their typical times, and at which chance a slot holds.

Typical times are medians. Every number here is an assumption until it is fitted to driven days.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import log, sqrt
from types import MappingProxyType
from typing import Final

from routing.domain.orders import DeliveryMode

MAX_CV: Final = 2.0
"""Beyond this the log-normal is no description of a road."""


def sigma_of(cv: float) -> float:
    """Standard deviation of the logarithm of a log-normal with this coefficient of variation."""
    return sqrt(log(1.0 + cv * cv))


class Judge(StrEnum):
    """What decides whether a window holds."""

    BUFFERS = "buffers"
    """The day's fixed buffers; the chance of being late is told and decides nothing."""
    QUANTILE = "quantile"
    """Buffers are set so that every slot holds with the chance `quantile`, where they can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelSpread:
    """Log-normal factor of median 1 on the driving time of each leg.

    `cv` is its coefficient of variation, `by_class` that of single road classes instead of it,
    `by_band` multiplies it for departure bands (keys: second of the local day at which the band
    begins). Of its variance the legs of one route share `route_correlation`. On top, all legs of
    a day may share a log-normal factor whose logarithm has the standard deviation `day_sd`.
    """

    cv: float = 0.15
    by_class: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    by_band: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))
    route_correlation: float = 0.3
    day_sd: float = 0.0

    def __post_init__(self) -> None:
        highest = max([self.cv, *self.by_class.values()]) * max([1.0, *self.by_band.values()])
        lowest = min([self.cv, *self.by_class.values(), *self.by_band.values()])
        if lowest < 0 or highest > MAX_CV:
            raise ValueError(f"uncertainty: a cv of travel must lie in 0..{MAX_CV:g}")
        if not 0 <= self.route_correlation <= 1:
            raise ValueError("uncertainty: route_correlation must lie in 0..1")
        if not 0 <= self.day_sd <= MAX_CV:
            raise ValueError(f"uncertainty: day_sd must lie in 0..{MAX_CV:g}")

    def sigma(self, road_class: str, band_start_s: int) -> float:
        """Spread of the logarithm for a class and the band in which a leg sets out."""
        cv = self.by_class.get(road_class, self.cv)
        return sigma_of(cv * self.by_band.get(band_start_s, 1.0))


def _handover_spread() -> Mapping[DeliveryMode, float]:
    return MappingProxyType(
        {DeliveryMode.DOOR: 0.3, DeliveryMode.MEET_POINT: 0.25, DeliveryMode.HUB: 0.15}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertaintyPolicy:
    """What is assumed of chance, and how it is judged.

    `handover_cv` is the coefficient of variation, by mode, of one log-normal factor of median 1
    on the whole service of a stop. A slot is at risk when it is missed on more than
    `1 - quantile` of `days` simulated days. `assumed` says that nothing of this was measured.
    """

    travel: TravelSpread = field(default_factory=TravelSpread)
    handover_cv: Mapping[DeliveryMode, float] = field(default_factory=_handover_spread)
    judge: Judge = Judge.BUFFERS
    quantile: float = 0.95
    days: int = 10_000
    assumed: bool = True

    def __post_init__(self) -> None:
        if not 0.5 <= self.quantile < 1:
            raise ValueError("uncertainty: quantile must lie in 0.5..1, 1 excluded")
        if not 100 <= self.days <= 1_000_000:
            raise ValueError("uncertainty: days must lie in 100..1,000,000")
        missing = [mode.value for mode in DeliveryMode if mode not in self.handover_cv]
        if missing:
            raise ValueError(f"uncertainty: no handover_cv for {', '.join(missing)}")
        if not all(0 <= cv <= MAX_CV for cv in self.handover_cv.values()):
            raise ValueError(f"uncertainty: a cv of handover must lie in 0..{MAX_CV:g}")
