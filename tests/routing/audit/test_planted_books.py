"""Faults planted in the books: identities, moments, distances, money, claims about what stays."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from geodata.matrix import TravelMatrix
from geodata.units import UNREACHABLE_S, Minor
from routing.domain.policy import BufferPolicy
from routing.domain.readiness import Readiness
from routing.plan import Fix, FixKind, Leg, Miss, Route, Stop
from routing.plan_money import Money
from routing.reasons import Reason, Unit
from tests.days import NO_BUFFERS
from tests.hand_plans import hand_plan, left_behind
from tests.routing.audit.audited_day import (
    Audited,
    Spoil,
    asked,
    both,
    in_left,
    in_plan,
    in_route,
    in_stop,
    policy,
    with_request,
)
from tests.routing.audit.planted import Planted

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def _cost(kind: str, by: int) -> Spoil:
    def cost(route: Route) -> Money:
        return replace(route.cost, **{kind: Minor(getattr(route.cost, kind) + by)})

    return in_route("T1", cost=cost)


def _leg(order_id: str, **by: int) -> Spoil:
    def leg(stop: Stop) -> Leg:
        more = {name: getattr(stop.leg, name) + n for name, n in by.items()}
        return replace(stop.leg, **more)

    return in_stop(order_id, leg=leg)


def _without_road(day: Audited) -> Audited:
    """Let the matrix have no road from O1 to O2 after all."""
    a, b = day.travel.index_of("km30"), day.travel.index_of("km100")
    seconds: np.ndarray = day.travel.seconds.copy()
    seconds[:, :, a, b] = UNREACHABLE_S
    return _with_travel(day, replace(day.travel, seconds=seconds))


def _with_travel(day: Audited, travel: TravelMatrix) -> Audited:
    made = replace(day.plan.provenance, matrix_digest=travel.digest)
    return replace(day, travel=travel, plan=replace(day.plan, provenance=made))


def _planned_without_buffers(day: Audited) -> Audited:
    """Plan as if nothing ever took longer, then audit under the policy that says it does."""
    calm = with_request(day, policy=replace(day.request.policy, buffers=NO_BUFFERS))
    plan = hand_plan(
        calm.request,
        day.travel,
        {"T1": ["O1", "O2"], "T2": ["O3", "O4"]},
        left=day.plan.left_behind,
    )
    return with_request(
        Audited(request=calm.request, travel=day.travel, plan=plan),
        policy=replace(calm.request.policy, buffers=BufferPolicy()),
    )


def _fix(**changes: object) -> Spoil:
    sound = {
        "kind": FixKind.SKILLED_CREW,
        "cost_minor": Minor(60_000),
        "change": {"skill": "dialect"},
        "text": "派会方言的专员",
        "text_en": "send a specialist who speaks the dialect",
        "proved": True,
        "proof": "solved again",
    }
    return in_left("O6", fix=Fix(**{**sound, **changes}))  # type: ignore[arg-type]  # named fields


def _claim(reason: Reason, truck_id: str = "T3") -> Spoil:
    miss = Miss(truck_id=truck_id, reason=reason, short_by=1, unit=Unit.NONE)
    return in_left("O6", reason=reason, nearest=miss, misses=(miss,))


BOOKS = (
    Planted(
        fault="an order that is nowhere",
        spoil=in_plan(left_behind=lambda plan: plan.left_behind[:1]),
        reason=None,
        finders=("bookkeeping",),
        says="order O6 is in the plan 0 times",
    ),
    Planted(
        fault="an order delivered and left behind",
        spoil=lambda day: in_plan(
            left_behind=(
                *day.plan.left_behind,
                left_behind(day.request.orders[1], Reason.WINDOW_MISSED),
            )
        )(day),
        reason=None,
        finders=("bookkeeping",),
        says="order O2 is in the plan 2 times",
    ),
    Planted(
        fault="an order nobody placed",
        spoil=in_left("O6", order_id="O66"),
        reason=None,
        finders=("bookkeeping",),
        says="order O66 of the plan is not in the request",
    ),
    Planted(
        fault="a truck nobody owns",
        spoil=in_route("T2", truck_id="T9"),
        reason=None,
        finders=("bookkeeping",),
        says="truck T9 of the plan is not in the request",
    ),
    Planted(
        fault="a truck that is idle and out at once",
        spoil=in_plan(idle=lambda plan: (*plan.idle, replace(plan.idle[0], truck_id="T1"))),
        reason=None,
        finders=("bookkeeping",),
        says="truck T1 is on a route or idle 2 times",
    ),
    Planted(
        fault="a plan for another sheet",
        spoil=lambda day: replace(
            day, request=replace(day.request, assumptions=("another sheet",))
        ),
        reason=None,
        finders=("bookkeeping",),
        says="digest of the request",
    ),
    Planted(
        fault="a plan on other roads",
        spoil=in_plan(provenance=lambda plan: replace(plan.provenance, matrix_digest="0" * 64)),
        reason=None,
        finders=("bookkeeping",),
        says="digest of the matrix",
    ),
    Planted(
        fault="another car than the one sold",
        spoil=both(
            in_stop("O2", vin="LFBE5EV00T1000099"),
            in_route(
                "T1",
                deck=lambda route: tuple(
                    replace(car, vin="LFBE5EV00T1000099") if car.order_id == "O2" else car
                    for car in route.deck
                ),
            ),
        ),
        reason=None,
        finders=("bookkeeping",),
        says="vin of order O2",
    ),
    Planted(
        fault="a car that stands at another warehouse",
        spoil=asked("orders", "O2", warehouse_id="HUB"),
        reason=None,
        finders=("bookkeeping",),
        says="warehouse_id of order O2 is RDC, not HUB",
    ),
)

MOMENTS = (
    Planted(
        fault="a truck that leaves before the handover is over",
        spoil=in_stop("O4", ends=lambda stop: stop.ends - 10 * MINUTE),
        reason=None,
        finders=("timeline",),
        says="service ends",
    ),
    Planted(
        fault="a route that ends before the truck is back",
        spoil=both(
            in_route("T1", returns=lambda route: route.returns - MINUTE),
            in_route("T1", duty_s=lambda route: route.duty_s - 60),
        ),
        reason=None,
        finders=("timeline", "schedule"),
        says="T1 returns: 11-23 15:29:00 against 11-23 15:30:00",
    ),
    Planted(
        fault="a second too few at the wheel",
        spoil=_leg("O2", drive_s=-1),
        reason=Reason.UNREACHABLE,
        finders=("travel",),
        says="states 4199 s at the wheel, not 4200",
    ),
    Planted(
        fault="a metre too few on the road",
        spoil=_leg("O2", metres=-1_000),
        reason=Reason.UNREACHABLE,
        finders=("travel", "costs", "emissions"),
        says="states 69000 metres, not 70000",
    ),
    Planted(
        fault="a toll that is not paid",
        spoil=_leg("O2", toll_minor=-100),
        reason=Reason.UNREACHABLE,
        finders=("travel", "costs"),
        says="states 3050 fen of toll, not 3150",
    ),
    Planted(
        fault="a leg where there is no road",
        spoil=_without_road,
        reason=Reason.UNREACHABLE,
        finders=("travel", "schedule"),
        says="no road at that hour",
    ),
    Planted(
        fault="a latest moment that forgets a second",
        spoil=in_stop("O2", begins_latest=lambda stop: stop.begins_latest - SECOND),
        reason=None,
        finders=("schedule",),
        says="begins_latest 11-23 12:41:59, by the rules 11-23 12:42:00",
    ),
    Planted(
        fault="a plan that only works without its buffers",
        spoil=_planned_without_buffers,
        reason=None,
        finders=("schedule",),
        says="begins_latest",
    ),
    Planted(
        fault="more buffer than the slots can bear",
        spoil=policy(buffers=BufferPolicy(drive_permille=100, service_s=3 * 3600)),
        reason=None,
        finders=("schedule",),
        says="fails with its slots hard and buffers used up: window_missed at order O2",
    ),
)

MONEY = tuple(
    Planted(
        fault=f"a fen too little for {kind}",
        spoil=_cost(kind, -1),
        reason=Reason.COSTS_TOO_MUCH,
        finders=("costs",),
        says=f"fen for {kind}",
    )
    for kind in ("km", "hours", "overtime", "fixed", "tolls")
)

CLAIMS = (
    Planted(
        fault="not ready, they say, of a car that is",
        spoil=asked("orders", "O5", readiness=Readiness()),
        reason=None,
        finders=("left_behind",),
        says="order O5, left behind: the reason not_ready does not hold",
    ),
    Planted(
        fault="no skill, they say, of a crew that has it",
        spoil=asked("trucks", "T3", skills=frozenset({"dialect"})),
        reason=None,
        finders=("left_behind",),
        says="the reason skill_missing does not hold",
    ),
    Planted(
        fault="too late, they say, while a truck that could go stays at home",
        spoil=both(asked("orders", "O6", skills=frozenset()), _claim(Reason.WINDOW_MISSED)),
        reason=None,
        finders=("left_behind",),
        says="idle truck T3 can serve it alone, so window_missed does not hold",
    ),
    *(
        Planted(
            fault=f"a promise broken while a truck stays at home, excused by {reason.value}",
            spoil=both(
                asked("orders", "O5", readiness=Readiness()),
                in_left("O5", reason=reason, nearest=None, misses=()),
            ),
            reason=None,
            finders=("left_behind",),
            says="it is promised, and idle truck T3 can serve it alone",
        )
        for reason in (Reason.COSTS_TOO_MUCH, Reason.PROMISE_BROKEN, Reason.WINDOW_MISSED)
    ),
    *(
        Planted(
            fault=f"{reason.value} without ground",
            spoil=_claim(reason),
            reason=None,
            finders=("left_behind",),
            says=f"the reason {reason.value} does not hold",
        )
        for reason in (
            Reason.UNREACHABLE,
            Reason.ROAD_ACCESS,
            Reason.TRUCK_BANNED,
            Reason.NO_TRUCK,
            Reason.OWN_CAR_SPECIALIST,
        )
    ),
    Planted(
        fault="a nearest miss by a truck nobody owns",
        spoil=_claim(Reason.SKILL_MISSING, "T9"),
        reason=None,
        finders=("left_behind",),
        says="names truck T9",
    ),
    Planted(
        fault="a fix that changes nothing",
        spoil=_fix(change={}),
        reason=None,
        finders=("left_behind",),
        says="the fix skilled_crew changes nothing",
    ),
    Planted(
        fault="a proof that is not shown",
        spoil=_fix(proof=""),
        reason=None,
        finders=("left_behind",),
        says="shows no proof",
    ),
    Planted(
        fault="no fix, and nothing tried",
        spoil=in_left("O6", fix_tried=()),
        reason=None,
        finders=("left_behind",),
        says="does not say what was tried",
    ),
)


@pytest.mark.parametrize(
    "planted", (*BOOKS, *MOMENTS, *MONEY, *CLAIMS), ids=lambda each: each.fault
)
def test_finds_what_was_planted(planted: Planted) -> None:
    """A dispatcher signs the numbers too: each wrong one is found, and by its own check."""
    planted.assert_found()
