"""Explain every order that stays behind, and find its smallest fix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from geodata.units import Minor
from routing.domain.orders import Order, Priority
from routing.explain.carrier_fix import carrier_fix
from routing.explain.carriers import FullCarrier, carrier_full, full_carrier
from routing.explain.change import apply_change
from routing.explain.effort import Effort
from routing.explain.fix_wording import fix_text, proof_text
from routing.explain.fixes import FixSearch, Found
from routing.explain.one_warehouse import of_warehouse
from routing.explain.proof import Desk
from routing.explain.reasons import TruckShortfall, judge
from routing.explain.wording import no_car_left, why_left
from routing.inserting import cost_of_all
from routing.named_routes import in_rows, standing_of
from routing.plan import FIX_SEARCH_CANCELLED, NOTHING_TO_CONCEDE, Fix, FixKind, LeftBehind, Miss
from routing.problem import Problem, build_problem
from routing.reasons import Reason, Unit
from routing.search.changing import baseline_orders, changes_of
from routing.search.solution import Solution
from routing.travel_part import travel_of

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest


def explain_left_behind(
    problem: Problem,
    solution: Solution,
    *,
    seed: int,
    effort: Effort,
    cancelled: Callable[[], bool] = lambda: False,
    on_progress: Callable[[float], None] = lambda share: None,
) -> tuple[LeftBehind, ...]:
    """Say of every order on no truck why, by how much, what is nearest, and the smallest fix.

    Promises head the list, then the dearest to leave behind; where not all get a fix, those that
    the baseline served come before all others. Same problem, solution, seed and
    effort: same answer. Once cancelled it still gives every order its reason, and looks for no
    more fixes. `on_progress` hears the share that is done.
    """
    day = problem.layout
    prices = day.request.policy.left_behind
    off = solution.served | solution.outsourced.keys()
    left = [row for row in range(len(day.orders)) if row not in off]
    if effort.fixes is not None:
        known = baseline_orders(problem)
        left.sort(key=lambda row: (row not in known, _in_line(day.orders[row], prices)))
    own = _of_our_trucks(problem, solution)
    desks: dict[str, tuple[Desk, Problem]] = {}
    routes_fen = cost_of_all(problem.tables, solution)
    found: list[tuple[Order, LeftBehind]] = []
    for number, row in enumerate(left):
        on_progress(number / len(left))
        car = day.orders[row]
        if car.from_stock:
            found.append((car, _no_stock(car)))
            continue
        if car.warehouse_id not in desks:
            desks[car.warehouse_id] = _open_desk(
                problem,
                solution,
                own,
                car.warehouse_id,
                seed=seed,
                effort=effort.shared_by(len(left)),
            )
        desk, local = desks[car.warehouse_id]
        may_fix = (effort.fixes is None or number < effort.fixes) and not cancelled()
        full = full_carrier(problem, solution, row)
        entry = _explain(desk, local, car, routes_fen, may_fix=may_fix)
        if may_fix and day.request.carriers:
            entry = _or_a_carrier(entry, carrier_fix(problem, solution, row))
        found.append((car, entry if full is None else _beside_full(entry, full)))
    on_progress(1.0)
    found.sort(key=lambda each: _in_line(each[0], prices))
    return tuple(entry for _, entry in found)


def _in_line(order: Order, prices: Mapping[Priority, Minor]) -> tuple[bool, int, str]:
    """Where an order stands among those left behind: promises first, then the dearest."""
    return not order.promised, -prices[order.priority], order.id


def _of_our_trucks(problem: Problem, solution: Solution) -> PlanRequest:
    """The day without carriers and what they bring: what is explained is why no truck does."""
    request = problem.layout.request
    given = {problem.layout.orders[row].id for row in solution.outsourced}
    changed = sum(
        bool(problem.carriers.changed[row, carrier]) for row, carrier in solution.outsourced.items()
    )
    budget = request.max_changes
    return replace(
        request,
        orders=tuple(order for order in request.orders if order.id not in given),
        carriers=(),
        max_changes=None if budget is None else max(0, budget - changed),
    )


def _or_a_carrier(entry: LeftBehind, fix: Fix | None) -> LeftBehind:
    """Take a carrier for the fix where that concedes less."""
    tried = (*entry.fix_tried, FixKind.CARRIER.value)
    if fix is None or (entry.fix is not None and entry.fix.cost_minor <= fix.cost_minor):
        return replace(entry, fix_tried=tried)
    return replace(entry, fix=fix, fix_tried=tried)


def _beside_full(entry: LeftBehind, full: FullCarrier) -> LeftBehind:
    """A carrier would have brought it, had it a place, or were there money: that comes first."""
    zh, en = carrier_full(full)
    return replace(
        entry,
        reason=Reason.CARRIER_FULL,
        short_by=full.short_by,
        unit=full.unit,
        text=f"{zh}；自有车：{entry.text}",
        text_en=f"{en}; our own trucks: {entry.text_en}",
    )


def _open_desk(
    problem: Problem,
    solution: Solution,
    request: PlanRequest,
    warehouse_id: str,
    *,
    seed: int,
    effort: Effort,
) -> tuple[Desk, Problem]:
    """Compile a warehouse's part of the day, with its part of the plan."""
    day = problem.layout
    if request.max_changes is not None:
        elsewhere = changes_of(problem, solution, outside=warehouse_id)
        request = replace(request, max_changes=max(0, request.max_changes - elsewhere))
    part = of_warehouse(request, warehouse_id)
    local = build_problem(part, travel_of(day.travel, part))
    standing = standing_of(problem, solution, warehouse_id)
    desk = Desk(
        request=request,
        travel=local.layout.travel,
        warehouse_id=warehouse_id,
        standing=standing,
        routes_fen=cost_of_all(local.tables, in_rows(local, standing)),
        seed=seed,
        effort=effort,
    )
    return desk, local


