"""With every slot a hard window and all buffers on, the route still works, at the moments shown.

The twin drives the same stops from the same load and departure.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.audit.twin.values import TwinMiss, TwinSchedule, TwinVisit
from routing.audit.wording import clock, span_en, span_zh
from routing.plan import Reload


def _run(case: Case) -> Iterator[Fault]:
    for each in case.routes:
        if each.rehearsal is None:
            continue
        outcome = each.rehearsal.outcome
        if isinstance(outcome, TwinMiss):
            yield _infeasible(each, outcome)
        else:
            yield from _moments(case, each, outcome)


def _infeasible(each: RouteCase, miss: TwinMiss) -> Fault:
    order_id = "" if miss.stop is None else each.halt_ids[miss.stop]
    short = timedelta(seconds=miss.short_s)
    return Fault(
        truck_id=each.truck.id,
        order_id=order_id,
        text=f"{each.truck.plate} 按承诺时段并用尽缓冲后不可行:{miss.reason.value}"
        f"{f'(订单 {order_id})' if order_id else ''},差 {span_zh(short)}",
        text_en=f"{each.truck.id} fails with its slots hard and buffers used up: "
        f"{miss.reason.value}{f' at order {order_id}' if order_id else ''}, "
        f"short by {span_en(short)}",
    )


def _moments(case: Case, each: RouteCase, twin: TwinSchedule) -> Iterator[Fault]:
    route = each.route
    shown: list[tuple[str, str, str, datetime, int]] = []
    for stop, typical, buffered in zip(
        route.halts, twin.typical.visits, twin.buffered.visits, strict=True
    ):
        if isinstance(stop, Reload):
            shown += _moments_of_reload(stop, typical, buffered)
            continue
        shown += [
            (stop.order_id, "到达", "arrives", stop.leg.arrives, typical.drive.arrives),
            (stop.order_id, "服务开始", "begins", stop.begins, typical.begins),
            (stop.order_id, "最迟开始", "begins_latest", stop.begins_latest, buffered.begins),
            (stop.order_id, "离开", "leaves", stop.leaves, typical.leaves),
        ]
    shown += [
        ("", "返回", "returns", route.returns, twin.typical.returns),
        ("", "最迟返回", "returns_latest", route.returns_latest, twin.buffered.returns),
    ]
    for night, typically, latest in zip(
        route.nights, twin.typical.nights, twin.buffered.nights, strict=True
    ):
        shown += [
            ("", "过夜开始", "night begins", night.start, typically[0]),
            ("", "过夜结束", "night ends", night.end, typically[1]),
            ("", "最迟过夜开始", "night begins at the latest", night.start_latest, latest[0]),
            ("", "最迟过夜结束", "night ends at the latest", night.end_latest, latest[1]),
        ]
    for order_id, zh, en, stated, true_s in shown:
        true = case.request.horizon_start + timedelta(seconds=true_s)
        if stated != true:
            off = stated - true
            yield Fault(
                truck_id=each.truck.id,
                order_id=order_id,
                text=f"{each.truck.plate} {f'订单 {order_id} ' if order_id else ''}{zh}"
                f"写 {clock(stated)},按规则应为 {clock(true)},差 {span_zh(off)}",
                text_en=f"{each.truck.id}{f', order {order_id}' if order_id else ''}: {en} "
                f"{clock(stated)}, by the rules {clock(true)}, off by {span_en(off)}",
            )


def _moments_of_reload(
    reload: Reload, typical: TwinVisit, buffered: TwinVisit
) -> list[tuple[str, str, str, datetime, int]]:
    latest = reload.load_latest
    return [
        ("", "回仓", "comes home", reload.leg.arrives, typical.drive.arrives),
        ("", "再装车", "reloading begins", reload.load.start, typical.begins),
        ("", "再装车完", "reloading ends", reload.load.end, typical.ends),
        ("", "最迟再装车", "reloading at the latest begins", latest.start, buffered.begins),
        ("", "最迟再装车完", "reloading at the latest ends", latest.end, buffered.ends),
        ("", "再出发", "leaves again", reload.leaves, typical.leaves),
    ]


CHECK = Check(name="schedule", reason=None, run=_run)
