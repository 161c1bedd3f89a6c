"""The crew of a truck, and who meets it at the buyer, have every skill the order asks for."""

from collections.abc import Iterator

from routing.audit.case import Case, Check, Fault
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    for each, stop, order in case.stops():
        person = case.specialists.get(stop.specialist_id)
        known = each.truck.skills | (person.skills if person is not None else frozenset())
        missing = sorted(order.skills - known)
        if missing:
            names = ", ".join(missing)
            yield Fault(
                truck_id=each.truck.id,
                order_id=order.id,
                text=f"订单 {order.id} 需要技能 {names},{each.truck.plate} 的人员没有",
                text_en=f"order {order.id} needs {names}, which the crew of {each.truck.id} lacks",
            )


CHECK = Check(name="skills", reason=Reason.SKILL_MISSING, run=_run)
