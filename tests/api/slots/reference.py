"""The promise book as a child would keep it: a dictionary, and places that are counted.

With trucks of one car a day has as many places as trucks, and every window counts alike. The model
knows no routes, no events, no database; it says which answers are right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from api.slots.states import BOOKED, TAKEN_BACK, UNDER_WAY, Move, PromiseState, target

HELD = PromiseState.HELD


@dataclass(slots=True)
class Entry:
    """One promise."""

    order: str
    day: date
    state: PromiseState
    stock: str
    expires: datetime
    at_risk: bool = False
    done: bool = False

    @property
    def takes_place(self) -> bool:
        return self.state not in TAKEN_BACK and not self.at_risk

    @property
    def takes_stock(self) -> bool:
        return bool(self.stock) and self.state not in TAKEN_BACK


@dataclass(slots=True)
class Reference:
    """What must be so."""

    places: dict[date, int]
    stock: dict[str, int]
    entries: dict[str, Entry] = field(default_factory=dict)

    def room(self, day: date) -> bool:
        used = sum(each.takes_place for each in self.entries.values() if each.day == day)
        return used < self.places[day]

    def left(self, stock: str) -> int:
        return self.stock[stock] - sum(
            each.takes_stock and each.stock == stock for each in self.entries.values()
        )

    def in_stock(self, stock: str) -> bool:
        return not stock or self.left(stock) > 0

    def held_by(self, order: str) -> str | None:
        return self._of(order, frozenset({HELD}))

    def booked_by(self, order: str) -> str | None:
        return self._of(order, BOOKED)

    def _of(self, order: str, states: frozenset[PromiseState]) -> str | None:
        found = [
            promise_id
            for promise_id, each in self.entries.items()
            if each.order == order and each.state in states
        ]
        assert len(found) <= 1, f"order {order} has {found}"
        return found[0] if found else None

    # ---- what a request must be answered, and what is so afterwards ---------------------------

    def hold(self, order: str, day: date, stock: str) -> set[tuple[int, str]]:
        """Give all answers that are right: two reasons to refuse may be true at once."""
        refusals = set()
        if self.held_by(order) is not None:
            refusals.add((409, "order-already-held"))
        if not self.room(day):
            refusals.add((409, "slot-taken"))
        if not refusals and not self.in_stock(stock):
            refusals.add((409, "counted-out"))
        return refusals or {(201, "")}

    def confirm(self, promise_id: str) -> tuple[int, str]:
        each = self.entries[promise_id]
        if each.state in BOOKED:
            return 200, ""
        if self.booked_by(each.order) is not None:
            return 409, "order-already-booked"
        return self.settle(each)

    def settle(self, each: Entry) -> tuple[int, str]:
        """Confirm, the order's other booking apart."""
        revived = each.state == PromiseState.EXPIRED
        if each.state != HELD and not revived:
            return 410, "promise-gone"
        if (revived or each.at_risk) and not self.room(each.day):
            return (410, "hold-expired") if revived else (409, "promise-at-risk")
        if revived and not self.in_stock(each.stock):
            return 410, "hold-expired"
        each.state, each.at_risk = PromiseState.CONFIRMED, False
        return 200, ""

    def refused(self, each: Entry, move: Move) -> tuple[int, str]:
        """Answer a move that may not be made from where the promise is."""
        if each.state in UNDER_WAY and move in {Move.CANCEL, Move.RESCHEDULE, Move.REFINE}:
            return 409, "frozen"
        return 410, "promise-gone"

    def take_back(self, promise_id: str, move: Move) -> tuple[int, str]:
        each = self.entries[promise_id]
        goal = target(move, each.state)
        if goal is None:
            return (200, "") if f"{each.state}" == f"{move}" else self.refused(each, move)
        each.state = goal
        return 200, ""

    def expire(self, now: datetime) -> int:
        due = [each for each in self.entries.values() if each.state == HELD and each.expires <= now]
        for each in due:
            each.state = PromiseState.EXPIRED
        return len(due)

    def reschedule(self, old_id: str, new_id: str) -> tuple[int, str]:
        old, new = self.entries[old_id], self.entries[new_id]
        goal = target(Move.RESCHEDULE, old.state)
        if goal is None:
            return self.refused(old, Move.RESCHEDULE)
        if new.order != old.order:
            return 410, "promise-gone"
        before, old.state = old.state, goal
        if self.booked_by(old.order) not in {None, new_id}:
            answer = 409, "order-already-booked"
        else:
            answer = self.settle(new)
        if answer[0] != 200:
            old.state = before
        return answer

    def advance(self, promise_id: str, move: Move) -> tuple[int, str]:
        each = self.entries[promise_id]
        goal = target(move, each.state)
        if goal is None:
            return (200, "") if f"{each.state}" == f"{move}" else self.refused(each, move)
        each.state = goal
        each.done = each.done or move in {Move.HAND_OVER, Move.FAIL}
        return 200, ""
