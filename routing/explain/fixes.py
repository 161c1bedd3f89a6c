"""The smallest fix of a left-behind order: the cheapest concession that is proved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from routing.domain.orders import Order, Priority
from routing.errors import BadRequest
from routing.explain.candidates import Candidate, candidates
from routing.explain.change import apply_change
from routing.explain.effort import STEP_S
from routing.explain.proof import Desk, Proof, confirmed, problem_of, prove
from routing.inserting import fits_somewhere
from routing.named_routes import in_rows
from routing.plan import FixKind
from routing.problem import Problem

STEP_MIN: Final = STEP_S // 60

INSERT_ONLY: Final = frozenset({FixKind.DAY_LATER, FixKind.BAN_PERMIT})
"""Concessions that plain insertion proves or nothing does: a search would not change that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A proved fix. `candidate` has its full change and price, the extra fen included."""

    candidate: Candidate
    proof: Proof


class FixSearch:
    """Look for the smallest fix of one order, within the effort allowed.

    `tried` names the kinds of concession that were tried, in order.
    """

    def __init__(self, desk: Desk, problem: Problem, order: int) -> None:
        self._desk = desk
        self._problem = problem
        self._order = order
        self._car: Order = problem.layout.orders[order]
        self._searches = desk.effort.searches
        self._penalty = int(problem.tables.penalty[order])
        self.tried: dict[str, None] = {}

    def smallest(self) -> Found | None:
        """Find the cheapest proved concession, or pair of concessions; None if nothing helps."""
        standing = in_rows(self._problem, self._desk.standing)
        single = candidates(self._desk.request, self._problem, standing, self._order)
        best = self._cheapest([self._pay_more(), *single], None)
        if best is None:
            return self._pair(single)
        return self._shrunk(best)

    def _pay_more(self) -> Candidate:
        """Change nothing but how much the order is worth."""
        return Candidate(kind=FixKind.PAY_MORE, fen=0, change={})

    def _cheapest(self, ladder: list[Candidate], best: Found | None) -> Found | None:
        for candidate in ladder:
            if best is not None and candidate.fen >= best.candidate.fen:
                break
            found = self._try(candidate)
            if found is not None and (best is None or found.candidate.fen < best.candidate.fen):
                best = found
        return best

    def _try(self, candidate: Candidate, *, may_search: bool = True) -> Found | None:
        """Prove a candidate; its price grows by what the routes cost above the order's worth."""
        self.tried.setdefault(candidate.kind.value)
        later = "days_later" in candidate.change
        desk = replace(self._desk, standing={}, routes_fen=0) if later else self._desk
        changed = apply_change(desk.request, candidate.change, self._car.id)
        try:
            problem = problem_of(desk, changed)
        except BadRequest:
            # The day then contradicts itself: a later shift that runs into the driver's night.
            return None
        row = next(at for at, each in enumerate(problem.layout.orders) if each.id == self._car.id)
        if not fits_somewhere(problem.tables, {}, row):
            return None
        may_search = may_search and candidate.kind not in INSERT_ONLY and self._searches > 0
        inserted = fits_somewhere(problem.tables, in_rows(problem, desk.standing).sequences, row)
        if not inserted and not may_search:
            return None
        proof = prove(desk, changed, self._car.id, may_search=may_search)
        if may_search and (proof is None or proof.iterations):
            self._searches -= 1
        if proof is None:
            return None
        full = self._valued(candidate, proof)
        changed = apply_change(desk.request, full.change, self._car.id)
        if not confirmed(desk, changed, self._car.id, proof):
            return None
        return Found(candidate=full, proof=proof)

    def _valued(self, candidate: Candidate, proof: Proof) -> Candidate:
        """Put the order first in line, and pay what serving it costs above its worth.

        Being first in line is what makes the change serve this order and no other one that was
        left behind; it costs nobody anything. Alone on the next day there is no line.
        """
        over = max(0, proof.extra - self._penalty)
        change = dict(candidate.change)
        prices = self._desk.request.policy.left_behind
        first = max(Priority, key=lambda each: prices[each])
        needed = max(proof.extra, self._penalty) + 1
        if over or ("days_later" not in change and not self._is_first(first)):
            change["priority"] = first.value
            if not self._car.promised and (needed > prices[first] or self._car.priority is first):
                change["priority_fen"] = needed + prices[first]
        if over or candidate.kind is FixKind.PAY_MORE:
            change["extra_minor"] = over
        return replace(candidate, fen=candidate.fen + over, change=change)

    def _is_first(self, first: Priority) -> bool:
        """Tell whether the order comes before all others as it is: a promise, and as dear as any.

        An unpromised one of the first priority has others beside it, and is priced above them.
        """
        return self._car.promised and self._car.priority is first

    def _shrunk(self, found: Found) -> Found:
        """Ask for less time where moving other cars makes room: halve the step, while allowed."""
        candidate = found.candidate
        scaled, low = candidate.scaled, 0
        high = candidate.minutes
        while scaled is not None and high - low > STEP_MIN and self._searches > 0:
            middle = (low + high) // 2 // STEP_MIN * STEP_MIN
            smaller = self._try(
                replace(
                    candidate,
                    fen=middle * candidate.fen_per_minute,
                    change=scaled(middle),
                    minutes=middle,
                )
            )
            if smaller is None:
                low = middle
            else:
                high = middle
                if smaller.candidate.fen < found.candidate.fen:
                    found = smaller
        return found

    def _pair(self, single: list[Candidate]) -> Found | None:
        """Combine two concessions, the second as plain insertion needs it after the first."""
        best: Found | None = None
        firsts = [each for each in single if each.scaled is None]
        kinds: dict[FixKind, int] = {}
        kept = []
        for each in firsts:
            kinds[each.kind] = kinds.get(each.kind, 0) + 1
            if kinds[each.kind] <= 2:
                kept.append(each)
        for first in kept[: self._desk.effort.pairs]:
            if best is not None and first.fen >= best.candidate.fen:
                break
            desk = self._desk
            changed = apply_change(desk.request, first.change, self._car.id)
            problem = problem_of(desk, changed)
            row = next(
                at for at, each in enumerate(problem.layout.orders) if each.id == self._car.id
            )
            standing = in_rows(problem, {} if "days_later" in first.change else desk.standing)
            seconds = candidates(changed, problem, standing, row)
            for second in seconds:
                fen = first.fen + second.fen
                if best is not None and fen >= best.candidate.fen:
                    break
                if second.change.keys() & first.change.keys():
                    continue
                dearer = first if first.fen >= second.fen else second
                both = Candidate(
                    kind=dearer.kind, fen=fen, change={**first.change, **second.change}
                )
                found = self._try(both, may_search=False)
                if found is not None and (best is None or found.candidate.fen < best.candidate.fen):
                    best = found
        return best
