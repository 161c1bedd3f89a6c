"""What a repair changes: diff.json for programs, lines for the terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from api.settings import Language
from routing.changes import change_text
from routing.errors import BadPlan
from routing.plan import Plan
from routing.plan_weights import ChangeKind
from routing.repair.diff import Diff, Line

DIFF_FILE: Final = "diff.json"
FORMAT: Final = 1


def diff_json(diff: Diff, plan: Plan, *, events: Sequence[str]) -> dict[str, object]:
    """Say a diff for programs; docs/outputs.md has the fields."""
    return {
        "format": FORMAT,
        "day": plan.day.isoformat(),
        "now": diff.now.isoformat(),
        "events": list(events),
        "changes": diff.changes,
        "forced": diff.forced,
        "max_changes": diff.max_changes,
        "within_budget": diff.within_budget,
        "cost_before_minor": diff.cost_before_minor,
        "cost_after_minor": diff.cost_after_minor,
        "broken": list(diff.broken),
        "restowed": list(diff.restowed),
        "lines": [_line(line) for line in diff.lines],
        "trucks": [
            {
                "truck_id": truck.truck_id,
                "before_minor": truck.before_minor,
                "after_minor": truck.after_minor,
                "sunk": truck.sunk,
            }
            for truck in diff.trucks
        ],
    }


def events_in_force(plan_file: Path) -> tuple[str, ...]:
    """Read the events that a repaired plan has behind it; a plan without a diff has none.

    Raises:
        BadPlan: the diff beside the plan is none of ours: without it what was lost would be
            planned again.
    """
    beside = plan_file.with_name(DIFF_FILE)
    if not beside.is_file():
        return ()
    try:
        told = json.loads(beside.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadPlan(f"{beside.name} beside the plan cannot be read: repair again") from error
    held = told.get("in_force") if isinstance(told, dict) else None
    if not isinstance(held, list) or not all(isinstance(text, str) for text in held):
        raise BadPlan(f"{beside.name} beside the plan names no events in force: repair again")
    return tuple(held)


def diff_bytes(document: dict[str, object]) -> bytes:
    """Write diff.json: the same diff gives the same bytes."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def diff_text(diff: Diff, *, events: Sequence[str], lang: Language) -> str:
    """Say a diff on the terminal, a line per order, each with its cost."""
    zh = lang is Language.CHINESE
    bound = "" if diff.max_changes is None else f" / {diff.max_changes}"
    money = diff.cost_after_minor - diff.cost_before_minor
    unsaved = sum(truck.after_minor - truck.before_minor for truck in diff.trucks if truck.sunk)
    count = f"{diff.changes}{bound}"
    lines = [
        f"{diff.now:%H:%M} 起  改动 {count} 单  ·  成本 {_signed(money)}"
        if zh
        else f"from {diff.now:%H:%M}  {count} changes  ·  cost {_signed(money)}"
    ]
    if unsaved:
        lines.append(
            f"其中 {_signed(unsaved)} 属于途中停用的车：已经花出的钱没有算在内，不是节省"
            if zh
            else f"of it {_signed(unsaved)} is of trucks lost on the road: no saving, as what they"
            " have cost so far is not in the new plan"
        )
    lines += _over_budget(diff, events, zh=zh)
    if not diff.lines:
        lines.append("没有任何改动" if zh else "nothing changes")
    width = len(str(len(diff.lines)))
    for line in diff.lines:
        text = _words(line)[0 if zh else 1]
        cost = _signed(line.share_minor)
        lines.append(f"  {line.number:>{width}}  {text}  ·  {cost}{_ties(line, zh=zh)}")
    for truck in diff.trucks:
        before, after = _yuan(truck.before_minor), _yuan(truck.after_minor)
        sunk = "已上路的车，不是节省" if zh else "was on the road: not a saving"
        mark = f"  ·  {sunk}" if truck.sunk else ""
        lines.append(f"  {truck.truck_id}  {before} → {after}{mark}")
    if diff.broken:
        names = ", ".join(diff.broken)
        lines.append(f"守不住的约定：{names}" if zh else f"promises that cannot be kept: {names}")
    if diff.restowed:
        names = ", ".join(diff.restowed)
        lines.append(
            f"途中车辆的车位图与实际装车不同，请核对：{names}"
            if zh
            else f"on the road with another deck plan than they were loaded by, look: {names}"
        )
    return "\n".join(lines) + "\n"


def _over_budget(diff: Diff, events: Sequence[str], *, zh: bool) -> list[str]:
    """Say who asked for more changes than the bound; empty: there are no more."""
    if diff.max_changes is None or diff.changes <= diff.max_changes:
        return []
    if not diff.within_budget:
        found = "没有找到改动更少的办法" if zh else "no plan with fewer was found"
        return [f"改动超出上限：{found}" if zh else f"more changes than allowed: {found}"]
    told = ", ".join(events)
    if zh:
        return [f"改动超出上限，其中 {diff.forced} 单不得不改：{told}（或为守住别的约定让路）"]
    return [
        f"more changes than allowed, {diff.forced} of them forced by {told}, or made to keep a"
        " promise in spite of it"
    ]


def _ties(line: Line, *, zh: bool) -> str:
    """Say what going back would ask for, where it asks for something."""
    if line.stays and line.change.kind is not ChangeKind.CANCELLED:
        return "  ·  退不回去" if zh else "  ·  cannot go back"
    if not line.tied:
        return ""
    others = ", ".join(str(number) for number in line.tied)
    return f"  ·  与 {others} 相连" if zh else f"  ·  tied to {others}"


def _words(line: Line) -> tuple[str, str]:
    """A begin that moves within the tolerance is told, too."""
    change = line.change
    if change.kind is not ChangeKind.SAME:
        return change_text(change)
    minutes, late = abs(change.moved_s) // 60, change.moved_s > 0
    name = change.order_id
    return (
        f"{name} {'晚' if late else '早'} {minutes} 分钟（容许之内）",
        f"{name} begins {minutes} min {'later' if late else 'earlier'} (within the tolerance)",
    )


def _line(line: Line) -> dict[str, object]:
    change = line.change
    chinese, english = _words(line)
    return {
        "number": line.number,
        "order_id": change.order_id,
        "kind": change.kind.value,
        "counts": line.counts,
        "forced": line.forced,
        "truck_before": change.truck_before,
        "truck_after": change.truck_after,
        "begins_before": change.begins_before.isoformat() if change.begins_before else None,
        "begins_after": change.begins_after.isoformat() if change.begins_after else None,
        "moved_s": change.moved_s,
        "new_slot": change.new_slot,
        "weight_minor": change.cost_minor,
        "cost_minor": line.share_minor,
        "tied": list(line.tied),
        "stays": line.stays,
        "text": chinese,
        "text_en": english,
    }


def _yuan(fen: int) -> str:
    return f"¥{fen / 100:,.2f}"


def _signed(fen: int) -> str:
    return f"{'+' if fen >= 0 else '-'}¥{abs(fen) / 100:,.2f}"
