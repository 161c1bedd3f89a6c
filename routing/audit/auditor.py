"""The audit: every check over one plan."""

from geodata.matrix import TravelMatrix
from routing.audit.case import open_case
from routing.audit.checks.registry import CHECKS
from routing.audit.findings import AuditReport, Finding
from routing.domain.request import PlanRequest
from routing.plan import Plan


def audit_plan(request: PlanRequest, travel: TravelMatrix, plan: Plan) -> AuditReport:
    """Check a plan against its request and matrix, without a thought of how it was made.

    Never raises on a bad plan: whatever is wrong with it is a finding. Checks do not stop at the
    first fault, and one fault may be found by several checks.
    """
    case = open_case(request, travel, plan)
    return AuditReport(
        findings=tuple(
            Finding(
                check=check.name,
                reason=check.reason,
                truck_id=fault.truck_id,
                order_id=fault.order_id,
                text=fault.text,
                text_en=fault.text_en,
            )
            for check in CHECKS
            for fault in check.run(case)
        ),
        checks=tuple(check.name for check in CHECKS),
    )
