"""Windows judged at a quantile: the smallest slack with which every slot holds often enough.

The search knows buffers, which make its clock exact and quick; chance is known to the simulation.
So buffers are drawn from the distributions, plans are made with them, each is lived through, and
the cheapest that keeps its slots wins. What slack costs is there to be read in the trials.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import exp
from statistics import NormalDist, median
from typing import TYPE_CHECKING, Final, TypeVar

from geodata.units import Minor
from routing.domain.orders import Priority
from routing.domain.policy import BufferPolicy
from routing.domain.uncertainty import Judge, sigma_of
from routing.robustness.outlook import at_risk

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest
    from routing.plan import Plan

Made = TypeVar("Made")

WIDER: Final = (1_000, 1_500, 2_000)
"""Scales (thousandths) that are tried until one keeps every slot; a leg's own quantile is 1,000."""
HALVINGS: Final = 3
"""How often the smallest scale that holds is then halved towards one that does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One amount of slack and what came of it.

    `scale` is in thousandths of the quantile of a single leg and service. `cost_minor` has the
    orders left behind priced in; `broken` counts promises among them. `worst` is the largest
    chance of a slot to be missed.
    """

    scale: int
    buffers: BufferPolicy
    cost_minor: Minor
    left_behind: int
    broken: int
    at_risk: int
    worst: float
    expected_late: float

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Smaller is better: promises kept, slots held, money, slack."""
        return self.broken, self.at_risk, self.cost_minor, self.scale


def plan_reliably(
    request: PlanRequest,
    plan_with: Callable[[PlanRequest], Made],
    *,
    plan_of: Callable[[Made], Plan],
    stop: Callable[[], bool] = lambda: False,
) -> tuple[Made, PlanRequest, tuple[Trial, ...]]:
    """Find slack with which every slot holds with the policy's quantile, as cheaply as it can.

    Answers what was made, the request with the buffers that made it, and all trials in the order
    they were made. Where no trial keeps every slot, the one with the fewest slots at risk wins.
    `stop` ends it with what there is; one plan is always made.
    """
    made: list[tuple[Trial, Made, PlanRequest]] = []

    def holds(scale: int) -> bool:
        changed = judged_request(request, buffers=quantile_buffers(request, scale=scale))
        done = plan_with(changed)
        trial = _trial(changed, plan_of(done), scale)
        made.append((trial, done, changed))
        return trial.at_risk == 0

    low, high = 0, 0
    for scale in WIDER:
        if holds(scale):
            high = scale
            break
        low = scale
        if stop():
            break
    for _ in range(HALVINGS if high else 0):
        if stop():
            break
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    best = min(made, key=lambda each: each[0].rank)
    return best[1], best[2], tuple(trial for trial, _, _ in made)


def quantile_buffers(request: PlanRequest, *, scale: int = 1_000) -> BufferPolicy:
    """Slack of a single leg and a single service at the policy's quantile, from their spread.

    The widest class of the fleet counts; the services' slack is the median of the day's orders.
    A route of many legs needs less on each, which `scale` (thousandths) allows for.
    """
    policy = request.policy.uncertainty
    z = NormalDist().inv_cdf(policy.quantile) * scale / 1_000
    classes = {truck.road_class for truck in request.trucks}
    cv = max((policy.travel.by_class.get(name, policy.travel.cv) for name in classes), default=0.0)
    sigma = (sigma_of(cv) ** 2 + policy.travel.day_sd**2) ** 0.5
    longer = [
        (order.unload_s + order.handover_s)
        * (exp(z * sigma_of(policy.handover_cv[order.mode])) - 1)
        for order in request.orders
    ]
    return BufferPolicy(
        drive_permille=round(1_000 * (exp(z * sigma) - 1)),
        service_s=round(median(longer)) if longer else 0,
    )


def judged_request(request: PlanRequest, *, buffers: BufferPolicy) -> PlanRequest:
    """The same day, judged at its quantile with these buffers."""
    uncertainty = replace(request.policy.uncertainty, judge=Judge.QUANTILE)
    policy = replace(request.policy, buffers=buffers, uncertainty=uncertainty)
    return replace(request, policy=policy)


def with_quantile(request: PlanRequest, quantile: float) -> PlanRequest:
    """The same day, to be judged at this quantile.

    Raises:
        ValueError: a quantile the policy refuses.
    """
    uncertainty = replace(request.policy.uncertainty, judge=Judge.QUANTILE, quantile=quantile)
    return replace(request, policy=replace(request.policy, uncertainty=uncertainty))


def as_judged(request: PlanRequest, plan: Plan) -> PlanRequest:
    """The day as a plan was made from it: with the quantile and buffers of a plan judged so.

    Any other plan leaves the day as it is, and a plan that says nothing sound of them as well:
    its fingerprint is then not the day's.
    """
    told = plan.policy.get("uncertainty")
    buffers = plan.policy.get("buffers")
    if not isinstance(told, Mapping) or told.get("judge") != Judge.QUANTILE.value:
        return request
    if not isinstance(buffers, Mapping):
        return request
    drive, service = buffers.get("drive_permille"), buffers.get("service_s")
    quantile = told.get("quantile")
    if not (isinstance(drive, int) and isinstance(service, int) and isinstance(quantile, float)):
        return request
    try:
        slack = BufferPolicy(drive_permille=drive, service_s=service)
        return judged_request(with_quantile(request, quantile), buffers=slack)
    except ValueError:
        return request


def steps_of(trials: tuple[Trial, ...], chosen: BufferPolicy, quantile: float) -> tuple[str, ...]:
    """Say what slack was tried and what it cost, in both languages."""
    lines, chance = [], f"{100 * quantile:g} %"
    for trial in trials:
        mark = ("采用", "taken") if trial.buffers == chosen else ("未采用", "not taken")
        drive, service = trial.buffers.drive_permille / 10, round(trial.buffers.service_s / 60)
        money, worst = f"¥{trial.cost_minor / 100:,.2f}", f"{100 * trial.worst:.1f} %"
        lines.append(
            f"可靠度 {chance}：行车余量 {drive:g} %、交接余量 {service} 分钟，{money}"
            f"（含未安排），未安排 {trial.left_behind} 单，最大误点概率 {worst}，"
            f"有风险 {trial.at_risk} 单，{mark[0]}"
            f" / reliability {chance}: {drive:g} % on driving, {service} min on handovers, {money} "
            f"with left-behind orders priced in, {trial.left_behind} left behind, worst "
            f"chance of being late {worst}, {trial.at_risk} at risk, {mark[1]}"
        )
    return tuple(lines)


def _trial(request: PlanRequest, plan: Plan, scale: int) -> Trial:
    policy = request.policy
    left = sum(policy.left_behind[Priority(each.priority)] for each in plan.left_behind)
    chances = [stop.p_late or 0.0 for route in plan.routes for stop in route.stops]
    stops = [stop for route in plan.routes for stop in route.stops]
    return Trial(
        scale=scale,
        buffers=policy.buffers,
        cost_minor=Minor(plan.cost_minor + left),
        left_behind=len(plan.left_behind),
        broken=sum(each.promised for each in plan.left_behind),
        at_risk=sum(at_risk(stop, quantile=policy.uncertainty.quantile) for stop in stops),
        worst=max(chances, default=0.0),
        expected_late=sum(chances, 0.0),
    )
