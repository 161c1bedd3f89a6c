"""What the terminal says of a plan, where it depends on how the plan was asked for."""

from dataclasses import replace

from api.days.documents.summary import summary_text
from api.settings import Language
from tests.plans import henan_plan


def test_a_plan_for_a_chance_says_what_it_reached_and_with_what_slack() -> None:
    """Asked for 95 %: who signs sees the worst slot, and how many are below."""
    plan = henan_plan()
    first, *others = plan.routes
    stops = [replace(stop, p_late=0.01) for stop in first.stops]
    stops[0] = replace(stops[0], p_late=0.125)
    asked = {
        "uncertainty": {"judge": "quantile", "quantile": 0.95},
        "buffers": {"drive_permille": 50, "service_s": 180},
    }
    told = replace(plan, routes=(replace(first, stops=tuple(stops)), *others))
    reached = replace(told, policy={**plan.policy, **asked})
    text = summary_text(reached, lang=Language.ENGLISH, width=200, audit_findings=0)
    assert (
        "reliability: 95 % asked, 87.5 % for the worst slot, 1 at risk;"
        " slack: 5 % on driving, 3 min on handovers"
    ) in text
    assert "reliability" not in summary_text(
        plan, lang=Language.ENGLISH, width=200, audit_findings=0
    )
