"""Sentences about the smallest fix: what to change, and how it was proved."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from routing.domain.fleet import TruckKind
from routing.domain.orders import Order
from routing.domain.windows import Window
from routing.explain.change import Change, find_truck
from routing.explain.fixes import Found
from routing.explain.wording import (
    KINDS,
    Pair,
    minutes,
    papers_text,
    truck_text,
    window_text,
    yuan,
)

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest


def fix_text(request: PlanRequest, car: Order, change: Change) -> Pair:
    """Say all that a change holds: what would have to be conceded, and that the order then comes
    first. `request` is the one with the change applied.
    """
    parts = [*_of_order(car, change), *_of_fleet(request, change)]
    extra = int(change.get("extra_minor", -1))
    if extra > 0:
        parts.append((f"接受多花 {yuan(extra)}", f"pay {yuan(extra)} more"))
    elif extra == 0 and not parts:
        parts.append(("挪动其他车即可，不用让步", "move other cars: nothing to give"))
    first_zh, first_en = _put_first(change)
    return " + ".join(zh for zh, _ in parts) + first_zh, " + ".join(
        en for _, en in parts
    ) + first_en


def proof_text(found: Found, routes_fen: int) -> str:
    """Say how a fix was proved and what the plan then costs, in both languages.

    `routes_fen` is what all routes of the plan cost before.
    """
    proof = found.proof
    if "days_later" in found.candidate.change:
        return (
            f"单独试排次日（同样的车、班次和限行）：可送，成本 {yuan(proof.extra)}；次日的计划另算"
            f" / tried alone on the next day (same trucks, shifts and bans): served for"
            f" {yuan(proof.extra)}; that day's plan is another one"
        )
    how_zh = f"重新搜索 {proof.iterations} 次" if proof.iterations else "在现计划上直接插入"
    how_en = f"{proof.iterations} iterations of search" if proof.iterations else "plain insertion"
    sign = "-" if proof.extra < 0 else "+"
    total, rise = yuan(routes_fen + proof.extra), f"{sign}{yuan(abs(proof.extra))}"
    return (
        f"{how_zh}：此单送到，其他订单一单不少；路线成本 {rise}，共 {total}"
        f" / {how_en}: served, no other order lost; routes then cost {total} ({rise})"
    )


def _put_first(change: Change) -> Pair:
    """Say that the fix is proved with the order first in line, and at what worth if not its own."""
    if "priority" not in change:
        return "", ""
    if "priority_fen" not in change:
        return "，并优先安排本单", ", and put this order first"
    worth = yuan(int(change["priority_fen"]))
    return f"，并优先安排本单（按 {worth} 计）", f", and put this order first (worth {worth})"


def _of_order(car: Order, change: Change) -> list[Pair]:
    parts: list[Pair] = []
    if "window" in change:
        at = int(change["window"]) - 1
        before = car.windows[at]
        after = Window(
            start=before.start - timedelta(minutes=int(change.get("earlier_min", 0))),
            end=before.end + timedelta(minutes=int(change.get("later_min", 0))),
        )
        by = int(change.get("earlier_min", 0)) + int(change.get("later_min", 0))
        by_zh, by_en = minutes(60 * by)
        was, now = window_text(before), window_text(after)
        ask_zh, ask_en = (
            ("（已约，须客户同意）", " (promised: ask the buyer)") if car.promised else ("", "")
        )
        parts.append(
            (
                f"窗口 {was} 放宽 {by_zh} 到 {now}{ask_zh}",
                f"widen the window {was} by {by_en} to {now}{ask_en}",
            )
        )
    if "ready_earlier_min" in change:
        zh, en = minutes(60 * int(change["ready_earlier_min"]))
        parts.append((f"车提前 {zh} 备好", f"have the car ready {en} earlier"))
    if "papers_done" in change:
        zh, en = papers_text(str(change["papers_done"]).split(","))
        parts.append((f"补齐{zh}", f"complete {en}"))
    if "access" in change:
        zh, en = KINDS[TruckKind(str(change["access"]))]
        parts.append(
            (f"改在附近{zh}能到的大路边交车", f"meet at the next road that a {en} reaches")
        )
    if "trade_in_later" in change:
        parts.append(("旧车改日另取", "fetch the old car another day"))
    if "unlock_order" in change:
        parts.append(("解除本单的锁定", "unlock this order"))
    if "days_later" in change:
        ask_zh, ask_en = (
            ("（已约，须客户同意）", " (promised: ask the buyer)") if car.promised else ("", "")
        )
        parts.append((f"改期一天{ask_zh}", f"deliver a day later{ask_en}"))
    return parts


def _of_carrier(request: PlanRequest, change: Change) -> Pair:
    carrier = next(each for each in request.carriers if each.id == change["carrier"])
    bill = yuan(int(change["carrier_minor"]))
    zh, en = f"交给外协 {carrier.name}，{bill}", f"give it to carrier {carrier.name} for {bill}"
    if "carrier_cars" in change:
        zh += f"，今天要它多接一台（共 {carrier.cars} 台）"
        en += f", who must take one car more today ({carrier.cars} in all)"
    if "carrier_budget" in change:
        budget = yuan(int(change["carrier_budget"]))
        zh += f"，外协预算提到 {budget}"
        en += f", with {budget} as the day's budget for carriers"
    return zh, en


def _of_fleet(request: PlanRequest, change: Change) -> list[Pair]:
    parts: list[Pair] = []
    if "overtime_truck" in change:
        zh, en = truck_text(find_truck(request, str(change["overtime_truck"])))
        for key, way_zh, way_en in (
            ("overtime_after_min", "晚收班", "may end {} later"),
            ("overtime_before_min", "早出班", "may start {} earlier"),
        ):
            if key in change:
                by_zh, by_en = minutes(60 * int(change[key]))
                parts.append((f"{zh}{way_zh} {by_zh}", f"{en} {way_en.format(by_en)}"))
    if "carrier" in change:
        parts.append(_of_carrier(request, change))
    if "night_truck" in change:
        zh, en = truck_text(find_truck(request, str(change["night_truck"])))
        nights = int(change["nights_max"])
        parts.append((f"{zh}可在外过夜 {nights} 晚", f"let {en} stay out {nights} nights"))
    if "crew_truck" in change:
        zh, en = truck_text(find_truck(request, str(change["crew_truck"])))
        skills = str(change["crew_skills"])
        parts.append((f"给 {zh}配会 {skills} 的人", f"put someone who knows {skills} on {en}"))
    if "permit_truck" in change:
        zh, en = truck_text(find_truck(request, str(change["permit_truck"])))
        parts.append((f"给 {zh}办通行证", f"get a permit for {en}"))
    if "unlock_truck" in change:
        zh, en = truck_text(find_truck(request, str(change["unlock_truck"])))
        parts.append((f"解除 {zh}的锁定", f"unlock {en}"))
    if "extra_bay" in change:
        parts.append(("加一个装车位", "open one more loading bay"))
    if "extra_truck_like" in change:
        zh, en = KINDS[TruckKind(str(change["extra_truck_kind"]))]
        like = find_truck(request, str(change["extra_truck_like"])).plate
        parts.append((f"加一辆{zh}（同 {like}）", f"one more {en}, like {like}"))
    return parts
