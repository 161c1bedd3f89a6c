"""What the steps of all parts cost, saved and proved together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from geodata.units import Minor
from routing.plan import Plan
from routing.plan_steps import EffortUnit, PlanStep

NAMES: Final = {"search": "搜索", "master": "选线", "slots": "时段"}
"""The steps that a part may have, in the order in which they are made."""


def work_of_parts(plans: Sequence[Plan]) -> tuple[PlanStep, ...]:
    """Add up the steps of parts that share no order, name by name.

    A part that did without a step stands as the step before left it. What one part does not know
    (a cost not counted again, a bound not proved) nobody knows of all. Effort is that of the plans
    that were kept: where the border of two areas was worth repairing, of the plan for both.
    """
    standing: list[PlanStep | None] = [None] * len(plans)
    steps = []
    for name in NAMES:
        made = [
            next((step for step in plan.provenance.work if step.name == name), None)
            for plan in plans
        ]
        if any(made):
            steps.append(_together(name, made, standing))
        standing = [now or before for now, before in zip(made, standing, strict=True)]
    return tuple(steps)


def _together(
    name: str, made: Sequence[PlanStep | None], standing: Sequence[PlanStep | None]
) -> PlanStep:
    """Put one step of all parts into one; a part without it gives what stands."""
    pairs = list(zip(made, standing, strict=True))
    before = _sum([now.cost_before if now else _after(then) for now, then in pairs])
    after = _sum([_after(now or then) for now, then in pairs])
    its = [step for step in made if step is not None]
    bound = _sum([step.bound if step else None for step in made])
    served = sum(step.served for step in (now or then for now, then in pairs) if step)
    effort = round(sum(step.effort for step in its), 3)
    unit = its[0].unit
    unit_zh = "次迭代" if unit is EffortUnit.ITERATIONS else "确定秒"
    unit_en = "iterations" if unit is EffortUnit.ITERATIONS else "deterministic seconds"
    return PlanStep(
        name=name,
        engine=its[0].engine,
        cost_before=before,
        cost_after=after,
        bound=bound,
        served=served,
        effort=effort,
        unit=unit,
        text=f"{NAMES[name]}：{len(its)} 部分合计 {effort:,.12g} {unit_zh}，送 {served} 单"
        + (f"，{_yuan(after)}" if after is not None else "")
        + (f"，至少 {_yuan(bound)}" if bound is not None else ""),
        text_en=f"{name}: {effort:,.12g} {unit_en} in {len(its)} parts, {served} orders"
        + (f", {_yuan(after)}" if after is not None else "")
        + (f", at least {_yuan(bound)}" if bound is not None else ""),
    )


def _after(step: PlanStep | None) -> Minor | None:
    return step.cost_after if step else None


def _sum(amounts: Sequence[Minor | None]) -> Minor | None:
    known = [amount for amount in amounts if amount is not None]
    return Minor(sum(known)) if len(known) == len(amounts) else None


def _yuan(fen: int) -> str:
    return f"¥{fen / 100:,.2f}"
