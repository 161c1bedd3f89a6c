"""Every change against the plan that people know is told, priced right, and within the budget."""

from collections.abc import Iterator

from geodata.units import Minor
from routing.audit.case import Case, Check, Fault
from routing.domain.baseline import BaselineStop
from routing.plan import Route, Stop
from routing.plan_off_routes import Outsourced
from routing.plan_weights import ChangeKind, OrderChange
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    told = {each.order_id: each for each in case.plan.changes}
    right = {each.order_id: each for each in _changes(case)} if case.request.baseline else {}
    for name in sorted(told.keys() | right.keys()):
        if told.get(name) != right.get(name):
            yield Fault(
                order_id=name,
                text=f"订单 {name} 的改动应为 {_zh(right.get(name))},计划写 {_zh(told.get(name))}",
                text_en=f"order {name} changes by {_en(right.get(name))}; the plan says"
                f" {_en(told.get(name))}",
            )
    budget = case.request.max_changes
    kinds = (ChangeKind.TIME_MOVED, ChangeKind.TRUCK_CHANGED, ChangeKind.DROPPED)
    if budget is None:
        return
    counted = [each for each in right.values() if each.kind in kinds]
    forced = _forced(case, list(right.values()), counted)
    count = len(counted) - len(forced)
    if count > budget:
        yield Fault(
            text=f"改动 {count} 处,最多允许 {budget} 处(另有 {len(forced)} 处不得不改)",
            text_en=f"{count} changes, and at most {budget} are allowed"
            f" ({len(forced)} more are forced)",
        )


def _forced(case: Case, told: list[OrderChange], counted: list[OrderChange]) -> set[str]:
    """Orders that events force to change, then those whose old truck has to make way for such a
    one or for a new promise: on its deck, or at a warehouse with more trucks than bays."""
    by_event = {stop.order_id for stop in case.request.baseline if stop.forced}
    houses: dict[str, list[str]] = {}
    for route in case.plan.routes:
        houses.setdefault(route.warehouse_id, []).append(route.truck_id)
    queues = [
        set(trucks)
        for name, trucks in houses.items()
        if name in case.warehouses and len(trucks) > case.warehouses[name].bays
    ]
    found = {each.order_id for each in counted if each.order_id in by_event}
    trucks = {each.truck_after for each in counted if each.order_id in found}
    trucks |= {
        each.truck_after
        for each in told
        if each.kind is ChangeKind.ADDED
        and each.order_id in case.orders
        and case.orders[each.order_id].promised
    }
    trucks -= {""}
    reached: set[str] = set()
    while trucks - reached:
        reached |= trucks
        for queue in queues:
            if queue & reached:
                reached |= queue
        ways = [each for each in counted if each.truck_before in reached]
        found |= {each.order_id for each in ways}
        trucks = {each.truck_after for each in ways} - {""}
    return found


def _changes(case: Case) -> Iterator[OrderChange]:
    served = {stop.order_id: (route, stop) for route in case.plan.routes for stop in route.stops}
    given = {each.order_id: each for each in case.plan.outsourced}
    left = {each.order_id for each in case.plan.left_behind}
    before = {each.order_id: each for each in case.request.baseline}
    for name, was in before.items():
        if name in served:
            change = _of_served(case, was, *served[name])
            if change.kind is not ChangeKind.SAME:
                yield change
        elif name in given:
            if given[name].carrier_id != was.truck_id:
                yield _of_given(case, was, given[name])
        elif name in left:
            prices = case.request.policy.stability
            yield _of_absent(was, ChangeKind.DROPPED, prices.dropped + prices.per_change)
        else:
            yield _of_absent(was, ChangeKind.CANCELLED, 0)
    for name, (route, stop) in served.items():
        if name not in before:
            yield OrderChange(
                order_id=name,
                kind=ChangeKind.ADDED,
                truck_before="",
                truck_after=route.truck_id,
                begins_before=None,
                begins_after=stop.begins,
                moved_s=0,
                new_slot=True,
                cost_minor=Minor(0),
            )

    for name, entry in given.items():
        if name not in before:
            yield OrderChange(
                order_id=name,
                kind=ChangeKind.ADDED,
                truck_before="",
                truck_after=entry.carrier_id,
                begins_before=None,
                begins_after=None,
                moved_s=0,
                new_slot=True,
                cost_minor=Minor(0),
            )


def _of_given(case: Case, was: BaselineStop, entry: Outsourced) -> OrderChange:
    prices = case.request.policy.stability
    return OrderChange(
        order_id=was.order_id,
        kind=ChangeKind.TRUCK_CHANGED,
        truck_before=was.truck_id,
        truck_after=entry.carrier_id,
        begins_before=was.begins,
        begins_after=None,
        moved_s=0,
        new_slot=entry.window != was.slot,
        cost_minor=Minor(prices.truck_changed + prices.per_change),
    )


def _of_served(case: Case, was: BaselineStop, route: Route, stop: Stop) -> OrderChange:
    prices = case.request.policy.stability
    late_s = int((stop.begins - was.begins).total_seconds())
    over_s = abs(late_s) - prices.tolerance_s
    fen = prices.per_minute * ((over_s + 59) // 60) if over_s > 0 else 0
    kind = ChangeKind.TIME_MOVED if over_s > 0 else ChangeKind.SAME
    if route.truck_id != was.truck_id:
        kind, fen = ChangeKind.TRUCK_CHANGED, fen + prices.truck_changed
    if kind is not ChangeKind.SAME:
        fen += prices.per_change
    return OrderChange(
        order_id=was.order_id,
        kind=kind,
        truck_before=was.truck_id,
        truck_after=route.truck_id,
        begins_before=was.begins,
        begins_after=stop.begins,
        moved_s=late_s,
        new_slot=stop.slot.window != was.slot,
        cost_minor=Minor(fen),
    )


def _of_absent(was: BaselineStop, kind: ChangeKind, fen: int) -> OrderChange:
    return OrderChange(
        order_id=was.order_id,
        kind=kind,
        truck_before=was.truck_id,
        truck_after="",
        begins_before=was.begins,
        begins_after=None,
        moved_s=0,
        new_slot=False,
        cost_minor=Minor(fen),
    )


def _zh(change: OrderChange | None) -> str:
    if change is None:
        return "没有改动"
    where = change.truck_after or "—"
    return f"{change.kind.value}({where}, {change.moved_s} 秒, {change.cost_minor} 分)"


def _en(change: OrderChange | None) -> str:
    if change is None:
        return "nothing"
    where = change.truck_after or "-"
    return f"{change.kind.value} ({where}, {change.moved_s} s, {change.cost_minor} fen)"


CHECK = Check(name="stability", reason=Reason.CHANGE_BUDGET, run=_run)
