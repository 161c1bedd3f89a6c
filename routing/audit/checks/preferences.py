"""Minutes outside the times that buyers would like best are priced as the policy says."""

from collections.abc import Iterator
from datetime import datetime

from routing.audit.case import Case, Check, Fault
from routing.domain.windows import Window
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    price = case.request.policy.preferences.per_minute
    for each in case.routes:
        right = price * sum(_minutes(stop.begins, order.preferred) for stop, order in each.stops)
        stated = each.route.soft.preferred
        if stated != right:
            yield Fault(
                truck_id=each.truck.id,
                text=f"{each.truck.plate} 期望时段之外写 {stated} 分,应为 {right} 分",
                text_en=f"{each.truck.id} counts {stated} fen for preferred times, not {right}",
            )


def _minutes(begins: datetime, preferred: tuple[Window, ...]) -> int:
    """Begun minutes to the nearest second at which the buyer would like it."""
    if not preferred or any(window.contains(begins) for window in preferred):
        return 0
    away = [
        int((each.start - begins).total_seconds())
        if begins < each.start
        else int((begins - each.end).total_seconds()) + 1
        for each in preferred
    ]
    return (min(away) + 59) // 60


CHECK = Check(name="preferences", reason=Reason.OUTSIDE_PREFERRED, run=_run)
