"""Lines are accepted and rejected one by one; the repair is made again around them."""

import pytest

from routing.audit import audit_plan, report_text
from routing.errors import BadRequest
from routing.plan import Plan
from routing.repair.diff import Diff
from routing.repair.events import Event, OrderAdded, OrderCancelled, TruckLost, VinLate
from routing.repair.record import repaired_request
from routing.repair.verdicts import Proposed, Verdict, verdicts_on
from tests.days import at, km, matrix_of, order, request, truck
from tests.hand_plans import hand_plan
from tests.routing.repair.stories import begins, mended, on_trucks, told
from tests.routing.repair.test_events import DAY, ROUTES

LATE = VinLate(order_id="O2", ready=at("11:00"))
"""The truck that brings O1 before noon cannot wait for it: one of the two changes truck."""


def said(
    diff: Diff, before: Plan, proposed: Plan, *, accept: str = "", reject: str = ""
) -> tuple[Verdict, ...]:
    """Verdicts on the lines of orders; orders are separated by blanks."""
    numbers = {line.change.order_id: line.number for line in diff.lines}
    lines = [
        Proposed(
            number=line.number,
            order_id=line.change.order_id,
            kind=line.change.kind,
            truck_before=line.change.truck_before,
            stays=line.stays,
        )
        for line in diff.lines
    ]
    return verdicts_on(
        lines,
        before,
        proposed,
        accept=[numbers.get(name, 99) for name in accept.split()],
        reject=[numbers.get(name, 99) for name in reject.split()],
    )


def test_a_rejected_line_goes_back_and_another_order_changes_for_it() -> None:
    """Who was to change truck stays with it, to the minute; its neighbour goes instead."""
    before, first = mended(DAY, ROUTES, LATE, now="05:00")
    (moved,) = [name for name, kind in told(first.diff).items() if kind == "truck_changed"]
    verdicts = said(first.diff, before, first.plan, reject=moved)
    _, again = mended(DAY, ROUTES, LATE, now="05:00", verdicts=verdicts)
    assert moved not in told(again.diff)
    assert begins(again.plan, "T1").get(moved) == begins(before, "T1")[moved]
    (other,) = {"O1", "O2"} - {moved}
    assert told(again.diff)[other] in ("truck_changed", "dropped")
    assert begins(again.plan, "T2") == begins(before, "T2")


def test_an_accepted_line_stays_as_it_was_proposed() -> None:
    """Whatever else is said: truck and minute are those of the proposal."""
    event = TruckLost(truck_id="T1", since=at("05:00"))
    before, first = mended(DAY, ROUTES, event, now="05:00")
    verdicts = said(first.diff, before, first.plan, accept="O1")
    _, again = mended(DAY, ROUTES, event, now="05:00", verdicts=verdicts)
    assert on_trucks(again.plan)["T3"][0] == "O1"
    assert begins(again.plan, "T3")["O1"] == begins(first.plan, "T3")["O1"]


def test_a_rejected_addition_is_not_brought() -> None:
    """The order stays out, as it was."""
    new = order("O5", place=km(30), windows=[("13:00", "18:00")])
    today = request(*DAY.orders, new, trucks=DAY.trucks)
    event = OrderAdded(order_id="O5")
    plan = hand_plan(DAY, matrix_of(DAY), ROUTES)
    before, first = mended(today, ROUTES, event, now="07:00", plan=plan)
    assert told(first.diff)["O5"] == "added"
    verdicts = said(first.diff, before, first.plan, reject="O5")
    _, again = mended(today, ROUTES, event, now="07:00", plan=plan, verdicts=verdicts)
    assert on_trucks(again.plan) == ROUTES
    assert not again.diff.lines


def test_what_cannot_go_back_is_told_before_anything_is_planned() -> None:
    """What happened, what is lost, and lines that are not there, all at once."""
    events: tuple[Event, ...] = (
        OrderCancelled(order_id="O3"),
        TruckLost(truck_id="T1", since=at("05:00")),
    )
    before, first = mended(DAY, ROUTES, *events, now="05:00")
    with pytest.raises(BadRequest) as raised:
        said(first.diff, before, first.plan, reject="O3 O1 nobody")
    faults = "\n".join(raised.value.faults)
    assert "there is no line 99" in faults
    assert "order O3 is cancelled" in faults
    assert "truck T1 cannot bring order O1" in faults
    assert all(line.stays for line in first.diff.lines if line.change.order_id in ("O1", "O2"))


def test_lines_that_hang_together_are_named() -> None:
    """One place on the deck: the order that took it must go before the other comes back."""
    day = request(
        order("O1", place=km(30), windows=[("09:00", "12:00")]),
        order("O2", place=km(31), windows=[("09:00", "12:00")], skills=("ev",)),
        trucks=[
            truck("T2", cars=1, driver_id="D2", skills=("ev",)),
            truck("T3", cars=1, driver_id="D3", skills=("ev",)),
            truck("T4", cars=1, driver_id="D4"),
        ],
    )
    routes = {"T2": ["O1"], "T3": ["O2"]}
    event = TruckLost(truck_id="T3", since=at("05:00"))
    _, after = mended(day, routes, event, now="05:00")
    lines = {line.change.order_id: line for line in after.diff.lines}
    assert lines["O2"].stays
    assert on_trucks(after.plan) == {"T2": ["O2"], "T4": ["O1"]}
    assert lines["O1"].tied == (lines["O2"].number,)


def test_the_day_of_a_repair_is_made_again_from_its_record() -> None:
    """Who audits later needs the sheets, the plan before and the record, and nothing else."""
    before, first = mended(DAY, ROUTES, LATE, now="05:00")
    (moved,) = [name for name, kind in told(first.diff).items() if kind == "truck_changed"]
    verdicts = said(first.diff, before, first.plan, reject=moved)
    for verdict in ((), verdicts):
        _, after = mended(DAY, ROUTES, LATE, now="05:00", verdicts=verdict)
        day, roads = repaired_request(DAY, matrix_of(DAY), before, after.record)
        assert day.digest == after.plan.provenance.request_digest
        report = audit_plan(day, roads, after.plan)
        assert report.clean, report_text(report, "en")
