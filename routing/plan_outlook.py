"""What a plan says of its simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ETA_PERMILLE: Final = (100, 900)
"""Which quantiles of the simulated begins `eta_from` and `eta_to` are: eight days of ten lie
between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What was simulated (docs/robustness.md), and what came of it for the plan as a whole.

    `expected_late` is the mean number of handovers a day that miss their slot; `at_risk` names
    the orders whose slot is missed more often than on `1 - quantile` of the days.
    """

    days: int
    seed: int
    eta_permille: tuple[int, ...]
    judge: str
    quantile: float
    expected_late: float
    at_risk: tuple[str, ...]
    assumed: bool
    """True while nobody has fitted the spread of travel and handovers to driven days."""
