"""What each step of planning changed and saved, for plan.json and for whoever reads it."""

from __future__ import annotations

from geodata.units import Minor
from routing.decode import Decoded
from routing.plan_steps import EffortUnit, PlanStep
from routing.search.master import Chosen
from routing.search.ruin_recreate import Found


def work_of(searched: int, found: Found, chosen: Chosen, decoded: Decoded) -> tuple[PlanStep, ...]:
    """Say of search, master and slots what they cost, and how far from the best they can be.

    `searched` counts iterations made before this search. The bound of the master is about its
    routes, or about the day where it had every route there is.
    """
    iterations = searched + found.iterations
    best, kept, given_up = found.best, chosen.solution, len(chosen.given_up)
    steps = [
        PlanStep(
            name="search",
            engine="kernel",
            cost_before=None,
            cost_after=Minor(found.cost),
            bound=None,
            served=len(best.served),
            effort=float(iterations),
            unit=EffortUnit.ITERATIONS,
            text=f"搜索：{iterations:,} 次迭代，{len(best.sequences)} 辆车送 "
            f"{len(best.served)} 单，{_yuan(found.cost)}（含未安排订单的代价）",
            text_en=f"search: {iterations:,} iterations, {len(best.served)} orders on "
            f"{len(best.sequences)} trucks, {_yuan(found.cost)} with left-behind orders priced in",
        ),
        PlanStep(
            name="master",
            engine="cp_sat",
            cost_before=Minor(found.cost),
            cost_after=Minor(chosen.cost),
            bound=Minor(chosen.bound),
            served=len(kept.served),
            effort=round(chosen.effort, 3),
            unit=EffortUnit.DETERMINISTIC_S,
            text=f"选线：{chosen.columns:,} 条路线中选 {len(kept.sequences)} 条送 "
            f"{len(kept.served)} 单，{_yuan(chosen.cost)}，{_bound_zh(chosen)}；"
            f"放弃搜索结果中 {given_up} 单",
            text_en=f"master: {len(kept.sequences)} of {chosen.columns:,} routes, "
            f"{len(kept.served)} orders, {_yuan(chosen.cost)}, {_bound_en(chosen)}; "
            f"{given_up} orders of the search not kept",
        ),
    ]
    if decoded.unslotted or decoded.elsewhere:
        count, other = len(decoded.unslotted), len(decoded.elsewhere)
        steps.append(
            PlanStep(
                name="slots",
                engine="slots",
                cost_before=Minor(chosen.cost),
                cost_after=None,
                bound=None,
                served=len(decoded.solution.served),
                effort=0.0,
                unit=EffortUnit.ITERATIONS,
                text=f"时段：{count + other} 单在原路线上给不出时段，{other} 单改由其他车送",
                text_en=f"slots: {count + other} orders found no slot on their route, {other} of "
                "them ride on another",
            )
        )
    return tuple(steps)


def _bound_zh(chosen: Chosen) -> str:
    if chosen.proved:
        return "列尽全部可行路线，证明没有更省的"
    return f"这些路线最低 {_yuan(chosen.bound)}"


def _bound_en(chosen: Chosen) -> str:
    if chosen.proved:
        return "of all routes there are, proved the cheapest"
    return f"at least {_yuan(chosen.bound)} from this pool"


def _yuan(fen: int) -> str:
    return f"¥{fen / 100:,.2f}"
