"""What the plan says about the orders it leaves: reasons that are plainly wrong, hollow fixes."""

from collections.abc import Iterator, Sequence

from routing.audit.case import Case, Check, Fault
from routing.audit.claims import disproved, serves_alone
from routing.domain.fleet import Truck
from routing.domain.orders import Order
from routing.plan import Fix, LeftBehind
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    for entry in case.plan.left_behind:
        order = case.orders.get(entry.order_id)
        if order is None:
            continue
        for zh, en in (
            *_false_reason(case, entry, order),
            *_false_misses(case, entry),
            *_hollow_fix(entry),
        ):
            yield Fault(
                order_id=order.id,
                text=f"留下的订单 {order.id}:{zh}",
                text_en=f"order {order.id}, left behind: {en}",
            )


def _false_reason(case: Case, entry: LeftBehind, order: Order) -> Iterator[tuple[str, str]]:
    fleet = [each for each in case.request.trucks if each.warehouse_id == order.warehouse_id]
    nearest = case.trucks.get(entry.nearest.truck_id) if entry.nearest is not None else None
    asked = [nearest] if nearest is not None else fleet
    if disproved(entry.reason, case, order, asked):
        yield (
            f"原因 {entry.reason.value} 不成立",
            f"the reason {entry.reason.value} does not hold",
        )
    if order.promised:
        yield from _promise_for_nothing(case, order, fleet)
    elif (
        nearest is not None
        and nearest.id in case.at_home
        and entry.reason not in _FITS_BUT
        and serves_alone(case, nearest, order)
    ):
        yield (
            f"闲置的 {nearest.plate} 单独就能送,原因 {entry.reason.value} 不成立",
            f"idle truck {nearest.id} can serve it alone, so {entry.reason.value} does not hold",
        )


_FITS_BUT = frozenset({Reason.COSTS_TOO_MUCH, Reason.PROMISE_BROKEN, Reason.CARRIER_FULL})
"""Reasons that do not say a truck cannot: they say what serving the order would cost. They excuse
no broken promise."""


def _promise_for_nothing(
    case: Case, order: Order, fleet: Sequence[Truck]
) -> Iterator[tuple[str, str]]:
    """Find a truck that stays at home and could keep a promise, whatever the plan's reason."""
    for truck in fleet:
        if truck.id in case.at_home and serves_alone(case, truck, order):
            yield (
                f"已承诺,闲置的 {truck.plate} 单独就能送:任何原因都不成立",
                f"it is promised, and idle truck {truck.id} can serve it alone: no reason excuses"
                " that",
            )
            return


def _false_misses(case: Case, entry: LeftBehind) -> Iterator[tuple[str, str]]:
    if entry.short_by < 0:
        yield f"差额 {entry.short_by} 为负", f"short_by {entry.short_by} is negative"
    named = [miss.truck_id for miss in entry.misses]
    if entry.nearest is not None:
        named.append(entry.nearest.truck_id)
    for truck_id in sorted(set(named) - case.trucks.keys()):
        yield (
            f"提到的板车 {truck_id} 不在车队里",
            f"names truck {truck_id}, which is not in the request",
        )
    if entry.nearest is not None and entry.misses and entry.nearest not in entry.misses:
        yield (
            f"最接近的 {entry.nearest.truck_id} 不在各车原因之中",
            f"the nearest miss, {entry.nearest.truck_id}, is not one of the misses listed",
        )


def _hollow_fix(entry: LeftBehind) -> Iterator[tuple[str, str]]:
    if entry.fix is None:
        if not entry.fix_tried:
            yield "没有办法,也没写试过什么", "has no fix and does not say what was tried"
        return
    yield from _faults_of_fix(entry.fix)


def _faults_of_fix(fix: Fix) -> Iterator[tuple[str, str]]:
    if not fix.change:
        yield f"办法 {fix.kind.value} 没写改什么", f"the fix {fix.kind.value} changes nothing"
    if fix.proved and not fix.proof:
        yield f"办法 {fix.kind.value} 称已证明,但无证据", f"the fix {fix.kind.value} shows no proof"
    if fix.cost_minor < 0:
        yield (
            f"办法 {fix.kind.value} 的代价 {fix.cost_minor} 分为负",
            f"the fix {fix.kind.value} costs {fix.cost_minor} fen",
        )


CHECK = Check(name="left_behind", reason=None, run=_run)
