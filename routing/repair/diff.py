"""What a repair changes, line by line, with the cost of each line and of each truck."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from geodata.units import MINUTE_S, Minor
from routing.changes import baseline_of, changes_between, count_changes
from routing.plan import Plan
from routing.plan_weights import ChangeKind, OrderChange
from routing.repair.forced import forced_changes
from routing.repair.standing import on_the_road

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One order that changes. `counts` takes from the budget of changes; `forced`: it would, had
    not an event or a promise asked for it.

    `share_minor` is this line's share of what its trucks cost more or less (fen): a truck's
    difference is split evenly over the lines that it is in, so all lines add up to the whole.
    Were the line to go back, the lines `tied` to it would have to change, too: go back with it, or
    find another place; `stays`: it cannot go back, whatever the others do.
    """

    number: int
    change: OrderChange
    counts: bool
    forced: bool
    share_minor: Minor
    tied: tuple[int, ...] = ()
    stays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckCost:
    """A truck whose route costs something else, or changes: fen before and after.

    `sunk`: it was lost on the road. The new plan bills it for the stops it has made at most, and
    what it costs less is no saving.
    """

    truck_id: str
    before_minor: Minor
    after_minor: Minor
    sunk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """All that changes. An order in no line keeps truck and begin to the minute.

    `changes` orders change; all but the `forced` ones take from `max_changes` (None: no bound).
    `restowed` are trucks on the road
    whose cars the new plan writes at other deck positions than those they stand at.
    """

    now: datetime
    lines: tuple[Line, ...]
    trucks: tuple[TruckCost, ...]
    changes: int
    forced: int
    max_changes: int | None
    cost_before_minor: Minor
    cost_after_minor: Minor
    broken: tuple[str, ...]
    restowed: tuple[str, ...]

    @property
    def within_budget(self) -> bool:
        """Tell whether the bound holds for what nothing has forced."""
        return self.max_changes is None or self.changes - self.forced <= self.max_changes


def diff_of(
    before: Plan,
    after: Plan,
    *,
    now: datetime,
    request: PlanRequest,
    lost: Collection[str] = (),
) -> Diff:
    """Compare two plans of a day: dropped first, then by truck and time.

    `request` is the day that the second is for: its budget of changes, and what events have
    forced. `lost` are trucks that were lost on the road.
    """
    found = [
        change
        for change in changes_between(baseline_of(before), after, request.policy.stability)
        if change.kind is not ChangeKind.SAME or abs(change.moved_s) >= MINUTE_S
    ]
    found.sort(key=_place)
    trucks = _trucks(before, after, found, lost)
    share = _shares(found, trucks)
    forced = forced_changes(request, after, found)
    return Diff(
        now=now,
        lines=tuple(
            Line(
                number=number,
                change=change,
                counts=bool(count_changes([change])) and change.order_id not in forced,
                forced=change.order_id in forced,
                share_minor=Minor(share[change.order_id]),
            )
            for number, change in enumerate(found, start=1)
        ),
        trucks=trucks,
        changes=count_changes(found),
        forced=len(forced),
        max_changes=request.max_changes,
        cost_before_minor=before.cost_minor,
        cost_after_minor=after.cost_minor,
        broken=tuple(each.order_id for each in after.left_behind if each.promised),
        restowed=_restowed(before, after, now),
    )


def _place(change: OrderChange) -> tuple[bool, str, str, str]:
    moment = change.begins_after or change.begins_before
    when = moment.isoformat() if moment else ""
    gone = change.kind is not ChangeKind.DROPPED
    return gone, change.truck_after or change.truck_before, when, change.order_id


def _trucks(
    before: Plan, after: Plan, changes: list[OrderChange], lost: Collection[str]
) -> tuple[TruckCost, ...]:
    old, new = _cost_by(before), _cost_by(after)
    named = {truck for each in changes for truck in (each.truck_before, each.truck_after)} - {""}
    differ = {truck for truck in old | new if old.get(truck) != new.get(truck)}
    return tuple(
        TruckCost(
            truck_id=truck,
            before_minor=old.get(truck, Minor(0)),
            after_minor=new.get(truck, Minor(0)),
            sunk=truck in lost,
        )
        for truck in sorted(named | differ)
    )


def _cost_by(plan: Plan) -> dict[str, Minor]:
    """What every truck costs, and every carrier is paid."""
    cost = {route.truck_id: route.cost.total for route in plan.routes}
    for each in plan.outsourced:
        cost[each.carrier_id] = Minor(cost.get(each.carrier_id, 0) + each.price_minor)
    return cost


def _shares(changes: list[OrderChange], trucks: tuple[TruckCost, ...]) -> Mapping[str, int]:
    """Split each truck's difference over its lines, what does not divide going to the first."""
    share = dict.fromkeys((change.order_id for change in changes), 0)
    for truck in trucks:
        mine = [
            change.order_id
            for change in changes
            if truck.truck_id in (change.truck_before, change.truck_after)
        ]
        if not mine:
            continue
        each, rest = divmod(truck.after_minor - truck.before_minor, len(mine))
        for order in mine:
            share[order] += each
        share[mine[0]] += rest
    return share


def _restowed(before: Plan, after: Plan, now: datetime) -> tuple[str, ...]:
    gone = on_the_road(before, now)
    found = []
    for route in after.routes:
        if route.truck_id not in gone or route.reloads:
            continue
        stood = {car.order_id: car.position_id for car in gone[route.truck_id].route.deck}
        if any(stood.get(car.order_id) != car.position_id for car in route.deck):
            found.append(route.truck_id)
    return tuple(found)
