"""What a dispatcher and a program read of an audit; and plans too broken to be audited halfway."""

import json
from dataclasses import replace

from routing.audit import audit_plan, report_json, report_text
from routing.audit.checks.registry import CHECKS
from routing.audit.report import NAMES_ZH
from routing.reasons import Reason
from tests.routing.audit.audited_day import asked, clean_day, in_plan, in_route, in_stop


def test_a_clean_plan_is_one_line() -> None:
    """Nobody reads a list of everything that is fine."""
    report = clean_day().audit()
    assert report_text(report) == f"审核通过:{len(CHECKS)} 项检查均无问题"
    assert report_text(report, "en") == f"audit clean: {len(CHECKS)} checks found nothing"
    assert report_json(report) == {
        "clean": True,
        "checks": [check.name for check in CHECKS],
        "findings": [],
    }


def test_a_finding_says_what_which_and_by_how_much_in_both_languages() -> None:
    """The dispatcher reads Chinese, the log English, the program a code."""
    late = asked("trucks", "T1", shift_end=clean_day().plan.routes[0].returns)(clean_day())
    report = late.audit()
    assert not report.clean
    zh, en = report_text(report).splitlines(), report_text(report, "en").splitlines()
    assert zh[0] == f"审核未通过:{len(CHECKS)} 项检查发现 2 个问题"
    assert zh[1] == "  [班次与出勤] 豫A·T1 最迟 11-23 15:57:00 返回,晚于班次 27分"
    assert en[1] == "  [duty] T1 returns at the latest at 11-23 15:57:00, 27 min after its shift"
    document = report_json(report)
    assert json.loads(json.dumps(document)) == document
    first = report.findings[0]
    assert (first.reason, first.truck_id, first.order_id) == (Reason.DUTY_EXCEEDED, "T1", "")


def test_every_check_has_a_chinese_name() -> None:
    """A check without one would fail the report on the very plan it rejects."""
    assert set(NAMES_ZH) == {check.name for check in CHECKS}


def test_every_reason_is_guarded_by_exactly_one_check() -> None:
    """One rule, one reason, one audit check; the rest of the checks guard the books."""
    reasons = [check.reason for check in CHECKS if check.reason is not None]
    assert sorted(reasons) == sorted(Reason)


def test_a_plan_full_of_strangers_is_a_list_of_findings_and_no_crash() -> None:
    """Unknown trucks, orders and places are faults of the plan; the audit goes on beside them."""
    day = clean_day()
    strange = in_stop("O2", order_id="O99", place_id="km999")(
        in_route("T2", truck_id="T99", stops=())(day)
    )
    checks = {each.check for each in strange.audit().findings}
    assert {"bookkeeping", "deck", "travel"} <= checks


def test_an_empty_plan_leaves_every_order_unexplained() -> None:
    """No route and no list: each order and each truck is missed by name."""
    findings = in_plan(routes=(), left_behind=(), idle=())(clean_day()).audit().findings
    assert {each.order_id for each in findings if each.order_id} == {f"O{n}" for n in range(1, 7)}
    assert {each.truck_id for each in findings if each.truck_id} == {"T1", "T2", "T3"}


def test_a_matrix_of_other_places_is_a_finding() -> None:
    """A plan audited against the wrong roads must fail loudly, not by an exception."""
    day = clean_day()
    names = tuple(f"else-{name}" for name in day.travel.place_ids)
    findings = audit_plan(day.request, replace(day.travel, place_ids=names), day.plan).findings
    assert any("is not in the travel matrix" in each.text_en for each in findings)
