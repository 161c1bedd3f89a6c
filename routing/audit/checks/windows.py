"""Service begins inside what the buyer accepts and inside the slot, typical and at the latest."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from routing.audit.case import Case, Check, Fault
from routing.audit.wording import clock, span_en, span_zh
from routing.domain.windows import Window
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    for each, stop, order in case.stops():
        for zh, en, moment in (
            ("服务开始", "service begins", stop.begins),
            ("最迟服务开始", "service at the latest begins", stop.begins_latest),
        ):
            for name, name_en, windows in (
                ("客户接受的时间", "what the buyer accepts", order.windows),
                ("时段", "its slot", (stop.slot.window,)),
            ):
                if not any(window.contains(moment) for window in windows):
                    off = _gap(moment, windows)
                    yield Fault(
                        truck_id=each.truck.id,
                        order_id=order.id,
                        text=f"订单 {order.id} {zh} {clock(moment)},不在{name}内,差 {span_zh(off)}",
                        text_en=f"order {order.id}: {en} {clock(moment)}, outside {name_en} "
                        f"by {span_en(off)}",
                    )


def _gap(moment: datetime, windows: tuple[Window, ...]) -> timedelta:
    return min(
        window.start - moment if moment < window.start else moment - window.end
        for window in windows
    )


CHECK = Check(name="windows", reason=Reason.WINDOW_MISSED, run=_run)
