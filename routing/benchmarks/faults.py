"""What is wrong with a benchmark file: collected with its place, told together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from routing.errors import BadInstance

_TOLD: Final = 40
"""A file of another kind has a fault in every line: nobody reads them all."""


@dataclass(slots=True)
class Faults:
    """A list that grows while one file is read; `line` counts from 1."""

    file: str
    told: list[str] = field(default_factory=list)

    def add(self, message: str, fix: str, *, section: str = "", line: int = 0) -> None:
        """Note one fault: where, what, and what to do."""
        place = [self.file]
        if section:
            place.append(f"section {section}")
        if line:
            place.append(f"line {line}")
        self.told.append(f"{', '.join(place)}: {message}; {fix}")

    def settle(self) -> None:
        """Go on only if nothing is wrong.

        Raises:
            BadInstance: with everything noted so far.
        """
        if self.told:
            raise self.refusal()

    def refusal(self) -> BadInstance:
        """Make the error that tells everything noted so far."""
        more = len(self.told) - _TOLD
        rest = (f"{self.file}: {more} more faults; correct these first",) if more > 0 else ()
        return BadInstance((*self.told[:_TOLD], *rest))
