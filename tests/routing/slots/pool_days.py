"""Pool-days for the slot engine: a basis, an empty witness, and orders to ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from routing.domain.orders import Order
from routing.domain.windows import Window
from routing.errors import UnknownBasis
from routing.judge import Refusal
from routing.slots.basis import Basis
from routing.slots.judge import SlotJudge
from routing.slots.loads import load_of
from routing.slots.roads import MatrixRoads
from routing.witness import Ask, Decision, Promise, Witness
from tests.days import at
from tests.strategies import Day

BASIS = "b1"


@dataclass(frozen=True)
class OneBasis:
    """Knows a single basis."""

    basis: Basis

    def of(self, witness: Witness) -> Basis:
        """Give it."""
        if witness.basis != BASIS:
            raise UnknownBasis(witness.basis)
        return self.basis


def basis_of(day: Day) -> Basis:
    """Take the orders out of a day."""
    request = replace(day.request, orders=(), policy=day.request.policy)
    return Basis(request=request, roads=MatrixRoads.of(day.travel))


def judge_of(day: Day) -> SlotJudge:
    """The judge of a day's basis."""
    return SlotJudge(OneBasis(basis_of(day)))


def empty(day: Day) -> Witness:
    """Nothing is promised yet."""
    return Witness(pool="P", day=day.request.day, basis=BASIS)


def two_hours(hour: int) -> Window:
    """A window of the day that is planned."""
    return Window(start=at(f"{hour:02}:00"), end=at(f"{hour:02}:00") + timedelta(hours=2))


def windows_of(first: int = 8, last: int = 20) -> list[Window]:
    """Two-hour windows one after another."""
    return [two_hours(hour) for hour in range(first, last, 2)]


def ask_of(order: Order, window: Window, *, name: str = "") -> Ask:
    """Ask for an order in a window."""
    return Ask(promise_id=name or order.id, order_ref=order.id, window=window, load=load_of(order))


def granted(witness: Witness, ask: Ask, decision: Decision) -> Witness:
    """The witness after a hold."""
    made = Promise(ask=ask, since=witness.plan_seq + 1, took=decision.counted)
    return replace(witness.decided(decision).keeping(made), plan_seq=witness.plan_seq + 1)


def filled(judge: SlotJudge, witness: Witness, asks: list[Ask]) -> Witness:
    """Grant whatever fits, one after another."""
    for ask in asks:
        found = judge.place(witness, ask)
        if not isinstance(found, Refusal):
            witness = granted(witness, ask, found)
    return witness


def local(moment: datetime) -> str:
    """Hour and minute, for messages."""
    return f"{moment:%H:%M}"
