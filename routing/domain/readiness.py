"""The chain that makes a VIN fit to leave, with its p50 and p90 moment."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class StepKind(StrEnum):
    """Work on the car itself, in the order it is done."""

    ARRIVAL = "arrival"
    PDI = "pdi"
    EDITION = "edition"
    CHARGE = "charge"
    WASH = "wash"


class Precondition(StrEnum):
    """Papers and money; without them a car does not leave, however ready it is."""

    PAYMENT = "payment"
    INSURANCE = "insurance"
    TEMPORARY_PLATE = "temporary_plate"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessStep:
    """When a step of the chain is (or will be) over."""

    kind: StepKind
    done_p50: datetime
    done_p90: datetime

    def __post_init__(self) -> None:
        if self.done_p50.tzinfo is None or self.done_p90.tzinfo is None:
            raise ValueError(f"readiness step {self.kind} has no time zone")
        if self.done_p90 < self.done_p50:
            raise ValueError(f"readiness step {self.kind}: p90 is before p50")


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """All steps not yet over, and the preconditions still open.

    An empty chain with nothing missing is a car that is ready now.
    """

    steps: tuple[ReadinessStep, ...] = ()
    missing: tuple[Precondition, ...] = ()

    @property
    def binding_step(self) -> ReadinessStep | None:
        """The step that ends last at p90; None when the car is ready now."""
        return max(self.steps, key=lambda step: step.done_p90, default=None)
