"""Which lines of a repair hang together: what else goes back when one line does.

Asked of the exact evaluator, route by route; bays and people in own cars are not looked at, nor
trucks that reload: who rejects a line gets a repair that has them right.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from routing.plan_weights import ChangeKind
from routing.repair.diff import Diff, Line
from routing.repair.starting import drives

if TYPE_CHECKING:
    from routing.plan import Plan
    from routing.problem import Problem

Sequences = Mapping[str, tuple[str, ...]]


def with_ties(diff: Diff, before: Plan, after: Plan, problem: Problem) -> Diff:
    """Say of every line whether it can go back, and what goes with it."""
    judge = _Judge(diff, before, after, problem)
    return replace(diff, lines=tuple(judge.judged(line) for line in diff.lines))


class _Judge:
    """Puts lines back, and looks whether their trucks can drive that."""

    def __init__(self, diff: Diff, before: Plan, after: Plan, problem: Problem) -> None:
        self._lines = {line.change.order_id: line for line in diff.lines}
        self._old = _sequences(before)
        self._new = _sequences(after)
        self._reloading = {
            route.truck_id for plan in (before, after) for route in plan.routes if route.reloads
        }
        self._problem = problem
        self._truck = {truck.id: row for row, truck in enumerate(problem.layout.trucks)}
        self._order = {order.id: row for row, order in enumerate(problem.layout.orders)}

    def judged(self, line: Line) -> Line:
        """Find the lines that change with this one when it goes back: one if one is enough, else
        all of its old truck."""
        change = line.change
        if change.kind is ChangeKind.CANCELLED:
            return replace(line, stays=True)
        reloads = {change.truck_before, change.truck_after} & self._reloading
        if change.kind is ChangeKind.ADDED or reloads or self._goes_back([line]):
            return line
        there = [
            other
            for other in self._lines.values()
            if other is not line
            and change.truck_before in (other.change.truck_before, other.change.truck_after)
            and other.change.kind is not ChangeKind.CANCELLED
        ]
        if not self._goes_back([line], without=set(self._new.get(change.truck_before, ()))):
            return replace(line, stays=True)
        for some in (*([other] for other in there), there):
            names = {other.change.order_id for other in some}
            if self._goes_back([line, *some]) or self._goes_back([line], without=names):
                return replace(line, tied=tuple(sorted(other.number for other in some)))
        return line

    def _goes_back(self, lines: Sequence[Line], *, without: Collection[str] = ()) -> bool:
        """Tell whether their old trucks can bring them again, when some others are not there."""
        back = {line.change.order_id: line.change for line in lines}
        for truck in {each.truck_before for each in back.values()} - {""}:
            if truck not in self._truck:
                return False
            stays = [
                name
                for name in self._new.get(truck, ())
                if (name not in back or back[name].truck_before == truck) and name not in without
            ]
            names = _restored(stays, self._old.get(truck, ()), back.keys())
            if any(name not in self._order for name in names):
                return False
            rows = tuple(self._order[name] for name in names)
            row = self._truck[truck]
            allowed = self._problem.tables.allowed[row]
            if not all(allowed[order] for order in rows):
                return False
            if not drives(self._problem, row, rows):
                return False
            moved = (ChangeKind.TIME_MOVED, ChangeKind.SAME)
            again = any(each.kind in moved and each.truck_before == truck for each in back.values())
            if again and not without and not self._as_before(truck, names, back.keys()):
                return False
        return True

    def _as_before(self, truck: str, names: Sequence[str], back: Collection[str]) -> bool:
        """Tell whether a begin that moved can be the old one: the stops up to it are the old ones,
        without those that are not brought any more."""
        old = [name for name in self._old.get(truck, ()) if name in self._order]
        last = max((at for at, name in enumerate(names) if name in back), default=-1)
        return list(names[: last + 1]) == old[: last + 1]


def _sequences(plan: Plan) -> Sequences:
    return {route.truck_id: tuple(stop.order_id for stop in route.stops) for route in plan.routes}


def _restored(stays: Sequence[str], old: Sequence[str], back: Collection[str]) -> list[str]:
    """Put orders back into a route behind what they followed."""
    found = [name for name in stays if name not in back]
    for at, name in enumerate(old):
        if name in back:
            follows = [found.index(other) for other in old[:at] if other in found]
            found.insert(max(follows, default=-1) + 1, name)
    return found
