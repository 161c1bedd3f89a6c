"""Planted faults in what a plan tells of chance: the outlook check finds each, and only it does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from routing.plan import Stop
from routing.robustness.outlook import with_outlook
from tests.routing.audit.audited_day import (
    Audited,
    Spoil,
    clean_day,
    in_plan,
    in_route,
    in_stop,
    policy,
)

MINUTE = timedelta(minutes=1)


def foretold() -> Audited:
    """The clean day with its outlook."""
    day = clean_day()
    return replace(day, plan=with_outlook(day.request, day.travel, day.plan, seed=1))


def later(stop: Stop) -> object:
    """A likely end of the interval that lies beyond the slot."""
    return stop.slot.window.end + MINUTE


OUTLOOK: dict[str, tuple[Spoil, str]] = {
    "a stop without a chance": (in_stop("O1", p_late=None), "has no interval or no p_late"),
    "a chance above one": (in_stop("O1", p_late=1.5), "no share of 10000 days"),
    "a chance of half a day": (in_stop("O1", p_late=0.000_05), "no share of 10000 days"),
    "an interval turned round": (
        in_stop("O1", eta_from=lambda stop: stop.eta_to + MINUTE),
        "is reversed, or before departure or slot",
    ),
    "a service before its slot": (
        in_stop("O1", eta_from=lambda stop: stop.slot.window.start - MINUTE),
        "is reversed, or before departure or slot",
    ),
    "an interval before that of the stop before": (
        in_stop("O2", eta_from=lambda stop: stop.eta_from - timedelta(hours=3)),
        "its interval precedes that of the stop before",
    ),
    "a likely end beyond the slot that is never late": (
        in_stop("O1", eta_to=later),
        "does not go with",
    ),
    "a route without a chance": (in_route("T1", p_overrun=None), "p_overrun None is no share"),
    "a sum that is not": (
        in_plan(outlook=lambda plan: replace(plan.outlook, expected_late=3.0)),
        "expected_late is 3",
    ),
    "a risk invented": (
        in_plan(outlook=lambda plan: replace(plan.outlook, at_risk=("O3",))),
        "at_risk names O3",
    ),
    "another number of days": (
        in_plan(outlook=lambda plan: replace(plan.outlook, days=20_000)),
        "days of the outlook is 20000, not 10000",
    ),
    "another quantile": (
        in_plan(outlook=lambda plan: replace(plan.outlook, quantile=0.5)),
        "quantile of the outlook is 0.5",
    ),
    "figures of no simulation": (in_plan(outlook=None), "that the plan does not have"),
    "a policy that says it was fitted": (
        policy(
            uncertainty=lambda policy: replace(policy.uncertainty, assumed=False),
        ),
        "assumed of the outlook is True, not False",
    ),
}


def test_the_day_is_clean_with_its_outlook() -> None:
    """Every fault below is the planted one and no other."""
    assert foretold().audit().findings == ()


@pytest.mark.parametrize("fault", OUTLOOK)
def test_finds_what_was_planted(fault: str) -> None:
    """The outlook check names it, and no other check cries wolf."""
    spoil, says = OUTLOOK[fault]
    found = spoil(foretold()).audit().findings
    assert {each.check for each in found} == {"outlook"}, [each.text_en for each in found]
    assert any(says in each.text_en for each in found), [each.text_en for each in found]
