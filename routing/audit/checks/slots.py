"""Slots have the shape the policy promises: inside an accepted window, on the grid, as wide."""

from collections.abc import Iterator
from datetime import timedelta

from geodata.units import DAY_S
from routing.audit.case import Case, Check, Fault
from routing.audit.twin.reading import second
from routing.audit.wording import clock, span_en, span_zh
from routing.domain.request import PlanRequest
from routing.domain.windows import Window


def _run(case: Case) -> Iterator[Fault]:
    policy = case.request.policy.slots
    for each, stop, order in case.stops():
        if order.promised:
            continue  # a promise keeps its window, whatever its shape: the commitments check
        coarse = order.place.radius_m > policy.coarse_radius_m
        width = timedelta(seconds=policy.coarse_width_s if coarse else policy.width_s)
        slot = stop.slot.window
        for zh, en in (
            *_faults_of_shape(slot, order.windows, width=width),
            *_faults_of_grid(case.request, slot, order.windows, width=width),
            *_faults_of_pin(stop.slot.required_fields, coarse=coarse),
        ):
            yield Fault(
                truck_id=each.truck.id,
                order_id=order.id,
                text=f"订单 {order.id} 的时段 {clock(slot.start)} 至 {clock(slot.end)}:{zh}",
                text_en=f"order {order.id}, slot {clock(slot.start)} to {clock(slot.end)}: {en}",
            )


def _faults_of_shape(
    slot: Window, accepted: tuple[Window, ...], *, width: timedelta
) -> Iterator[tuple[str, str]]:
    around = next((window for window in accepted if window.holds(slot)), None)
    if around is None:
        yield "不在客户接受的任何时间内", "lies inside no window the buyer accepts"
        return
    if around.end - around.start <= width:
        if slot != around:
            yield (
                "客户接受的时间不长于时段,应整段承诺",
                "the accepted window is no longer than a slot and should be promised whole",
            )
        return
    actual = slot.end - slot.start
    if actual != width:
        yield (
            f"长 {span_zh(actual)},应为 {span_zh(width)}",
            f"is {span_en(actual)} long, should be {span_en(width)}",
        )


def _faults_of_grid(
    request: PlanRequest, slot: Window, accepted: tuple[Window, ...], *, width: timedelta
) -> Iterator[tuple[str, str]]:
    around = next((window for window in accepted if window.holds(slot)), None)
    if around is None or around.end - around.start <= width:
        return
    grid_s = request.policy.slots.grid_s
    on_grid = second(request, slot.start) % DAY_S % grid_s == 0
    if not (on_grid or slot.start == around.start or slot.end == around.end):
        grid = timedelta(seconds=grid_s)
        yield (
            f"起点不在 {span_zh(grid)} 的格点上",
            f"does not start on the grid of {span_en(grid)}",
        )


def _faults_of_pin(required: tuple[str, ...], *, coarse: bool) -> Iterator[tuple[str, str]]:
    if coarse and "pin" not in required:
        yield "地点太粗,必须要求客户定位(pin)", "the place is too coarse: it must ask for a pin"


CHECK = Check(name="slots", reason=None, run=_run)
