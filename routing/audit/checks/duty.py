"""Shift and duty hold, typical and at the latest; duty and overtime are added up right."""

from collections.abc import Iterator
from datetime import timedelta

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.audit.wording import clock, span_en, span_zh
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    for each in case.routes:
        for zh, en in (*_limits(each), *_sums(each)):
            yield Fault(
                truck_id=each.truck.id,
                text=f"{each.truck.plate} {zh}",
                text_en=f"{each.truck.id} {en}",
            )


def _limits(each: RouteCase) -> Iterator[tuple[str, str]]:
    truck, route = each.truck, each.route
    early = truck.shift_start - each.duty_from
    if early > timedelta(0):
        yield (
            f"{clock(each.duty_from)} 开始,早于班次 {span_zh(early)}",
            f"begins at {clock(each.duty_from)}, {span_en(early)} before its shift",
        )
    for zh, en, returns, duties in (
        ("", "", route.returns, each.duties),
        ("最迟", " at the latest", route.returns_latest, each.duties_latest),
    ):
        late = returns - truck.shift_end - timedelta(days=len(route.nights))
        if late > timedelta(0):
            yield (
                f"{zh} {clock(returns)} 返回,晚于班次 {span_zh(late)}",
                f"returns{en} at {clock(returns)}, {span_en(late)} after its shift",
            )
        over = max(duties) - timedelta(seconds=truck.duty_max_s)
        if over > timedelta(0):
            yield (
                f"{zh}出勤超过上限 {span_zh(over)}",
                f"is on duty{en} {span_en(over)} longer than allowed",
            )


def _sums(each: RouteCase) -> Iterator[tuple[str, str]]:
    route = each.route
    duties = [int(duty.total_seconds()) for duty in each.duties]
    duty_s = sum(duties)
    overtime_s = sum(max(0, duty - each.truck.overtime_after_s) for duty in duties)
    for zh, en, stated, right in (
        ("出勤", "duty", route.duty_s, duty_s),
        ("加班", "overtime", route.overtime_s, overtime_s),
    ):
        if stated != right:
            yield (f"{zh}写 {stated} 秒,应为 {right} 秒", f"states {stated} s of {en}, not {right}")


CHECK = Check(name="duty", reason=Reason.DUTY_EXCEEDED, run=_run)
