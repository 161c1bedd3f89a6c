"""What an audit says: one finding for each thing that is wrong."""

from dataclasses import dataclass

from routing.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault of a plan: what, which, by how much; in Chinese and in English.

    `truck_id` and `order_id` are empty where the fault is not one truck's or one order's.
    """

    check: str
    reason: Reason | None
    truck_id: str
    order_id: str
    text: str
    text_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """Everything found, in the order of the checks, and the checks that were run."""

    findings: tuple[Finding, ...]
    checks: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Tell whether a person may see this plan."""
        return not self.findings
