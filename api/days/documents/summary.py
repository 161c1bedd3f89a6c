"""What the terminal says after a solve: ten seconds of reading for a tired dispatcher."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Final

from api.days.documents import wording as w
from api.days.documents.by_day import days_of, part_of
from api.days.documents.figures import Locale, km, locale_of, plain
from api.days.documents.kpis import Kpis, measure
from api.days.documents.left_behind_table import by_urgency, tried_text
from api.errors import Fault
from api.settings import Language
from routing.domain.uncertainty import Judge
from routing.plan import LeftBehind, Plan, StopReason

LEFT_SHOWN = 12
"""More left-behind orders than this are counted and left to the workbook."""

TRUCKS_SHOWN = 40

_MANY: Final = ("truck-", "specialist-")
"""Files of which there is one for each; they are counted, not listed."""
_PIECES: Final = re.compile(
    r"（?(?:[\u4e00-\u9fff]?[^\s\u4e00-\u9fff，。；：、（）]+|[\u4e00-\u9fff])[，。；：、）]*\s*|\S\s*"
)
"""What stays on one line: a word, a plate or one Chinese character, with its punctuation."""


def summary_text(
    plan: Plan,
    *,
    lang: Language,
    width: int,
    audit_findings: int | None,
    files: Sequence[Path] = (),
) -> str:
    """Write the summary in lines of at most `width` columns (a Chinese character takes two)."""
    locale = locale_of(plan, lang)
    kpis = measure(plan)
    lines = [
        *_head(plan, kpis, locale),
        *_reliability_lines(plan, locale),
        *_left_lines(plan, locale, width=width),
        *_truck_lines(plan, locale),
    ]
    if plan.skipped:
        count = len(plan.skipped)
        lines.append(locale.say(f"跳过 {count} 行有问题的输入", f"{count} faulty rows skipped"))
    lines.append(_audit_line(audit_findings, locale))
    if plan.provenance.stop_reason is not StopReason.ITERATIONS:
        ended = w.name_of(w.STOP_REASONS, plan.provenance.stop_reason, lang)
        lines.append(locale.say("求解结束：", "Solve ended: ") + ended)
    lines += _file_lines(files, locale, width=width)
    return "\n".join(clip(plain(line), width) for line in lines) + "\n"


def _reliability_lines(plan: Plan, locale: Locale) -> list[str]:
    """Say what a plan for a chance of being on time has reached, and what slack that took."""
    chance, slack = plan.policy.get("uncertainty"), plan.policy.get("buffers")
    if not isinstance(chance, Mapping) or not isinstance(slack, Mapping):
        return []
    if chance.get("judge") != Judge.QUANTILE:
        return []
    wanted = float(chance["quantile"])
    late = [stop.p_late or 0.0 for route in plan.routes for stop in route.stops]
    risky = sum(each > 1 - wanted for each in late)
    worst = f"{100 * (1 - max(late, default=0.0)):.1f} %"
    drive, service = int(slack["drive_permille"]) / 10, round(int(slack["service_s"]) / 60)
    return [
        locale.say(
            f"可靠度：要求 {100 * wanted:g} %，最差一单 {worst}，{risky} 单有风险；"
            f"余量：行车 {drive:g} %、交接 {service} 分钟",
            f"reliability: {100 * wanted:g} % asked, {worst} for the worst slot, {risky} at risk;"
            f" slack: {drive:g} % on driving, {service} min on handovers",
        )
    ]


def summary_json(
    plan: Plan,
    *,
    audit_findings: int | None,
    files: Sequence[Path] = (),
    warnings: Sequence[Fault] = (),
) -> Mapping[str, object]:
    """Say the same for programs: counts, fen, metres, seconds, codes and file names.

    `warnings` are what was odd about the day's files, in the shape of every fault.
    """
    kpis = measure(plan)
    return {
        "day": plan.day.isoformat(),
        "days": plan.days,
        "orders": kpis.orders,
        "served": kpis.served,
        "outsourced": kpis.outsourced,
        "outsourced_minor": kpis.outsourced_minor,
        "trucks": kpis.trucks_used,
        "trucks_idle": kpis.trucks_idle,
        "cost_minor": kpis.cost_minor,
        "metres": kpis.metres,
        "drive_s": kpis.drive_s,
        "duty_s": kpis.duty_s,
        "overtime_s": kpis.overtime_s,
        "promises_kept": kpis.promises_kept,
        "promises_lost": kpis.promises_lost,
        "audit_findings": audit_findings,
        "stop_reason": plan.provenance.stop_reason.value,
        "request_digest": plan.provenance.request_digest,
        "left_behind": [
            {
                "order_id": left.order_id,
                "priority": left.priority,
                "promised": left.promised,
                "reason": left.reason.value,
                "short_by": left.short_by,
                "unit": left.unit.value,
                "fix": left.fix.kind.value if left.fix else None,
                "fix_cost_minor": left.fix.cost_minor if left.fix else None,
                "fix_proved": left.fix.proved if left.fix else None,
            }
            for left in by_urgency(plan.left_behind)
        ],
        "skipped_rows": len(plan.skipped),
        "warnings": [asdict(warning) for warning in warnings],
        "files": [str(path) for path in files],
    }


def _head(plan: Plan, kpis: Kpis, locale: Locale) -> list[str]:
    names = locale.say("、", ", ").join(plan.warehouses.values())
    hours = locale.duration(kpis.drive_s)
    facts = [
        locale.say(
            f"{kpis.served} / {kpis.orders} 单上车，{kpis.trucks_used} 辆出车",
            f"{kpis.served} of {kpis.orders} orders on {kpis.trucks_used} trucks",
        ),
        *_outsourced(kpis, locale),
        locale.say("成本 ", "cost ") + locale.money(kpis.cost_minor),
        f"{km(kpis.metres)} km",
    ]
    more = [locale.say(f"驾驶 {hours}", f"driving {hours}")]
    if kpis.overtime_s:
        over = locale.duration(kpis.overtime_s)
        more.append(locale.say(f"加班 {over}", f"overtime {over}"))
    promises = kpis.promises_kept + kpis.promises_lost
    if promises:
        more.append(
            locale.say(
                f"已约窗口守住 {kpis.promises_kept} / {promises}",
                f"promises kept: {kpis.promises_kept} of {promises}",
            )
        )
    return [f"{locale.date_line()}  {names}", "  ·  ".join(facts), "  ·  ".join(more)]


def _outsourced(kpis: Kpis, locale: Locale) -> list[str]:
    if not kpis.outsourced:
        return []
    count, paid = kpis.outsourced, locale.money(kpis.outsourced_minor)
    return [locale.say(f"外协 {count} 单 {paid}", f"{count} with carriers for {paid}")]


def _left_lines(plan: Plan, locale: Locale, *, width: int) -> list[str]:
    if not plan.left_behind:
        return ["", locale.say("没有未安排的订单。", "Nothing is left behind.")]
    ordered = by_urgency(plan.left_behind)
    lines = ["", locale.say(f"未安排 {len(ordered)} 单：", f"Left behind: {len(ordered)}")]
    for left in ordered[:LEFT_SHOWN]:
        lines += _left_line(left, locale, width=width)
    if len(ordered) > LEFT_SHOWN:
        rest = len(ordered) - LEFT_SHOWN
        lines.append(locale.say(f"  另有 {rest} 单，见 plan.xlsx", f"  {rest} more: see plan.xlsx"))
    return lines


def _left_line(left: LeftBehind, locale: Locale, *, width: int) -> list[str]:
    """Say what and why in one line, then what would help; the price first, never cut off."""
    priority = w.name_of(w.PRIORITIES, left.priority, locale.lang)
    kept = locale.say(" 已约", " promised") if left.promised else ""
    reason = w.name_of(w.REASONS, left.reason, locale.lang)
    by = locale.short_by(left.short_by, left.unit)
    why = f"{reason}{locale.say('', ',')} {locale.say('差', 'short by')} {by}" if by else reason
    first = f"  {left.order_id}  [{priority}{kept}]  {why}  {left.address}"
    if left.fix is None:
        return [first, *wrapped(f"    → {tried_text(left, locale)}", width, indent=6)]
    proof = (
        locale.say("已验证", "proved") if left.fix.proved else locale.say("未验证", "not proved")
    )
    text = locale.say(left.fix.text, left.fix.text_en)
    cost = locale.money(left.fix.cost_minor)
    return [first, *wrapped(f"    → {cost} {proof}  {text}", width, indent=6)]


def _truck_lines(plan: Plan, locale: Locale) -> list[str]:
    if not plan.routes:
        return []
    if plan.days > 1:
        return [*(line for day in days_of(plan) for line in _day_lines(plan, day, locale)), ""]
    lines = ["", locale.say("车辆：", "Trucks:")]
    for route in plan.routes[:TRUCKS_SHOWN]:
        cells = (
            (route.plate, 11),
            (w.name_of(w.TRUCK_KINDS, route.kind, locale.lang), 15),
            (locale.cars(len(route.stops)), 7),
            (f"{locale.clock(route.departs)}–{locale.clock(route.returns)}", 12),
        )
        row = " ".join(pad(text, wide) for text, wide in cells)
        lines.append(f"  {row} {km(route.metres):>8} km {locale.money(route.cost.total):>12}")
    if len(plan.routes) > TRUCKS_SHOWN:
        rest = len(plan.routes) - TRUCKS_SHOWN
        lines.append(locale.say(f"  另有 {rest} 辆", f"  {rest} more"))
    if plan.idle:
        plates = locale.say("、", ", ").join(truck.plate for truck in plan.idle)
        lines.append(locale.say("  未出车：", "  at home: ") + plates)
    return [*lines, ""]


def _day_lines(plan: Plan, day: date, locale: Locale) -> list[str]:
    """Say in a line what goes on one day of several, and under it truck by truck."""
    part = part_of(plan, day)
    kpis = measure(part)
    name, cars = locale.day_name(day), locale.cars(kpis.served)
    if not part.routes:
        return ["", locale.say(f"{name}：没有车辆出车", f"{name}: no truck leaves")]
    trucks = locale.say(f"{kpis.trucks_used} 辆", f"{kpis.trucks_used} trucks")
    head = f"{name}{locale.say('：', ': ')}{trucks}  {cars}  {locale.money(kpis.cost_minor)}"
    return ["", head, *_truck_lines(replace(part, idle=()), locale.on(day))[2:-1]]


def _audit_line(findings: int | None, locale: Locale) -> str:
    if findings is None:
        return locale.say("尚未复核", "Not audited")
    if findings:
        return locale.say(
            f"独立复核发现 {findings} 处问题，不要使用本计划：未生成司机单据和时段表",
            f"The audit has {findings} findings: do not use this plan. "
            "No driver's papers, no slot lists",
        )
    return locale.say("独立复核通过，无问题", "Audited independently: clean")


def _file_lines(files: Sequence[Path], locale: Locale, *, width: int) -> list[str]:
    if not files:
        return []
    folder = files[0].parent
    names = [path.name for path in files if not path.name.startswith(_MANY)]
    for start in _MANY:
        texts = sum(path.name.startswith(start) for path in files)
        if texts:
            names.append(f"{start}*.txt ({texts})")
    return [
        locale.say("文件在 ", "Files in ") + f"{folder}" + locale.say("：", ":"),
        *wrapped("  " + "  ".join(names), width, indent=2),
    ]


def columns(text: str) -> int:
    """Count the terminal columns of a text: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def pad(text: str, width: int) -> str:
    """Fill a text with blanks to a number of terminal columns."""
    return text + " " * max(0, width - columns(text))


def wrapped(text: str, width: int, *, indent: int) -> list[str]:
    """Break a text into lines of a number of terminal columns, the later ones indented.

    Breaks between words and between Chinese characters; a longer word is left to `clip`.
    """
    pieces = _PIECES.findall(text.lstrip())
    lines = [text[: len(text) - len(text.lstrip())]]
    for piece in pieces:
        if columns(lines[-1] + piece.rstrip()) > width and lines[-1].strip():
            lines.append(" " * indent)
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def clip(text: str, width: int) -> str:
    """Cut a text to a number of terminal columns, with `…` where something is missing."""
    if columns(text) <= width:
        return text.rstrip()
    out = ""
    for char in text:
        if columns(out + char) > width - 1:
            break
        out += char
    return f"{out}…"
