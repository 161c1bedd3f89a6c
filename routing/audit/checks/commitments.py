"""A promised window never moves; an unkept promise heads the left-behind list."""

from collections.abc import Iterator

from routing.audit.case import Case, Check, Fault
from routing.audit.wording import clock
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    yield from _on_routes(case)
    yield from _left_behind(case)


def _on_routes(case: Case) -> Iterator[Fault]:
    for each, stop, order in case.stops():
        slot = stop.slot
        if order.promised and slot.window != order.windows[0]:
            promise = order.windows[0]
            yield Fault(
                truck_id=each.truck.id,
                order_id=order.id,
                text=f"订单 {order.id} 已承诺 {clock(promise.start)} 至 {clock(promise.end)},"
                f"被改为 {clock(slot.window.start)} 至 {clock(slot.window.end)}",
                text_en=f"order {order.id} was promised {clock(promise.start)} to "
                f"{clock(promise.end)}; its slot is {clock(slot.window.start)} to "
                f"{clock(slot.window.end)}",
            )
        if slot.promised != order.promised:
            yield Fault(
                truck_id=each.truck.id,
                order_id=order.id,
                text=f"订单 {order.id} {'已' if order.promised else '未'}承诺,计划写反了",
                text_en=f"order {order.id} is {'' if order.promised else 'not '}promised; "
                "the plan says the opposite",
            )


def _left_behind(case: Case) -> Iterator[Fault]:
    others_seen = False
    for entry in case.plan.left_behind:
        order = case.orders.get(entry.order_id)
        if order is None:
            continue
        if entry.promised != order.promised:
            yield Fault(
                order_id=order.id,
                text=f"留下的订单 {order.id} {'已' if order.promised else '未'}承诺,计划写反了",
                text_en=f"order {order.id}, left behind, is {'' if order.promised else 'not '}"
                "promised; the plan says the opposite",
            )
        if entry.accepted != order.windows:
            yield Fault(
                order_id=order.id,
                text=f"留下的订单 {order.id} 的时间被改动",
                text_en=f"the windows of order {order.id}, left behind, were moved",
            )
        if order.promised and others_seen:
            yield Fault(
                order_id=order.id,
                text=f"已承诺的订单 {order.id} 应排在留下清单最前",
                text_en=f"promised order {order.id} must head the left-behind list",
            )
        others_seen = others_seen or not order.promised


CHECK = Check(name="commitments", reason=Reason.PROMISE_BROKEN, run=_run)
