"""No truck is sent where it is too big for the road."""

from collections.abc import Iterator

from routing.audit.case import Case, Check, Fault
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    for each, _, order in case.stops():
        excess = each.truck.kind.size - order.access.size
        if excess > 0:
            yield Fault(
                truck_id=each.truck.id,
                order_id=order.id,
                text=f"订单 {order.id} 处最大可进 {order.access.value},"
                f"{each.truck.plate} 是 {each.truck.kind.value},大 {excess} 级",
                text_en=f"order {order.id} takes at most a {order.access.value}; {each.truck.id} "
                f"is a {each.truck.kind.value}, {excess} size(s) too big",
            )


CHECK = Check(name="access", reason=Reason.ROAD_ACCESS, run=_run)
