"""The table of orders that no truck takes, the most pressing first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from api.days.documents import wording as w
from api.days.documents.cell_words import plates_by_truck, spans, yes_no
from api.days.documents.figures import Locale
from api.days.documents.table_form import Cell, Column, Kind, Table, new_table
from routing.plan import FIX_SEARCH_CANCELLED, LeftBehind, Plan

PRIORITY_ORDER: Final = ("urgent", "high", "normal", "low")


def by_urgency(left: Sequence[LeftBehind]) -> list[LeftBehind]:
    """Order left-behind orders as a dispatcher must look at them: promises, then priority."""
    rank = {name: index for index, name in enumerate(PRIORITY_ORDER)}
    return sorted(
        left,
        key=lambda order: (not order.promised, rank.get(order.priority, 99), order.order_id),
    )


_LEFT_COLUMNS: Final = (
    Column(key="order", width=13),
    Column(key="priority", width=8),
    Column(key="promised", width=8),
    Column(key="reason", width=16),
    Column(key="by", width=14),
    Column(key="detail", width=52),
    Column(key="nearest", width=14),
    Column(key="fix_kind", width=14),
    Column(key="fix", width=36),
    Column(key="fix_cost", kind=Kind.YUAN, width=13),
    Column(key="proved", width=9),
    Column(key="proof", width=36),
    Column(key="address", width=34),
    Column(key="accepted", width=28),
    Column(key="warehouse", width=14),
    Column(key="vin", width=20),
    Column(key="code", width=16),
)


def left_behind_table(plan: Plan, locale: Locale) -> Table:
    """One row for each order no truck takes, the most pressing first."""
    plates = plates_by_truck(plan)

    def row(left: LeftBehind) -> tuple[Cell, ...]:
        fix = left.fix
        return (
            left.order_id,
            w.name_of(w.PRIORITIES, left.priority, locale.lang),
            yes_no(left.promised, locale),
            w.name_of(w.REASONS, left.reason, locale.lang),
            locale.short_by(left.short_by, left.unit),
            locale.say(left.text, left.text_en),
            plates.get(left.nearest.truck_id, left.nearest.truck_id) if left.nearest else "",
            w.name_of(w.FIXES, fix.kind, locale.lang) if fix else "",
            locale.say(fix.text, fix.text_en) if fix else tried_text(left, locale),
            fix.cost_minor / 100 if fix else None,
            yes_no(fix.proved, locale) if fix else "",
            locale.half(fix.proof) if fix else "",
            left.address,
            spans(left.accepted, locale.span),
            plan.warehouses.get(left.warehouse_id, left.warehouse_id),
            left.vin,
            left.reason.value,
        )

    return new_table(
        "left_behind", _LEFT_COLUMNS, [row(left) for left in by_urgency(plan.left_behind)]
    )


def tried_text(left: LeftBehind, locale: Locale) -> str:
    """Say that nothing helps and what was tried, or that nobody looked."""
    if FIX_SEARCH_CANCELLED in left.fix_tried:
        return locale.say("人工停止，未找补救", "Cancelled before a fix was looked for")
    names = (w.name_of(w.FIXES, kind, locale.lang) for kind in left.fix_tried)
    tried = locale.say("、", ", ").join(names)
    none = locale.say("没有可行的补救", "No fix found")
    return f"{none}{locale.say('，试过：', ', tried: ')}{tried}" if tried else none
