"""Who decides whether a promise fits: the engine in earnest, a plane of few trucks in proofs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from routing.witness import Ask, Decision, Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an ask does not fit: a stable code, and a sentence for people."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessFault:
    """Something the independent checker does not believe, and whose it is: one promise's, or a
    whole truck's."""

    text: str
    promise_id: str = ""
    truck_id: str = ""


class Judge(Protocol):
    """Judges under the witness's own basis. Pure: same witness and ask, same answer.

    Raises, all of them:
        UnknownBasis: the judge was not told what the witness's basis stands for.
    """

    def place(self, witness: Witness, ask: Ask) -> Decision | Refusal:
        """Find room for one more promise without moving any other out of its window."""
        ...

    def without(self, witness: Witness, *promise_ids: str) -> Decision:
        """Take promises off their routes, all at once, times made anew; what stays served stays in
        its window.

        What they took of counted things the book gives back by itself.

        Raises:
            NoSequence: a route keeps the windows that are left to it in no sequence.
        """
        ...

    def retimed(self, witness: Witness) -> Decision:
        """Make the times of every route anew under the witness's basis, stops in their order.

        Moves nothing to keep a window: what comes late then is for `faults` to say. A route whose
        truck there is not any more stays at home.
        """
        ...

    def faults(self, witness: Witness) -> tuple[WitnessFault, ...]:
        """Check the witness by another way than it was made: every owed promise is served once,
        inside its window, by a route that a truck and its driver can do."""
        ...
