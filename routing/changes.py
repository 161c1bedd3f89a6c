"""What a plan changes against the plan that people know: order by order, each with its cost.

What `flatbed repair` shows line by line, what a budget of changes counts, what stability costs.
Moments are typical (`Stop.begins`): the ones people have in their heads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from geodata.units import MINUTE_S, Minor
from routing.domain.baseline import BaselineStop
from routing.domain.policy import StabilityPolicy
from routing.plan import Plan, Route, Stop
from routing.plan_off_routes import Outsourced
from routing.plan_weights import ChangeKind, OrderChange

COUNTED: Final = frozenset({ChangeKind.TIME_MOVED, ChangeKind.TRUCK_CHANGED, ChangeKind.DROPPED})
"""What takes from a budget of changes: not what was asked for (an order added or cancelled)."""


def baseline_of(plan: Plan) -> tuple[BaselineStop, ...]:
    """Take a plan as the one that people know; what carriers bring begins, at the earliest, with
    the window that was told."""
    given = tuple(
        BaselineStop(
            order_id=each.order_id,
            truck_id=each.carrier_id,
            begins=each.window.start,
            slot=each.window,
        )
        for each in plan.outsourced
    )
    stops = tuple(
        BaselineStop(
            order_id=stop.order_id,
            truck_id=route.truck_id,
            begins=stop.begins,
            slot=stop.slot.window,
        )
        for route in plan.routes
        for stop in route.stops
    )
    return (*stops, *given)


def changes_between(
    baseline: Sequence[BaselineStop], plan: Plan, policy: StabilityPolicy
) -> tuple[OrderChange, ...]:
    """Compare a plan with a baseline: one entry per order of either, SAME ones included.

    Orders of the baseline come first, in its sequence; then those it did not serve. An order that
    neither side serves is on neither list.
    """
    served = {stop.order_id: (route, stop) for route in plan.routes for stop in route.stops}
    given = {each.order_id: each for each in plan.outsourced}
    left = {each.order_id for each in plan.left_behind}
    known = {stop.order_id for stop in baseline}
    found = []
    for before in baseline:
        if before.order_id in served:
            found.append(_moved(before, *served[before.order_id], policy))
        elif before.order_id in given:
            found.append(_given_away(before, given[before.order_id], policy))
        elif before.order_id in left:
            fen = Minor(policy.dropped + policy.per_change)
            found.append(_gone(before, ChangeKind.DROPPED, fen))
        else:
            found.append(_gone(before, ChangeKind.CANCELLED, Minor(0)))
    found += [
        OrderChange(
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
        for name, (route, stop) in served.items()
        if name not in known
    ]
    found += [
        OrderChange(
            order_id=name,
            kind=ChangeKind.ADDED,
            truck_before="",
            truck_after=each.carrier_id,
            begins_before=None,
            begins_after=None,
            moved_s=0,
            new_slot=True,
            cost_minor=Minor(0),
        )
        for name, each in given.items()
        if name not in known
    ]
    return tuple(found)


def count_changes(changes: Iterable[OrderChange]) -> int:
    """Count what takes from the budget."""
    return sum(change.kind in COUNTED for change in changes)


def change_text(change: OrderChange) -> tuple[str, str]:
    """Say one change in Chinese and English."""
    name = change.order_id
    minutes = -(-abs(change.moved_s) // MINUTE_S)
    later_zh, later_en = ("晚", "later") if change.moved_s > 0 else ("早", "earlier")
    match change.kind:
        case ChangeKind.SAME:
            return f"{name} 不变", f"{name} stays as it is"
        case ChangeKind.TIME_MOVED:
            return f"{name} {later_zh} {minutes} 分钟", f"{name} begins {minutes} min {later_en}"
        case ChangeKind.TRUCK_CHANGED:
            before, after = change.truck_before, change.truck_after
            also_zh = f"，{later_zh} {minutes} 分钟" if minutes else ""
            also_en = f", {minutes} min {later_en}" if minutes else ""
            return (
                f"{name} 由 {before} 改为 {after} 送{also_zh}",
                f"{name} moves from {before} to {after}{also_en}",
            )
        case ChangeKind.DROPPED:
            return f"{name} 不再送", f"{name} is left behind"
        case ChangeKind.ADDED:
            return f"{name} 新排到 {change.truck_after}", f"{name} is new on {change.truck_after}"
        case ChangeKind.CANCELLED:
            return f"{name} 已取消", f"{name} is cancelled"


def _moved(before: BaselineStop, route: Route, stop: Stop, policy: StabilityPolicy) -> OrderChange:
    moved_s = int((stop.begins - before.begins).total_seconds())
    beyond = max(0, abs(moved_s) - policy.tolerance_s)
    cost = policy.per_minute * -(-beyond // MINUTE_S)
    if route.truck_id != before.truck_id:
        kind = ChangeKind.TRUCK_CHANGED
        cost += policy.truck_changed
    else:
        kind = ChangeKind.TIME_MOVED if beyond else ChangeKind.SAME
    if kind is not ChangeKind.SAME:
        cost += policy.per_change
    return OrderChange(
        order_id=before.order_id,
        kind=kind,
        truck_before=before.truck_id,
        truck_after=route.truck_id,
        begins_before=before.begins,
        begins_after=stop.begins,
        moved_s=moved_s,
        new_slot=before.slot != stop.slot.window,
        cost_minor=Minor(cost),
    )


def _given_away(before: BaselineStop, after: Outsourced, policy: StabilityPolicy) -> OrderChange:
    """A carrier is another truck; when it comes, it does not say to the minute."""
    same = before.truck_id == after.carrier_id
    return OrderChange(
        order_id=before.order_id,
        kind=ChangeKind.SAME if same else ChangeKind.TRUCK_CHANGED,
        truck_before=before.truck_id,
        truck_after=after.carrier_id,
        begins_before=before.begins,
        begins_after=None,
        moved_s=0,
        new_slot=before.slot != after.window,
        cost_minor=Minor(0 if same else policy.truck_changed + policy.per_change),
    )


def _gone(before: BaselineStop, kind: ChangeKind, cost: Minor) -> OrderChange:
    return OrderChange(
        order_id=before.order_id,
        kind=kind,
        truck_before=before.truck_id,
        truck_after="",
        begins_before=before.begins,
        begins_after=None,
        moved_s=0,
        new_slot=False,
        cost_minor=cost,
    )
