"""The steps of planning, as plan.json tells them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geodata.units import Minor


class EffortUnit(StrEnum):
    """What the effort of a step is counted in: repeatable, unlike seconds of a clock."""

    ITERATIONS = "iterations"
    DETERMINISTIC_S = "deterministic_s"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One step of planning: fen before and after it, left-behind orders priced in (None: there was
    no plan before, or it is not counted again), the least it can be (None: nothing was proved)."""

    name: str
    engine: str
    cost_before: Minor | None
    cost_after: Minor | None
    bound: Minor | None
    served: int
    effort: float
    unit: EffortUnit
    text: str
    text_en: str
