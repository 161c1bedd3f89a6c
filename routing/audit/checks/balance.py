"""Hours above and below the target of a duty are priced as the policy says."""

from collections.abc import Iterator

from routing.audit.case import Case, Check, Fault
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    policy = case.request.policy.balance
    for each in case.routes:
        duty_s = sum(int(duty.total_seconds()) for duty in each.duties_latest)
        over_s, under_s = max(0, duty_s - policy.target_s), max(0, policy.target_s - duty_s)
        right = (policy.above_per_hour * over_s + 1800) // 3600
        right += (policy.below_per_hour * under_s + 1800) // 3600
        stated = each.route.soft.balance
        if stated != right:
            yield Fault(
                truck_id=each.truck.id,
                text=f"{each.truck.plate} 工时均衡写 {stated} 分,应为 {right} 分",
                text_en=f"{each.truck.id} counts {stated} fen for balance, not {right}",
            )


CHECK = Check(name="balance", reason=Reason.UNBALANCED, run=_run)
