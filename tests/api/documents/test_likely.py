"""What is likely stands where people look: page, driver's text, figures; and nowhere unasked."""

from dataclasses import replace
from datetime import timedelta

from api.days.documents.figures import locale_of
from api.days.documents.kpis import kpi_lines, measure
from api.days.documents.page.cards import truck_cards
from api.days.documents.route_tables import stops_table
from api.days.documents.truck_text import truck_text
from api.settings import Language
from routing.plan import Plan
from routing.plan_outlook import Outlook
from tests.plans import henan_plan


def foretold() -> Plan:
    """The plan with its first stop likely between 10 minutes before and 25 after its begin."""
    plan = henan_plan()
    first, *others = plan.routes
    stop = first.stops[0]
    told = replace(
        stop,
        eta_from=stop.begins - timedelta(minutes=10),
        eta_to=stop.begins + timedelta(minutes=25),
        p_late=0.12,
    )
    route = replace(first, stops=(told, *first.stops[1:]))
    outlook = Outlook(
        days=1_000, seed=1, eta_permille=(100, 900), judge="buffers", quantile=0.95,
        expected_late=0.12, at_risk=(stop.order_id,), assumed=True,
    )  # fmt: skip
    return replace(plan, routes=(route, *others), outlook=outlook)


def test_the_page_names_the_interval_and_the_risk() -> None:
    """A dispatcher calls the buyer whose slot is at risk; a driver tells when he will be there."""
    plan = foretold()
    for lang, word in ((Language.CHINESE, "多半"), (Language.ENGLISH, "likely")):
        locale = locale_of(plan, lang)
        stop = plan.routes[0].stops[0]
        assert stop.eta_from and stop.eta_to
        span = f"{locale.clock(stop.eta_from)}–{locale.clock(stop.eta_to)}"
        line, *others = truck_cards(plan, locale, county_names={})[0].stops
        assert (line.likely, line.late, line.risky) == (span, "12 %", True)
        assert all((other.likely, other.late, other.risky) == ("", "", False) for other in others)
        text = truck_text(plan, plan.routes[0], contacts={}, mask=False, lang=lang)
        assert text.count(f"{word} {span}") == text.count(word) == 1


def test_figures_and_sheets_hold_the_chances() -> None:
    """As numbers, so that they can be sorted and summed."""
    plan = foretold()
    locale = locale_of(plan, Language.ENGLISH)
    late = [line for line in kpi_lines(measure(plan), locale) if line.key == "expected_late"]
    assert [line.number for line in late] == [0.12]
    table = stops_table(plan, locale)
    at = [column.key for column in table.columns].index("p_late")
    assert table.rows[0][at] == 0.12
    assert table.rows[1][at] is None


def test_a_plan_that_was_not_simulated_says_nothing() -> None:
    """Older plans are shown as they are."""
    plan = henan_plan()
    locale = locale_of(plan, Language.CHINESE)
    assert "expected_late" not in {line.key for line in kpi_lines(measure(plan), locale)}
    assert "多半" not in truck_text(
        plan, plan.routes[0], contacts={}, mask=False, lang=Language.CHINESE
    )
