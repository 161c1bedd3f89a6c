"""No car is loaded before it is ready at p90, and none without its papers."""

from collections.abc import Iterator

from routing.audit.case import Case, Check, Fault
from routing.audit.wording import clock, span_en, span_zh
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    for each, stop, order in case.stops():
        load = next(trip.load for trip in each.route.trips if stop in trip.stops)
        step = order.readiness.binding_step
        if step is not None and load.start < step.done_p90:
            early = step.done_p90 - load.start
            yield Fault(
                truck_id=each.truck.id,
                order_id=order.id,
                text=f"订单 {order.id} 的车 {clock(step.done_p90)}(p90,{step.kind.value})才就绪,"
                f"装车早了 {span_zh(early)}",
                text_en=f"the car of order {order.id} is ready at {clock(step.done_p90)} "
                f"(p90, {step.kind.value}): loading begins {span_en(early)} too early",
            )
        if order.readiness.missing:
            names = ", ".join(order.readiness.missing)
            yield Fault(
                truck_id=each.truck.id,
                order_id=order.id,
                text=f"订单 {order.id} 前置条件未齐:{names}",
                text_en=f"order {order.id} still lacks {names}",
            )


CHECK = Check(name="readiness", reason=Reason.NOT_READY, run=_run)
