"""What the auditor objects to, as a revision keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routing.audit import AuditReport
from routing.audit.report import report_json


def findings_of(report: AuditReport) -> tuple[Mapping[str, Any], ...]:
    """Give the findings of a report as JSON; none: the plan may be used."""
    told: Any = report_json(report)["findings"]
    return tuple(told)
