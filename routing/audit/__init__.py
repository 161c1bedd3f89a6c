"""The independent auditor: it checks a plan against its request and never saw the solver."""

from routing.audit.auditor import audit_plan
from routing.audit.findings import AuditReport, Finding
from routing.audit.report import report_json, report_text

__all__ = ["AuditReport", "Finding", "audit_plan", "report_json", "report_text"]
