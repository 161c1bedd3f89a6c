"""A fault planted in the clean day, and the proof that the auditor names it."""

from dataclasses import dataclass

from routing.reasons import Reason
from tests.routing.audit.audited_day import Spoil, clean_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A fault, the rule it breaks, every check that must see it, and words of the finding.

    `finders` are all checks that must fire, and no other may; the first is the one whose reason
    names the fault.
    """

    fault: str
    spoil: Spoil
    reason: Reason | None
    finders: tuple[str, ...]
    says: str

    def assert_found(self) -> None:
        """Audit the spoiled day: the right check names the right rule, no other cries wolf."""
        found = self.spoil(clean_day()).audit().findings
        assert {each.check for each in found} == set(self.finders), [f.text_en for f in found]
        named = [each for each in found if each.check == self.finders[0]]
        assert {each.reason for each in named} == {self.reason}
        assert any(self.says in each.text_en for each in named), [f.text_en for f in named]
