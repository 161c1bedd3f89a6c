"""An audit in words for a terminal, and as a document for programs."""

from collections.abc import Mapping
from typing import Final, Literal

from routing.audit.findings import AuditReport

Lang = Literal["zh", "en"]

NAMES_ZH: Final[Mapping[str, str]] = {
    "bookkeeping": "账目",
    "commitments": "承诺",
    "locks": "锁定",
    "crew": "司机",
    "trips": "趟次",
    "deck": "装载",
    "skills": "技能",
    "specialists": "专员",
    "meetings": "专员会合",
    "access": "道路准入",
    "readiness": "车辆就绪",
    "bays": "装车位",
    "trade_ins": "置换车",
    "shunts": "倒车",
    "timeline": "时间衔接",
    "outlook": "误点推演",
    "travel": "路程",
    "windows": "时间窗",
    "slots": "时段",
    "driving": "连续驾驶",
    "bans": "限行",
    "duty": "班次与出勤",
    "schedule": "按时段重排",
    "costs": "费用",
    "carriers": "外协",
    "nights": "在外过夜",
    "stability": "改动",
    "preferences": "期望时段",
    "emissions": "碳排放",
    "balance": "工时均衡",
    "stock": "库存",
    "left_behind": "留下的订单",
}
"""Names of the checks for Chinese readers."""


def report_text(report: AuditReport, lang: Lang = "zh") -> str:
    """Write the report for a person: one line when clean, else one line per finding."""
    count, checks = len(report.findings), len(report.checks)
    if lang == "zh":
        if report.clean:
            return f"审核通过:{checks} 项检查均无问题"
        head = f"审核未通过:{checks} 项检查发现 {count} 个问题"
        lines = [f"  [{NAMES_ZH[each.check]}] {each.text}" for each in report.findings]
    else:
        if report.clean:
            return f"audit clean: {checks} checks found nothing"
        head = f"audit failed: {checks} checks found {count} fault(s)"
        lines = [f"  [{each.check}] {each.text_en}" for each in report.findings]
    return "\n".join([head, *lines])


def report_json(report: AuditReport) -> dict[str, object]:
    """Turn the report into plain values for `json.dumps`; `reason` is null where no rule is."""
    return {
        "clean": report.clean,
        "checks": list(report.checks),
        "findings": [
            {
                "check": each.check,
                "reason": None if each.reason is None else each.reason.value,
                "truck_id": each.truck_id,
                "order_id": each.order_id,
                "text": each.text,
                "text_en": each.text_en,
            }
            for each in report.findings
        ],
    }
