"""A change carried out: the whole plan written anew, and audited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from routing.audit import AuditReport, audit_plan
from routing.changes import changes_between
from routing.clock import RELOAD
from routing.decode import decode
from routing.errors import BadRequest
from routing.explain import Effort, explain_left_behind
from routing.giving_away import outsourced_orders
from routing.moves.board import Board, board_of
from routing.moves.values import Change, RouteChange
from routing.plan import LeftBehind, Plan
from routing.plan_off_routes import IdleTruck
from routing.plan_weights import ChangeKind, OrderChange
from routing.reasons import Reason, Unit
from routing.robustness.outlook import with_outlook
from routing.search.meetings import assign_greedily, visits_of
from routing.search.solution import Solution

BY_HAND: Final = "by_hand"
"""Stands in `LeftBehind.fix_tried` of an order that somebody took off its truck."""
ENGINE: Final = "by hand: "
"""How the engine of a plan that was changed by hand begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A changed plan on its board, and what the independent auditor says of it."""

    board: Board
    report: AuditReport


def carry_out(board: Board, change: Change, *, seed: int) -> Done:
    """Make a change, and write the whole plan anew.

    Orders that were left behind before keep their reason and fix where the auditor does not
    object; others get a reason, and no fix is looked for.

    Raises:
        BadRequest: the change names what the day does not have, or a route has no slots.
    """
    solution = _changed(board, change)
    meets = _meets(board, change, solution)
    decoded = decode(board.problem, solution, meets)
    if decoded.unslotted:
        lost = ", ".join(board.problem.layout.orders[row].id for row in decoded.unslotted)
        raise BadRequest((f"no slot is left for {lost}: preview the change again",))
    plan = board.plan
    made = plan.provenance
    engine = made.engine if made.engine.startswith(ENGINE) else f"{ENGINE}{made.engine}"
    told = ", ".join(each.truck_id for each in change.routes)
    step = f"人工调整 {told} / changed by hand: {told}"
    engines = {route.truck_id: route.engine for route in plan.routes}
    touched = {each.truck_id for each in change.routes}
    changed = replace(
        plan,
        routes=tuple(
            replace(
                route,
                engine="hand" if route.truck_id in touched else engines.get(route.truck_id, ""),
            )
            for route in decoded.routes
        ),
        specialists=decoded.specialists,
        outsourced=outsourced_orders(board.problem, decoded.solution),
        idle=_idle(board, {route.truck_id for route in decoded.routes}),
        left_behind=_left_behind(board, decoded.solution),
        provenance=replace(
            made,
            request_digest=board.request.digest,
            engine=engine,
            steps=(*made.steps, step),
        ),
        outlook=None,
    )
    changed = replace(changed, changes=_changes(board, changed))
    report = audit_plan(board.request, board.travel, changed)
    if any(each.check == "left_behind" for each in report.findings):
        changed = replace(changed, left_behind=_explained(board, decoded.solution, seed=seed))
        report = audit_plan(board.request, board.travel, changed)
    if report.clean:
        changed = with_outlook(board.request, board.travel, changed, seed=seed)
        report = audit_plan(board.request, board.travel, changed)
    return Done(board=board_of(board.request, board.problem, changed), report=report)


def _changed(board: Board, change: Change) -> Solution:
    known = board.solution
    sequences, departs, loads = dict(known.sequences), dict(known.departs), dict(known.loads)
    outsourced = dict(known.outsourced)
    second = board.problem.layout.second
    try:
        for each in change.routes:
            truck = board.truck_row[each.truck_id]
            for table in (sequences, departs, loads):
                table.pop(truck, None)
            if each.orders:
                sequences[truck] = tuple(
                    RELOAD if not name else board.order_row[name] for name in each.orders
                )
                departs[truck], loads[truck] = _fixed(each, second)
        carriers = {one.id: row for row, one in enumerate(board.request.carriers)}
        for name, carrier in change.carriers:
            outsourced.pop(board.order_row[name], None)
            if carrier:
                outsourced[board.order_row[name]] = carriers[carrier]
    except KeyError as error:
        raise BadRequest((f"the change names {error.args[0]}, which is not in the day",)) from error
    return Solution(sequences=sequences, departs=departs, loads=loads, outsourced=outsourced)


def _fixed(each: RouteChange, second: Callable[[datetime], int]) -> tuple[int, int]:
    if each.departs is None or each.loads is None:
        raise BadRequest((f"truck {each.truck_id} goes out: say when it loads and leaves",))
    return second(each.departs), second(each.loads)


def _meets(board: Board, change: Change, solution: Solution) -> Mapping[int, int]:
    """Who comes to whom: as before on routes that stay, the first who can on those that change."""
    meets = dict(board.meets)
    touched = {board.truck_row[each.truck_id] for each in change.routes}
    if not board.problem.meets.any():
        return meets
    visits = []
    for truck in touched & solution.sequences.keys():
        sequence = solution.sequences[truck]
        found = visits_of(
            board.problem, board.visitors, truck, sequence, int(solution.departs[truck])
        )
        visits += found or []
    fixed = [
        visit._replace(people=(person,))
        for truck, its in board.visits.items()
        if truck not in touched
        for person, visit in its
    ]
    known = [
        visit._replace(people=(meets[visit.order],)) if meets.get(visit.order) in visit.people
        else visit
        for visit in visits
    ]  # fmt: skip
    for wanted in (known, visits):
        given = assign_greedily(board.visitors, [*fixed, *wanted])
        if given is not None:
            return given
    return meets


def _idle(board: Board, out: set[str]) -> tuple[IdleTruck, ...]:
    known = {each.truck_id: each for each in board.plan.idle}
    several = board.request.days > 1
    return tuple(
        known.get(
            truck.id,
            IdleTruck(
                truck_id=truck.id,
                plate=truck.plate,
                warehouse_id=truck.warehouse_id,
                why="not_needed" if truck.driver_id else "no_driver",
                day=truck.shift_start.date() if several else None,
            ),
        )
        for truck in board.problem.layout.request.trucks
        if truck.id not in out
    )


def _left_behind(board: Board, solution: Solution) -> tuple[LeftBehind, ...]:
    off = solution.served | solution.outsourced.keys()
    known = {each.order_id: each for each in board.plan.left_behind}
    orders = board.problem.layout.orders
    left = [order.id for row, order in enumerate(orders) if row not in off]
    by_hand = [_taken_off(board, name) for name in left if name not in known]
    kept = [each for each in board.plan.left_behind if each.order_id in left]
    return (*kept, *by_hand)


def _taken_off(board: Board, name: str) -> LeftBehind:
    order = board.problem.layout.orders[board.order_row[name]]
    return LeftBehind(
        order_id=order.id,
        vin=order.vehicle.vin,
        warehouse_id=order.warehouse_id,
        address=order.address,
        priority=order.priority.value,
        promised=order.promised,
        accepted=order.windows,
        reason=Reason.COSTS_TOO_MUCH,
        short_by=0,
        unit=Unit.MINOR,
        text="人工取下：有车能送，调度员选择不送",
        text_en="taken off by hand: a truck could bring it, the dispatcher chose not to",
        nearest=None,
        misses=(),
        fix=None,
        fix_tried=(BY_HAND,),
        lat=order.place.point.lat,
        lon=order.place.point.lon,
    )


def _explained(board: Board, solution: Solution, *, seed: int) -> tuple[LeftBehind, ...]:
    return explain_left_behind(
        board.problem, solution, seed=seed, effort=Effort(fixes=0), cancelled=lambda: True
    )


def _changes(board: Board, plan: Plan) -> tuple[OrderChange, ...]:
    if not board.request.baseline:
        return ()
    found = changes_between(board.request.baseline, plan, board.request.policy.stability)
    return tuple(change for change in found if change.kind is not ChangeKind.SAME)
