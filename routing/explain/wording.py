"""Sentences about left-behind orders, in Chinese and English, for a tired dispatcher."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geodata.units import MINUTE_S
from routing.domain.fleet import Truck, TruckKind
from routing.domain.orders import Order
from routing.domain.windows import Window
from routing.explain.reasons import TruckShortfall, Verdict
from routing.explain.shortfall import Stage
from routing.problem import Problem
from routing.reasons import Reason, Unit
from routing.rules.locks import FREE

Pair = tuple[str, str]

KINDS: Final[Mapping[TruckKind, Pair]] = {
    TruckKind.ONE_CAR: ("一拖一", "one-car flatbed"),
    TruckKind.TWO_CAR: ("一拖二", "two-car flatbed"),
    TruckKind.SHORT_CARRIER: ("短板轿运车", "short carrier"),
    TruckKind.CARRIER: ("中置轴轿运车", "car carrier"),
}
PAPERS: Final[Mapping[str, Pair]] = {
    "payment": ("尾款", "final payment"),
    "insurance": ("保险", "insurance"),
    "temporary_plate": ("临牌", "temporary plate"),
    "invoice": ("发票", "invoice"),
}


def why_left(problem: Problem, verdict: Verdict) -> Pair:
    """Say why an order stays behind, with figures; a promise at risk is named as such."""
    car = problem.layout.orders[verdict.order]
    zh, en = _why(problem, verdict, car)
    locked = int(problem.tables.locks.truck[verdict.order])
    if locked != FREE:
        on_zh, on_en = truck_text(problem.layout.trucks[locked])
        zh, en = f"{zh}；此单锁定在 {on_zh}", f"{en}; the order is locked to {on_en}"
    if car.promised:
        zh, en = f"{zh}；此单窗口已约，承诺有风险", f"{en}; its promised window is at risk"
    return zh, en


def no_car_left(car: Order) -> Pair:
    """Say that no car of the kind an order asks for is left in stock."""
    model, edition, colour = car.vehicle.model.name, car.vehicle.edition.name, car.vehicle.colour
    kind = " ".join(each for each in (model, edition, colour) if each)
    zh, en = f"库存里没有可分配的{kind}了", f"no car {kind} is left in stock"
    if car.warehouse_id:
        zh, en = f"{zh}（仓库 {car.warehouse_id}）", f"{en} at warehouse {car.warehouse_id}"
    if car.promised:
        zh, en = f"{zh}；此单窗口已约，承诺有风险", f"{en}; its promised window is at risk"
    return zh, en


def minutes(seconds: int) -> Pair:
    """Say a stretch of time, rounded up to minutes."""
    whole = -(-seconds // MINUTE_S)
    hours, rest = divmod(whole, 60)
    if not hours:
        return f"{whole} 分钟", f"{whole} min"
    if not rest:
        return f"{hours} 小时", f"{hours} h"
    return f"{hours} 小时 {rest} 分钟", f"{hours} h {rest} min"


def yuan(fen: int) -> str:
    """Say money, to the whole yuan where it is one."""
    return f"¥{fen // 100:,}" if fen % 100 == 0 else f"¥{fen / 100:,.2f}"


def window_text(window: Window) -> str:
    """Say a window of the day: 09:00–11:00."""
    return f"{window.start:%H:%M}–{window.end:%H:%M}"


def truck_text(truck: Truck) -> Pair:
    """Name a truck by its plate and kind."""
    zh, en = KINDS[truck.kind]
    return f"{truck.plate}（{zh}）", f"{truck.plate} ({en})"


def papers_text(names: list[str]) -> Pair:
    """Name papers still open."""
    return "、".join(PAPERS[name][0] for name in names), ", ".join(
        PAPERS[name][1] for name in names
    )


def _why(problem: Problem, verdict: Verdict, car: Order) -> Pair:
    day = problem.layout
    house = day.warehouses[day.warehouse_row[car.warehouse_id]]
    if verdict.nearest is None:
        return (
            f"仓库 {house.name} 今天没有能出的板车",
            f"warehouse {house.name} has no truck with a driver today",
        )
    nearest = verdict.nearest
    what = nearest.shortfall
    zh, en = truck_text(day.trucks[nearest.truck])
    by_zh, by_en = minutes(what.short_by)
    skills = ", ".join(sorted(car.skills - day.trucks[nearest.truck].skills))
    accepted = " / ".join(window_text(window) for window in car.windows)
    match what.reason:
        case Reason.UNREACHABLE:
            return (
                f"从仓库 {house.name} 到该处没有板车能走的路",
                f"no road or ferry takes a truck from warehouse {house.name} there",
            )
        case Reason.ROAD_ACCESS:
            kind_zh, kind_en = KINDS[car.access]
            return (
                f"仓库 {house.name} 今天没有能进该处的板车（最大可进{kind_zh}）；"
                f"最近的差 {what.short_by} 级：{zh}",
                f"warehouse {house.name} has no truck that gets there today (at most a {kind_en});"
                f" the nearest is {what.short_by} size(s) too large: {en}",
            )
        case Reason.SKILL_MISSING:
            return (
                f"仓库 {house.name} 今天能去的班组都不会 {skills}；"
                f"最接近的 {zh}缺 {what.short_by} 项",
                f"no crew of warehouse {house.name} that could go knows {skills}; the nearest,"
                f" {en}, lacks {what.short_by}",
            )
        case Reason.OWN_CAR_SPECIALIST:
            return (
                f"会 {skills} 的交付专员自驾前往，当班时间内到不了；能去的随车班组都不会",
                f"the specialist who knows {skills} travels by own car and cannot get there within"
                " the shift; no crew knows it",
            )
        case Reason.SPECIALIST_BUSY:
            return (
                f"会 {skills} 的自驾专员那时都在别的客户处或赶不到；{zh}能送",
                f"everybody in an own car who knows {skills} is with another buyer or on the way"
                f" then; {en} could bring the car",
            )
        case Reason.DECK_NO_FIT:
            return _deck(nearest, car, zh, en)
        case Reason.TRADE_IN_NO_ROOM:
            old = car.trade_in.model_name if car.trade_in else ""
            named_zh, named_en = (f" {old}", f" ({old})") if old else ("", "")
            return (
                f"置换旧车{named_zh}没有位置：最接近的 {zh}交车之后没有放得下它的空板位",
                f"no room for the trade-in{named_en}: the nearest, {en}, has no free position that"
                " takes it after the handover",
            )
        case Reason.NOT_READY if what.unit is Unit.NONE:
            papers_zh, papers_en = papers_text([each.value for each in car.readiness.missing])
            return f"车不能出库：还缺{papers_zh}", f"the car may not leave: {papers_en} still open"
        case Reason.NOT_READY:
            step = car.readiness.binding_step
            ready = f"{step.done_p90:%m-%d %H:%M}" if step else "?"
            return (
                f"车要到 {ready} 才备好；{zh}最晚须提前 {by_zh} 装上",
                f"the car is ready at {ready} only; {en} would need it {by_en} earlier",
            )
        case Reason.WINDOW_MISSED:
            return (
                f"赶不上窗口 {accepted}：最接近的 {zh}差 {by_zh}",
                f"window {accepted} is missed: the nearest, {en}, by {by_en}",
            )
        case Reason.DUTY_EXCEEDED:
            return (
                f"超出班次或工作时长：最接近的 {zh}差 {by_zh}",
                f"shift or duty would be exceeded: the nearest, {en}, by {by_en}",
            )
        case Reason.NIGHTS_EXCEEDED if what.stage is Stage.MONEY:
            return (
                f"{zh}能送，但车或司机在外过夜 {what.short_by} 晚，与另一天的任务相撞",
                f"{en} could take it, but a tour of {what.short_by} night(s) and a route of"
                " another day need the same vehicle or driver",
            )
        case Reason.NIGHTS_EXCEEDED:
            return (
                f"{zh}要在外多过夜 {what.short_by} 晚才送得到",
                f"{en} would have to stay out {what.short_by} more night(s)",
            )
        case Reason.DRIVING_LIMIT:
            driving = day.request.policy.driving
            after_zh, after_en = minutes(driving.drive_max_s)
            rest_zh, rest_en = minutes(driving.rest_s)
            return (
                f"连续驾驶 {after_zh} 后须休息 {rest_zh}，{zh}因此来不及，差 {by_zh}",
                f"{rest_en} of rest after {after_en} at the wheel make {en} too late, by {by_en}",
            )
        case Reason.TRUCK_BANNED:
            return (
                f"货车限行：{zh}差 {by_zh}",
                f"truck ban: {en} misses the hours by {by_en}",
            )
        case Reason.PROMISE_BROKEN:
            return (
                f"会破坏已约窗口：{zh}上的已约订单须挪动 {by_zh}",
                f"it would break a promise: windows promised on {en} would have to move by {by_en}",
            )
        case Reason.BAY_FULL if what.stage is Stage.MONEY:
            return (
                f"{zh}装得下也赶得上，但仓库 {house.name} 的 {house.bays} 个装车位排满了，"
                f"还要 {by_zh}",
                f"{en} could take it, but the {house.bays} bay(s) of warehouse {house.name} are"
                f" full: {by_en} more are needed",
            )
        case Reason.BAY_FULL:
            return (
                f"仓库 {house.name} 的装车时间不够：{zh}差 {by_zh}",
                f"loading hours of warehouse {house.name} are too short: {en} misses {by_en}",
            )
        case Reason.CHANGE_BUDGET:
            return (
                f"{zh}能送，但其他订单会多改动 {what.short_by} 处，超出允许的改动数",
                f"{en} can take it, but that changes {what.short_by} more of the other orders than"
                " allowed",
            )
        case Reason.LOCKED:
            return (
                f"能送的车被锁定，不能加这一单：最接近的是 {zh}",
                f"locks keep it off the trucks that could go; the nearest is {en}",
            )
        case Reason.COSTS_TOO_MUCH if what.short_by == 0:
            return (
                f"{zh}能送，这次没有排上；换 --seed 或加大 --iterations 再算",
                f"{en} can take it, this plan did not find how: try another --seed or more"
                " --iterations",
            )
        case Reason.COSTS_TOO_MUCH:
            return (
                f"{zh}能送，但比不送的代价还高 {yuan(what.short_by)}",
                f"{en} can take it, for {yuan(what.short_by)} more than leaving it behind costs",
            )
        case _:
            raise AssertionError(f"no sentence for {what.reason}")


def _deck(nearest: TruckShortfall, car: Order, zh: str, en: str) -> Pair:
    what, model = nearest.shortfall, car.vehicle.model
    if what.unit is Unit.CARS:
        return (
            f"能去的板车都装满了；最接近的 {zh}差 1 个板位",
            f"every truck that could go is full; the nearest, {en}, lacks one position",
        )
    size = f"{model.length_mm}×{model.height_mm} mm, {model.mass_kg} kg"
    if what.unit is Unit.NONE:
        return (
            f"{model.name} 不许托举，{zh}只剩托举位",
            f"{model.name} must not be wheel-lifted, and {en} has only a wheel lift for it",
        )
    unit = what.unit.value
    if what.stage is Stage.COMPANY:
        return (
            f"加上 {model.name} 会超载：最接近的 {zh}超 {what.short_by} {unit}",
            f"{model.name} would overload the nearest, {en}, by {what.short_by} {unit}",
        )
    return (
        f"{model.name}（{size}）上不了能去的板车；最接近的 {zh}差 {what.short_by} {unit}",
        f"{model.name} ({size}) fits no truck that could go; the nearest, {en}, misses"
        f" {what.short_by} {unit}",
    )
