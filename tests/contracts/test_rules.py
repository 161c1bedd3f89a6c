"""One rule of the road = one file, one reason, one story test, one audit check."""

import ast

import pytest

from tests.contracts.tree import ROOT, parsed

NO_RULES = {"__init__", "layout"}
"""`layout` is the index of a day that all rules compile against."""

RULES = sorted(
    path.stem for path in (ROOT / "routing" / "rules").glob("*.py") if path.stem not in NO_RULES
)


def reasons_declared_by(rule: str) -> list[str]:
    """The reasons that classes of the rule's file carry as `reason = Reason.X`."""
    return [
        ast.unparse(line.value)
        for node in ast.walk(parsed(ROOT / "routing" / "rules" / f"{rule}.py"))
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "reason"
    ]


def test_there_are_rules() -> None:
    """Everything below would pass on an empty folder."""
    assert len(RULES) >= 10


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_exactly_one_reason(rule: str) -> None:
    """The dispatcher reads one cause per order; a file with two is two rules."""
    assert len(reasons_declared_by(rule)) == 1


def test_no_two_rules_share_a_reason() -> None:
    """Otherwise a left-behind order would not say which of them it broke."""
    reasons = [reason for rule in RULES for reason in reasons_declared_by(rule)]
    assert len(reasons) == len(set(reasons))


def test_every_reason_of_a_rule_is_checked_by_the_auditor() -> None:
    """A rule the auditor does not know can be broken without anybody seeing it."""
    audited = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "routing" / "audit").rglob("*.py")
    )
    reasons = [reason for rule in RULES for reason in reasons_declared_by(rule)]
    assert [reason for reason in reasons if reason not in audited] == []


def test_every_rule_has_its_story() -> None:
    """tests/features/test_<rule>.py tells a day on which the rule decides."""
    stories = {path.stem.removeprefix("test_") for path in (ROOT / "tests/features").glob("*.py")}
    assert [rule for rule in RULES if rule not in stories] == []