def _explain(
    desk: Desk, local: Problem, car: Order, routes_fen: int, *, may_fix: bool
) -> LeftBehind:
    row = next(at for at, each in enumerate(local.layout.orders) if each.id == car.id)
    verdict = judge(local, in_rows(local, desk.standing), row, seed=desk.seed)
    text, text_en = why_left(local, verdict)
    search = FixSearch(desk, local, row)
    fix = search.smallest() if may_fix else None
    nearest = verdict.nearest
    return LeftBehind(
        order_id=car.id,
        vin=car.vehicle.vin,
        warehouse_id=car.warehouse_id,
        address=car.address,
        priority=car.priority.value,
        promised=car.promised,
        accepted=car.windows,
        reason=nearest.shortfall.reason if nearest else Reason.NO_TRUCK,
        short_by=nearest.shortfall.short_by if nearest else 1,
        unit=nearest.shortfall.unit if nearest else Unit.CARS,
        text=text,
        text_en=text_en,
        nearest=_miss(local, nearest) if nearest else None,
        misses=tuple(_miss(local, each) for each in verdict.misses),
        fix=_fix(desk, car, fix, routes_fen) if fix else None,
        fix_tried=tuple(search.tried) if may_fix else (FIX_SEARCH_CANCELLED,),
        lat=car.place.point.lat,
        lon=car.place.point.lon,
    )


def _no_stock(car: Order) -> LeftBehind:
    """Say that no car is left for an order: no truck and no concession changes that."""
    text, text_en = no_car_left(car)
    return LeftBehind(
        order_id=car.id,
        vin="",
        warehouse_id=car.warehouse_id,
        address=car.address,
        priority=car.priority.value,
        promised=car.promised,
        accepted=car.windows,
        reason=Reason.NO_STOCK,
        short_by=1,
        unit=Unit.CARS,
        text=text,
        text_en=text_en,
        nearest=None,
        misses=(),
        fix=None,
        fix_tried=(NOTHING_TO_CONCEDE,),
        lat=car.place.point.lat,
        lon=car.place.point.lon,
    )


def _fix(desk: Desk, car: Order, found: Found, routes_fen: int) -> Fix:
    change = found.candidate.change
    text, text_en = fix_text(apply_change(desk.request, change, car.id), car, change)
    return Fix(
        kind=found.candidate.kind,
        cost_minor=Minor(found.candidate.fen),
        change=MappingProxyType({"order_id": car.id, **change}),
        text=text,
        text_en=text_en,
        proved=True,
        proof=proof_text(found, routes_fen),
    )


def _miss(local: Problem, each: TruckShortfall) -> Miss:
    return Miss(
        truck_id=local.layout.trucks[each.truck].id,
        reason=each.shortfall.reason,
        short_by=each.shortfall.short_by,
        unit=each.shortfall.unit,
    )
